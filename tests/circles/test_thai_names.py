import csv
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import circles
from circles.thai import SORT_KEY_LENGTH, clean_name, initial, sort_key, split_name

IN_ORDER = [
    "123",
    "กนก",
    "กัญญา",
    "กาญจนา",
    "กำธร",
    "กิตติ",
    "เกษม",
    "แก้ว",
    "โกวิท",
    "ไก่",
    "ขวัญ",
    "เขียว",
    "คำ",
    "จันทร์",
    "เจริญ",
    "ชัย",
    "ณรงค์",
    "ดำ",
    "แดง",
    "บุญ",
    "ปาน",
    "ปาน ก",
    "ปาน ข",
    "ป่าน",
    "ป่าน ก",
    "ป้าน",
    "พร",
    "เพ็ญ",
    "ไพศาล",
    "รุ่ง",
    "ฤดี",
    "ลำดวน",
    "สม",
    "สม ทอง",
    "สมชาย",
    "ใส",
    "หญิง",
    "อารี",
    "Anna",
    "somchai",
    "Zoe",
    "Жан",
]
# As ICU's Thai collation orders them (78.2, CLDR 48).
MARKS_IN_ORDER = ["กา", "ก๎า", "ก์า", "ก็า", "ก่า", "ก้า", "ก๊า", "ก๋า"]
VILLAGES_IN_ICU_ORDER = [
    "บ้านกลาง",
    "บ้านเกาะโพธิ์แจ้ง",
    "บ้านคลองลาว",
    "บ้านท่าไร่",
    "บ้านนารีประดิษฐ์",
    "บ้านนาสำโรง",
    "บ้านเนิน",
    "บ้านในฉาง",
    "บ้านบ่อจิก",
    "บ้านบางกระบือ",
    "บ้านบางจาก",
    "บ้านบางพุทรา",
    "บ้านบางสะพาน",
    "บ้านบางหลวง",
    "บ้านบางใหญ่",
    "บ้านปลายอูเสา",
    "บ้านป่ากล้วย",
    "บ้านไร่บน",
    "บ้านสมอชัย",
    "บ้านสามดอน",
    "บ้านหนองนก",
]
PLAIN = set("0123456789abcdef")


@pytest.mark.parametrize("names", [IN_ORDER, MARKS_IN_ORDER, VILLAGES_IN_ICU_ORDER])
def test_names_sort_as_in_a_thai_dictionary(names):
    shuffled = random.Random(2548).sample(names, len(names))  # noqa: S311 -- no secret

    assert sorted(shuffled, key=sort_key) == names


def test_the_villages_in_icu_order_are_all_of_the_shipped_ones():
    path = Path(circles.__file__).parent / "facts" / "villages.csv"
    with path.open(encoding="utf-8") as facts:
        names = {row["name_th"] for row in csv.DictReader(facts)}

    assert names == set(VILLAGES_IN_ICU_ORDER)


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("สม\u200bชาย", "สมชาย"),
        ("เเก้ว", "แก้ว"),
        ("SOMCHAI", "Somchai"),
        ("José", "Jose"),
        ("๑๒", "12"),
        ("สม-ชาย", "สมชาย"),
        ("ใจๆ ฯ", "ใจ "),
    ],
)
def test_what_does_not_matter_for_the_order_is_not_in_the_key(name, same):
    assert sort_key(name).rstrip("0") == sort_key(same).rstrip("0")


def test_no_name_comes_before_every_name():
    assert sort_key("") < min(map(sort_key, IN_ORDER))


@settings(deadline=None)
@given(st.text(max_size=400))
def test_a_key_is_short_and_plain(name):
    key = sort_key(name)

    assert len(key) <= SORT_KEY_LENGTH
    assert set(key) <= PLAIN


@settings(deadline=None)
@given(
    st.text("กขสมาิ่้์", max_size=8),
    st.text("กขสมาิ่้์", max_size=8),
)
def test_in_a_word_letters_matter_before_marks(one, other):
    def letters(name):
        return sort_key(name.translate(dict.fromkeys(map(ord, "่้์"))))

    if letters(one) < letters(other):
        assert sort_key(one) < sort_key(other)


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("เกษตร", "ก"),
        ("ไก่", "ก"),
        ("สมชาย ใจดี", "ส"),
        ("นายก อบต.", "น"),
        ("ครู สกร.ตำบล", "ค"),
        ("น.ส. เพ็ญ", "พ"),
        ("น.ส.เพ็ญ", "พ"),
        ("ดร.แก้ว", "ก"),
        ("พล.ต.อ. โอภาส", "อ"),
        ("ม.3 บ้านบางหลวง", "บ"),
        ("ต.ท่าไร่", "ท"),
        ("อบต.", "อ"),
        ("Somchai", "S"),
        ("somchai", "S"),
        ("Mr. Smith", "S"),
        ("J. Smith", "J"),
        ("ßen", "S"),
        ("7-11", "7"),
        ("🎉", "·"),
        ("  ", "·"),
        ("", "·"),
    ],
)
def test_the_initial_of_a_name(name, letter):
    assert initial(name) == letter


@settings(deadline=None)
@given(st.text(max_size=50))
def test_an_initial_is_one_character(name):
    assert len(initial(name)) == 1


@pytest.mark.parametrize(
    ("typed", "title", "first", "last"),
    [
        ("นาง สมหญิง ใจงาม", "นาง", "สมหญิง", "ใจงาม"),
        ("นางสาวสมหญิง  ใจ งาม", "นางสาว", "สมหญิง", "ใจ งาม"),
        ("น.ส.สมหญิง", "น.ส.", "สมหญิง", ""),
        ("น.ส. สมหญิง ใจงาม", "น.ส.", "สมหญิง", "ใจงาม"),
        ("ด.ช.แดง ดี", "ด.ช.", "แดง", "ดี"),
        ("ด.ญ. แดง", "ด.ญ.", "แดง", ""),
        ("เด็กหญิงแดง", "เด็กหญิง", "แดง", ""),
        ("ดร.แดง ดี", "ดร.", "แดง", "ดี"),
        ("ดร แดง", "ดร", "แดง", ""),
        ("ผศ. ดร. Anna Lee", "ผศ. ดร.", "Anna", "Lee"),
        ("พระสมชาย ธมฺโม", "พระ", "สมชาย", "ธมฺโม"),
        ("พระครูแดง", "พระครู", "แดง", ""),
        ("พ.ต.ท.สมชาย ดี", "พ.ต.ท.", "สมชาย", "ดี"),
        ("ว่าที่ ร.ต.หญิง สม ดี", "ว่าที่ ร.ต.หญิง", "สม", "ดี"),
        ("นายกิตติ ดี", "นาย", "กิตติ", "ดี"),
        ("Mrs. Jane Doe", "Mrs.", "Jane", "Doe"),
        # No title, or none before a name.
        ("สมหญิง ใจงาม", "", "สมหญิง", "ใจงาม"),
        ("ดรุณี ใจดี", "", "ดรุณี", "ใจดี"),
        ("นางาม", "", "นางาม", ""),
        ("นาย", "", "นาย", ""),
        ("พระ", "", "พระ", ""),
        ("นายก อบต. ท่าไร่", "", "นายก", "อบต. ท่าไร่"),
        ("นายอำเภอเมือง", "", "นายอำเภอเมือง", ""),
        ("นายหนังแดง", "", "นายหนังแดง", ""),
        ("น้ายงค์", "", "น้ายงค์", ""),
        ("ส. ใจดี", "", "ส.", "ใจดี"),
        ("Missy Elliot", "", "Missy", "Elliot"),
        (" \u200b", "", "", ""),
    ],
)
def test_a_name_is_taken_apart(typed, title, first, last):
    assert split_name(typed) == (title, first, last)


PARTS = ["นาย", "นางสาว", "น.ส.", "ดร.", "พระ", " ", "ก.", "สม", "ใจ", "\u0e49", "Mr."]


@given(st.lists(st.sampled_from(PARTS), max_size=60).map("".join))
@settings(max_examples=200)
def test_nothing_of_a_name_is_lost(typed):
    name = split_name(typed)

    assert "".join("".join(name).split()) == "".join(clean_name(typed).split())
    assert len(name.title) <= 50
    assert bool(name.first) == bool(clean_name(typed))
