"""The list of places: tambons first, found as people say them, never a page of
options."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from circles.models import Place
from circles.permissions import Role
from tests.factories import (
    AchievementFactory,
    CircleFactory,
    CircleOpeningFactory,
    LearningSessionFactory,
    MilestoneFactory,
    ProvinceFactory,
    TambonFactory,
    VillageFactory,
)
from tests.factories_places import CommunityFactory, PlaceCodeFactory, tambons

pytestmark = pytest.mark.django_db
URL = "/places/"


def labels(response):
    return [one.label for one in response.context["page"].object_list]


@pytest.fixture
def reader(roles):
    """The governor's office: reads all, changes nothing."""
    return roles.client(Role.GOVERNOR_OFFICE, ProvinceFactory())


@pytest.mark.parametrize("rows", [3, 300])
@pytest.mark.parametrize("asked", [{}, {"q": "ทดลอง", "status": "targets"}])
def test_place_list(province_admin_client, rows, asked, django_assert_max_num_queries):
    for one in tambons(rows, stage="target")[:3]:
        VillageFactory(parent=one)
        stone = MilestoneFactory(circle=None, place=one)
        AchievementFactory(milestone=stone, session=LearningSessionFactory())

    # session, user, person, assignments, unread; targets asked, count, places, roads
    with django_assert_max_num_queries(10):
        response = province_admin_client.get(reverse("place-list"), asked)

    assert len(labels(response)) == min(rows, 25)
    assert response.context["page"].paginator.count == rows
    assert response.content.count(b"<option") == 7


def test_a_row_says_how_a_tambon_stands(province_admin_client):
    tambon = TambonFactory(name_th="ท่าไร่", stage="target")
    village, other = VillageFactory(parent=tambon), VillageFactory(parent=tambon)
    VillageFactory(parent=tambon, closed_on="2020-01-01")
    circle = CircleFactory(place=village)
    CircleOpeningFactory(circle=circle, opened_on="2004-01-01", closed_on="2099-01-01")
    CircleFactory(place=tambon)
    CircleFactory(place=other, opening__closed_on="2010-01-01")
    stone = MilestoneFactory(circle=None, place=tambon)
    MilestoneFactory(circle=None, place=tambon)
    AchievementFactory(milestone=stone, session=LearningSessionFactory(circle=circle))

    response = province_admin_client.get(URL)

    (row,) = response.context["page"].object_list
    assert (row, row.below_count, row.circle_count) == (tambon, 2, 2)
    assertContains(response, row.parent.label)
    assertContains(response, reverse("place-edit", args=[tambon.pk]))
    assertContains(response, row.get_stage_display())


def test_the_targets_come_first_where_some_are_chosen(reader):
    first, second = TambonFactory(stage="next"), TambonFactory()
    assert labels(reader.get(URL)) == [first.label, second.label]

    second.stage = "target"
    second.save()

    assert labels(reader.get(URL)) == [second.label]
    assert labels(reader.get(URL, {"status": "next"})) == [first.label]
    assert labels(reader.get(URL, {"status": "all"})) == [first.label, second.label]
    assert labels(reader.get(URL, {"q": first.name_th})) == [first.label]


def test_what_is_archived_is_listed_apart(reader):
    open_one, gone = TambonFactory(), TambonFactory(closed_on="2020-01-01")

    assert labels(reader.get(URL, {"status": "all"})) == [open_one.label]
    assert labels(reader.get(URL, {"status": "archived"})) == [gone.label]


def test_villages_and_amphoe_are_lists_of_their_own(reader):
    tambon = TambonFactory(stage="target")
    village = VillageFactory(parent=tambon)
    ours = CommunityFactory(code=f"{tambon.code}A1", parent=tambon, name_th="ท่าโพธิ์")
    far = VillageFactory()

    local = labels(reader.get(URL, {"level": "local"}))
    of_targets = labels(reader.get(URL, {"level": "local", "status": "targets"}))
    amphoe = reader.get(URL, {"level": "amphoe"})

    assert local == [village.label, "ชุมชนท่าโพธิ์", far.label]
    assert of_targets == [village.label, ours.label]
    assert labels(amphoe) == [tambon.parent.label]
    assert amphoe.context["page"].object_list[0].below_count == 2


def test_an_amphoe_narrows_the_list(reader):
    here, there = tambons(51)[0], TambonFactory()
    amphoe = here.parent

    response = reader.get(URL, {"amphoe": amphoe.code})

    assert len(labels(response)) == 25
    assert response.context["page"].paginator.count == 50
    assert there.label not in labels(response)
    assertContains(response, f'name="amphoe" value="{amphoe.code}"')


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("ม.3 ท่าไร่", "80010603"),
        ("หมู่ 3 ท่าไร่", "80010603"),
        ("หมู่ที่ ๓ ตำบลท่าไร่", "80010603"),
        ("บางหลวง", "80010603"),
        ("ต.ท่าไร่ ม.๓", "80010603"),
        ("80010603", "80010603"),
        ("๘๐๐๑๐๖๐๓", "80010603"),
        ("80999901", "80010603"),
    ],
)
def test_villages_are_found_as_people_say_them(reader, asked, found):
    call_command("load_places", verbosity=0)
    place = Place.objects.get(code=found)
    PlaceCodeFactory(place=place, code="80999901")

    response = reader.get(URL, {"level": "local", "q": asked})

    assert labels(response) == [place.label]


@pytest.mark.parametrize("asked", ["เมืองคอน", "อ.เมืองคอน", "อำเภอเมืองนครศรีฯ", "8001"])
def test_tambons_are_found_by_their_amphoe(reader, asked):
    call_command("load_places", verbosity=0)

    response = reader.get(URL, {"q": asked, "status": "all"})

    codes = [one.code for one in response.context["page"].object_list]
    assert codes
    if asked != "เมืองคอน":
        assert all(code.startswith("8001") for code in codes)


def test_only_who_manages_is_offered_to_change(reader, tambon_admin_client, circle):
    for client in (reader, tambon_admin_client):
        response = client.get(URL)

        assertNotContains(response, "/edit/")
        assertNotContains(response, reverse("place-targets"))


def test_an_amphoe_s_administrator_edits_below_its_code_alone(roles):
    near, far = TambonFactory(), tambons(1)[0]
    client = roles.client(Role.PROVINCE_ADMIN, near.parent)

    response = client.get(URL, {"status": "all"})

    assertContains(response, far.label)
    assertContains(response, reverse("place-edit", args=[near.pk]))
    assertNotContains(response, reverse("place-edit", args=[far.pk]))


def test_htmx_gets_the_rows_alone(reader):
    TambonFactory()

    response = reader.get(URL, headers={"HX-Request": "true", "HX-Target": "places"})

    assert response.content.strip().startswith(b'<section id="places"')


@pytest.mark.parametrize(
    "query",
    [
        "status=x&level=y&amphoe=abc",
        "page=99999999999999999999",
        "amphoe=8001%0a",
        "amphoe=๘๐๐๑",
        "amphoe=99999999999999999999",
        f"q={'ก' * 3000}",
        "q=" + "%20a" * 200,
    ],
)
def test_what_cannot_be_read_filters_nothing(reader, query):
    tambon = TambonFactory()

    response = reader.get(f"{URL}?{query}&status=all")

    assert response.status_code == 200
    if "%20a" not in query:
        assert labels(response) == [tambon.label]
