"""Pages: an agency is added, with a name and a seat that may be."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from circles.models import Agency, Change
from circles.permissions import Role
from tests.factories import AgencyFactory, AmphoeFactory, TambonFactory
from tests.factories_agencies import posted_agency

pytestmark = pytest.mark.django_db

CREATE = reverse("agency-create")


def codes(response, field: str) -> list[str]:
    errors = response.context["form"].errors.as_data()
    return [one.code for one in errors.get(field, [])]


def test_agency_create(province_admin_client, circle):
    tambon = circle.place.parent

    response = province_admin_client.post(
        CREATE,
        posted_agency(
            short_name="ปม.", place=tambon.pk, contact_phone="๐๗๕ ๓๙๙ ๑๒๓", kind="other"
        ),
    )

    agency = Agency.objects.get()
    assertRedirects(response, reverse("agency-detail", args=[agency.pk]))
    assert (agency.name, agency.short_name, agency.kind) == (
        "สำนักงานประมง",
        "ปม.",
        "other",
    )
    assert (agency.place, agency.contact_phone) == (tambon, "075399123")
    change = Change.objects.get()
    assert (change.agency, change.kind) == (agency, Change.Kind.MADE)
    assert change.changes["name"] == [None, "สำนักงานประมง"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "required"),
        ("\u200b\u2060\ufeff", "required"),
        ("···", "no_letter"),
        ("ก" * 201, "max_length"),
        ("ก\u0007", "control_characters"),
        ("สำนักงาน\u200bเกษตร", "name_taken"),
        ("  สำนักงานเกษตร ", "name_taken"),
        ("สภาตำบล", "name_archived"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_words(province_admin_client, name, code):
    AgencyFactory(name="สำนักงานเกษตร")
    AgencyFactory(name="สภาตำบล", closed_on=date(2000, 1, 1))

    response = province_admin_client.post(
        CREATE, posted_agency(name=name, contact_name="น้ายงค์")
    )

    assert codes(response, "name") == [code]
    assert Agency.objects.count() == 2
    assertContains(response, "น้ายงค์")


@pytest.mark.parametrize(
    ("seat", "code"), [("inside", None), ("outside", "seat_out_of_reach")]
)
def test_a_seat_lies_within_reach(circle, roles, seat, code):
    places = {
        "inside": circle.place.parent,
        "outside": TambonFactory(parent=AmphoeFactory(code="8099", name_th="ไกล")),
    }
    client = roles.client(Role.PROVINCE_ADMIN, circle.place.parent.parent)

    response = client.post(CREATE, posted_agency(place=places[seat].pk))

    assert Agency.objects.exists() is (code is None)
    if code:
        assert codes(response, "place") == [code]


def test_only_the_province_adds_what_belongs_to_all_of_it(circle, roles):
    client = roles.client(Role.PROVINCE_ADMIN, circle.place.parent.parent)

    response = client.post(CREATE, posted_agency(place="0"))

    assert codes(response, "place") == ["seat_missing"]
    assert not Agency.objects.exists()
