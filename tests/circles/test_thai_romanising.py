"""Thai names in Latin letters, roughly."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circles.thai import romanised


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("สมหญิง ใจงาม", "somying chaingam"),
        ("สมชาย", "somchai"),
        ("ประยงค์", "prayong"),
        ("สมศักดิ์", "somsak"),
        ("จันทร์", "chan"),
        ("แก้ว", "kaeo"),
        ("โกวิท", "kowit"),
        ("กนก", "kanok"),
        ("พรรณี", "phanni"),
        ("ธรรมรักษ์", "thamrak"),
        ("บุญเรือง", "bunrueang"),
        ("เสาวนีย์", "saowani"),
        ("ลำดวน", "lamduan"),
        ("ศิริพร", "siriphon"),
        ("กล้วย", "kluai"),
        ("Anna-Lee", "annalee"),
        ("", ""),
    ],
)
def test_a_name_is_written_as_it_sounds(name, latin):
    assert romanised(name) == latin


THAI = "".join(chr(one) for one in range(0x0E00, 0x0E60))


@given(st.text(alphabet=THAI + " aZ1\x00<é", max_size=80))
def test_nothing_but_small_latin_letters_digits_and_blanks_comes_out(text):
    assert re.fullmatch("[a-z0-9 ]*", romanised(text))
