"""Renumbering: all below moves along, and every old code is still found."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from circles.actions.place_codes import renumber
from circles.actions.places import add_place, change_place
from circles.models import Change, Place, PlaceCode
from circles.permissions import Role
from tests.circles.test_place_edit import codes_of, typed, url
from tests.factories import (
    AmphoeFactory,
    CircleFactory,
    PersonFactory,
    TambonFactory,
    UserFactory,
    VillageFactory,
)
from tests.factories_places import CommunityFactory, PlaceCodeFactory, tambons

pytestmark = pytest.mark.django_db


@pytest.fixture
def tambon():
    return TambonFactory(code="800106", name_th="ท่าไร่")


@pytest.fixture
def manager(roles, tambon):
    return roles.client(Role.PROVINCE_ADMIN, tambon.parent.parent)


def former(place):
    return list(place.old_codes.order_by("code").values_list("code", "until"))


def test_a_tambon_takes_its_villages_along(manager, tambon):
    village = VillageFactory(parent=tambon, name_th="บ้านนา")
    ours = CommunityFactory(code="800106A1", parent=tambon, name_th="ท่าโพธิ์")
    amphoe = AmphoeFactory(code="8002")
    today = timezone.localdate()

    sent = typed(tambon, code="๘๐๐๒ ๑๑", name_en="Moved", act="move-800211")
    manager.post(url(tambon), sent)

    for place, old, new in (
        (tambon, "800106", "800211"),
        (village, "80010601", "80021101"),
        (ours, "800106A1", "800211A1"),
    ):
        place.refresh_from_db()
        assert (place.code, former(place)) == (new, [(old, today)])
        assert Change.objects.filter(place=place, subject="place").exists()
        assert list(Place.objects.matching(old)) == [place]
    assert (tambon.parent, tambon.name_en) == (amphoe, "Moved")
    assert village.parent == tambon


def test_a_number_that_comes_back_is_no_former_one(tambon):
    author = UserFactory(is_superuser=True)
    moved = renumber(tambon, "800107", author)

    back = renumber(moved, "800106", author)
    again = renumber(back, "800107", author)

    assert [code for code, _until in former(again)] == ["800106"]
    assert renumber(again, "800107", author).code == "800107"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("80010", "bad_code"),
        ("80010601", "bad_code"),
        ("800100", "bad_code"),
        ("800106\u0e01", "bad_code"),
        ("800901", "no_parent"),
        ("810101", "no_parent"),
        ("800107", "code_taken"),
        ("800201", "archived"),
    ],
)
def test_a_code_that_cannot_be_changes_nothing(manager, tambon, code, error):
    VillageFactory(parent=tambon)
    TambonFactory(code="800107")
    AmphoeFactory(code="8002", closed_on="2020-01-01")

    response = manager.post(url(tambon), typed(tambon, code=code, name_en="Not Stored"))

    assert codes_of(response, "code") == [error]
    assert sorted(Place.objects.tambons().values_list("code", "name_en")) == [
        ("800106", ""),
        ("800107", ""),
    ]
    assert Place.objects.get(level="village").code == "80010601"
    assert not Change.objects.exists()
    assert not PlaceCode.objects.exists()


def test_nothing_moves_out_of_the_own_reach(roles, tambon):
    manager = roles.client(Role.PROVINCE_ADMIN, tambon.parent)
    tambons(1)

    response = manager.post(url(tambon), typed(tambon, code="801199"))

    assert codes_of(response, "code") == ["not_yours"]
    assert manager.post(url(tambon), typed(tambon, code="800199")).status_code == 302


def test_a_village_moves_to_another_tambon(manager, tambon):
    village, other = VillageFactory(parent=tambon), TambonFactory(code="800107")

    circle = CircleFactory(place=village, name="วงปุ๋ย ม.๑")
    CircleFactory(place=village, name="วงปุ๋ย ม.10")
    PersonFactory(village=village)

    for act in ("save", "move-80010702", "move-"):
        asked = manager.post(url(village), typed(village, code="80010703", act=act))
        village.refresh_from_db()
        assert codes_of(asked, "code") == ["moves"]
        assert (village.code, village.parent) == ("80010601", tambon)
    move = asked.context["move"]
    assert (move.parent, move.places, move.circles, move.people) == (other, 0, 2, 1)
    assert (move.numbered, move.label) == ([circle], f"ม.3 {village.name_th}")
    assertContains(asked, 'value="move-80010703"')
    assert not Change.objects.exists()
    sent = typed(village, code="80010703", act="move-80010703")
    manager.post(url(village), sent)

    village.refresh_from_db()
    change = Change.objects.get(place=village, subject="place")
    assert change.changes["parent"] == [tambon.pk, other.pk]
    assert (village.code, village.moo, village.parent) == ("80010703", 3, other)


def test_who_carries_the_old_number_is_told_also_inside_the_tambon(manager, tambon):
    village = VillageFactory(parent=tambon)
    CircleFactory(place=village, name="วงปุ๋ย หมู่ที่ ๑")
    CircleFactory(place=village, name="วงผัก ม.10")

    done = manager.post(url(village), typed(village, code="80010609"), follow=True)

    said = " ".join(str(one) for one in done.context["messages"])
    assert "วงปุ๋ย หมู่ที่ ๑" in said
    assert "วงผัก" not in said
    assert PlaceCode.objects.get().code == "80010601"


def test_a_slip_of_the_finger_leaves_no_former_code(tambon):
    author = UserFactory(is_superuser=True)
    village = VillageFactory(parent=tambon, code="80010603")
    TambonFactory(code="800107")

    away = renumber(village, "80010703", author, may_move=True)
    back = renumber(away, "80010603", author, may_move=True)
    Change.objects.update(created_at=timezone.now() - timedelta(days=2))
    meant = renumber(back, "80010605", author)

    assert [code for code, _until in former(meant)] == ["80010603"]
    assert not PlaceCode.objects.filter(code="80010703").exists()


def test_whoever_looked_at_an_old_code_is_told(tambon):
    author = UserFactory(is_superuser=True)
    stale = Place.objects.select_related("parent").get(pk=tambon.pk)
    renumber(tambon, "800107", author)

    with pytest.raises(ValidationError) as refused:
        renumber(stale, "800108", author)

    assert refused.value.code == "moved"
    assert Place.objects.get(pk=tambon.pk).code == "800107"


def test_a_code_is_refused_also_where_no_form_looks(tambon):
    author = UserFactory()
    far = Place(parent=tambon, level="village", code="80010701", name_th="บ้าน")
    taken = Place(parent=tambon, level="amphoe", code="8006", name_th="บ้าน")

    for place, code in ((far, "outside"), (taken, "wrong_level")):
        with pytest.raises(ValidationError) as refused:
            add_place(place, author)
        assert refused.value.code == code
    with pytest.raises(ValidationError) as refused:
        change_place(VillageFactory(parent=tambon), {"stage": "target"}, author)
    assert refused.value.code == "not_a_tambon"


def test_former_codes_are_noted_and_removed_by_hand(manager, tambon):
    form = {"act": "add-code", "former-code": "๘๐๙๙๐๑", "former-until": "1/1/2538"}

    response = manager.post(url(tambon), form)
    manager.post(url(tambon), form | {"former-until": ""})

    assertRedirects(response, url(tambon))
    known = tambon.old_codes.get()
    assert (known.code, known.until) == ("809901", date(1995, 1, 1))
    manager.post(url(tambon), {"act": f"forget-{known.pk}"})
    manager.post(url(tambon), {"act": f"forget-{known.pk}"})
    assert not tambon.old_codes.exists()
    kinds = Change.objects.filter(place=tambon, subject="placecode")
    assert sorted(kinds.values_list("kind", flat=True)) == ["made", "removed"]


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"former-code": "80990"}, "code", "bad_code"),
        ({"former-code": "80990101"}, "code", "bad_code"),
        ({"former-code": "800106"}, "code", "current_code"),
        ({"former-code": ""}, "code", "required"),
        ({"former-until": "1/1/2600"}, "until", "too_late"),
    ],
)
def test_a_former_code_that_cannot_be_is_refused(manager, tambon, given, field, code):
    form = {"act": "add-code", "former-code": "809901", "former-until": ""} | given

    response = manager.post(url(tambon), form)

    assert codes_of(response, field, "former") == [code]
    assert not PlaceCode.objects.exists()


@pytest.mark.parametrize("act", ["forget-", "forget-x", "forget-" + "9" * 99, "other"])
def test_a_button_that_is_none_does_nothing(manager, tambon, act):
    other = PlaceCodeFactory(place=VillageFactory())

    response = manager.post(url(tambon), {"act": act})
    manager.post(url(tambon), {"act": f"forget-{other.pk}"})

    assert response.status_code in {200, 302}
    assert PlaceCode.objects.get() == other
    assert not Change.objects.exists()


def test_place_edit_of_nothing_is_not_found(manager):
    assert manager.get(reverse("place-edit", args=[987654321])).status_code == 404
