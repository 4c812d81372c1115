"""Pages: cohort, lead agency and handover note are written for many villages."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from circles.models import Change, PlaceYear
from circles.permissions import Role
from circles.thai import fiscal_year
from tests.factories import AgencyFactory, AmphoeFactory, TambonFactory, VillageFactory
from tests.factories_agencies import PlaceYearFactory

pytestmark = pytest.mark.django_db

URL = reverse("cohort-list")


def this_year() -> int:
    return fiscal_year(timezone.localdate())


@pytest.fixture
def villages(circle):
    """Three villages of one tambon."""
    return [circle.place, *VillageFactory.create_batch(2, parent=circle.place.parent)]


def posted(*ticked, **given) -> dict[str, object]:
    form = {"act": "apply", "year": this_year(), "scope": "ticked"}
    return form | {"villages": [one.pk for one in ticked]} | given


def written(*fields, year: int | None = None) -> dict[str, tuple]:
    rows = PlaceYear.objects.filter(fiscal_year=year or this_year())
    rows = rows.select_related("place").order_by("place__code")
    return {
        one.place.code: tuple(getattr(one, field) for field in fields) for one in rows
    }


def codes(response) -> dict[str, list[str]]:
    errors = response.context["form"].errors.as_data()
    return {field: [one.code for one in some] for field, some in errors.items()}


def test_cohort_list_writes_the_ticked_ones(province_admin_client, villages):
    agency = AgencyFactory()
    first, second, third = villages

    response = province_admin_client.post(
        URL, posted(first, second, cohort="๒", lead_agency=agency.pk, note="ไปต่อ")
    )

    assertRedirects(response, f"{URL}?year={this_year()}")
    assert written("cohort", "lead_agency", "note") == {
        first.code: (2, agency, "ไปต่อ"),
        second.code: (2, agency, "ไปต่อ"),
    }
    assert [one.place for one in Change.objects.order_by("pk")] == [first, second]
    assert third.code not in written("cohort")


def test_what_is_left_empty_stays_and_only_what_is_cleared_goes(
    province_admin_client, villages
):
    row = PlaceYearFactory(
        place=villages[0], cohort=1, lead_agency=AgencyFactory(), note="เดิม"
    )

    form = posted(villages[0], cohort="3", clear_note="on")
    province_admin_client.post(URL, form)

    row.refresh_from_db()
    assert (row.cohort, row.note) == (3, "")
    assert row.lead_agency is not None
    assert Change.objects.get().changes == {"cohort": [1, 3], "note": ["เดิม", ""]}


def test_the_same_again_changes_nothing(province_admin_client, villages):
    for _twice in range(2):
        province_admin_client.post(URL, posted(*villages, cohort="3"))
    province_admin_client.post(URL, posted(*villages, clear_note="on"))

    assert Change.objects.count() == 3


def test_all_that_fit_are_written_as_the_page_had_counted_them(
    province_admin_client, villages
):
    far = VillageFactory(parent=TambonFactory(parent=AmphoeFactory(code="8002")))
    form = posted(scope="all", place=villages[0].code[:6], cohort="1")

    wrong = province_admin_client.post(URL, form | {"expected": 2})
    assert codes(wrong) == {"__all__": ["count_changed"]}
    assert not PlaceYear.objects.exists()
    province_admin_client.post(URL, form | {"expected": 3})

    assert list(written("cohort")) == [one.code for one in villages]
    assert far.code not in written("cohort")


def test_all_that_fit_end_at_the_own_reach(circle, villages, roles):
    VillageFactory(parent=TambonFactory(parent=AmphoeFactory(code="8002")))
    client = roles.client(Role.PROVINCE_ADMIN, circle.place.parent.parent)

    client.post(URL, posted(scope="all", expected=3, cohort="1"))

    assert list(written("cohort")) == [one.code for one in villages]


def test_a_village_out_of_reach_cannot_be_ticked(circle, villages, roles):
    far = VillageFactory(parent=TambonFactory(parent=AmphoeFactory(code="8002")))
    client = roles.client(Role.PROVINCE_ADMIN, circle.place.parent.parent)

    response = client.post(URL, posted(villages[0], far, cohort="1"))

    assert codes(response) == {"__all__": ["gone"]}
    assert not PlaceYear.objects.exists()


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({}, {"__all__": ["nothing"]}),
        ({"cohort": "0"}, {"cohort": ["min_value"]}),
        ({"cohort": "1000"}, {"cohort": ["max_value"]}),
        ({"cohort": "สอง"}, {"cohort": ["invalid"]}),
        ({"cohort": "1", "clear_cohort": "on"}, {"cohort": ["set_and_clear"]}),
        ({"note": "ก" * 1001}, {"note": ["max_length"]}),
        ({"lead_agency": "9" * 30}, {"lead_agency": ["gone"]}),
        ({"lead_agency_q": "ไม่มี"}, {"lead_agency": ["unknown"]}),
        ({"cohort": "1", "scope": "x"}, {"scope": ["invalid_choice"]}),
        ({"cohort": "1", "villages": []}, {"villages": ["none_ticked"]}),
        ({"cohort": "1", "villages": ["x"]}, {"villages": ["invalid_choice"]}),
        ({"cohort": "1", "villages": [10**15 - 1]}, {"__all__": ["gone"]}),
        ({"cohort": "1", "villages": range(201)}, {"villages": ["too_many"]}),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    province_admin_client, villages, given, refused
):
    form = {"note": "ที่พิมพ์ไว้"} if given and "note" not in given else {}

    response = province_admin_client.post(URL, posted(villages[0]) | form | given)

    assert codes(response) == refused
    assertContains(response, form.get("note", 'role="alert"'))
    assert not PlaceYear.objects.exists()


def test_ticks_and_texts_are_kept_when_something_is_refused(
    province_admin_client, villages
):
    response = province_admin_client.post(
        URL, posted(villages[1], cohort="สอง", note="ที่พิมพ์ไว้")
    )

    assert response.context["ticked"] == {str(villages[1].pk)}
    assertContains(response, "ที่พิมพ์ไว้")


@pytest.mark.parametrize("year", ["2539", "2600", "2026", "abc"])
@pytest.mark.parametrize("act", ["apply", "copy"])
def test_nothing_is_written_into_a_year_that_cannot_be(
    province_admin_client, villages, year, act
):
    PlaceYearFactory(place=villages[0], cohort=1, fiscal_year=this_year() - 1)

    form = posted(villages[0], cohort="1", act=act, year=year)
    response = province_admin_client.post(URL, form)

    assert response.context["asked"].errors
    assert PlaceYear.objects.count() == 1


def test_an_archived_agency_leads_no_more(province_admin_client, villages):
    gone = AgencyFactory(closed_on="2020-01-01")

    response = province_admin_client.post(URL, posted(villages[0], lead_agency=gone.pk))

    assert codes(response) == {"lead_agency": ["gone"]}


def test_a_look_writes_nothing(province_admin_client, villages):
    province_admin_client.post(URL, posted(villages[0], cohort="1", act="keep"))

    assert not PlaceYear.objects.exists()


def test_last_year_is_copied_only_where_this_one_is_empty(
    province_admin_client, villages
):
    old, new, gone = (AgencyFactory(name=name) for name in ("เดิม", "ใหม่", "เลิก"))
    gone.closed_on = "2020-01-01"
    gone.save()
    before = this_year() - 1
    first, second, third = villages
    PlaceYearFactory(
        place=first, fiscal_year=before, cohort=1, lead_agency=old, note="ของปีก่อน"
    )
    PlaceYearFactory(place=second, fiscal_year=before, cohort=2, lead_agency=old)
    PlaceYearFactory(place=second, lead_agency=new)
    PlaceYearFactory(place=third, fiscal_year=before, cohort=3, lead_agency=gone)

    asked = province_admin_client.get(URL)
    copy = {"act": "copy", "year": this_year()}
    for _twice in range(2):
        province_admin_client.post(URL, copy)

    assert asked.context["sizes"].copyable == 3
    assert written("cohort", "lead_agency", "note") == {
        first.code: (1, old, ""),
        second.code: (2, new, ""),
        third.code: (3, None, ""),
    }
    assert Change.objects.count() == 3


def test_copying_keeps_to_the_filter_and_to_the_own_reach(circle, villages, roles):
    far = VillageFactory(parent=TambonFactory(parent=AmphoeFactory(code="8002")))
    for place in (*villages, far):
        PlaceYearFactory(place=place, fiscal_year=this_year() - 1, cohort=1)
    client = roles.client(Role.PROVINCE_ADMIN, circle.place.parent.parent)

    client.post(URL, {"act": "copy", "year": this_year(), "place": villages[0].code})
    assert list(written("cohort")) == [villages[0].code]
    client.post(URL, {"act": "copy", "year": this_year()})

    assert list(written("cohort")) == [one.code for one in villages]
