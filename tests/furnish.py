"""A circle with a little of everything, for the tests of pages."""

from datetime import timedelta

from django.utils import timezone

from circles.permissions import Role
from tests.factories import (
    AchievementFactory,
    AttendanceFactory,
    LearningSessionFactory,
    LessonFactory,
    MembershipFactory,
    MilestoneFactory,
    SubmissionFactory,
)
from tests.factories_planning import AppointmentFactory
from tests.factories_told import (
    DraftFactory,
    DreamVersionFactory,
    ProblemFactory,
    PromiseFactory,
    PromiseReviewFactory,
    ReadingFactory,
    SupportRequestFactory,
)


def furnish(circle, **session):
    """Give *circle* a seat, a road, and a session with people and a lesson."""
    seat = MembershipFactory(circle=circle)
    stone = MilestoneFactory(circle=circle, position=1)
    held = LearningSessionFactory(circle=circle, **session)
    SubmissionFactory(session=held)
    AttendanceFactory(session=held, person=seat.person)
    LessonFactory(session=held, teller=seat.person)
    AchievementFactory(milestone=stone, session=held)
    MilestoneFactory(circle=circle, position=2, target=50)
    return held


def furnish_fully(circle, user, *, rows=1, people=1):
    """Give *circle* *rows* of everything that its pages may show to *user*: sessions
    with all their parts, drafts, appointments, dreams; and *people* with seats who
    came.  Returns the last session."""
    today = timezone.localdate()
    seats = [
        MembershipFactory(circle=circle, is_confirmed=n % 2 == 0, role=role)
        for n, role in enumerate([Role.KHUN_AMNUAY, *[Role.KHUN_KIJ] * (people - 1)])
    ]
    for n in range(rows):
        held = LearningSessionFactory(circle=circle, held_on=today - timedelta(days=n))
        SubmissionFactory(session=held, author=user)
        AppointmentFactory(circle=circle, on=today + timedelta(days=n))
        DreamVersionFactory(circle=circle, text=f"ภาพฝันที่ {n}", author=user)
        DraftFactory(circle=circle, author=user)
        MilestoneFactory(circle=circle, position=n + 1, target=50)
        PromiseFactory(session=held, owner=seats[0].person, due_on=today)
    for seat in seats:
        AttendanceFactory(session=held, person=seat.person, role=seat.role)
    for _n in range(rows):
        LessonFactory(session=held, teller=seats[0].person, words="ดินมันบอกเอง")
        kept = PromiseFactory(session=held, owner=seats[0].person, due_on=today)
        PromiseReviewFactory(session=held, promise=kept)
        for make in (ProblemFactory, SupportRequestFactory, ReadingFactory):
            make(session=held)
    return held
