"""Two phones plan one circle at one moment: real threads, real locks."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from circles.actions.planning import book, book_series, cancel, postpone
from circles.models import Appointment
from tests.chaos.test_races import Crowd
from tests.factories_planning import AppointmentFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PHONES = 8


def day(days):
    return timezone.localdate() + timedelta(days=days)


def test_one_day_is_booked_once(circle, facilitator):
    with Crowd(PHONES) as crowd:
        for n in range(10):
            made = crowd.at_once(
                *[lambda n=n: book(circle, day(n), author=facilitator)] * PHONES
            )
            assert len({one.pk for one in made}) == 1


def test_a_series_and_single_days_share_their_rows(circle, facilitator):
    days = [day(7 * n) for n in range(1, 7)]
    with Crowd(PHONES) as crowd:
        crowd.at_once(
            *[lambda: book_series(circle, days, facilitator)] * (PHONES // 2),
            *[lambda: book(circle, days[2], author=facilitator)] * (PHONES // 2),
        )

    assert [one.on for one in circle.appointments.open()] == days


def test_one_is_postponed_once_to_one_day(circle, facilitator):
    for n in range(5):
        one = AppointmentFactory(circle=circle, on=day(100 + n))
        with Crowd(PHONES) as crowd:
            moved = crowd.at_once(
                *[lambda o=one, n=n: postpone(o, day(n), "rain", "", facilitator)]
                * PHONES
            )
        assert {other.on for other in moved} == {day(n)}
        assert len({other.pk for other in moved}) == 1

    assert Appointment.objects.count() == 10


def test_nothing_is_stored_of_what_fails_half_way(circle, facilitator):
    one = AppointmentFactory(circle=circle)

    def fail():
        with transaction.atomic():
            postpone(one, day(9), "rain", "", facilitator)
            cancel(one, "rain", "", facilitator)

    with pytest.raises(ValidationError):
        fail()
    assert list(circle.appointments.values_list("state", flat=True)) == ["planned"]
