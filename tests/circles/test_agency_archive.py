"""Pages: an agency leaves the lists, and comes back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from circles.models import Agency, Change
from circles.thai import fiscal_year
from tests.factories import AgencyFactory, AssignmentFactory, PersonFactory
from tests.factories_agencies import (
    AreaFactory,
    LocalGovernmentFactory,
    PlaceYearFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency(circle):
    return AgencyFactory(place=circle.place.parent)


def url(agency) -> str:
    return reverse("agency-archive", args=[agency.pk])


def is_open(agency) -> bool:
    return Agency.objects.open().filter(pk=agency.pk).exists()


def test_agency_archive(province_admin_client, agency):
    PersonFactory(agency=agency)

    asked = province_admin_client.get(url(agency))
    assert is_open(agency)
    for _twice in range(2):
        done = province_admin_client.post(url(agency), {"act": "archive"})

    assertContains(asked, 'value="archive"')
    assertRedirects(done, reverse("agency-detail", args=[agency.pk]))
    assert not is_open(agency)
    assert agency.people.count() == 1
    assert Change.objects.get().changes["closed_on"] == [
        None,
        timezone.localdate().isoformat(),
    ]


def test_it_comes_back_with_all_it_had(province_admin_client, circle):
    agency = LocalGovernmentFactory(place=circle.place.parent, closed_on="2020-01-01")
    AreaFactory(agency=agency, place=circle.place)

    for _twice in range(2):
        province_admin_client.post(url(agency), {"act": "back"})

    assert is_open(agency)
    assert agency.areas.count() == 1
    assert Change.objects.count() == 1


@pytest.mark.parametrize(
    ("since", "until", "stays"),
    [
        (date(2020, 1, 1), None, True),
        (date(2020, 1, 1), "today", True),
        (date(2020, 1, 1), "yesterday", False),
    ],
)
def test_nobody_may_hold_a_right_over_it(
    province_admin_client, agency, since, until, stays
):
    today = timezone.localdate()
    days = {"today": today, "yesterday": today - timedelta(days=1)}
    holder = AssignmentFactory(agency=agency, since=since, until=days.get(until))

    response = province_admin_client.post(url(agency), {"act": "archive"})

    assert is_open(agency) is stays
    if stays:
        assertContains(response, str(holder.person))
        assertContains(response, 'role="alert"')


@pytest.mark.parametrize(("ago", "stays"), [(1, False), (0, True), (-1, True)])
def test_it_may_not_lead_a_village_now_or_next_year(
    province_admin_client, agency, ago, stays
):
    year = fiscal_year(timezone.localdate()) - ago
    PlaceYearFactory(lead_agency=agency, fiscal_year=year)

    asked = province_admin_client.get(url(agency))
    province_admin_client.post(url(agency), {"act": "archive"})

    assert is_open(agency) is stays
    # What stands against it is said before, and then there is no button.
    assert bool(asked.context["refusals"]) is stays
    assert ('value="archive"' in asked.text) is not stays


def test_a_village_that_another_one_took_whole_stands_in_the_way_back(
    province_admin_client, circle
):
    agency = LocalGovernmentFactory(place=circle.place.parent, closed_on="2020-01-01")
    area = AreaFactory(agency=agency, place=circle.place)
    AreaFactory(place=circle.place)

    refused = province_admin_client.post(url(agency), {"act": "back"})
    assertContains(refused, circle.place.full_label)
    assert not is_open(agency)
    area.is_part = True
    area.save()
    province_admin_client.post(url(agency), {"act": "back"})

    assert is_open(agency)


def test_an_unknown_button_changes_nothing(province_admin_client, agency):
    response = province_admin_client.post(url(agency), {"act": "delete"})

    assert response.status_code == 200
    assert is_open(agency)
