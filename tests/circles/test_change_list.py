"""Page: the history of what an administrator looks after, in words."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertNotContains

from circles.models import (
    Area,
    Assignment,
    Place,
    PlaceYear,
)
from circles.permissions import Role
from tests.factories import (
    AgencyFactory,
    AssignmentFactory,
    CircleFactory,
    MembershipFactory,
    PersonFactory,
    TambonFactory,
    UserFactory,
)
from tests.factories_changes import changed, made

PAGE = reverse("change-list")


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def admin(circle, roles):
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent, first_name="ปลัด")


@pytest.fixture
def browser(admin, roles):
    return roles.signed_in(admin)


def entries(client, **asked):
    return client.get(PAGE, asked).context["entries"]


def said(entry):
    return [(line.label, line.old, line.new) for line in entry.lines]


def many(circle, count):
    """As mixed a page as there is: every table points to rows of its own."""
    for number in range(count):
        kind = number % 5
        if kind == 0:
            made(MembershipFactory(circle=circle), UserFactory())
        elif kind == 1:
            made(AssignmentFactory(circle=CircleFactory(place=circle.place)))
        elif kind == 2:
            year = PlaceYear.objects.create(
                place=circle.place,
                fiscal_year=2400 + number,
                lead_agency=AgencyFactory(),
            )
            made(year, UserFactory())
        elif kind == 3:
            village = PersonFactory(village=circle.place)
            changed(village, UserFactory(), agency=AgencyFactory())
        else:
            agency = AgencyFactory(place=circle.place.parent)
            made(Area.objects.create(agency=agency, place=circle.place))


@pytest.mark.parametrize("rows", [3, 300])
def test_change_list_asks_the_same_number_of_queries(
    browser, circle, rows, django_assert_max_num_queries
):
    many(circle, rows)

    with django_assert_max_num_queries(10):
        response = browser.get(PAGE)

    assert len(response.context["entries"]) == min(rows, 25)
    assert response.context["page"].paginator.count == rows


def test_the_address_narrows_the_list(browser, circle, admin):
    person = PersonFactory(first_name="สมศรี", village=circle.place)
    changed(circle, admin, topic="ปุ๋ย")
    changed(person, None, position="ครู")
    seat = made(MembershipFactory(circle=circle, person=person))

    def numbers(**asked):
        return {entry.change.subject for entry in entries(browser, **asked)}

    assert numbers() == {"circle", "person", "membership"}
    assert numbers(circle=circle.pk) == {"circle", "membership"}
    assert numbers(person=person.pk) == {"person", "membership"}
    assert numbers(subject="membership") == {"membership"}
    assert numbers(author=admin.pk) == {"circle"}
    assert numbers(q="สมศรี") == {"person", "membership"}
    assert numbers(q="ไม่มีใคร") == set()
    assert numbers(person=person.pk, subject="person") == {"person"}
    assert seat.circle_id == circle.pk


def test_a_place_shows_what_lies_below_it(province_admin_client, circle):
    elsewhere = TambonFactory()
    changed(circle.place, None, name_en="Ban")
    changed(elsewhere, None, name_en="Away")

    found = entries(province_admin_client, place=circle.place.parent_id)

    assert [one.change.place for one in found] == [circle.place]


@pytest.mark.parametrize(
    "asked",
    [
        {"place": "9" * 30},
        {"person": "x"},
        {"circle": "-1"},
        {"author": "0"},
        {"subject": "session"},
        {"q": "ก" * 5000},
        {"page": "999999999999999999999"},
    ],
)
def test_what_cannot_be_read_filters_nothing(browser, circle, asked):
    changed(circle, None, topic="ปุ๋ย")

    assert len(entries(browser, **asked)) == 1


def test_a_number_out_of_reach_finds_nothing_and_names_nobody(browser, circle):
    stranger = PersonFactory(first_name="คนอื่น", village=TambonFactory())
    changed(stranger, None, position="ครู")

    page = browser.get(PAGE, {"person": stranger.pk})

    assert page.context["entries"] == []
    assertNotContains(page, "คนอื่น")


def test_rows_refresh_alone(browser, circle):
    changed(circle, None, topic="ปุ๋ย")

    part = browser.get(PAGE, headers={"HX-Request": "true", "HX-Target": "rows"})

    assert part.text.lstrip().startswith("<section")
    assert "HX-Target" in part.headers["Vary"]


def test_the_button_stands_where_something_can_be_put_back(
    browser, province_admin_client, circle
):
    changed(circle.place, None, name_en="Ban")
    changed(circle, None, topic="ปุ๋ย")
    right = AssignmentFactory(circle=circle)
    changed(right, None, until=timezone.localdate())
    changed(PersonFactory(village=circle.place), None, show_consent=True)

    def buttons(client):
        found = entries(client)
        return {one.change.subject for one in found if one.may_restore}

    assert buttons(browser) == {"circle"}
    assert buttons(province_admin_client) == {"circle", "place"}
    assert Assignment.objects.filter(pk=right.pk).exists()
    assert Place.objects.filter(name_en="Ban").exists()
