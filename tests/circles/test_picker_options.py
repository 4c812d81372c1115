"""The options that htmx fetches while somebody types: each kind, each role."""

import pytest
from django.urls import reverse

from circles.models import Place
from circles.permissions import Role
from tests.factories import (
    AgencyFactory,
    AmphoeFactory,
    CircleFactory,
    PersonFactory,
    TambonFactory,
    VillageFactory,
)


def ask(client, kind, typed="แบบ", name="row"):
    return client.get(
        reverse("options", args=[kind]), {"name": name, f"{name}_q": typed}
    )


@pytest.fixture
def rows(circle):
    """One of each kind inside the tambon of the circle, and one outside."""
    tambon = circle.place.parent
    tambon.name_th = "แบบใน"
    tambon.save()
    found = {}
    for where, parent in (("in", tambon), ("out", TambonFactory(name_th="แบบนอก"))):
        village = VillageFactory(name_th="แบบ", parent=parent)
        found |= {
            f"tambons {where}": parent,
            f"villages {where}": village,
            f"places {where}": village,
            f"own-places {where}": village,
            f"people {where}": PersonFactory(first_name="แบบ", village=village),
            f"circles {where}": CircleFactory(name="แบบ", place=village),
            f"agencies {where}": AgencyFactory(name=f"แบบ {where}", place=village),
        }
    return found


# May be read by everybody with a role: the whole of it.
EVERYWHERE = {"places", "villages", "tambons", "agencies"}
KINDS = sorted(EVERYWHERE | {"own-places", "people", "circles"})


@pytest.mark.parametrize("kind", KINDS)
def test_each_administrator_finds_what_lies_within_reach(kind, rows, circle, roles):
    tambon = circle.place.parent
    inside, outside = rows[f"{kind} in"], rows[f"{kind} out"]
    for role, where, sees in (
        (Role.TAMBON_ADMIN, tambon, {"in"}),
        (Role.TAMBON_ADMIN, outside_tambon(rows), {"out"}),
        (Role.TAMBON_ADMIN, tambon.parent, {"in", "out"}),
        (Role.PROVINCE_ADMIN, tambon.parent.parent, {"in", "out"}),
    ):
        page = ask(roles.client(role, where), kind).text
        shown = {
            name
            for name, row in (("in", inside), ("out", outside))
            if f'value="{row.pk}"' in page
        }
        assert shown == ({"in", "out"} if kind in EVERYWHERE else sees), (role, where)


def outside_tambon(rows):
    return rows["tambons out"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "role",
    [
        Role.KHUN_KIJ,
        Role.KHUN_AMNUAY,
        Role.KHUN_LIKHIT,
        Role.KHUN_UA,
        Role.GOVERNOR_OFFICE,
    ],
)
def test_nobody_else_is_answered(kind, role, rows, circle, roles):
    response = ask(roles.client(role, roles.near(role, circle)), kind)

    assert response.status_code == 403
    assert "แบบ" not in response.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_is_sent_to_the_sign_in(kind, rows, client, nobody_client):
    answer = ask(client, kind)

    assert answer.status_code == 302
    assert ask(nobody_client, kind).status_code == 403
    part = client.get(reverse("options", args=[kind]), headers={"HX-Request": "true"})
    assert part.content == b""
    assert "HX-Redirect" in part.headers


def test_the_amphoe_next_door_is_not_ones_own(circle, roles):
    other = AmphoeFactory(code="8002", name_th="พรหมคีรี")
    village = VillageFactory(name_th="แบบ", parent=TambonFactory(parent=other))
    PersonFactory(first_name="แบบ", village=village)
    client = roles.client(Role.TAMBON_ADMIN, circle.place.parent.parent)

    for kind in ("people", "own-places", "circles"):
        assert "radio" not in ask(client, kind).text


@pytest.mark.parametrize(
    "kind", ["users", "place", "People", "assignments", "..", "x" * 99]
)
def test_an_unknown_kind_is_404(kind, tambon_admin_client):
    response = tambon_admin_client.get(f"/options/{kind}/", {"name": "row"})

    assert response.status_code == 404


@pytest.mark.parametrize(
    "name", ["", "1x", 'row"><b', "row onload", "ชื่อ", "r" * 60, "row\n"]
)
def test_a_field_that_is_none_is_404(name, tambon_admin_client):
    assert ask(tambon_admin_client, "places", name=name).status_code == 404


@pytest.mark.parametrize("typed", ["", "   ", "\u200b"])
def test_nothing_typed_offers_nothing_and_says_nothing(
    typed, rows, tambon_admin_client
):
    response = ask(tambon_admin_client, "places", typed)

    assert response.status_code == 200
    assert response.context["options"] == []


def test_nothing_found_says_so(tambon_admin_client):
    response = ask(tambon_admin_client, "places", "ไม่มีที่นี่")

    assert response.context["nothing"]


def test_at_most_eight_are_offered(circle, tambon_admin_client):
    for number in range(12):
        VillageFactory(name_th=f"แบบ{number}", parent=circle.place.parent)

    response = ask(tambon_admin_client, "villages")

    assert response.text.count('type="radio"') == 8
    assert response.context["has_more"]


def test_long_texts_are_cut_before_they_are_looked_for(tambon_admin_client):
    assert ask(tambon_admin_client, "places", "ก" * 50_000).status_code == 200


def test_places_are_told_apart_by_moo_tambon_and_amphoe(circle, tambon_admin_client):
    amphoe = circle.place.parent.parent
    village = VillageFactory(name_th="แบบ", parent=circle.place.parent)
    circle.place.parent.refresh_from_db()

    text = ask(tambon_admin_client, "villages").text

    assert f"ม.{village.moo} แบบ ต.{circle.place.parent.name_th}" in text
    assert f"อ.{amphoe.name_th}" in text
    assert Place.objects.matching("แบบ").get() == village
