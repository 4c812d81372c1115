"""Saving a session with 12 people against the floor: a view that inserts the same
rows (session, submission, 12 attendances, a lesson) and does nothing else."""

import uuid

from bench import cpu_seconds, demo_province, report

demo_province()

from django.db import transaction  # noqa: E402 -- after setup
from django.http import HttpResponse  # noqa: E402 -- after setup
from django.test import Client  # noqa: E402 -- after setup
from django.urls import path  # noqa: E402 -- after setup
from django.utils import timezone  # noqa: E402 -- after setup

from circles.models import (  # noqa: E402 -- after setup
    Attendance,
    Circle,
    LearningSession,
    Lesson,
    Submission,
    User,
)
from circles.permissions import Role  # noqa: E402 -- after setup
from kmcity import urls  # noqa: E402 -- after setup

GOAL = 1.5
PEOPLE = 12

author = User.objects.get(username="amnuay")
circle = Circle.objects.get(name="วงปุ๋ยอินทรีย์ ม.3 บ้านบางหลวง")
seats = list(circle.memberships.order_by("pk"))
for seat in seats[PEOPLE:]:
    seat.delete()
seats = seats[:PEOPLE]


@transaction.atomic
def floor(request):
    today = timezone.localdate()
    number = LearningSession.objects.order_by().count() + 1000
    session = LearningSession.objects.create(
        circle=circle, number=number, held_on=today, summary=request.POST["summary"]
    )
    Submission.objects.create(
        author=request.user, author_role=Role.KHUN_AMNUAY, digest="0", session=session
    )
    Attendance.objects.bulk_create(
        Attendance(
            session=session, person_id=one.person_id, role=one.role, state="present"
        )
        for one in seats
    )
    Lesson.objects.create(session=session, text=request.POST["lessons-0-text"])
    return HttpResponse("ok")


urls.urlpatterns.append(path("bench-floor/", floor))
browser = Client()
browser.force_login(author)


def form():
    return {
        "act": "save-separate",
        "key": str(uuid.uuid4()),
        "held_on": timezone.localdate().isoformat(),
        "present": [seat.person_id for seat in seats],
        "guest_count": "0",
        "summary": "พบกันตามนัด",
        "lessons-0-text": "กลับกองปุ๋ยทุก 7 วัน",
    }


def post(address, status):
    def save():
        assert browser.post(address, form()).status_code == status  # noqa: S101 -- a bench

    return cpu_seconds(save)


save = post(f"/circles/{circle.pk}/sessions/new/", 302)
report([("save with 12 people", save / post("/bench-floor/", 200), GOAL)])
