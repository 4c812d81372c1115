"""The October round: "handover-list"."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from circles.models import Handover, Succession
from circles.permissions import Role
from tests.circles.test_handover_actions import promise
from tests.factories import AssignmentFactory, CircleFactory, PersonFactory
from tests.factories_handing import HandoverFactory, SuccessionFactory

URL = reverse("handover-list")
SEPTEMBER = date(2027, 9, 30)
YEAR = "?year=2570"
Kind = Succession.Kind


def ending(circle, kind=None, until=SEPTEMBER, **more):
    """A right that ends in the round of 2570, and who follows."""
    place = circle.place
    right = AssignmentFactory(circle=CircleFactory(place=place), until=until, **more)
    if kind:
        successor = None if kind == Kind.VACANT else PersonFactory(village=place)
        SuccessionFactory(
            assignment=right,
            kind=kind,
            successor=successor,
            handover__last_day=until,
            handover__person=right.person,
        )
    return right


def test_from_when_and_why_stand_below_who_follows(tambon_admin_client, circle):
    ending(circle, Kind.SUCCESSOR)
    vacant = ending(circle, Kind.VACANT)
    Handover.objects.filter(person=vacant.person).update(note="ยังไม่มีคำสั่ง")
    ending(circle, Kind.ACTING, until=date(2026, 9, 30))
    Handover.objects.exclude(person=vacant.person).update(note="ไม่ต้องบอกตรงนี้")

    text = tambon_admin_client.get(URL + YEAR).text

    assert "1 ต.ค. 2570" in text
    assert "ยังไม่มีคำสั่ง" in text
    assert "ไม่ต้องบอกตรงนี้" not in text


def listed(page):
    return {one.pk: one for post in page.context["posts"] for one in post.rights}


def test_whose_post_ends_and_who_follows(tambon_admin_client, circle):
    unsaid, vacant = ending(circle), ending(circle, Kind.VACANT)
    acting, filled = ending(circle, Kind.ACTING), ending(circle, Kind.SUCCESSOR)
    ending(circle, until=date(2026, 9, 30))
    ending(CircleFactory())
    ending(circle, until=None)

    page = tambon_admin_client.get(URL + YEAR)

    assert {pk: one.state for pk, one in listed(page).items()} == {
        unsaid.pk: "unsaid",
        vacant.pk: "vacant",
        acting.pk: "acting",
        filled.pk: "successor",
    }
    assert page.context["figures"] == {
        **{"all": 4, "unsaid": 1, "vacant": 1, "acting": 1, "successor": 1}
    }
    assert page.context["endless_count"] == 1
    assert filled.successions.get().successor.full_name in page.text
    asks = reverse("handover-create", args=[unsaid.person_id])
    assert f"{asks}?last_day=2027-09-30" in page.text
    sees = reverse("handover-detail", args=[filled.successions.get().handover_id])
    assert sees in page.text


def test_what_was_called_off_counts_no_more(tambon_admin_client, circle):
    right = ending(circle, Kind.SUCCESSOR)
    right.successions.get().handover.__class__.objects.update(
        cancelled_at="2027-01-01T00:00:00Z"
    )

    page = tambon_admin_client.get(URL + YEAR)

    assert listed(page)[right.pk].state == "unsaid"


def test_a_filter_stands_in_the_address(tambon_admin_client, circle):
    ending(circle)
    vacant = ending(circle, Kind.VACANT)

    page = tambon_admin_client.get(URL + YEAR + "&state=vacant")
    part = tambon_admin_client.get(
        URL + YEAR, headers={"HX-Request": "true", "HX-Target": "posts"}
    )

    assert list(listed(page)) == [vacant.pk]
    assert "<html" not in part.text


@pytest.mark.parametrize("query", ["?year=9999", "?year=๒๕๗๐", "?state=odd&page=99"])
def test_an_odd_address_shows_the_round_ahead(tambon_admin_client, query):
    page = tambon_admin_client.get(URL + query)

    assert (page.context["day"].month, page.context["day"].day) == (9, 30)
    assert page.context["state"] == ""


def test_what_a_post_is_responsible_for(tambon_admin_client, circle):
    right = ending(circle)
    promise(right.circle, right.person)
    promise(right.circle, PersonFactory())

    (post,) = tambon_admin_client.get(URL + YEAR).context["posts"]

    assert post.promise_count == 1


def test_three_circles_of_one_person_are_one_post(tambon_admin_client, circle):
    person = PersonFactory(village=circle.place)
    rights = [ending(circle, person=person) for _n in range(3)]
    ending(circle)

    page = tambon_admin_client.get(URL + YEAR)

    assert page.context["figures"]["all"] == 2
    together = {one.pk for one in rights}
    assert together in [{r.pk for r in post.rights} for post in page.context["posts"]]
    assert page.text.count("ระบุผู้รับช่วง") == 2


def test_an_administrator_of_an_amphoe_sees_its_tambons(circle, roles):
    right = ending(circle)
    client = roles.client(Role.TAMBON_ADMIN, circle.place.parent.parent)

    assert list(listed(client.get(URL + YEAR))) == [right.pk]


@pytest.mark.parametrize("rows", [3, 300])
def test_at_most_ten_queries(
    province_admin_client, circle, rows, django_assert_max_num_queries
):
    people = PersonFactory.create_batch(rows)
    given = [AssignmentFactory.build(person=p, circle=circle) for p in people]
    for right in given:
        right.until = SEPTEMBER
    rights = type(given[0]).objects.bulk_create(given)
    handover = HandoverFactory(person=people[0])
    Succession.objects.bulk_create(
        Succession(
            handover=handover, assignment=one, kind="successor", successor=people[0]
        )
        for one in rights[::2]
    )

    with django_assert_max_num_queries(10):
        page = province_admin_client.get(URL + YEAR)

    assert page.context["figures"]["all"] == rows
    assert len(page.context["page"].object_list) == min(rows, 25)
