"""A circle that opens, was opened by mistake, or closes with days agreed ahead."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles import thai
from circles.actions.circles import create_circle
from circles.models import Change, Circle
from circles.permissions import Role
from tests.circles.posted import in_days
from tests.factories import LearningSessionFactory, MembershipFactory
from tests.factories_planning import AppointmentFactory
from tests.factories_seats import NewcomerFactory

pytestmark = pytest.mark.django_db


def url(circle, name="openings"):
    return reverse(f"circle-{name}", args=[circle.pk])


def day(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def opened(circle, roles):
    """A circle that opens in a week, by somebody."""
    made = Circle(name="วงผิด", role=Role.KHUN_KIJ, place=circle.place)
    author = roles.user(Role.PROVINCE_ADMIN, circle.place)
    return create_circle(author, made, day(7))


def test_a_circle_opened_by_mistake_is_removed_and_remembered(
    tambon_admin_client, opened
):
    assertContains(tambon_admin_client.get(url(opened)), 'value="mistake"')

    response = tambon_admin_client.post(url(opened), {"act": "mistake"})

    assertRedirects(response, reverse("place-detail", args=[opened.place_id]))
    assert not Circle.objects.filter(name="วงผิด").exists()
    told = Change.objects.filter(place=opened.place, circle=None)
    assert sorted(told.values_list("subject", "kind")) == [
        ("circle", "made"),
        ("circle", "removed"),
        ("circleopening", "made"),
    ]
    history = reverse("change-list", query={"place": opened.place_id})
    assertContains(tambon_admin_client.get(history), "วงผิด")
    again = tambon_admin_client.post(url(opened), {"act": "mistake"})
    assert again.status_code == 404


@pytest.mark.parametrize(
    "begin", [MembershipFactory, LearningSessionFactory, AppointmentFactory]
)
def test_a_circle_that_has_begun_is_closed_instead(tambon_admin_client, opened, begin):
    begin(circle=opened)

    page = tambon_admin_client.get(url(opened))
    response = tambon_admin_client.post(url(opened), {"act": "mistake"}, follow=True)

    assertNotContains(page, 'value="mistake"')
    assert response.status_code == 200
    assert Circle.objects.filter(pk=opened.pk).exists()
    assert not Change.objects.filter(kind="removed").exists()


def test_a_seat_begins_with_the_circle_at_the_earliest(tambon_admin_client, opened):
    page = tambon_admin_client.get(url(opened, "seats"))

    assertContains(page, f'value="{thai.thai_date(day(7))}"')


def test_closing_lists_what_is_agreed_before_it_is_closed(tambon_admin_client, circle):
    AppointmentFactory(circle=circle, on=day(5), purpose="ดูแปลงผัก")
    AppointmentFactory(circle=circle, on=day(-5), purpose="ผ่านไปแล้ว")

    page = tambon_admin_client.get(url(circle))
    closing = {"act": "close", "closed_on": in_days(1), "reason": "น้ำท่วม"}
    tambon_admin_client.post(url(circle), closing)
    change = Change.objects.get(circle=circle, kind="changed")
    restore = tambon_admin_client.get(reverse("change-restore", args=[change.pk]))

    assertContains(page, "ดูแปลงผัก")
    assertNotContains(page, "ผ่านไปแล้ว")
    assert [one.on for one in page.context["agreed"]] == [day(5)]
    assertContains(restore, "notice--warn")


def test_the_numbers_agree_with_the_circle_s_own_page(tambon_admin_client, circle):
    MembershipFactory.create_batch(2, circle=circle)
    NewcomerFactory(circle=circle)
    later = MembershipFactory(circle=circle, since=day(3))

    page = tambon_admin_client.get(url(circle, "seats"))
    own = tambon_admin_client.get(circle.get_absolute_url())

    numbers = page.context["numbers"]
    assert (numbers.now, numbers.waiting, numbers.ahead) == (3, 1, 1)
    assert own.context["circle"].seat_count == numbers.now
    seats = list(page.context["page"].object_list)
    assert [one.is_ahead for one in seats] == [False, False, True]
    assert seats[-1] == later
