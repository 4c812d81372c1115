"""The plan page and the two pages that call a meeting off, without JavaScript."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles import thai
from circles.models import Appointment
from tests.factories_planning import AppointmentFactory

pytestmark = pytest.mark.django_db


def day(days):
    return timezone.localdate() + timedelta(days=days)


def plan(circle):
    return reverse("circle-plan", args=[circle.pk])


def page(name, appointment):
    return reverse(f"appointment-{name}", args=[appointment.pk])


@pytest.fixture
def appointment(circle):
    return AppointmentFactory(circle=circle, venue="ศาลาริมคลอง", purpose="ดูดิน")


def test_circle_plan_shows_what_is_agreed_on(kij_client, circle, appointment):
    AppointmentFactory(
        circle=circle,
        on=day(-9),
        state="cancelled",
        reason="other",
        reason_note="ครูย้าย",
    )

    response = kij_client.get(plan(circle))

    assertContains(response, "ศาลาริมคลอง")
    assertContains(response, "ครูย้าย")
    assertNotContains(response, page("cancel", appointment))
    assertNotContains(response, 'value="book"')


def test_whoever_only_reads_cannot_book(kij_client, circle):
    form = {"act": "book", "on": thai.thai_date(day(3))}

    assert kij_client.post(plan(circle), form).status_code == 404
    assert not Appointment.objects.exists()


def test_books_a_day_as_it_is_typed(facilitator_client, circle):
    typed = f"{day(3):%d/%m}/{day(3).year + 543 - 2500}"
    form = {"act": "book", "on": typed, "starts": "9.30", "venue": "วัด", "purpose": "ก"}

    response = facilitator_client.post(plan(circle), form)

    assertRedirects(response, plan(circle))
    made = Appointment.objects.get()
    assert (made.on, made.starts, made.venue) == (day(3), time(9, 30), "วัด")
    assert (made.purpose, made.author_id) == ("ก", response.wsgi_request.user.pk)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"on": ""}, "required"),
        ({"on": "31/02/70"}, "no_such_day"),
        ({"on": "22/11/2025"}, "ce_year"),
        ({"on": "x\x00"}, "unreadable"),
        ({"on": "1" * 5000}, "unreadable"),
        ({"on": "1/1/2568"}, "day_passed"),
        ({"on": "1/1/2640"}, "too_far"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words(
    facilitator_client, circle, typed, code
):
    given = {"act": "book", "venue": "ศาลาที่พิมพ์ไว้"} | typed
    response = facilitator_client.post(plan(circle), given)

    assert response.status_code == 200
    assert [one.code for one in response.context["form"].errors.as_data()["on"]] == [
        code
    ]
    assertContains(response, "ศาลาที่พิมพ์ไว้")
    assert not Appointment.objects.exists()


def test_a_quick_button_fills_the_day_and_stores_nothing(facilitator_client, circle):
    response = facilitator_client.post(plan(circle), {"act": "in-14", "on": ""})

    assertContains(response, f'value="{thai.thai_date(day(14))}"')
    assert not Appointment.objects.exists()


def test_a_refresh_of_the_field_returns_the_field_alone(facilitator_client, circle):
    response = facilitator_client.post(
        plan(circle) + "?act=keep",
        {"on": thai.thai_date(day(3)), "act": "book"},
        headers={"HX-Request": "true", "HX-Target": "on_field"},
    )

    assert response.content.strip().startswith(b'<div id="on_field"')
    assertContains(response, thai.thai_date_full(day(3)))
    assert not Appointment.objects.exists()


def test_a_closed_circle_plans_nothing(facilitator_client, circle, appointment):
    circle.openings.update(closed_on=day(-1))

    assertNotContains(facilitator_client.get(plan(circle)), 'value="book"')
    form = {"act": "book", "on": thai.thai_date(day(3))}
    response = facilitator_client.post(plan(circle), form)
    assert response.context["form"].has_error("on", "closed")


def test_the_plan_asks_the_same_number_of_questions_of_one_row_and_of_three(
    facilitator_client, circle, django_assert_max_num_queries
):
    circle.cadence_days = 7
    circle.save()
    counts = []
    for n in range(3):
        moved = AppointmentFactory(circle=circle, on=day(n + 1))
        off = {"state": "postponed", "reason": "rain", "moved_to": moved}
        AppointmentFactory(circle=circle, on=day(-n), **off)
        with django_assert_max_num_queries(13) as asked:
            facilitator_client.get(plan(circle))
        counts.append(len(asked))

    assert counts[0] == counts[2]


def test_appointment_postpone_is_one_tap(facilitator_client, appointment):
    url = page("postpone", appointment)
    shown = facilitator_client.get(url)
    assertContains(shown, f'value="{thai.thai_date(day(14))}"')

    # What the browser sends when the reason is tapped.
    form = {"on": thai.thai_date(day(14)), "note": "", "reason": "rain"}
    response = facilitator_client.post(url, form)

    assertRedirects(response, plan(appointment.circle))
    appointment.refresh_from_db()
    assert (appointment.state, appointment.reason) == ("postponed", "rain")
    assert appointment.moved_to.on == day(14)


def test_the_next_day_is_proposed_where_the_week_is_taken(
    facilitator_client, circle, appointment
):
    AppointmentFactory(circle=circle, on=day(14))

    response = facilitator_client.get(page("postpone", appointment))

    assertContains(response, f'value="{thai.thai_date(day(8))}"')


def test_days_are_counted_from_today_where_the_day_has_passed(
    facilitator_client, circle
):
    overdue = AppointmentFactory(circle=circle, on=day(-5))

    response = facilitator_client.post(page("postpone", overdue), {"act": "in-1"})

    assertContains(response, f'value="{thai.thai_date(day(1))}"')
    assert Appointment.objects.get().state == "planned"
