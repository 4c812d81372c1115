import pytest
from hypothesis import given
from hypothesis import strategies as st

from circles.thai import clean_phone, show_phone


@pytest.mark.parametrize(
    "typed",
    [
        "0812345678",
        "081-234-5678",
        "081 234 5678",
        " 081.234.5678 ",
        "(081) 2345678",
        "+66812345678",
        "+66 81-234-5678",
        "+66 (0) 81 234 5678",
        "0066812345678",
        "66812345678",
        "๐๘๑-๒๓๔-๕๖๗๘",
        "081\u200b2345678",
        "081–234–5678",
    ],
)
def test_one_mobile_number_however_it_is_written(typed):
    assert clean_phone(typed) == "0812345678"


@pytest.mark.parametrize(
    ("typed", "digits", "shown"),
    [
        ("0612345678", "0612345678", "061-234-5678"),
        ("+66 98 765 4321", "0987654321", "098-765-4321"),
        ("075-356 531", "075356531", "075-356-531"),
        ("+6675356531", "075356531", "075-356-531"),
        ("02 123 4567", "021234567", "02-123-4567"),
    ],
)
def test_a_number_is_stored_as_digits_and_shown_in_groups(typed, digits, shown):
    assert clean_phone(typed) == digits
    assert show_phone(digits) == shown


@pytest.mark.parametrize(
    "typed",
    [
        *("", "amnuay", "081234567", "08123456789", "0112345678", "0012345678"),
        *("+1 212 555 0100", "+66", "0812345678 ต่อ 12", "amnuay@example.org"),
        *("0812345678\x00", "081234567a", "-", "0" * 10_000, "+" * 50),
    ],
)
def test_what_is_no_thai_number(typed):
    assert clean_phone(typed) is None


def test_what_is_no_number_is_shown_as_it_is():
    assert show_phone("ในไลน์") == "ในไลน์"


@given(st.text(max_size=60))
def test_nothing_that_is_typed_makes_an_error(typed):
    digits = clean_phone(typed)

    assert digits is None or clean_phone(show_phone(digits)) == digits
