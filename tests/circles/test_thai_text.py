import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from circles.thai import clean_name, clean_text, search_text, thai_digits_to_arabic

FARMER = "\U0001f468\u200d\U0001f33e"
FAMILY = "\U0001f469\U0001f3fd\u200d\u2764\ufe0f\u200d\U0001f468"
THAI = [chr(code) for code in range(0x0E01, 0x0E5C) if chr(code).isprintable()]
INVISIBLE = (
    "\u200b\u200c\u200d\u2060\ufeff\u061c\u200e\u200f\u202a\u202e\u2066\u2069"
    "\u00ad\u034f\u17b4\u180e\u2063\u206f\ufffb"
)
LOOKS_BLANK = "\u115f\u1160\u2800\u3164\uffa0"

# Thai without the two halves of sara am, and pictures.
visible = st.lists(
    st.sampled_from([c for c in THAI if c != "\u0e4d"])
    | st.sampled_from([*"🎉🌾👍🏽", "❤️", FARMER, FAMILY, *"aZ0 é"])
).map("".join)
awkward = st.text(
    st.sampled_from(
        [
            *THAI,
            *INVISIBLE,
            *LOOKS_BLANK,
            *"\u0301\u0323\r\n\t \u00a0eกเมหตอจ.03🌾\ufe0f",
        ]
    )
)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("น\u0e4d\u0e32", "นำ"),
        ("น\u0e49\u0e4d\u0e32", "น้ำ"),
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),
        ("cafe\u0301", "café"),
        ("e\u200b\u0301", "é"),
        ("บาง\u200bจาก\ufeff", "บางจาก"),
        ("\u202eบางจาก\u200f", "บางจาก"),
        ("ก\u200dข", "กข"),
        (FARMER, FARMER),
        (FAMILY, FAMILY),
        (f"{FARMER}\u200d", FARMER),
        ("ก  \r\nข\t\rค", "ก\nข\nค"),
        ("ก\n\n\nข", "ก\n\n\nข"),
        ("  ก ข", "  ก ข"),
        ("", ""),
    ],
)
def test_text_is_cleaned(text, clean):
    assert clean_text(text) == clean


@settings(deadline=None)
@given(visible.filter(lambda text: text == text.rstrip()))
def test_what_can_be_seen_is_kept(text):
    assert clean_text(text) == unicodedata.normalize("NFC", text)


@settings(deadline=None)
@given(st.text() | awkward)
@example("\u0e4d\u0301\u0e4d\u0e48\u0e32")
@example("👨\u200d\u200b\u200d🌾")
def test_cleaning_twice_changes_nothing_more(text):
    for clean in (clean_text, clean_name, search_text):
        once = clean(text)
        assert clean(once) == once
        assert unicodedata.is_normalized("NFC", once)
        assert not set(once) & (set(INVISIBLE + LOOKS_BLANK) - {"\u200d"})


@pytest.mark.parametrize(
    "text",
    [
        *INVISIBLE,
        *LOOKS_BLANK,
        *"\x00\x1f\x85\u00a0\u2009\u2028\u3000\ufe0f\U000e0101\U000e0041",
    ],
)
def test_of_what_nobody_sees_nothing_is_left(text):
    for many in (text, f" {text}{text}\n", f"{INVISIBLE}{text}{LOOKS_BLANK}"):
        assert clean_text(many) == clean_name(many) == ""
    assert clean_name(f"สม{text}ชาย{text}") != ""


def test_what_is_not_seen_inside_a_name_goes_too():
    assert clean_name("สม\u00adชาย\u180e") == "สมชาย"
    assert clean_name("สมชาย\u3164ใจดี") == "สมชาย ใจดี"


def test_a_very_long_line_of_blanks_is_cleaned_at_once():
    assert clean_text(" " * 1_000_000 + "ก") == " " * 1_000_000 + "ก"


def test_a_name_is_one_line():
    assert clean_name("  สมชาย \r\n\u00a0 ใจดี ") == "สมชาย ใจดี"


def test_thai_digits_become_arabic():
    assert thai_digits_to_arabic("๐๑๒๓๔๕๖๗๘๙ ก9") == "0123456789 ก9"


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        ("ม.3", "หมู่ที่ 3"),
        ("ม. 3", "หมู่ 3"),
        ("ม3", "หมู่3"),
        ("หมู่ ที่ ๓", "ม.๓"),
        ("ม.๑๑", "ม.11"),
        ("ต.ท่าไร่", "ตำบลท่าไร่"),
        ("ต. ท่าไร่", "ตำบล ท่าไร่"),
        ("อ.เมือง", "อำเภอเมือง"),
        ("จ. นครศรีฯ", "จังหวัดนครศรีธรรมราช"),
        ("เมืองคอน", "นครศรีธรรมราช"),
        ("นครศรี ฯ", "เมืองคอน"),
        ("นครศรีฯ", "นครศรีธรรมราช"),
        ("๒๕๔๘", "2548"),
        ("THA RAI", "Tha  Rai"),
        ("น\u0e49\u0e4d\u0e32", "น้ำ"),
        ("เเก้ว", "แก้ว"),
        ("บาง\u200bจาก", "บางจาก"),
    ],
)
def test_what_is_asked_and_what_is_stored_become_the_same(asked, stored):
    assert search_text(asked) == search_text(stored)


@pytest.mark.parametrize(
    "asked",
    [
        "ม.3 บ้านบางหลวง",
        "หมู่ที่ ๓ ตำบลท่าไร่",
        "หมู่3บ้านบางหลวง",
        "บางหลวง ท่าไร่",
        "ปุ๋ยหมัก",
        "อำเภอเมือง เมืองคอน",
    ],
)
def test_every_word_asked_for_is_found_in_a_place(asked):
    stored = search_text("วงปุ๋ยหมักชีวภาพหมู่ที่ 3 บ้านบางหลวง ต.ท่าไร่ อ.เมืองนครศรีธรรมราช")

    assert all(word in stored for word in search_text(asked).split())


def test_the_unified_forms_are_the_short_ones():
    assert search_text("หมู่ที่ ๓ ตำบลท่าไร่ อำเภอเมือง จังหวัดนครศรีฯ") == (
        "ม.3 ต.ท่าไร่ อ.เมือง จ.นครศรีธรรมราช"
    )


@pytest.mark.parametrize("text", ["ผม 3 คน", "หมู่บ้าน", "หมู่เพื่อน 3 คน", "อบต.ท่าไร่"])
def test_what_only_looks_like_a_place_is_left_alone(text):
    assert search_text(text) == text
