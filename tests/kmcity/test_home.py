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
from tests.furnish import furnish

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_home(roles, circle, rows, django_assert_max_num_queries):
    user = roles.user(Role.KHUN_AMNUAY, circle)
    furnish(circle, next_on=timezone.localdate() + timedelta(days=1))
    for _n in range(rows - 1):
        other = CircleFactory()
        AssignmentFactory(person=user.person, circle=other)
        furnish(other)
    client = roles.signed_in(user)

    # session, user, person, assignments, unread, may log, due, coming, circles, roads
    with django_assert_max_num_queries(10):
        response = client.get(reverse("home"))

    assert len(response.context["circles"]) == rows
    assert response.context["next_circle"] == circle
    assertContains(response, reverse("session-create", args=[circle.pk]))


def test_home_shows_the_appointment_that_has_come_before_the_next(roles, circle):
    user = roles.user(Role.KHUN_AMNUAY, circle)
    today = timezone.localdate()
    soon, missed = CircleFactory(), CircleFactory()
    for other, days in [(soon, 3), (missed, -4)]:
        AssignmentFactory(person=user.person, circle=other)
        before = today - timedelta(days=30)
        LearningSessionFactory(
            circle=other, held_on=before, next_on=today + timedelta(days=days)
        )
    LearningSessionFactory(
        circle=circle, held_on=today - timedelta(days=7), next_on=today
    )

    response = roles.signed_in(user).get(reverse("home"))

    assert response.context["next_circle"] == circle
    assert list(response.context["due"]) == [missed]


def test_home_of_many_circles_still_finds_what_is_due(roles, circle):
    today = timezone.localdate()
    client = roles.client(Role.PROVINCE_ADMIN, circle.place.parent.parent.parent)
    CircleFactory.create_batch(31, place=circle.place)
    last = CircleFactory(place=circle.place, name="ฮวงสุดท้าย")
    LearningSessionFactory(
        circle=last, held_on=today - timedelta(days=9), next_on=today
    )

    response = client.get(reverse("home"))

    assert response.context["next_circle"] == last
    assert last not in response.context["circles"]
    assertContains(response, reverse("circle-list"))


def test_home_invites_whoever_has_no_circle(client, django_user_model):
    client.force_login(django_user_model.objects.create(username="new"))

    response = client.get(reverse("home"))

    assertContains(response, "ยังไม่มีวงของท่าน")
    assertNotContains(response, reverse("overview"))


def test_home_offers_no_log_button_to_whoever_may_not_log(kij_client, circle):
    furnish(circle)

    response = kij_client.get(reverse("home"))

    assertContains(response, circle.name)
    assertNotContains(response, reverse("session-create", args=[circle.pk]))
