"""What a logged session means for the circle's appointments."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from circles.actions.planning import book
from circles.actions.settling import agree_next, settle
from circles.models import Appointment
from tests.factories import LearningSessionFactory, SubmissionFactory
from tests.factories_planning import AppointmentFactory

pytestmark = pytest.mark.django_db


def day(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def session(circle):
    """A session of today that was received, with a next day in a week."""
    session = LearningSessionFactory(
        circle=circle, next_on=day(7), starts=time(13, 30), venue="ศาลา"
    )
    SubmissionFactory(session=session)
    return session


@pytest.mark.parametrize(
    ("planned", "kept"),
    [
        ([0, 1], 0),
        ([-3, 2], 2),
        ([-2, 2], -2),
        ([3], 3),
        ([4, -4], None),
        ([], None),
    ],
)
def test_a_session_keeps_its_own_day_or_the_nearest(circle, session, planned, kept):
    for days in planned:
        AppointmentFactory(circle=circle, on=day(days))
    AppointmentFactory(on=day(0))  # of another circle

    found = settle(session)

    assert (found.on if found else None) == (None if kept is None else day(kept))
    assert settle(session) == found
    assert Appointment.objects.filter(session=session).count() == bool(found)


def test_a_second_meeting_of_a_day_leaves_the_next_alone(circle, session):
    first = LearningSessionFactory(circle=circle)
    AppointmentFactory(circle=circle, on=day(0), session=first)
    AppointmentFactory(circle=circle, on=day(1))

    assert settle(session) is None
    assert circle.appointments.open().get().on == day(1)


def test_a_correction_of_the_day_keeps_another_appointment(circle, session):
    first = AppointmentFactory(circle=circle, on=day(0))
    other = AppointmentFactory(circle=circle, on=day(-8))
    assert settle(session) == first

    session.held_on = day(-2)
    assert settle(session) == first

    session.held_on = day(-7)
    assert settle(session) == settle(session) == other
    assert circle.appointments.open().get() == first


def test_what_was_called_off_is_not_kept(circle, session):
    AppointmentFactory(circle=circle, on=day(0), state="cancelled", reason="rain")

    assert settle(session) is None


@pytest.mark.parametrize("state", ["in_question", "withdrawn"])
def test_a_session_that_does_not_count_keeps_and_agrees_nothing(
    circle, session, facilitator, state
):
    AppointmentFactory(circle=circle, on=day(0))
    session.state = state

    agree_next(session, facilitator)

    assert settle(session) is None
    assert circle.appointments.open().get().on == day(0)


def test_the_next_day_is_agreed_on_once(circle, session, facilitator):
    agree_next(session, facilitator)
    agree_next(session, facilitator)

    made = Appointment.objects.get()
    assert (made.circle, made.on, made.author) == (circle, day(7), facilitator)
    assert (made.starts, made.venue) == (time(13, 30), "ศาลา")


def test_a_known_day_is_left_as_it_is(circle, session, facilitator):
    known = AppointmentFactory(circle=circle, on=day(7), venue="วัด")

    agree_next(session, facilitator)

    assert circle.appointments.get() == known
    assert circle.appointments.get().venue == "วัด"


def test_a_correction_moves_what_the_session_had_made(circle, session, facilitator):
    agree_next(session, facilitator)
    made = Appointment.objects.get()
    for days in (8, 9):
        session.next_on = day(days)
        agree_next(session, facilitator)

    assert Appointment.objects.get() == made
    assert Appointment.objects.get().on == day(9)


def test_a_correction_takes_away_what_nobody_wants(circle, session, facilitator):
    agree_next(session, facilitator)
    session.next_on = None
    agree_next(session, facilitator)

    assert not Appointment.objects.exists()


def test_a_correction_onto_a_known_day_leaves_one(circle, session, facilitator):
    known = AppointmentFactory(circle=circle, on=day(14))
    agree_next(session, facilitator)
    session.next_on = day(14)
    agree_next(session, facilitator)

    assert Appointment.objects.get() == known


def test_what_somebody_changed_since_stays(circle, session, facilitator):
    agree_next(session, facilitator)
    book(circle, day(7), author=facilitator, venue="วัด")
    session.next_on = day(8)
    agree_next(session, facilitator)

    assert [one.on for one in circle.appointments.open()] == [day(7), day(8)]


def test_two_records_received_at_one_moment_keep_their_own(circle, facilitator):
    """As an import does it."""
    moment = timezone.now()
    for held, following in [(-20, -14), (-10, 10)]:
        one = LearningSessionFactory(
            circle=circle, held_on=day(held), next_on=day(following)
        )
        SubmissionFactory(session=one, received_at=moment)
        agree_next(one, facilitator)

    assert [one.on for one in circle.appointments.open()] == [day(-14), day(10)]


def test_a_day_that_passed_is_agreed_on_unless_the_circle_met(circle, facilitator):
    late = LearningSessionFactory(circle=circle, held_on=day(-20), next_on=day(-13))
    agree_next(late, facilitator)
    assert circle.appointments.open().get().on == day(-13)

    Appointment.objects.all().delete()
    LearningSessionFactory(circle=circle, held_on=day(-12))
    agree_next(late, facilitator)
    assert not Appointment.objects.exists()


def test_statements(circle, session, facilitator, django_assert_num_queries):
    AppointmentFactory(circle=circle, on=day(0))
    with django_assert_num_queries(2):
        settle(session)
    with django_assert_num_queries(1):
        settle(session)
    with django_assert_num_queries(2):  # looked up, made
        agree_next(session, facilitator)
    session.next_on = day(8)
    with django_assert_num_queries(2):  # looked up, moved
        agree_next(session, facilitator)
    session.next_on = None
    with django_assert_num_queries(3):  # looked up, taken away
        agree_next(session, facilitator)
