"""What people type finds what they mean: places, agencies, people, circles."""

from datetime import date

import pytest

from circles.models import Agency, AgencyName, Circle, Person, Place, PlaceCode
from circles.models.finding import MOST_WORDS
from tests.factories import (
    AgencyFactory,
    AmphoeFactory,
    CircleFactory,
    PersonFactory,
    ProvinceFactory,
    TambonFactory,
    VillageFactory,
)


@pytest.fixture
def tha_rai(db):
    ProvinceFactory(name_th="นครศรีธรรมราช")
    amphoe = AmphoeFactory(code="8001", name_th="เมืองนครศรีธรรมราช")
    return TambonFactory(
        code="800106", name_th="ท่าไร่", name_en="Tha Rai", parent=amphoe
    )


@pytest.fixture
def bang_luang(tha_rai):
    """Village 3 of Tha Rai, among others that must not be found."""
    for number in ("01", "13", "30"):
        VillageFactory(code=f"800106{number}", name_th="ที่อื่น", parent=tha_rai)
    other = TambonFactory(code="800119", name_th="บางจาก", parent=tha_rai.parent)
    VillageFactory(code="80011903", name_th="บ้านบางหลวงอื่น", parent=other)
    return VillageFactory(code="80010603", name_th="บ้านบางหลวง", parent=tha_rai)


@pytest.mark.parametrize(
    "tambon", ["ต.ท่าไร่", "ตำบลท่าไร่", "ตำบล ท่าไร่", "ท่าไร่", "Tha Rai"]
)
@pytest.mark.parametrize("moo", ["ม.3", "ม. 3", "หมู่ 3", "หมู่ที่ ๓", "หมู่ที่3", "ม.๓", "ม3"])
def test_every_spelling_of_moo_and_tambon_finds_the_same(bang_luang, moo, tambon):
    for typed in (f"{moo} {tambon}", f"{tambon} {moo}"):
        assert list(Place.objects.matching(typed)) == [bang_luang]


@pytest.mark.parametrize(
    "typed",
    ["เมืองคอน", "นครศรีฯ", "นครศรีธรรมราช", "จังหวัดนครศรีธรรมราช", "จ.นครศรีธรรมราช"],
)
def test_every_name_of_the_province_finds_all_in_it(bang_luang, typed):
    krabi = ProvinceFactory(code="81", name_th="กระบี่")
    found = Place.objects.matching(typed)

    assert bang_luang in found
    assert krabi not in found
    assert found.tambons().count() == 2


def test_circles_people_and_agencies_are_found_by_their_place(bang_luang):
    circle = CircleFactory(name="วงปุ๋ย", place=bang_luang)
    person = PersonFactory(first_name="สมศรี", village=bang_luang)
    agency = AgencyFactory(name="โรงเรียน", place=bang_luang)
    CircleFactory(name="วงปุ๋ย")
    PersonFactory(first_name="สมศรี")
    AgencyFactory(name="โรงเรียนอื่น")

    for model, word, row in (
        (Circle, "ปุ๋ย", circle),
        (Person, "สมศรี", person),
        (Agency, "โรงเรียน", agency),
    ):
        found = model.objects.matching(f"{word} หมู่ที่ ๓ ตำบลท่าไร่")
        assert list(found) == [row]
        assert list(model.objects.matching("ม.4 ต.ท่าไร่")) == []


def test_a_code_and_a_former_code_find_the_place_once(bang_luang):
    for code in ("80019901", "80019902"):
        PlaceCode.objects.create(place=bang_luang, code=code, until=date(2000, 1, 1))

    assert list(Place.objects.matching("80010603")) == [bang_luang]
    assert list(Place.objects.matching("80019901")) == [bang_luang]
    assert Place.objects.matching("800106").count() == 5
    assert not Place.objects.matching("8001990").exists()


def test_a_community_without_a_village_number(tha_rai):
    community = Place.objects.create(
        code="800106A1", level="community", parent=tha_rai, name_th="ท่าโพธิ์"
    )

    for typed in ("ชุมชนท่าโพธิ์", "ท่าโพธิ์", "800106A1", "800106a1"):
        assert list(Place.objects.matching(typed)) == [community]
    assert community.full_label == "ชุมชนท่าโพธิ์ ต.ท่าไร่"


def test_former_names_and_abbreviations_find_an_agency_once(db):
    agency = AgencyFactory(name="ศูนย์ส่งเสริมการเรียนรู้", short_name="สกร.")
    AgencyFactory(name="เกษตรอำเภอ")
    for name in ("กศน.อำเภอ", "ศูนย์การศึกษานอกระบบ (กศน.)"):
        AgencyName.objects.create(agency=agency, name=name, short_name="กศน.")

    for typed in ("สกร.", "กศน.", "กศน", "การศึกษานอกระบบ"):
        assert list(Agency.objects.matching(typed)) == [agency]


def test_every_word_must_stand_somewhere(db):
    person = PersonFactory(first_name="สมศรี", last_name="ใจดี", position="ครู")
    PersonFactory(first_name="สมศรี", last_name="มีสุข")

    assert list(Person.objects.matching("ครู สมศรี")) == [person]
    assert list(Person.objects.matching("ใจดี  สมศรี")) == [person]
    assert not Person.objects.matching("สมศรี พัฒนากร").exists()


def test_nothing_typed_keeps_everything(db):
    CircleFactory.create_batch(2)

    for typed in ("", "   ", "\u200b"):
        assert Circle.objects.matching(typed).count() == 2


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'", '"', "ม.", "ม.999", "ต.", "จ"])
def test_odd_words_are_words_like_others(bang_luang, typed):
    for model in (Place, Agency, Person, Circle):
        assert model.objects.matching(typed).count() <= Place.objects.count()


def test_a_wildcard_is_no_wildcard(db):
    CircleFactory(name="วงปุ๋ย")

    assert not Circle.objects.matching("%").exists()
    assert not Circle.objects.matching("ว_ป").exists()


def test_words_past_the_eighth_are_left_out(db):
    person = PersonFactory(first_name="ก")

    assert list(Person.objects.matching("ก " * MOST_WORDS + "ไม่มี")) == [person]


def test_an_unusual_spelling_as_it_is_stored_is_found(db):
    circle = CircleFactory(name="วงหมู่ที่ ๓ ตำบลเก่า")

    assert list(Circle.objects.matching("วงหมู่ที่ ๓")) == [circle]
