"""Thai dates, times, texts and names: pure functions, below everything else."""

from circles.thai.dates import (
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
from circles.thai.names import SORT_KEY_LENGTH, Name, initial, sort_key, split_name
from circles.thai.phones import clean_phone, show_phone
from circles.thai.reading import MAX_TYPED_LENGTH, parse_thai_date, parse_thai_time
from circles.thai.romanising import romanised
from circles.thai.text import clean_name, clean_text, search_text, thai_digits_to_arabic

__all__ = [
    "MAX_TYPED_LENGTH",
    "SORT_KEY_LENGTH",
    "Name",
    "clean_name",
    "clean_phone",
    "clean_text",
    "fiscal_year",
    "fiscal_year_range",
    "initial",
    "local_day",
    "parse_thai_date",
    "parse_thai_time",
    "romanised",
    "search_text",
    "show_phone",
    "sort_key",
    "split_name",
    "thai_date",
    "thai_date_full",
    "thai_datetime",
    "thai_digits_to_arabic",
    "thai_month",
    "thai_time",
    "thai_weekday_date",
]
