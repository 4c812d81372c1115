"""A rhythm and the days it proposes, on the plan page."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertRedirects

from circles.models import Appointment
from tests.factories import LearningSessionFactory
from tests.factories_planning import AppointmentFactory

pytestmark = pytest.mark.django_db


def day(days):
    return timezone.localdate() + timedelta(days=days)


def plan(circle):
    return reverse("circle-plan", args=[circle.pk])


def test_the_rhythm_is_kept_and_proposes_six_days(facilitator_client, circle):
    LearningSessionFactory(circle=circle, held_on=day(-3))
    form = {"act": "cadence", "cadence_days": "14"}
    assertRedirects(facilitator_client.post(plan(circle), form), plan(circle))

    rows = facilitator_client.get(plan(circle)).context["series"].rows
    assert [one.day for one, _ticked in rows] == [day(11 + 14 * n) for n in range(6)]

    form = {"act": "cadence", "cadence_days": ""}
    facilitator_client.post(plan(circle), form)
    circle.refresh_from_db()
    assert circle.cadence_days is None


@pytest.mark.parametrize("forged", ["13", "x", "9" * 400])
def test_another_rhythm_is_refused(facilitator_client, circle, forged):
    form = {"act": "cadence", "cadence_days": forged}
    response = facilitator_client.post(plan(circle), form)

    assert response.context["cadence"].has_error("cadence_days", "invalid_choice")


@time_machine.travel(date(2026, 11, 23), tick=False)
def test_holidays_are_named_and_unticked(facilitator_client, circle):
    circle.cadence_days = 7
    circle.save()
    AppointmentFactory(circle=circle, on=date(2026, 11, 26))
    off = AppointmentFactory(circle=circle, on=date(2026, 12, 17))
    Appointment.objects.filter(pk=off.pk).update(state="cancelled", reason="merit")

    response = facilitator_client.get(plan(circle))

    ticks = {one.value: ticked for one, ticked in response.context["series"].rows}
    assert ticks == {
        "2026-12-03": True,
        "2026-12-10": False,  # Constitution Day
        "2026-12-24": True,
        "2026-12-31": False,
        "2027-01-07": True,
        "2027-01-14": True,
    }


def test_books_what_is_ticked(facilitator_client, circle):
    ticked = [day(7).isoformat(), day(21).isoformat()]
    response = facilitator_client.post(plan(circle), {"act": "series", "days": ticked})

    assertRedirects(response, plan(circle))
    assert [one.on for one in circle.appointments.open()] == [day(7), day(21)]


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ([], "required"),
        (["x\x00"], "invalid_choice"),
        (["2020-01-01"], "day_passed"),
        (["9999-12-31"], "too_far"),
        ([f"2027-{m:02}-{d:02}" for m in (1, 3, 5) for d in range(1, 31)], "too_many"),
    ],
)
def test_a_series_that_cannot_be_is_refused_in_words(
    facilitator_client, circle, days, code
):
    response = facilitator_client.post(plan(circle), {"act": "series", "days": days})

    errors = response.context["series"].errors.as_data()["days"]
    assert [one.code for one in errors] == [code]
    assert not Appointment.objects.exists()


def test_a_refused_series_keeps_its_ticks(facilitator_client, circle):
    circle.cadence_days = 7
    circle.save()
    AppointmentFactory(circle=circle, on=day(1))
    form = {"act": "series", "days": [day(15).isoformat(), day(-1).isoformat()]}

    response = facilitator_client.post(plan(circle), form)

    ticks = [ticked for _one, ticked in response.context["series"].rows]
    assert ticks == [False, True, False, False, False, False]
