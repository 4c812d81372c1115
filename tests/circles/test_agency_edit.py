"""Pages: an agency is added, renamed, and told whom to ask."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from circles.actions import agencies as actions
from circles.models import Agency, AgencyName, Change
from circles.permissions import Role
from circles.thai import thai_date
from tests.factories import AgencyFactory
from tests.factories_agencies import AgencyNameFactory, AreaFactory, posted_agency

pytestmark = pytest.mark.django_db


def edit(agency: Agency) -> str:
    return reverse("agency-edit", args=[agency.pk])


def codes(response, field: str | None, form: str = "form") -> list[str]:
    errors = response.context[form].errors.as_data()
    return [one.code for one in errors.get(field or "__all__", [])]


def test_agency_edit_keeps_the_old_name(province_admin_client):
    agency = AgencyFactory(name="กรมการศึกษานอกโรงเรียน", short_name="กศน.")

    province_admin_client.post(
        edit(agency),
        posted_agency(
            name="กรมส่งเสริมการเรียนรู้",
            short_name="สกร.",
            keep_former="on",
            former_until="18 พ.ค. 2566",
        ),
    )

    agency.refresh_from_db()
    assert agency.name == "กรมส่งเสริมการเรียนรู้"
    former = agency.names.get()
    assert (former.name, former.short_name) == ("กรมการศึกษานอกโรงเรียน", "กศน.")
    assert former.until == date(2023, 5, 18)
    assert list(Agency.objects.matching("กศน.")) == [agency]
    subjects = Change.objects.filter(agency=agency).order_by("pk")
    assert [one.subject for one in subjects] == ["agency", "agencyname"]


def test_the_question_about_the_old_name_is_answered_yes_at_first(
    province_admin_client,
):
    form = province_admin_client.get(edit(AgencyFactory())).context["form"]

    assert form["keep_former"].value() is True
    assert form["former_until"].value() == thai_date(timezone.localdate())


@pytest.mark.parametrize(
    "given", [{"name": "ชื่อใหม่"}, {"name": "ชื่อเดิม", "keep_former": "on"}]
)
def test_no_former_name_without_a_renaming_or_without_consent(
    province_admin_client, given
):
    agency = AgencyFactory(name="ชื่อเดิม")

    province_admin_client.post(edit(agency), posted_agency(**given))

    assert not AgencyName.objects.exists()


def test_a_name_may_come_and_go_and_come(province_admin_client):
    agency = AgencyFactory(name="ก")
    for name in ("ข", "ก", "ข"):
        form = posted_agency(name=name, keep_former="on")
        assert province_admin_client.post(edit(agency), form).status_code == 302

    assert sorted(one.name for one in agency.names.all()) == ["ก", "ข"]


def test_a_local_government_with_villages_stays_one(province_admin_client):
    area = AreaFactory()

    response = province_admin_client.post(
        edit(area.agency), posted_agency(place=area.agency.place_id)
    )

    assert codes(response, "kind") == ["has_areas"]
    area.agency.refresh_from_db()
    assert area.agency.kind == "local"


def test_former_names_are_added_and_taken_away_by_hand(province_admin_client):
    agency = AgencyFactory()
    given = {"act": "add-name", "former_name": "สุขาภิบาล", "until": "24 พ.ค. 2542"}

    province_admin_client.post(edit(agency), given)
    former = agency.names.get()
    again = province_admin_client.post(edit(agency), given)
    gone = {"act": f"remove-name-{former.pk}"}
    for _twice in range(2):
        assertRedirects(province_admin_client.post(edit(agency), gone), edit(agency))

    assert (former.name, former.until) == ("สุขาภิบาล", date(1999, 5, 24))
    assert codes(again, "former_name", "former") == ["former_known"]
    assert not agency.names.exists()
    kinds = Change.objects.filter(agency=agency).order_by("pk")
    assert [one.kind for one in kinds] == ["made", "removed"]


@pytest.mark.parametrize(
    ("former", "code"), [("\u200b", "required"), ("ชื่อนี้", "former_is_now")]
)
def test_a_former_name_that_is_none_is_refused(province_admin_client, former, code):
    agency = AgencyFactory(name="ชื่อนี้")

    response = province_admin_client.post(
        edit(agency), {"act": "add-name", "former_name": former}
    )

    assert codes(response, "former_name", "former") == [code]


@pytest.mark.parametrize(
    "act", ["remove-name-x", "remove-name-" + "9" * 40, "nonsense"]
)
def test_another_agencys_former_name_is_left_alone(province_admin_client, act):
    other = AgencyNameFactory()
    here = AgencyFactory()

    for word in (act, f"remove-name-{other.pk}"):
        response = province_admin_client.post(edit(here), {"act": word})
        assert response.status_code in {200, 302}

    assert AgencyName.objects.count() == 1


def test_agency_contact(tambon_admin_client, circle):
    agency = AgencyFactory(place=circle.place.parent)
    url = reverse("agency-contact", args=[agency.pk])

    bad = tambon_admin_client.post(
        url, {"contact_name": "งานธุรการ", "contact_phone": "12345"}
    )
    good = tambon_admin_client.post(
        url, {"contact_name": "งานธุรการ", "contact_phone": "+66 75 399 123"}
    )

    assert codes(bad, "contact_phone") == ["no_phone"]
    assertContains(bad, "12345")
    assertRedirects(good, reverse("agency-detail", args=[agency.pk]))
    agency.refresh_from_db()
    assert (agency.contact_name, agency.contact_phone) == ("งานธุรการ", "075399123")
    assert set(Change.objects.get().changes) == {"contact_name", "contact_phone"}


def test_the_same_again_writes_no_history(circle, roles):
    author = roles.user(Role.PROVINCE_ADMIN, circle.place.parent.parent.parent)
    agency = AgencyFactory()

    for _twice in range(2):
        given = {"contact_name": "", "contact_phone": "075399123"}
        actions.change_contact(agency, given, author)

    assert Change.objects.count() == 1
