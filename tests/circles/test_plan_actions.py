"""Meetings ahead: what may be agreed on, moved and called off."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from circles.actions.planning import (
    book,
    book_again,
    book_series,
    cancel,
    postpone,
)
from circles.models import Appointment
from tests.factories import LearningSessionFactory
from tests.factories_planning import AppointmentFactory

pytestmark = pytest.mark.django_db

State, Reason = Appointment.State, Appointment.Reason


def ahead(days):
    return timezone.localdate() + timedelta(days=days)


def refused(action, *args, **kwargs):
    """Return the code with which *action* refuses."""
    with pytest.raises(ValidationError) as caught:
        action(*args, **kwargs)
    return caught.value.code


@pytest.fixture
def appointment(circle):
    return AppointmentFactory(circle=circle, venue="ศาลา", purpose="ดูดิน")


def test_a_day_is_booked_once_and_what_is_given_replaces(circle, facilitator):
    first = book(circle, ahead(7), author=facilitator, venue="วัด", purpose="ดูดิน")
    again = book(circle, ahead(7), author=facilitator, starts=time(9), venue="ศาลา")

    assert again.pk == first.pk
    stored = Appointment.objects.get()
    assert (stored.starts, stored.venue, stored.purpose) == (time(9), "ศาลา", "ดูดิน")
    assert stored.changed_at > first.changed_at


@pytest.mark.parametrize(
    ("days", "code"), [(-1, "day_passed"), (731, "too_far"), (0, None), (730, None)]
)
def test_only_days_from_today_to_two_years_ahead(circle, facilitator, days, code):
    if code:
        assert refused(book, circle, ahead(days), author=facilitator) == code
    else:
        assert book(circle, ahead(days), author=facilitator).pk


def test_a_closed_circle_is_refused(circle, facilitator):
    circle.openings.update(closed_on=ahead(-1))

    assert refused(book, circle, ahead(1), author=facilitator) == "closed"
    assert refused(book_series, circle, [ahead(1)], facilitator) == "closed"


def test_a_day_on_which_the_circle_has_met_is_refused(circle, facilitator):
    held = LearningSessionFactory(circle=circle)
    AppointmentFactory(circle=circle, on=ahead(0), session=held)

    assert refused(book, circle, ahead(0), author=facilitator) == "held"


def test_a_series_leaves_known_days_alone(circle, facilitator, appointment):
    circle.usual_start, circle.usual_venue = time(13, 30), "โรงเรียน"
    circle.save()

    made = book_series(circle, [ahead(14), ahead(7), ahead(14)], facilitator)
    again = book_series(circle, [ahead(7), ahead(14)], facilitator)

    assert [one.venue for one in made] == ["ศาลา", "โรงเรียน"]
    assert made[1].starts == time(13, 30)
    assert made == again
    assert Appointment.objects.count() == 2


def test_a_series_is_all_or_nothing(circle, facilitator):
    days = [ahead(7), ahead(-1)]

    assert refused(book_series, circle, days, facilitator) == "day_passed"
    assert not Appointment.objects.exists()


def test_postponing_makes_the_new_one_and_keeps_the_reason(facilitator, appointment):
    new = postpone(appointment, ahead(8), Reason.RAIN, "น้ำท่วมทาง", facilitator)
    again = postpone(appointment, ahead(8), Reason.RAIN, "", facilitator)

    appointment.refresh_from_db()
    assert again == new
    assert (new.on, new.venue, new.purpose) == (ahead(8), "ศาลา", "ดูดิน")
    assert (appointment.state, appointment.reason) == (State.POSTPONED, Reason.RAIN)
    assert (appointment.reason_note, appointment.moved_to) == ("น้ำท่วมทาง", new)
    assert Appointment.objects.count() == 2


def test_postponing_to_a_day_already_planned_joins_the_two(
    circle, facilitator, appointment
):
    other = AppointmentFactory(circle=circle, on=ahead(14))

    assert postpone(appointment, ahead(14), Reason.HARVEST, "", facilitator) == other
    assert circle.appointments.open().get() == other


def test_an_overdue_one_can_be_postponed(circle, facilitator):
    overdue = AppointmentFactory(circle=circle, on=ahead(-3))

    assert postpone(overdue, ahead(1), Reason.FUNERAL, "", facilitator).on == ahead(1)


@pytest.mark.parametrize(
    ("to", "reason", "note", "code"),
    [
        (7, Reason.RAIN, "", "same_day"),
        (-1, Reason.RAIN, "", "day_passed"),
        (8, "", "", "no_reason"),
        (8, "laziness", "", "no_reason"),
        (8, Reason.OTHER, "  ", "no_words"),
    ],
)
def test_what_postponing_refuses_changes_nothing(
    facilitator, appointment, to, reason, note, code
):
    assert refused(postpone, appointment, ahead(to), reason, note, facilitator) == code
    assert Appointment.objects.get().state == State.PLANNED


def test_cancelling_keeps_the_first_reason(facilitator, appointment):
    cancel(appointment, Reason.OTHER, "ครูย้าย", facilitator)
    cancel(appointment, Reason.RAIN, "", facilitator)

    appointment.refresh_from_db()
    assert (appointment.state, appointment.reason) == (State.CANCELLED, Reason.OTHER)
    assert appointment.reason_note == "ครูย้าย"


def test_another_reason_needs_words(facilitator, appointment):
    assert refused(cancel, appointment, Reason.OTHER, "", facilitator) == "no_words"


def test_what_was_held_cannot_be_called_off(circle, facilitator):
    held = LearningSessionFactory(circle=circle)
    kept = AppointmentFactory(circle=circle, session=held)

    assert refused(cancel, kept, Reason.RAIN, "", facilitator) == "held"
    assert refused(postpone, kept, ahead(9), Reason.RAIN, "", facilitator) == "held"


def test_what_was_called_off_cannot_be_called_off_otherwise(facilitator, appointment):
    moved = postpone(appointment, ahead(8), Reason.RAIN, "", facilitator)
    cancel(moved, Reason.RAIN, "", facilitator)

    code = refused(postpone, moved, ahead(9), Reason.RAIN, "", facilitator)
    assert code == "called_off"
    assert refused(cancel, appointment, Reason.RAIN, "", facilitator) == "called_off"
    assert refused(book_again, appointment, facilitator) == "called_off"


def test_cancelling_can_be_taken_back(facilitator, appointment):
    cancel(appointment, Reason.RAIN, "ฝน", facilitator)
    again = book_again(appointment, facilitator)

    assert book_again(appointment, facilitator) == again == appointment
    assert (again.state, again.reason, again.reason_note) == (State.PLANNED, "", "")
    assert again.venue == "ศาลา"


def test_taking_back_gives_way_to_what_was_booked_since(
    circle, facilitator, appointment
):
    cancel(appointment, Reason.RAIN, "", facilitator)
    newer = book(circle, appointment.on, author=facilitator)

    assert book_again(appointment, facilitator) == newer
    assert circle.appointments.open().count() == 1


def test_a_day_that_has_passed_cannot_be_taken_back(circle, facilitator):
    past = AppointmentFactory(
        circle=circle, on=ahead(-1), state=State.CANCELLED, reason=Reason.RAIN
    )

    assert refused(book_again, past, facilitator) == "day_passed"
