"""What the page of a place tells, to whom."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from circles.permissions import Role
from tests.factories import (
    AgencyFactory,
    CircleFactory,
    MilestoneFactory,
    ProvinceFactory,
    TambonFactory,
    VillageFactory,
)
from tests.factories_places import AreaFactory, PlaceCodeFactory, PlaceYearFactory

pytestmark = pytest.mark.django_db


def url(place):
    return reverse("place-detail", args=[place.pk])


@pytest.fixture
def reader(roles):
    """The governor's office: reads all, changes nothing."""
    return roles.client(Role.GOVERNOR_OFFICE, ProvinceFactory())


@pytest.mark.parametrize("rows", [1, 3])
def test_place_detail(province_admin_client, rows, django_assert_num_queries):
    tambon = TambonFactory(stage="target", landscape="lowland")
    for n in range(rows):
        village = VillageFactory(parent=tambon)
        MilestoneFactory(circle=None, place=village)
        CircleFactory(place=village)
        CircleFactory(place=village, opening__closed_on="2010-01-01")
        AreaFactory(place=village, is_part=True)
        AgencyFactory(place=village)
        PlaceYearFactory(
            place=tambon, fiscal_year=2560 + n, lead_agency=AgencyFactory()
        )
        PlaceCodeFactory(place=tambon, code=f"80990{n}")

    # session, user, person, assignments, unread; place, codes, villages (no road),
    # circles open and closed, areas, agencies, years
    with django_assert_num_queries(13):
        response = province_admin_client.get(url(tambon))

    assert len(response.context["below"]) == rows
    assert len(response.context["circles"].open) == rows
    assert len(response.context["circles"].closed) == rows


def test_the_facts_of_a_tambon(reader):
    tambon = TambonFactory(
        name_th="ท่าไร่",
        landscape="lowland",
        joined_on=date(2005, 10, 10),
        latitude="8.42",
        longitude="100.04",
        contact_name="ปลัดสมศรี",
        contact_phone="075356952",
    )
    PlaceCodeFactory(place=tambon, code="809901", until=date(1995, 1, 1))

    response = reader.get(url(tambon))

    for words in ("10 ต.ค. 2548", "8.42000, 100.04000", "ปลัดสมศรี", "075-356-952"):
        assertContains(response, words)
    for words in ('href="tel:075356952"', "809901", "1 ม.ค. 2538"):
        assertContains(response, words)
    assertContains(response, tambon.get_landscape_display())


def test_circles_that_are_closed_stay_in_their_past(reader):
    village = VillageFactory()
    CircleFactory(place=village, name="วงที่ยังเปิด")
    CircleFactory(place=village, name="วงที่ปิดไป", opening__closed_on="2010-05-01")

    circles = reader.get(url(village)).context["circles"]

    assert [one.name for one in circles.open] == ["วงที่ยังเปิด"]
    assert [one.name for one in circles.closed] == ["วงที่ปิดไป"]
    assert circles.closed[0].closed_on == date(2010, 5, 1)


def test_a_circle_that_its_reader_may_not_see_is_not_named(kij_client, circle):
    hidden = CircleFactory(place=circle.place, name="วงของคนอื่น")

    response = kij_client.get(url(circle.place))

    assertContains(response, circle.name)
    assertNotContains(response, hidden.name)


def test_local_governments_look_after_villages_whole_or_in_part(reader):
    tambon = TambonFactory()
    village, other = VillageFactory.create_batch(2, parent=tambon)
    town = AreaFactory(agency__name="ทต.บางจาก", place=village, is_part=True).agency
    AreaFactory(agency=town, place=other)
    AreaFactory(agency__name="อบต.บางจาก", place=village, is_part=True)
    AreaFactory(agency__name="อบต.ที่อื่น")
    AreaFactory(agency__name="อบต.เก่า", agency__closed_on="2010-01-01", place=village)

    found = reader.get(url(tambon)).context["governments"]
    of_village = reader.get(url(other)).context["governments"]

    assert [(str(one.agency), len(one.areas)) for one in found] == [
        ("ทต.บางจาก", 2),
        ("อบต.บางจาก", 1),
    ]
    assert [str(one.agency) for one in of_village] == ["ทต.บางจาก"]


def test_agencies_and_years_stand_with_their_place(reader):
    village = VillageFactory()
    AgencyFactory(name="โรงเรียนบ้านเรา", place=village)
    AgencyFactory(name="โรงเรียนบ้านอื่น", place=VillageFactory())
    lead = AgencyFactory(name="สกร.อำเภอเมือง")
    PlaceYearFactory(
        place=village, fiscal_year=2569, cohort=3, lead_agency=lead, note="ฝากดูเรื่องน้ำ"
    )

    response = reader.get(url(village))

    for words in ("โรงเรียนบ้านเรา", "สกร.อำเภอเมือง", "2569", "ฝากดูเรื่องน้ำ"):
        assertContains(response, words)
    assertNotContains(response, "โรงเรียนบ้านอื่น")


def test_each_reader_is_offered_what_they_may_do(
    reader, tambon_admin_client, province_admin_client, circle
):
    tambon = circle.place.parent
    edit, archive, contact = (
        reverse(f"place-{one}", args=[tambon.pk])
        for one in ("edit", "archive", "contact")
    )

    for client, offered in (
        (reader, []),
        (tambon_admin_client, [contact]),
        (province_admin_client, [edit, archive, contact]),
    ):
        page = client.get(url(tambon)).content.decode()
        assert [one for one in (edit, archive, contact) if one in page] == offered


def test_an_archived_place_says_so_and_takes_no_village(province_admin_client):
    tambon = TambonFactory(closed_on="2020-05-01")

    response = province_admin_client.get(url(tambon))

    assertContains(response, "1 พ.ค. 2563")
    assertNotContains(response, "parent=")


def test_the_province_lists_its_amphoe(reader):
    tambon = TambonFactory()
    CircleFactory(place=VillageFactory(parent=tambon))
    province = tambon.parent.parent

    response = reader.get(url(province))

    assert list(response.context["below"]) == [tambon.parent]
    assert response.context["below"][0].circle_count == 1
    assert response.context["circles"].open == []
    assertContains(response, f"?place={province.code}")


def test_a_place_that_is_not_there_is_not_found(reader):
    assert reader.get("/places/99999999999999999999/").status_code == 404
