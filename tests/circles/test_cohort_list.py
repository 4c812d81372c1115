"""Pages: the years of villages, read and narrowed."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from circles.models import Place, PlaceYear
from circles.permissions import Role
from circles.thai import fiscal_year
from tests.factories import (
    AgencyFactory,
    AmphoeFactory,
    PlaceFactory,
    TambonFactory,
    VillageFactory,
)
from tests.factories_agencies import PlaceYearFactory

pytestmark = pytest.mark.django_db

URL = reverse("cohort-list")


def this_year() -> int:
    return fiscal_year(timezone.localdate())


def places(response) -> list[Place]:
    return [row.place for row in response.context["rows"]]


@pytest.mark.parametrize("rows", [3, 300])
def test_cohort_list(
    province_admin_client, circle, rows, django_assert_max_num_queries
):
    for parent in TambonFactory.create_batch(-(-rows // 99)):
        for one in VillageFactory.create_batch(min(rows, 98), parent=parent):
            PlaceYearFactory(place=one, lead_agency=AgencyFactory())

    # session, user, person, assignments, sizes, villages, years, unread
    with django_assert_max_num_queries(10):
        response = province_admin_client.get(URL)

    assert (
        response.context["sizes"].all == Place.objects.filter(level="village").count()
    )
    assert len(response.context["rows"]) == min(rows + 1, 25)


def test_the_year_is_the_fiscal_one_unless_another_is_asked_for(kij_client, circle):
    PlaceYearFactory(place=circle.place, cohort=7)
    PlaceYearFactory(place=circle.place, cohort=5, fiscal_year=2551)

    now = kij_client.get(URL)
    then = kij_client.get(URL, {"year": "๒๕๕๑"})

    assert now.context["year"] == this_year()
    assert now.context["rows"][0].now.cohort == 7
    assert then.context["rows"][0].now.cohort == 5


@pytest.mark.parametrize(
    ("year", "code"),
    [
        ("2539", "bad_year"),
        ("2026", "ce_year"),
        ("99999", "bad_year"),
        ("-5", "bad_year"),
        ("ปีนี้", "invalid"),
        ("9" * 5000, "invalid"),
    ],
)
def test_a_year_that_cannot_be_is_refused_in_words(kij_client, circle, year, code):
    response = kij_client.get(URL, {"year": year})

    errors = response.context["asked"].errors.as_data()["year"]
    assert [one.code for one in errors] == [code]
    assert response.context["year"] == this_year()
    assertContains(response, 'role="alert"')


def test_next_year_may_be_planned_and_the_one_after_may_not(kij_client, circle):
    ahead = [kij_client.get(URL, {"year": this_year() + n}).context for n in (1, 2)]

    assert [bool(one["asked"].errors) for one in ahead] == [False, True]
    assert ahead[0]["after"] == ""


def test_villages_and_communities_have_years_and_archived_ones_have_none(
    kij_client, circle
):
    tambon = circle.place.parent
    VillageFactory(parent=tambon, closed_on="2020-01-01")
    community = PlaceFactory(parent=tambon, level="community", code=f"{tambon.code}A1")

    assert places(kij_client.get(URL)) == [circle.place, community]


def test_the_list_is_narrowed_by_words_place_and_lead(kij_client, circle):
    circle.place.parent.name_th = "ท่าไร่"
    circle.place.parent.save()
    led = VillageFactory(parent=circle.place.parent)
    PlaceYearFactory(place=led, lead_agency=AgencyFactory())
    other = VillageFactory(parent=TambonFactory(parent=AmphoeFactory(code="8002")))
    PlaceYearFactory(place=other, cohort=1)
    # Somebody led it once: that says nothing about this year.
    PlaceYearFactory(place=other, lead_agency=AgencyFactory(), fiscal_year=2550)

    def asked(**query):
        return places(kij_client.get(URL, query))

    assert asked(q="ต.ท่าไร่") == [circle.place, led]
    assert asked(q="ท่าไร่ หมู่ที่ ๒") == [led]
    assert asked(place=circle.place.parent.code) == [circle.place, led]
    assert asked(place="8002") == [other]
    assert asked(without="on") == [circle.place, other]
    assert asked(without="on", place="8001") == [circle.place]


def test_the_list_is_narrowed_by_kind_and_target_tambons(province_admin_client, circle):
    tambon = circle.place.parent
    community = PlaceFactory(parent=tambon, level="community", code=f"{tambon.code}A1")
    target = VillageFactory(parent=TambonFactory(stage="target"))

    def asked(**query):
        return places(province_admin_client.get(URL, query))

    assert asked(kind="village") == [circle.place, target]
    assert asked(kind="community") == [community]
    assert asked(targets="on") == [target]
    assert asked(kind="community", targets="on") == []
    page = province_admin_client.get(URL, {"kind": "village", "targets": "on"})
    for name, value in (("kind", "village"), ("targets", "on")):
        assertContains(page, f'form="bulk" name="{name}" value="{value}"')
    form = page.context["asked"].sent_again() | {"act": "apply", "scope": "all"}
    form |= {"expected": "1", "cohort": "4"}
    province_admin_client.post(URL, form | {"year": str(this_year())})
    assert [one.place for one in PlaceYear.objects.all()] == [target]


def test_what_the_year_before_left_stands_beside_it(kij_client, circle):
    before = this_year() - 1
    agency = AgencyFactory(short_name="พช.")
    PlaceYearFactory(
        place=circle.place,
        fiscal_year=before,
        lead_agency=agency,
        note="ขาดเครื่องย่อยใบไม้",
    )

    page = kij_client.get(URL)

    assertContains(page, "ขาดเครื่องย่อยใบไม้")
    assertContains(page, f"{before}: พช.")


@pytest.mark.parametrize("query", ["place=x", "page=abc", "q=" + "ก" * 101])
def test_a_senseless_filter_still_shows_the_list(kij_client, circle, query):
    assert kij_client.get(f"{URL}?{query}").status_code == 200


def test_only_who_may_write_sees_the_form(
    kij_client, tambon_admin_client, province_admin_client, circle
):
    for reader in (kij_client, tambon_admin_client):
        assertNotContains(reader.get(URL), 'id="bulk"')
    assertContains(province_admin_client.get(URL), 'id="bulk"')


def test_only_villages_within_reach_can_be_ticked(circle, roles):
    far = VillageFactory(parent=TambonFactory(parent=AmphoeFactory(code="8002")))
    client = roles.client(Role.PROVINCE_ADMIN, circle.place.parent.parent)

    response = client.get(URL)

    assert [(row.place, row.is_mine) for row in response.context["rows"]] == [
        (circle.place, True),
        (far, False),
    ]
    assert response.context["sizes"].editable == 1


def test_the_list_refreshes_only_its_part(kij_client, circle):
    response = kij_client.get(URL, headers={"HX-Request": "true", "HX-Target": "rows"})

    assert response.text.lstrip().startswith('<section id="rows"')
