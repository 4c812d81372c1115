"""Pages: home."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from circles.permissions import Role
from tests.factories import (
    AssignmentFactory,
    CircleFactory,
    LearningSessionFactory,
)
from tests.factories_planning import AppointmentFactory
from tests.factories_told import PromiseFactory
from tests.furnish import furnish, furnish_fully

pytestmark = pytest.mark.django_db
HOME = "/"


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def also_own(user, **circle):
    """Return one more circle that *user* looks after."""
    other = CircleFactory(**circle)
    AssignmentFactory(person=user.person, circle=other)
    return other


@pytest.mark.parametrize(
    ("circles", "rows", "people"), [(1, 1, 1), (3, 3, 10), (30, 1, 1), (1, 3, 60)]
)
def test_home(
    facilitator, roles, circle, circles, rows, people, django_assert_num_queries
):
    for one in [circle, *(also_own(facilitator) for _n in range(circles - 1))]:
        furnish_fully(one, facilitator, rows=rows, people=people)
    LearningSessionFactory(story="ปลาโตครึ่งฝ่ามือ", story_may_show=True)
    client = roles.signed_in(facilitator)

    # session, user, person, assignments, unread,
    # circles, roads, drafts, sessions to finish with good news, promises, handovers
    with django_assert_num_queries(11):
        response = client.get(HOME)

    assert len(response.context["circles"]) == circles
    for listed in ("drafts", "unfinished", "promises"):
        assert response.context[listed], listed
    assert response.context["news"].story == "ปลาโตครึ่งฝ่ามือ"


@pytest.mark.parametrize(
    ("days", "first"), [([3, 0, -4], 0), ([3, -9, -4], -4), ([9, 3], 3)]
)
def test_home_begins_with_today_else_what_was_missed_last_else_what_comes(
    facilitator, facilitator_client, circle, days, first
):
    for day in days:
        AppointmentFactory(circle=also_own(facilitator), on=in_days(day))

    response = facilitator_client.get(HOME)

    chosen = response.context["next_circle"]
    assert chosen.meets_on == in_days(first)
    for name in ("appointment-postpone", "appointment-cancel"):
        assertContains(response, reverse(name, args=[chosen.meets_id]))


def test_home_finds_todays_meeting_behind_one_that_nobody_logged(
    facilitator_client, circle
):
    AppointmentFactory(circle=circle, on=in_days(-20))
    today = AppointmentFactory(circle=circle, on=in_days(0), starts="09:30")

    response = facilitator_client.get(HOME)

    create = reverse("session-create", args=[circle.pk])
    assertContains(response, f'href="{create}?appointment={today.pk}"')
    assertContains(response, "09.30 น.")


def test_home_lists_the_other_days_that_have_come(facilitator, roles, circle):
    missed = also_own(facilitator)
    AppointmentFactory(circle=circle, on=in_days(0))
    AppointmentFactory(circle=missed, on=in_days(-4))
    AppointmentFactory(circle=also_own(facilitator), on=in_days(4))

    response = roles.signed_in(facilitator).get(HOME)

    assert response.context["due"] == [missed]


def test_home_of_many_circles_still_finds_what_is_due(roles, circle):
    client = roles.client(Role.PROVINCE_ADMIN, circle.place.parent.parent.parent)
    CircleFactory.create_batch(31, place=circle.place)
    last = CircleFactory(place=circle.place, name="ฮวงสุดท้าย")
    AppointmentFactory(circle=last, on=in_days(0))

    response = client.get(HOME)

    assert response.context["next_circle"] == last
    assert len(response.context["circles"]) == 30
    assertContains(response, reverse("circle-list"))


def test_home_offers_the_big_button_without_any_appointment(facilitator_client, circle):
    response = facilitator_client.get(HOME)

    assertContains(response, "btn--sign")
    assertContains(response, reverse("circle-plan", args=[circle.pk]))


def test_home_invites_whoever_has_no_circle(client, django_user_model):
    client.force_login(django_user_model.objects.create(username="new"))

    response = client.get(HOME)

    assertContains(response, "ยังไม่มีวงของท่าน")
    assertNotContains(response, reverse("overview"))


def test_home_offers_nothing_to_log_or_tick_to_whoever_may_not_log(kij_client, circle):
    held = furnish(circle)
    promise = PromiseFactory(session=held, due_on=in_days(0))
    meeting = AppointmentFactory(circle=circle, on=in_days(0))

    response = kij_client.get(HOME)

    assertContains(response, circle.name)
    assertContains(response, promise.text)
    for name, key in [
        ("session-create", circle.pk),
        ("appointment-cancel", meeting.pk),
        ("promise-keep", promise.pk),
    ]:
        assertNotContains(response, reverse(name, args=[key]))
