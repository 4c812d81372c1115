"""Calling a meeting off and taking it back, as pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from circles import thai
from circles.models import Appointment
from circles.permissions import Role
from tests.factories import CircleFactory, LearningSessionFactory
from tests.factories_planning import AppointmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment(circle):
    return AppointmentFactory(circle=circle)


@pytest.fixture
def plan(circle):
    return reverse("circle-plan", args=[circle.pk])


@pytest.fixture
def url(appointment):
    return reverse("appointment-cancel", args=[appointment.pk])


def later(days):
    return thai.thai_date(timezone.localdate() + timedelta(days=days))


@pytest.mark.parametrize(
    "reason", [one for one in Appointment.Reason if one != "other"]
)
def test_appointment_cancel_is_one_tap(facilitator_client, appointment, url, reason):
    assertContains(facilitator_client.get(url), f'name="reason" value="{reason}"')

    facilitator_client.post(url, {"note": "", "reason": reason})

    appointment.refresh_from_db()
    assert (appointment.state, appointment.reason) == ("cancelled", reason)


@pytest.mark.parametrize(
    ("form", "field", "code"),
    [
        ({"reason": "other", "note": " "}, "note", "no_words"),
        ({"reason": "x\x00"}, "reason", "invalid_choice"),
        ({"act": "keep", "note": "ฝน"}, "reason", "no_reason"),
        ({"reason": "rain", "note": "ก" * 301}, "note", "max_length"),
        ({"reason": "rain", "note": "\ufffd"}, "note", "broken_text"),
    ],
)
def test_what_is_refused_is_said_and_kept(
    facilitator_client, appointment, url, form, field, code
):
    response = facilitator_client.post(url, form)

    assert response.status_code == 200
    assert response.context["form"].has_error(field, code)
    assertContains(response, "err")
    appointment.refresh_from_db()
    assert appointment.state == "planned"


@pytest.mark.parametrize(
    ("form", "field", "code"),
    [
        ({"reason": "other", "note": ""}, "note", "no_words"),
        ({"reason": "rain", "on": "1/1/2560"}, "on", "day_passed"),
        ({"reason": "rain", "on": "อะไรก็ไม่รู้"}, "on", "unreadable"),
        ({"reason": "rain", "on": ""}, "on", "required"),
    ],
)
def test_what_postponing_refuses_is_said(
    facilitator_client, appointment, form, field, code
):
    url = reverse("appointment-postpone", args=[appointment.pk])
    response = facilitator_client.post(url, {"on": later(9), "note": ""} | form)

    assert response.context["form"].has_error(field, code)
    assert Appointment.objects.get().state == "planned"


def test_it_can_be_taken_back_from_the_plan(facilitator_client, plan, url):
    facilitator_client.post(url, {"reason": "rain"})
    assertContains(facilitator_client.get(plan), 'value="again"')
    assertContains(facilitator_client.get(url), 'value="again"')

    assertRedirects(facilitator_client.post(url, {"act": "again"}), plan)

    assert Appointment.objects.open().count() == 1


def test_what_has_passed_stays_called_off(facilitator_client, appointment, plan, url):
    Appointment.objects.update(
        on=timezone.localdate() - timedelta(days=1), state="cancelled", reason="rain"
    )
    response = facilitator_client.post(url, {"act": "again"}, follow=True)

    assert not Appointment.objects.open().exists()
    assert len(response.context["messages"]) == 1
    assert b'value="again"' not in facilitator_client.get(plan).content


@pytest.mark.parametrize("name", ["appointment-cancel", "appointment-postpone"])
def test_what_was_held_offers_no_reason(facilitator_client, circle, appointment, name):
    Appointment.objects.update(session=LearningSessionFactory(circle=circle))
    url = reverse(name, args=[appointment.pk])

    assert b'name="reason"' not in facilitator_client.get(url).content
    response = facilitator_client.post(url, {"reason": "rain", "on": later(9)})
    assert response.context["form"].errors
    assert Appointment.objects.get().state == "planned"


def test_what_was_typed_outlives_a_sign_in(client, facilitator, appointment, roles):
    url = reverse("appointment-postpone", args=[appointment.pk])
    client.post(url, {"on": later(11), "note": "ถนนขาด", "reason": "other"})
    client.force_login(facilitator)

    response = client.get(url)

    assertContains(response, "ถนนขาด")
    assertContains(response, later(11))
    assert Appointment.objects.get().state == "planned"


def test_the_appointments_of_other_circles_are_hidden(roles, appointment, circle):
    other = roles.client(Role.KHUN_AMNUAY, CircleFactory())

    for name in ("appointment-cancel", "appointment-postpone"):
        url = reverse(name, args=[appointment.pk])
        assert other.get(url).status_code == 404
        assert other.post(url, {"reason": "rain"}).status_code == 404
    assert other.post(reverse("appointment-cancel", args=[10**30])).status_code == 404
