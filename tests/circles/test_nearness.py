"""Whose name is what was typed comes first, in every type-ahead and in the list."""

import pytest
from django.urls import reverse

from circles.permissions import Role
from circles.reports.choices import found
from tests.factories import (
    AgencyFactory,
    CircleFactory,
    MembershipFactory,
    PersonFactory,
    TambonFactory,
    VillageFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(roles, circle):
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent)


@pytest.fixture
def crowd(circle):
    """Thirty people in whom both words stand somewhere, before her in the alphabet."""
    return [
        PersonFactory(first_name=f"กพ{n}", position="ผู้ช่วยตัวอย่าง", village=circle.place)
        for n in range(30)
    ]


@pytest.fixture
def wanted(circle):
    return PersonFactory(
        title="นาง",
        first_name="ตัวอย่าง",
        last_name="พึ่งพา",
        called_as="ป้าเอ",
        village=circle.place,
    )


def first_of(kind, user, typed):
    several, has_more = found(kind, user, typed)
    return several[0].pk, has_more


@pytest.mark.parametrize("typed", ["ตัวอย่าง พ", "นางตัวอย่าง  พึ่ง", "ตัวอย่าง พึ่งพา"])
def test_a_whole_name_is_found_among_many_alike(admin, crowd, wanted, typed):
    assert first_of("people", admin, typed)[0] == wanted.pk


def test_there_being_more_is_said(tambon_admin_client, crowd, wanted):
    asked = {"name": "row", "row_q": "ตัวอย่าง พ"}
    page = tambon_admin_client.get(reverse("options", args=["people"]), asked)

    assert page.context["has_more"]
    assert page.text.count('type="radio"') == 8
    assert 'class="notice"' in page.text


def test_equal_comes_before_beginning_before_containing(admin, circle):
    names = ["ก แดง", "แดงดี", "แดง", "แก้วแดง"]
    people = [PersonFactory(first_name=one, village=circle.place) for one in names]
    called = PersonFactory(first_name="ก", called_as="แดง", village=circle.place)
    living = PersonFactory(first_name="ก", position="แดง", village=circle.place)

    several, _more = found("people", admin, "แดง")

    holds, begins, equal, contains = (one.pk for one in people)
    order = [one.pk for one in several]
    assert set(order[:2]) == {equal, called.pk}
    assert order[2] == begins
    assert set(order[3:5]) == {holds, contains}
    assert order[5] == living.pk


def test_a_tambon_comes_before_its_villages(admin):
    tambon = TambonFactory(name_th="บางเก่า")
    for n in range(12):
        VillageFactory(parent=tambon, name_th=f"บ้านแบบ{n}")

    for typed in ("บางเก่า", "ต.บางเก่า", "ตำบลบางเก่า"):
        assert first_of("places", admin, typed) == (tambon.pk, True)


def test_agencies_and_circles_too(admin, circle):
    village = circle.place
    for n in range(9):
        AgencyFactory(name=f"ก{n} ของท่านา")
        CircleFactory(name=f"ก{n} ที่ท่านา", place=village)
    agency = AgencyFactory(name="ที่ว่าการ", short_name="ท่านา")
    wanted = CircleFactory(name="ท่านา รวมใจ", place=village)

    assert first_of("agencies", admin, "ท่านา") == (agency.pk, True)
    assert first_of("circles", admin, "ท่านา") == (wanted.pk, True)


def test_the_list_of_people_begins_with_that_name(tambon_admin_client, crowd, wanted):
    def listed(**asked):
        page = tambon_admin_client.get(reverse("person-list"), asked).context["page"]
        return [one.pk for one in page.object_list]

    assert listed(q="ตัวอย่าง พ")[0] == wanted.pk
    # Without a question the order is the alphabet's.
    assert wanted.pk not in listed()


def test_who_is_left_out_is_neither_offered_nor_taken(
    tambon_admin_client, circle, wanted
):
    seat = MembershipFactory(circle=circle, person=wanted, is_confirmed=False)
    other = PersonFactory(first_name="ตัวอย่างอื่น", village=circle.place)
    asked = {"name": "row", "row_q": "ตัวอย่าง", "not": f"x,{wanted.pk},{'9' * 40}"}

    page = tambon_admin_client.get(reverse("options", args=["people"]), asked).text
    merge = tambon_admin_client.get(
        reverse("person-merge", args=[wanted.pk]), {"other_q": "ตัวอย่าง"}
    )
    seats = tambon_admin_client.get(reverse("circle-seats", args=[circle.pk])).text

    assert f'value="{other.pk}"' in page
    assert f'value="{wanted.pk}"' not in page
    # Alone left, the other is the one that is meant.
    assert merge.context["other"] == other
    assert f"not={wanted.pk}" in seats
    assert seat.person == wanted


@pytest.mark.parametrize("kind", ["people", "places", "agencies", "circles"])
def test_ordering_costs_no_query(kind, circle, roles, django_assert_num_queries):
    user = roles.user(Role.PROVINCE_ADMIN, circle.place.parent.parent.parent)
    assert user.current_assignments

    with django_assert_num_queries(1):
        found(kind, user, "ท่า ไร่")
