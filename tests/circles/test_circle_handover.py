from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circles.models import Succession, WorkingNote
from circles.permissions import Role
from tests.circles.test_handover_actions import promise
from tests.factories import (
    AssignmentFactory,
    CircleFactory,
    LearningSessionFactory,
    LessonFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories_handing import SuccessionFactory, WorkingNoteFactory, in_days
from tests.factories_planning import AppointmentFactory

Kind = Succession.Kind


def url(circle) -> str:
    return reverse("circle-handover", args=[circle.pk])


def handed(right, **more) -> Succession:
    """Arrange that somebody with an account takes *right* over in eleven days."""
    kind = {"kind": Kind.SUCCESSOR, "successor": UserFactory().person}
    return SuccessionFactory(assignment=right, **kind, **more)


def test_the_circles_story(facilitator_client, facilitator, circle):
    succession = handed(facilitator.person.assignments.get())
    session = LearningSessionFactory(circle=circle)
    LessonFactory(session=session, text="กองปุ๋ยที่พลิกบ่อยร้อนกว่า")
    promise(circle, facilitator.person)
    MembershipFactory(circle=circle, person__first_name="ลำดวน")
    AppointmentFactory(circle=circle, venue="ศาลาริมคลอง")
    WorkingNoteFactory(circle=circle, text="นัดวันอาทิตย์\nเปิดด้วยเพลง")

    page = facilitator_client.get(url(circle))

    for told in (
        *(facilitator.person.full_name, succession.successor.full_name),
        *("กองปุ๋ยที่พลิกบ่อยร้อนกว่า", "ตามเรื่อง", "ลำดวน", "ศาลาริมคลอง"),
        *("<span>นัดวันอาทิตย์</span>", "<span>เปิดด้วยเพลง</span>"),
    ):
        assert told in page.text


def test_back_leads_to_where_one_came_from(facilitator_client, facilitator, circle):
    succession = handed(facilitator.person.assignments.get())
    elsewhere = handed(AssignmentFactory(circle=CircleFactory()))

    def back(query=""):
        return facilitator_client.get(url(circle) + query).context["back"][0]

    came = reverse("handover-detail", args=[succession.handover_id])
    assert back(f"?handover={succession.handover_id}") == came
    for query in ("", f"?handover={elsewhere.handover_id}", "?handover=" + "9" * 30):
        assert back(query) == circle.get_absolute_url()


def test_before_the_first_day_back_is_no_page_that_is_closed(circle, roles):
    succession = handed(AssignmentFactory(circle=circle))
    client = roles.signed_in(succession.successor.user)

    page = client.get(url(circle))

    assert client.get(page.context["back"][0]).status_code == 200


def test_two_who_are_called_alike_are_told_apart(facilitator_client, circle):
    for last_name in ("ตัวอย่าง", "สมมุติ"):
        MembershipFactory(
            circle=circle, person__first_name="ลำดวน", person__last_name=last_name
        )

    text = facilitator_client.get(url(circle)).text

    assert "ลำดวน (ตัวอย่าง)" in text
    assert "ลำดวน (สมมุติ)" in text


def test_only_the_last_three_sessions(facilitator_client, circle):
    for n in range(5):
        LearningSessionFactory(circle=circle, held_on=in_days(-n))

    told = facilitator_client.get(url(circle)).context["told"]

    assert [one.held_on for one in told.sessions] == [in_days(-n) for n in range(3)]


def test_the_successor_reads_it_before_the_right_begins(circle, facilitator, roles):
    succession = handed(facilitator.person.assignments.get())
    client = roles.signed_in(succession.successor.user)

    assert client.get(url(circle)).status_code == 200
    assert client.post(url(circle), {"text": "ลอง"}).status_code == 404
    log = reverse("session-create", args=[circle.pk])
    assert client.get(log).status_code == 404
    assert client.get(url(CircleFactory())).status_code == 404


def test_the_successor_to_a_place_reads_the_circles_below(circle, roles):
    succession = handed(AssignmentFactory(place=circle.place.parent))
    client = roles.signed_in(succession.successor.user)

    assert client.get(url(circle)).status_code == 200


def test_when_it_is_called_off_or_over_the_page_closes(circle, facilitator, roles):
    succession = handed(facilitator.person.assignments.get())
    client = roles.signed_in(succession.successor.user)

    with time_machine.travel(timezone.now() + (in_days(11) - in_days(0))):
        client.force_login(succession.successor.user)
        assert client.get(url(circle)).status_code == 404
    succession.handover.cancelled_at = timezone.now()
    succession.handover.save()
    client.force_login(succession.successor.user)
    assert client.get(url(circle)).status_code == 404


@pytest.mark.parametrize("role", [Role.KHUN_UA, Role.KHUN_KIJ, Role.GOVERNOR_OFFICE])
def test_a_successor_sees_no_more_than_the_right_will_show(circle, roles, role):
    """Names are no sponsor's to read, before the first day as after."""
    succession = handed(AssignmentFactory(place=circle.place.parent, role=role))
    client = roles.signed_in(succession.successor.user)

    assert client.get(url(circle)).status_code == 404


def test_what_works_is_written_down_and_its_versions_kept(
    facilitator_client, facilitator, circle
):
    facilitator_client.post(url(circle), {"text": "  นัดวันอาทิตย์  \n\n เปิดด้วยเพลง"})
    facilitator_client.post(url(circle), {"text": "นัดวันอาทิตย์\nเปิดด้วยเพลง"})
    facilitator_client.post(url(circle), {"text": "นัดวันเสาร์"})

    first, second = WorkingNote.objects.order_by("pk")
    assert first.text == "นัดวันอาทิตย์\nเปิดด้วยเพลง"
    assert (second.text, second.author) == ("นัดวันเสาร์", facilitator)
    page = facilitator_client.get(url(circle))
    assert page.context["told"].note == second
    assert "เปิดด้วยเพลง" in page.text


@pytest.mark.parametrize("text", ["", " \u200b\n", "x\x00", "ก" * 2001])
def test_an_empty_or_broken_note_is_refused(facilitator_client, circle, text):
    response = facilitator_client.post(url(circle), {"text": text})

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not WorkingNote.objects.exists()


def test_the_same_queries_however_much_there_is(
    facilitator_client, facilitator, circle, django_assert_max_num_queries
):
    handed(facilitator.person.assignments.get())
    for _n in range(3):
        LearningSessionFactory(circle=circle)
        MembershipFactory(circle=circle)
        promise(circle, facilitator.person)
        WorkingNoteFactory(circle=circle)

    with django_assert_max_num_queries(16):
        assert facilitator_client.get(url(circle)).status_code == 200
