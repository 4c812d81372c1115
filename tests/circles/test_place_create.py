"""A new amphoe, tambon, village or ชุมชน, without JavaScript."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.models import Change, Place
from circles.permissions import Role
from tests.factories import TambonFactory, VillageFactory
from tests.factories_places import CommunityFactory, PlaceCodeFactory, tambons

pytestmark = pytest.mark.django_db
URL = "/places/new/"


def post(client, parent, **typed):
    """Send the form as the page has it."""
    form = {"level": "village", "name_th": "บ้านใหม่", "name_en": ""} | typed
    return client.post(f"{URL}?parent={parent.pk}", form)


def codes_of(response, field):
    return [one.code for one in response.context["form"].errors.as_data()[field]]


@pytest.fixture
def tambon():
    return TambonFactory(name_th="ท่าไร่")


@pytest.fixture
def manager(roles, tambon):
    return roles.client(Role.PROVINCE_ADMIN, tambon.parent)


def test_place_create(manager, tambon):
    response = post(manager, tambon, moo="หมู่ที่ ๙", name_th="ม.9 บ้านใหม่")

    made = Place.objects.get(level="village")
    assertRedirects(response, reverse("place-detail", args=[made.pk]))
    assert (made.code, made.parent, made.name_th) == (
        f"{tambon.code}09",
        tambon,
        "บ้านใหม่",
    )
    change = Change.objects.get(place=made)
    assert (change.kind, change.author_role) == ("made", "province_admin")
    assert change.changes["code"] == [None, made.code]


def test_a_tambon_and_an_amphoe_are_made_with_their_code(roles, tambon):
    manager = roles.client(Role.PROVINCE_ADMIN, tambon.parent.parent)

    post(manager, tambon.parent.parent, code="๘๐๙๐", name_th="อำเภอใหม่")
    amphoe = Place.objects.get(code="8090")
    post(manager, amphoe, code="8090 01", name_th="ตำบลใหม่", name_en="Mai")

    made = Place.objects.get(code="809001")
    assert (amphoe.level, amphoe.label) == ("amphoe", "อ.ใหม่")
    assert (made.level, made.parent, made.label) == ("tambon", amphoe, "ต.ใหม่")


def test_a_community_gets_its_code_by_itself(manager, tambon):
    PlaceCodeFactory(place=VillageFactory(), code=f"{tambon.code}A2")

    for _n in range(9):
        post(manager, tambon, level="community", name_th="ชุมชนท่าโพธิ์")

    made = Place.objects.filter(level="community").order_by("code")
    ends = ["A1", *(f"A{n}" for n in range(3, 10)), "B1"]
    assert [one.code for one in made] == [tambon.code + end for end in ends]
    assert made[0].label == "ชุมชนท่าโพธิ์"


def test_a_full_tambon_takes_no_community(manager, tambon):
    Place.objects.bulk_create(
        CommunityFactory.build(
            code=f"{tambon.code}{letter}{n}", parent=tambon, name_th="ชุมชน"
        )
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        for n in range(1, 10)
    )

    response = post(manager, tambon, level="community")

    assert codes_of(response, "__all__") == ["codes_used_up"]


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ({"moo": "0"}, "moo", "bad_moo"),
        ({"moo": "100"}, "moo", "bad_moo"),
        ({"moo": ""}, "moo", "required"),
        ({"moo": "9" * 400}, "moo", "max_length"),
        ({"moo": "1.5"}, "moo", "bad_moo"),
        ({"moo": "1"}, "moo", "code_taken"),
        ({"moo": "2", "name_th": "\u200b\u200b"}, "name_th", "required"),
        ({"moo": "2", "name_th": "ม.2 "}, "name_th", "required"),
        ({"moo": "2", "name_th": "ก\x00"}, "name_th", "control_characters"),
        ({"moo": "2", "name_th": "ก" * 101}, "name_th", "max_length"),
        ({"level": "tambon", "moo": "2"}, "level", "invalid_choice"),
    ],
)
def test_a_village_that_cannot_be_is_refused_in_words(
    manager, tambon, typed, field, code
):
    VillageFactory(parent=tambon)

    response = post(manager, tambon, **({"name_en": "Kept As Typed"} | typed))

    assert codes_of(response, field) == [code]
    assertContains(response, "Kept As Typed")
    assertNotContains(response, "ฟิลด์นี้จำเป็น")
    assert Place.objects.filter(level="village").count() == 1
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("80010", "bad_code"),
        ("8001", "bad_code"),
        ("800100", "bad_code"),
        ("8001ก1", "bad_code"),
        ("800201", "outside"),
        ("800101", "code_taken"),
        ("", "required"),
        ("9" * 500, "max_length"),
    ],
)
def test_a_code_that_cannot_be_is_refused_in_words(manager, tambon, code, error):
    assert tambon.code == "800101"

    response = post(manager, tambon.parent, code=code)

    assert codes_of(response, "code") == [error]
    assert Place.objects.tambons().count() == 1


def test_the_owner_of_a_code_is_named_also_from_the_archive(manager, tambon):
    VillageFactory(parent=tambon, name_th="บ้านเก่า", closed_on="2020-01-01")

    response = post(manager, tambon, moo="1")

    assertContains(response, "ม.1 บ้านเก่า ต.ท่าไร่")


def test_nothing_is_added_to_an_archived_place_or_a_village(manager, tambon):
    gone = TambonFactory(closed_on="2020-01-01")
    village = VillageFactory(parent=tambon)

    assert post(manager, gone, moo="1").status_code == 404
    assert manager.get(f"{URL}?parent={village.pk}").status_code == 404
    typed = manager.get(URL, {"parent_q": village.name_th})
    assert typed.context["asked"].has_error("parent", "unknown")


def test_without_a_place_the_page_asks_for_one(manager, tambon):
    assertContains(manager.get(URL), 'name="parent_q"')

    found = manager.get(URL, {"parent_q": "ท่าไร่"})
    unknown = manager.get(URL, {"parent_q": "ไม่มีชื่อนี้"})

    assert found.context["parent"] == tambon
    assert unknown.context["asked"].has_error("parent", "unknown")


def test_a_parent_out_of_reach_is_not_there(manager):
    far = tambons(1)[0]

    for number in (far.pk, far.parent.parent_id, "9" * 30, "x"):
        assert manager.get(f"{URL}?parent={number}").status_code == 404
    assert post(manager, far, moo="1").status_code == 404
    assert not Place.objects.filter(level="village").exists()
