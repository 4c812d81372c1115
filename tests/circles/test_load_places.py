from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from circles.models import Place

pytestmark = pytest.mark.django_db

TARGETS = ["800106", "800114", "800119"]


def load_places() -> str:
    output = StringIO()
    call_command("load_places", stdout=output)
    return output.getvalue()


def target_codes() -> list[str]:
    return list(Place.objects.targets().values_list("code", flat=True))


def test_the_province_has_its_amphoe_tambons_and_villages():
    said = load_places()

    levels = Place.objects.order_by().values_list("level", flat=True)
    assert sorted(levels) == sorted(
        ["province"] + ["amphoe"] * 23 + ["tambon"] * 170 + ["village"] * 23
    )
    assert "217 places added" in said
    assert target_codes() == TARGETS


def test_every_place_lies_in_the_place_whose_code_begins_its_own():
    load_places()

    for place in Place.objects.exclude(code="80").select_related("parent"):
        assert place.parent.code == place.code[:-2]
    village = Place.objects.select_related("parent").get(code="80010603")
    assert village.full_label == "ม.3 บ้านบางหลวง ต.ท่าไร่"


def test_a_second_run_adds_nothing_and_keeps_what_an_administrator_changed():
    load_places()
    Place.objects.filter(code="80010603").update(name_th="บ้านบางหลวงใหม่")
    Place.objects.filter(code="800114").update(stage="")
    Place.objects.filter(code="800105").update(stage="target")
    edited = target_codes()

    said = load_places()

    assert "0 places added, 217 kept" in said
    assert Place.objects.count() == 217
    assert Place.objects.get(code="80010603").name_th == "บ้านบางหลวงใหม่"
    assert target_codes() == edited


def test_only_what_is_missing_is_added():
    load_places()
    Place.objects.filter(code__in=["80010601", "800101"]).delete()

    assert "2 places added, 215 kept" in load_places()


def test_tambons_have_a_centre_unless_an_administrator_gave_another():
    load_places()
    tha_rai = Place.objects.filter(code="800106")
    assert tha_rai.values_list("latitude", "longitude").get() == (
        Decimal("8.42"),
        Decimal("100.04"),
    )
    assert not Place.objects.tambons().filter(latitude=None).exists()
    tha_rai.update(latitude="8.5", longitude="100.1")
    Place.objects.filter(code="800114").update(latitude=None, longitude=None)

    said = load_places()

    assert tha_rai.values_list("latitude", "longitude").get() == (
        Decimal("8.5"),
        Decimal("100.1"),
    )
    assert Place.objects.get(code="800114").latitude is not None
    assert "0 places added, 217 kept" in said


def test_it_needs_few_queries(django_assert_num_queries):
    # savepoint, codes, one insert a level, targets asked and marked, centres the same,
    # release
    with django_assert_num_queries(11):
        load_places()
