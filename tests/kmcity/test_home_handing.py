"""Home and account tell who leaves, and who takes over, what is to be done."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circles.models import Succession
from circles.permissions import Role
from circles.thai import thai_date
from tests.factories import AssignmentFactory, CircleFactory, UserFactory
from tests.factories_handing import SuccessionFactory, in_days

PAGES = ["home", "account"]


def handed(right, to=None, **more) -> Succession:
    kind = {"kind": "successor", "successor": to or UserFactory().person}
    return SuccessionFactory(assignment=right, **kind, **more)


def page_of(roles, user, name):
    return roles.signed_in(user).get(reverse(name)).text


@pytest.mark.parametrize("name", PAGES)
def test_the_successor_is_led_to_the_handover_pages(facilitator, circle, roles, name):
    succession = handed(facilitator.person.assignments.get())
    user = succession.successor.user
    path = reverse("circle-handover", args=[circle.pk])

    text = page_of(roles, user, name)

    assert thai_date(in_days(11)) in text
    assert path in text
    back = roles.signed_in(user).get(f"{path}?handover={succession.handover_id}")
    detail = reverse("handover-detail", args=[succession.handover_id])
    assert f'<a href="{detail}"' in back.text
    assert roles.signed_in(user).get(detail).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_who_leaves_is_asked_what_works_here(facilitator, circle, roles, name):
    handed(facilitator.person.assignments.get())

    text = page_of(roles, facilitator, name)

    assert thai_date(in_days(10)) in text
    assert reverse("circle-handover", args=[circle.pk]) + "#works" in text
    with time_machine.travel(timezone.now() + (in_days(12) - in_days(0))):
        after = page_of(roles, facilitator, name)
        assert thai_date(in_days(-2)) in after
        assert "#works" not in after


@pytest.mark.parametrize("days", [61, -15])
def test_nothing_is_told_long_before_and_long_after(facilitator, roles, days):
    succession = handed(
        facilitator.person.assignments.get(), handover__last_day=in_days(days)
    )

    for user in (facilitator, succession.successor.user):
        assert thai_date(in_days(days)) not in page_of(roles, user, "home")
        assert thai_date(in_days(days + 1)) not in page_of(roles, user, "home")


def test_what_was_called_off_or_is_somebody_elses_is_not_told(facilitator, roles):
    right = facilitator.person.assignments.get()
    off = handed(right, handover__cancelled_at=timezone.now())
    handed(AssignmentFactory(circle=CircleFactory()), handover__last_day=in_days(20))

    for user in (facilitator, off.successor.user):
        text = page_of(roles, user, "home")
        assert thai_date(in_days(11)) not in text
        assert thai_date(in_days(21)) not in text


def test_a_sponsor_is_told_without_a_page_that_stays_closed(circle, roles):
    right = AssignmentFactory(circle=circle, role=Role.KHUN_UA)
    succession = handed(right)

    text = page_of(roles, succession.successor.user, "home")

    assert reverse("handover-detail", args=[succession.handover_id]) in text
    assert reverse("circle-handover", args=[circle.pk]) not in text
