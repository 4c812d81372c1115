from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils.translation import deactivate_all, override

from circles.thai import (
    fiscal_year,
    fiscal_year_range,
    local_day,
    thai_date,
    thai_date_full,
    thai_datetime,
    thai_month,
    thai_time,
    thai_weekday_date,
)

SUNDAY = date(2026, 11, 22)
# 01.00 of the next day in Bangkok
EVENING_IN_LONDON = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("write", "thai", "english"),
    [
        (thai_date, "22 พ.ย. 2569", "22 Nov BE 2569"),
        (
            thai_date_full,
            "วันอาทิตย์ที่ 22 พฤศจิกายน พ.ศ. 2569",
            "Sunday 22 November BE 2569",
        ),
        (thai_weekday_date, "อา. 22 พ.ย. 2569", "Sun 22 Nov BE 2569"),
        (thai_month, "พ.ย. 69", "Nov 69"),
    ],
)
@pytest.mark.parametrize("day", [SUNDAY, EVENING_IN_LONDON, datetime(2026, 11, 22)])  # noqa: DTZ001 -- a naive one is the point
def test_a_day_is_written_in_both_languages(write, thai, english, day):
    with override("th"):
        assert write(day) == thai
    with override("en"):
        assert write(day) == english


def test_without_a_language_days_are_thai():
    with override("en"):
        deactivate_all()

        assert thai_date(date(2005, 8, 25)) == "25 ส.ค. 2548"


def test_the_first_years_of_a_century_have_two_digits():
    with override("th"):
        assert thai_month(date(2058, 1, 1)) == "ม.ค. 01"


def test_a_time_is_written_in_both_languages():
    with override("th"):
        assert thai_time(time(9)) == "09.00 น."
        assert thai_time(EVENING_IN_LONDON) == "01.00 น."
        assert thai_datetime(EVENING_IN_LONDON) == "22 พ.ย. 2569 01.00 น."
    with override("en"):
        assert thai_time(time(13, 30)) == "13.30"
        assert thai_datetime(EVENING_IN_LONDON) == "22 Nov BE 2569 01.00"


def test_a_moment_is_its_day_in_bangkok():
    assert local_day(EVENING_IN_LONDON) == SUNDAY
    assert local_day(SUNDAY) is SUNDAY


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2005, 9, 30), 2548),
        (date(2005, 10, 1), 2549),
        (date(2005, 10, 10), 2549),
        (date(2006, 9, 30), 2549),
        (datetime(2005, 9, 30, 18, 0, tzinfo=UTC), 2549),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_it_ends_in(day, year):
    assert fiscal_year(day) == year


@pytest.mark.parametrize("year", range(2540, 2644))
def test_a_fiscal_year_holds_exactly_its_days(year):
    first, last = fiscal_year_range(year)

    assert (first.month, first.day, last.month, last.day) == (10, 1, 9, 30)
    assert fiscal_year(first) == fiscal_year(last) == year
    assert fiscal_year(first - timedelta(days=1)) == year - 1
    assert fiscal_year(last + timedelta(days=1)) == year + 1
