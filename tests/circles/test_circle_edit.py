"""Pages: circle-edit, and what circle-list says of closed circles."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.models import Change
from circles.permissions import Role
from tests.circles.test_circle_create import codes, typed
from tests.factories import (
    CircleFactory,
    LearningSessionFactory,
    MembershipFactory,
    TambonFactory,
    VillageFactory,
)

pytestmark = pytest.mark.django_db


def url(circle):
    return reverse("circle-edit", args=[circle.pk])


def test_circle_edit(tambon_admin_client, circle, django_assert_max_num_queries):
    # session, user, person, assignments, unread, own circles, circle
    with django_assert_max_num_queries(10):
        page = tambon_admin_client.get(url(circle))
    response = tambon_admin_client.post(url(circle), typed(circle.place, topic="วัว"))

    assertContains(page, circle.place.full_label)
    assertRedirects(response, circle.get_absolute_url())
    circle.refresh_from_db()
    assert (circle.name, circle.topic) == ("วงปุ๋ยอินทรีย์", "วัว")


def test_only_what_changed_is_written_down(tambon_admin_client, circle):
    tambon_admin_client.post(url(circle), typed(circle.place))
    tambon_admin_client.post(url(circle), typed(circle.place, topic="วัว"))
    tambon_admin_client.post(url(circle), typed(circle.place, topic="วัว"))

    changes = Change.objects.filter(circle=circle).latest_first()
    assert changes.count() == 2
    assert changes[0].changes == {"topic": ["ปุ๋ย", "วัว"]}
    assert changes[0].author_role == Role.TAMBON_ADMIN


def test_its_own_name_is_not_taken(tambon_admin_client, circle):
    form = typed(circle.place, name=circle.name)

    assert tambon_admin_client.post(url(circle), form).status_code == 302


def test_the_name_of_another_is_refused(tambon_admin_client, circle):
    CircleFactory(name="วงวัว", place=circle.place)

    response = tambon_admin_client.post(url(circle), typed(circle.place, name="วงวัว"))

    assert codes(response) == {"name_taken"}
    circle.refresh_from_db()
    assert circle.topic == ""


def test_a_circle_moves_with_all_that_it_has(tambon_admin_client, circle):
    seat = MembershipFactory(circle=circle)
    session = LearningSessionFactory(circle=circle)
    near = VillageFactory(parent=circle.place.parent)

    tambon_admin_client.post(url(circle), typed(near))

    circle.refresh_from_db()
    assert circle.place == near
    assert [seat.circle, session.circle] == [circle, circle]
    assert Change.objects.get(circle=circle).place == near


def test_a_circle_does_not_move_out_of_reach(tambon_admin_client, circle):
    far = VillageFactory(parent=TambonFactory())

    response = tambon_admin_client.post(url(circle), typed(far))

    assert codes(response) == {"gone"}
    circle.refresh_from_db()
    assert circle.place != far


def closed(circle, days=1):
    day = timezone.localdate() - timedelta(days=days)
    circle.openings.update(closed_on=day)
    return day


@pytest.mark.parametrize(
    ("asked", "expected"), [("", "o"), ("closed", "c"), ("all", "oc"), ("x", "o")]
)
def test_circle_list_shows_open_ones_unless_asked(
    tambon_admin_client, circle, asked, expected
):
    past = CircleFactory(place=circle.place, name="วงเก่า")
    closed(past)

    page = tambon_admin_client.get(reverse("circle-list"), {"state": asked})

    found = {one.pk for one in page.context["page"].object_list}
    assert found == {{"o": circle.pk, "c": past.pk}[letter] for letter in expected}
    assert ("ปิดแล้วเมื่อ" in page.text or "closed since" in page.text) == ("c" in expected)


def test_who_may_opens_circles_from_the_list(
    tambon_admin_client, facilitator_client, circle
):
    here = reverse("circle-create")
    mine = tambon_admin_client.get(reverse("circle-list"), {"place": circle.place.code})

    assertContains(mine, f"{here}?place={circle.place.pk}")
    assertNotContains(facilitator_client.get(reverse("circle-list")), here)


@pytest.mark.parametrize("rows", [3, 300])
def test_many_circles_ask_no_more(
    tambon_admin_client, circle, rows, django_assert_max_num_queries
):
    for one in CircleFactory.create_batch(rows - 1, place=circle.place):
        closed(one)

    with django_assert_max_num_queries(10):
        page = tambon_admin_client.get(reverse("circle-list"), {"state": "all"})

    assert page.context["page"].paginator.count == rows


def test_the_tools_are_for_administrators(
    tambon_admin_client, facilitator_client, circle
):
    for name in ("circle-edit", "circle-openings", "circle-seats"):
        here = reverse(name, args=[circle.pk])
        assertContains(tambon_admin_client.get(circle.get_absolute_url()), here)
        assertNotContains(facilitator_client.get(circle.get_absolute_url()), here)
