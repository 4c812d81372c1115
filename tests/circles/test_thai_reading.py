from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import example, given, settings
from hypothesis import strategies as st

from circles.thai import (
    MAX_TYPED_LENGTH,
    parse_thai_date,
    thai_date,
    thai_date_full,
    thai_weekday_date,
)
from circles.thai.dates import MONTHS_TH, SHORT_MONTHS_EN, SHORT_MONTHS_TH

TODAY = date(2026, 11, 22)
FIRST, LAST = date(1997, 1, 1), date(2100, 12, 31)
TO_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
days = st.dates(FIRST, LAST)


def read(text):
    return parse_thai_date(text, today=TODAY)


def outcome(text):
    try:
        return read(text)
    except ValidationError as refused:
        return refused


def refusal(text):
    with override("en"):
        with pytest.raises(ValidationError) as refused:
            read(text)
        return refused.value.code, *refused.value.messages


@pytest.mark.parametrize(
    "text",
    [
        "25/8/48",
        "25/8/2548",
        "25/08/2548",
        "25-8-2548",
        "25.8.2548",
        "25. 8. 2548",
        "25 / 8 / 48",
        "25 ส.ค. 48",
        "25 สค 48",
        "25 ส. ค. 48",
        "25ส.ค.48",
        "25 ส.ค. พ.ศ. 2548",
        "25 สิงหา 48",
        "25 สิงหาคม 2548",
        "25 Aug 2548",
        "25 august 2548",
        "25 Aug. BE 2548",
        "25-Aug-48",
        "๒๕ สิงหาคม ๒๕๔๘",
        "๒๕/๘/๔๘",
        "พฤ. 25 ส.ค. 2548",
        "พฤหัส 25/8/48",
        "วันพฤหัสบดีที่ 25 สิงหาคม พ.ศ. 2548",
        "วันที่ 25 สิงหาคม 2548",
        "Thursday, 25 August BE 2548",
        "Thu 25 Aug 2548",
        "  25/8/48\n",
        "25\u00a0ส.ค.\u200b48",
        "2005-08-25",
        "2005-8-25",
    ],
)
def test_a_day_is_read_however_it_is_typed(text):
    assert read(text) == date(2005, 8, 25)


def test_september_has_two_english_abbreviations():
    assert read("1 Sep 48") == read("1 Sept 48") == date(2005, 9, 1)


def test_a_leap_day_of_the_buddhist_era_is_read():
    assert read("29/02/2567") == date(2024, 2, 29)


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_day_is_read_as_it_is_shown(language):
    count = (LAST - FIRST).days + 1
    with override(language):
        for day in (FIRST + timedelta(days=at) for at in range(count)):
            assert read(thai_date(day)) == day


@settings(deadline=None)
@given(day=days, language=st.sampled_from(["th", "en"]))
def test_every_way_of_showing_a_day_can_be_read(day, language):
    with override(language):
        for write in (thai_date, thai_weekday_date, thai_date_full):
            assert read(write(day)) == day


def spellings(day):
    be, month = day.year + 543, day.month
    years = [be] if be >= 2600 else [be, f"{be % 100:02}"]
    for year in years:
        for separator in "/-.":
            yield f"{day.day}{separator}{month}{separator}{year}"
            yield f"{day.day:02}{separator}{month:02}{separator}{year}"
        for name in (SHORT_MONTHS_TH, MONTHS_TH, SHORT_MONTHS_EN):
            yield f"{day.day} {name[month - 1]} {year}"
            yield f"{day.day}{name[month - 1].replace('.', '')}{year}"
    yield day.isoformat()


@settings(deadline=None)
@given(day=days)
def test_every_spelling_of_a_day_is_read(day):
    for text in spellings(day):
        assert read(text) == day, text
        assert read(f" {text.translate(TO_THAI_DIGITS)} ") == day, text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("31/02/2569", "February 2569 has 28 days. There is no day 31."),
        ("31/2/2569", "February 2569 has 28 days. There is no day 31."),
        ("29 ก.พ. 2569", "February 2569 has 28 days. There is no day 29."),
        ("31 เม.ย. 69", "April 2569 has 30 days. There is no day 31."),
        ("0/1/2569", "January 2569 has 31 days. There is no day 0."),
        ("2026-02-30", "February 2569 has 28 days. There is no day 30."),
        ("2569-02-30", "February 2569 has 28 days. There is no day 30."),
        (
            "11/22/2569",
            "There is no month 22. Type the day first, then the month.",
        ),
        ("1/0/69", "There is no month 0. Type the day first, then the month."),
    ],
)
def test_a_day_that_is_not_in_the_calendar_is_named(text, message):
    assert refusal(text) == ("no_such_day", message)


def test_the_month_without_such_a_day_is_named_in_thai():
    with override("th"), pytest.raises(ValidationError) as refused:
        read("31/02/2569")

    assert refused.value.params["month"] == "กุมภาพันธ์"


@pytest.mark.parametrize(
    "text",
    ["22/11/2026", "22 พ.ย. 2026", "22 พ.ย. ค.ศ. 2026", "31/02/2026", "22 Nov CE 2026"],
)
def test_a_ce_year_is_answered_with_the_year_to_type(text):
    message = "Year 2026 is CE. Type it as BE 2569."

    assert refusal(text) == ("ce_year", message)


def test_a_be_year_in_iso_form_is_answered_with_what_to_type():
    message = "A date that begins with its year is in CE. For BE type 22/11/2569."

    assert refusal("2569-11-22") == ("be_in_iso", message)
    assert read("22/11/2569") == TODAY


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1/1/2300", 2300),
        ("1 ม.ค. 9999", 9999),
        ("1/1/1899", 1899),
        ("1/1/2701", 2701),
        ("1 ม.ค. ค.ศ. 2548", 2548),
        ("1 Jan AD 48", 48),
        ("1899-12-31", 1899),
        ("2399-01-01", 2399),
    ],
)
def test_a_year_that_makes_no_sense_is_refused(text, year):
    message = f"Year {year} cannot be right. Type a BE year such as 2569."

    assert refusal(text) == ("unlikely_year", message)


def test_a_weekday_that_contradicts_the_day_is_refused():
    message = "22 Nov BE 2569 is a Sunday, not a Monday."

    assert refusal("จ. 22 พ.ย. 2569") == ("wrong_weekday", message)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "เมื่อวาน",
        "25/8",
        "25/8/548",
        "25/8/02548",
        "25/8-48",
        "-5/8/48",
        "25 สองหา 48",
        "25٣2548",
        "25 พ.ศ. 2548",
        "ๆ 25/8/48",
        "\x0025/8/48",
        "25/8/48 " * MAX_TYPED_LENGTH,
    ],
)
def test_what_cannot_be_read_is_answered_with_two_examples(text):
    message = "This date cannot be read. Type it like 22/11/69 or 22 Nov 69."

    assert refusal(text) == ("unreadable", message)


def test_the_longest_spelling_is_short_enough():
    with override("th"):
        longest = max(
            len(thai_date_full(FIRST + timedelta(days=n))) for n in range(366)
        )

    assert longest < MAX_TYPED_LENGTH / 2


@settings(deadline=None)
@given(st.text() | st.text("0123456789๐๑๒/-. ส.ค.พศวันที่augbe", max_size=30))
@example("99/99/9999")
@example("9999-99-99")
@example("0000-00-00")
def test_any_text_is_read_or_refused_in_words(text):
    found = outcome(text)

    if isinstance(found, ValidationError):
        assert found.code
        assert all(len(message) < 120 for message in found.messages)
    else:
        assert 1857 <= found.year <= 2200
