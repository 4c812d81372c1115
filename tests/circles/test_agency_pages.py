"""Pages: the list of agencies, and one agency."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from circles.models import Agency
from circles.permissions import Role
from tests.factories import AgencyFactory, AmphoeFactory, PersonFactory, VillageFactory
from tests.factories_agencies import (
    AgencyNameFactory,
    AreaFactory,
    LocalGovernmentFactory,
    PlaceYearFactory,
)

pytestmark = pytest.mark.django_db

LIST = reverse("agency-list")


def found(client, **query) -> list[Agency]:
    return [row[0] for row in client.get(LIST, query).context["rows"]]


@pytest.mark.parametrize("rows", [3, 300])
def test_agency_list(
    province_admin_client, circle, rows, django_assert_max_num_queries
):
    for one in LocalGovernmentFactory.create_batch(rows, place=circle.place.parent):
        AgencyNameFactory(agency=one)
        PersonFactory(agency=one)

    # session, user, person, assignments, count, agencies, names, unread
    with django_assert_max_num_queries(10):
        response = province_admin_client.get(LIST)

    assert response.context["page"].paginator.count == rows
    assert len(response.context["rows"]) == min(rows, 25)


def test_the_list_counts_people_and_villages_apart(kij_client):
    agency = LocalGovernmentFactory()
    AreaFactory.create_batch(2, agency=agency)
    kept = PersonFactory(agency=agency)
    PersonFactory.create_batch(2, agency=agency)
    PersonFactory(agency=agency, merged_into=kept)

    row = kij_client.get(LIST).context["rows"][0][0]

    assert (row.people_count, row.area_count) == (3, 2)


@pytest.mark.parametrize("asked", ["กศน.", "กศน", "สกร", "ส่งเสริมการเรียนรู้", "ต.ท่าศาลา"])
def test_an_agency_is_found_by_every_name_it_had(kij_client, circle, asked):
    circle.place.parent.name_th = "ท่าศาลา"
    circle.place.parent.save()
    wanted = AgencyFactory(
        name="กรมส่งเสริมการเรียนรู้", short_name="สกร.", place=circle.place.parent
    )
    AgencyNameFactory(agency=wanted, name="สำนักงาน กศน. จังหวัด", short_name="กศน.")
    AgencyFactory(name="สำนักงานเกษตร")

    assert found(kij_client, q=asked) == [wanted]


def test_the_list_is_narrowed_by_kind_and_by_what_is_archived(kij_client):
    state = AgencyFactory(name="ก")
    local = LocalGovernmentFactory(name="ข")
    gone = AgencyFactory(name="ค", closed_on=date(2020, 1, 1))

    assert found(kij_client) == [state, local]
    assert found(kij_client, kind="local") == [local]
    assert found(kij_client, which="archived") == [gone]
    assert found(kij_client, which="all") == [state, local, gone]


@pytest.mark.parametrize(
    "query", ["kind=x", "which=x", "page=9999999999999999999999", "q=" + "ก" * 101]
)
def test_a_senseless_filter_still_shows_the_list(kij_client, query):
    assert kij_client.get(f"{LIST}?{query}").status_code == 200


def test_only_what_is_within_reach_offers_to_be_edited(circle, roles):
    amphoe = circle.place.parent.parent
    near = AgencyFactory(name="ใกล้", place=circle.place.parent)
    far = AgencyFactory(name="ไกล", place=AmphoeFactory(code="8099", name_th="ไกล"))
    whole = AgencyFactory(name="ทั้งจังหวัด")
    client = roles.client(Role.PROVINCE_ADMIN, amphoe)

    rows = {one: mine for one, mine, _gone in client.get(LIST).context["rows"]}

    assert rows == {near: True, far: False, whole: False}
    for agency, mine in rows.items():
        page = client.get(reverse("agency-detail", args=[agency.pk]))
        link = reverse("agency-edit", args=[agency.pk])
        (assertContains if mine else assertNotContains)(page, link)
        assert client.get(link).status_code == (200 if mine else 404)


@pytest.mark.parametrize("rows", [1, 3])
def test_agency_detail(
    province_admin_client, circle, rows, django_assert_max_num_queries
):
    agency = LocalGovernmentFactory(
        place=circle.place.parent,
        contact_name="งานธุรการ",
        contact_phone="075399123",
    )
    for one in VillageFactory.create_batch(rows, parent=circle.place.parent):
        AreaFactory(agency=agency, place=one)
        PlaceYearFactory(place=one, lead_agency=agency)
    AgencyNameFactory(agency=agency, name="สภาตำบล", until=date(1999, 12, 31))

    # session, user, person, assignments, agency, names, areas, years, unread
    with django_assert_max_num_queries(10):
        page = province_admin_client.get(reverse("agency-detail", args=[agency.pk]))

    assertContains(page, "สภาตำบล")
    assertContains(page, "31 ธ.ค. 2542")
    assertContains(page, 'href="tel:075399123">075-399-123')
    assert [len(one.rows) for one in page.context["areas"]] == [rows]
    assert page.context["led_count"] == rows


def test_villages_stand_under_their_tambon_and_say_whether_in_part(kij_client):
    agency = LocalGovernmentFactory()
    whole, part = AreaFactory(agency=agency), AreaFactory(agency=agency, is_part=True)

    page = kij_client.get(reverse("agency-detail", args=[agency.pk]))

    shown = [(one.place, one.rows) for one in page.context["areas"]]
    assert shown == [(whole.place.parent, [whole]), (part.place.parent, [part])]
    # Once: of the second one alone.
    assertContains(page, '<span class="tag">', count=1)


def test_a_year_that_is_over_is_not_led_now(kij_client):
    old = PlaceYearFactory(lead_agency=AgencyFactory(), fiscal_year=2550)

    page = kij_client.get(reverse("agency-detail", args=[old.lead_agency_id]))

    assert page.context["led_count"] == 0


def test_an_agency_that_is_not_there_is_hidden(kij_client):
    assert kij_client.get("/agencies/9223372036854775808/").status_code == 404
