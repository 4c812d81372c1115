"""A session of a circle that is closed by now: logged late, never lost."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from circles.actions.planning import book
from circles.models import Appointment, LearningSession
from tests.circles.posted import in_days, posted, url
from tests.circles.test_save_budget import MOST, statements
from tests.factories import LearningSessionFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def close(circle, days):
    last = timezone.localdate() + timedelta(days=days)
    circle.openings.update(closed_on=last)
    return last


@pytest.mark.parametrize(("days", "status"), [(-59, 200), (-60, 404)])
def test_a_closed_circle_can_be_logged_for_sixty_days(
    facilitator_client, circle, days, status
):
    close(circle, days)

    assert facilitator_client.get(url(circle)).status_code == status


def test_a_circle_that_opens_later_cannot_be_logged(facilitator_client, circle):
    circle.openings.update(opened_on=timezone.localdate() + timedelta(days=1))

    assert facilitator_client.get(url(circle)).status_code == 404


def test_what_was_held_while_it_was_open_is_stored(facilitator_client, circle):
    seat = MembershipFactory(circle=circle)
    last = close(circle, -3)

    response = facilitator_client.post(url(circle), posted([seat], held_on=in_days(-3)))

    assert response.status_code == 302
    assert LearningSession.objects.get().held_on == last


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_on": in_days(-2)}, "held_on"),
        ({"held_on": "31/12/2547"}, "held_on"),
        ({"held_on": in_days(-3), "next_on": in_days(7)}, "next_on"),
    ],
)
def test_another_day_is_refused_and_all_that_was_typed_stays(
    facilitator_client, circle, changes, field
):
    seat = MembershipFactory(circle=circle)
    close(circle, -3)
    form = posted([seat], lessons=["กลับกองทุก 7 วัน"], summary="คุยกันนาน", **changes)

    response = facilitator_client.post(url(circle), form)

    errors = response.context["entry"].form.errors.as_data()
    assert [one.code for one in errors[field]] == ["not_open"]
    for text in ("กลับกองทุก 7 วัน", "คุยกันนาน"):
        assertContains(response, text)
    assert not LearningSession.objects.exists()
    assert not Appointment.objects.exists()


def test_an_earlier_opening_counts_too(facilitator_client, circle):
    seat = MembershipFactory(circle=circle)
    circle.openings.update(closed_on=date(2020, 1, 31))
    circle.openings.create(opened_on=timezone.localdate())

    in_gap = facilitator_client.post(url(circle), posted([seat], held_on="1/2/2563"))
    in_past = facilitator_client.post(url(circle), posted([seat], held_on="31/1/2563"))

    assert (in_gap.status_code, in_past.status_code) == (200, 302)


def test_what_is_stored_outside_can_still_be_completed(
    tambon_admin_client, circle, roles
):
    """An import may hold days of which no opening is known."""
    session = LearningSessionFactory(circle=circle, held_on=date(2004, 5, 5))
    seat = MembershipFactory(circle=circle)
    form = posted([seat], held_on="5/5/2547", version="1", reason="เติม", act="save")

    url = reverse("session-edit", args=[session.pk])
    tambon_admin_client.post(url, form | {"summary": "เติมภายหลัง"})
    session.refresh_from_db()
    kept = session.summary
    refused = tambon_admin_client.post(url, form | {"held_on": "6/5/2547"})

    assert kept == "เติมภายหลัง"
    errors = refused.context["entry"].form.errors.as_data()
    assert [one.code for one in errors["held_on"]] == ["not_open"]


def test_a_late_save_stays_within_the_budget(facilitator_client, circle):
    seats = MembershipFactory.create_batch(10, circle=circle)
    close(circle, -1)

    form = posted(seats, held_on=in_days(-1))
    assert len(statements(facilitator_client, circle, form)) <= MOST


def test_no_day_behind_the_last_one_is_planned(facilitator, circle, roles):
    last = close(circle, 5)

    book(circle, last, author=facilitator)
    response = roles.signed_in(facilitator).post(
        reverse("circle-plan", args=[circle.pk]),
        {"act": "book", "on": in_days(6), "starts": "", "venue": "", "purpose": ""},
    )

    assert response.context["form"].errors.as_data()["on"][0].code == "closed"
    assert Appointment.objects.get().on == last


def test_the_form_of_a_closed_circle_begins_with_its_last_day(
    facilitator_client, circle
):
    fresh = facilitator_client.get(url(circle))
    last = close(circle, -3)

    page = facilitator_client.get(url(circle))

    assert fresh.context["entry"].held_on == timezone.localdate()
    assertNotContains(fresh, '<details class="more" open>')
    assert page.context["entry"].held_on == last
    assertContains(page, '<details class="more" open>', count=1)
