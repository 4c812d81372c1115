"""Pages: the villages of a local government."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from circles.models import Area, Change
from circles.permissions import Role
from tests.factories import AgencyFactory, AmphoeFactory, TambonFactory, VillageFactory
from tests.factories_agencies import AreaFactory, LocalGovernmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tambon(circle):
    """A tambon of three villages."""
    parent = circle.place.parent
    VillageFactory.create_batch(2, parent=parent)
    return parent


@pytest.fixture
def agency(tambon):
    return LocalGovernmentFactory(place=tambon)


def url(agency) -> str:
    return reverse("agency-areas", args=[agency.pk])


def add(client, agency, extent="WHOLE", **what):
    kind = next(iter(what))
    given = {kind: what[kind].pk, f"{kind}_q": "", "extent": extent, "act": kind}
    return client.post(url(agency), given)


def areas(agency) -> dict[str, bool]:
    return {one.place.code: one.is_part for one in agency.areas.all()}


def codes(response, form: str, field: str) -> list[str]:
    errors = response.context["forms"][form].errors.as_data()
    return [one.code for one in errors.get(field, [])]


def test_agency_areas(province_admin_client, agency, circle):
    response = add(province_admin_client, agency, "PART", village=circle.place)

    assertRedirects(response, url(agency))
    assert areas(agency) == {circle.place.code: True}
    change = Change.objects.get()
    assert (change.agency, change.place) == (agency, circle.place)


def test_a_whole_tambon_is_added_in_one_step(province_admin_client, agency, tambon):
    AreaFactory(agency=agency, place=tambon.children.order_by("code").first())
    VillageFactory(parent=tambon, closed_on="2020-01-01")

    add(province_admin_client, agency, tambon=tambon)
    again = add(province_admin_client, agency, tambon=tambon)

    assert len(areas(agency)) == 3
    assert not any(areas(agency).values())
    assert Change.objects.count() == 2  # one of the three was there before
    assert again.status_code == 302


def test_agency_areas_asks_the_database_a_constant_number_of_times(
    province_admin_client, agency, tambon, django_assert_max_num_queries
):
    for place in tambon.children.all():
        AreaFactory(agency=agency, place=place, is_part=True)
        AreaFactory(place=place, is_part=True)

    # session, user, person, assignments, agency, areas, others' areas, unread
    with django_assert_max_num_queries(10):
        page = province_admin_client.get(url(agency))

    assertContains(page, "องค์การบริหารส่วนตำบล")


@pytest.mark.parametrize("kind", ["state", "education", "other"])
def test_only_local_governments_have_villages(province_admin_client, circle, kind):
    office = AgencyFactory(kind=kind, place=circle.place.parent)

    assert province_admin_client.get(url(office)).status_code == 404


@pytest.mark.parametrize("is_part", [True, False])
def test_two_share_a_village_only_in_part(
    province_admin_client, agency, circle, is_part
):
    other = AreaFactory(place=circle.place, is_part=is_part)

    refused = add(province_admin_client, agency, "WHOLE", village=circle.place)
    taken = add(province_admin_client, agency, "PART", village=circle.place)

    assert codes(refused, "village", "extent") == ["shared"]
    assertContains(refused, other.agency.name)
    assert areas(agency) == {circle.place.code: True}
    page = province_admin_client.get(taken.url)
    # Where the other one has it whole, somebody has to set that right.
    message = str(next(iter(page.context["messages"])))
    assert (other.agency.name in message) is not is_part


def test_a_tambon_in_which_another_one_is_can_be_added_around_it(
    province_admin_client, agency, tambon, circle
):
    AreaFactory(place=circle.place)

    refused = add(province_admin_client, agency, "WHOLE", tambon=tambon)
    assert codes(refused, "tambon", "extent") == ["shared"]
    assert not areas(agency)
    add(province_admin_client, agency, "SHARED_IN_PART", tambon=tambon)

    in_part = [code for code, is_part in areas(agency).items() if is_part]
    assert in_part == [circle.place.code]
    assert len(areas(agency)) == 3


def test_an_archived_one_stands_in_nobodys_way(province_admin_client, agency, circle):
    AreaFactory(place=circle.place, agency__closed_on="2020-01-01")

    add(province_admin_client, agency, village=circle.place)

    assert areas(agency) == {circle.place.code: False}


def test_part_and_whole_are_switched_and_villages_taken_away(
    province_admin_client, agency, circle
):
    area = AreaFactory(agency=agency, place=circle.place)

    for act, expected in [("part", {circle.place.code: True}), ("remove", {})]:
        for _twice in range(2):
            province_admin_client.post(url(agency), {"act": f"{act}-{area.pk}"})
        assert areas(agency) == expected

    kinds = [one.kind for one in Change.objects.order_by("pk")]
    assert kinds == ["changed", "removed"]


def test_what_another_one_shares_does_not_become_whole(
    province_admin_client, agency, circle
):
    area = AreaFactory(agency=agency, place=circle.place, is_part=True)
    AreaFactory(place=circle.place, is_part=True)

    response = province_admin_client.post(url(agency), {"act": f"whole-{area.pk}"})

    assert areas(agency) == {circle.place.code: True}
    assert response.context["refusals"]


def test_another_agencys_row_is_left_alone(province_admin_client, agency):
    other = AreaFactory()

    for act in ("remove", "part", "whole"):
        province_admin_client.post(url(agency), {"act": f"{act}-{other.pk}"})

    assert not Area.objects.get(pk=other.pk).is_part


def test_more_than_one_amphoe_is_a_warning(province_admin_client, agency, circle):
    far = VillageFactory(parent=TambonFactory(parent=AmphoeFactory(code="8002")))
    AreaFactory(agency=agency, place=circle.place)
    before = province_admin_client.get(url(agency))

    add(province_admin_client, agency, village=far)

    assert before.context["amphoes"] == []
    after = province_admin_client.get(url(agency))
    assert len(after.context["amphoes"]) == 2
    assertContains(after, "notice--warn")


def test_a_village_out_of_reach_is_refused(agency, circle, roles):
    far = VillageFactory(parent=TambonFactory(parent=AmphoeFactory(code="8002")))
    client = roles.client(Role.PROVINCE_ADMIN, circle.place.parent.parent)

    response = add(client, agency, village=far)

    assert codes(response, "village", "village") == ["out_of_reach"]
    assert not areas(agency)


def test_an_archived_agency_gets_no_village(province_admin_client, agency, circle):
    agency.closed_on = "2020-01-01"
    agency.save()

    response = add(province_admin_client, agency, village=circle.place)

    assert codes(response, "village", "village") == ["archived"]
    assert not areas(agency)


@pytest.mark.parametrize(
    "given",
    [
        {"act": "village"},
        {"act": "village", "village": "9" * 30, "extent": "WHOLE"},
        {"act": "tambon", "tambon_q": "ไม่มีที่นี่", "extent": "x"},
        {"act": "remove-" + "9" * 30},
        {"act": "part-1; drop"},
    ],
)
def test_nonsense_changes_nothing(province_admin_client, agency, given):
    response = province_admin_client.post(url(agency), given)

    assert response.status_code in {200, 302}
    assert not areas(agency)
