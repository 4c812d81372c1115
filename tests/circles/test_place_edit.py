"""The facts of a place, changed by who manages it, and whom to ask there."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.models import Change, Place
from circles.permissions import Role
from tests.factories import TambonFactory, VillageFactory
from tests.factories_places import tambons

pytestmark = pytest.mark.django_db


def url(place, name="edit"):
    return reverse(f"place-{name}", args=[place.pk])


def typed(place, **changed):
    """Return the form as the page sends it."""
    form = {"act": "save", "name_th": place.name_th, "name_en": "", "code": place.code}
    empty = ("stage", "landscape", "joined_on", "latitude", "longitude")
    return form | dict.fromkeys(empty, "") | changed


def codes_of(response, field, form="form"):
    return [one.code for one in response.context[form].errors.as_data()[field]]


@pytest.fixture
def tambon():
    return TambonFactory(name_th="ท่าไร่")


@pytest.fixture
def manager(roles, tambon):
    return roles.client(Role.PROVINCE_ADMIN, tambon.parent)


def test_place_edit(manager, tambon):
    given = {
        "name_th": "ตำบลท่าไร่ใหม่",
        "name_en": "Tha Rai",
        "stage": "target",
        "landscape": "lowland",
        "joined_on": "7 มิ.ย. 2569",
        "latitude": "๘.๔๒๑๒๓๔๕๖",
        "longitude": "100.04°E",
    }

    response = manager.post(url(tambon), typed(tambon, **given))

    assertRedirects(response, url(tambon, "detail"))
    now = Place.objects.get(pk=tambon.pk)
    assert (now.name_th, now.name_en) == ("ท่าไร่ใหม่", "Tha Rai")
    assert (now.stage, now.landscape) == ("target", "lowland")
    assert (now.joined_on, now.code) == (date(2026, 6, 7), tambon.code)
    assert (now.latitude, now.longitude) == (Decimal("8.42123"), Decimal("100.04"))
    change = Change.objects.get()
    assert (change.place_id, change.kind) == (tambon.pk, "changed")
    assert change.changes["stage"] == ["", "target"]
    assert change.changes["name_th"] == ["ท่าไร่", "ท่าไร่ใหม่"]


def test_the_form_comes_filled_and_changes_nothing_by_itself(manager, tambon):
    Place.objects.filter(pk=tambon.pk).update(
        joined_on=date(2005, 10, 10), latitude="8.42", longitude="100.04"
    )

    page = manager.get(url(tambon))
    same = {"joined_on": "10 ต.ค. 2548", "latitude": "8.42", "longitude": "100.04"}
    manager.post(url(tambon), typed(tambon, **same))

    for value in ("10 ต.ค. 2548", "8.42", "100.04", tambon.code):
        assertContains(page, f'value="{value}"')
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"name_th": "\u200b"}, "name_th", "required"),
        ({"name_th": "ต."}, "name_th", "required"),
        ({"joined_on": "7 มิ.ย. 2026"}, "joined_on", "ce_year"),
        ({"joined_on": "31/02/69"}, "joined_on", "no_such_day"),
        ({"joined_on": "1/1/2680"}, "joined_on", "too_late"),
        ({"latitude": "8.4"}, "latitude", "half_centre"),
        ({"longitude": "100"}, "latitude", "half_centre"),
        ({"latitude": "100.04", "longitude": "8.42"}, "latitude", "outside"),
        ({"latitude": "8.4", "longitude": "96.9"}, "longitude", "outside"),
        ({"latitude": "NaN", "longitude": "100"}, "latitude", "unreadable"),
        ({"latitude": "1e9", "longitude": "100"}, "latitude", "unreadable"),
        ({"latitude": "8" * 5000, "longitude": "100"}, "latitude", "max_length"),
        ({"stage": "x"}, "stage", "invalid_choice"),
        ({"landscape": "moon"}, "landscape", "invalid_choice"),
    ],
)
def test_what_cannot_be_is_refused_in_words(manager, tambon, given, field, code):
    given = {"name_en": "Kept As Typed"} | given

    response = manager.post(url(tambon), typed(tambon, **given))

    assert code in codes_of(response, field)
    assertContains(response, "Kept As Typed")
    assertNotContains(response, "ฟิลด์นี้จำเป็น")
    assert Place.objects.get(pk=tambon.pk).name_en == ""
    assert not Change.objects.exists()


def test_a_village_has_neither_stage_nor_landscape(manager, tambon):
    village = VillageFactory(parent=tambon)
    given = {"stage": "target", "landscape": "lake", "name_th": "ม.1 บ้านนา"}

    assertNotContains(manager.get(url(village)), 'name="stage"')
    response = manager.post(url(village), typed(village, **given))

    assert response.status_code == 302
    now = Place.objects.get(pk=village.pk)
    assert (now.stage, now.landscape, now.name_th) == ("", "", "บ้านนา")


def test_the_province_keeps_its_code(province_admin_client, circle):
    province = circle.place.parent.parent.parent

    response = province_admin_client.post(
        url(province), typed(province, code="81", name_th="จังหวัดนครศรีธรรมราช")
    )

    assert response.status_code == 302
    now = Place.objects.get(pk=province.pk)
    assert (now.code, now.name_th) == ("80", "นครศรีธรรมราช")


def test_an_amphoe_s_administrator_changes_nothing_outside(manager):
    far = tambons(1)[0]

    for place in (far, far.parent, far.parent.parent):
        for name in ("edit", "archive", "contact"):
            assert manager.get(url(place, name)).status_code == 404
            form = typed(place, name_th="ยึดมา", act="archive", contact_name="ผม")
            assert manager.post(url(place, name), form).status_code == 404
    assert not Change.objects.exists()


def test_place_contact(tambon_admin_client, circle):
    village = circle.place
    form = {"contact_name": "ปลัดสมศรี", "contact_phone": "๐๗๕-๓๕๖ ๙๕๒"}

    response = tambon_admin_client.post(url(village, "contact"), form)

    assertRedirects(response, url(village, "detail"))
    village.refresh_from_db()
    assert (village.contact_name, village.contact_phone) == ("ปลัดสมศรี", "075356952")
    change = Change.objects.get()
    assert (change.place_id, change.author_role) == (village.pk, "tambon_admin")
    shown = tambon_admin_client.get(url(village, "contact"))
    assertContains(shown, 'value="075-356-952"')


@pytest.mark.parametrize("phone", ["1234", "x", "0" * 39, "075-356-95", "9" * 5000])
def test_a_telephone_that_is_none_is_refused(tambon_admin_client, circle, phone):
    form = {"contact_name": "ปลัดสมศรี", "contact_phone": phone}

    response = tambon_admin_client.post(url(circle.place, "contact"), form)

    assert response.context["form"].has_error("contact_phone")
    assertContains(response, "ปลัดสมศรี")
    assert not Change.objects.exists()
