"""Template filters for Thai dates, times and names.  Nothing in, nothing out."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from circles import thai
from circles.thai.dates import (
    SHORT_MONTHS_EN,
    SHORT_MONTHS_TH,
    SHORT_WEEKDAYS_EN,
    SHORT_WEEKDAYS_TH,
)

register = template.Library()

# The longest text without a date or place in it that is taken for a name.
MAX_NAME_LENGTH = 30


def _or_empty(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @wraps(function)
    def wrapped(value: Any) -> Any:
        return "" if value is None or value == "" else function(value)

    return wrapped


for _function in (
    thai.thai_date,
    thai.thai_date_full,
    thai.thai_weekday_date,
    thai.thai_month,
    thai.thai_time,
    thai.thai_datetime,
    thai.fiscal_year,
):
    register.filter(_function.__name__, _or_empty(_function))


@register.filter
def initial(name: str | None) -> str:
    """Return the letter for the face of *name*; "·" for an empty one."""
    return "" if name is None else thai.initial(name)


_MONTHS = "|".join(map(re.escape, SHORT_MONTHS_TH + SHORT_MONTHS_EN))
_WEEKDAYS = "|".join(map(re.escape, SHORT_WEEKDAYS_TH + SHORT_WEEKDAYS_EN))
_TIME = r"[0-9]{2}\.[0-9]{2}(?: น\.)?"
_UNBROKEN = re.compile(
    rf"((?:(?<!\S)(?:{_WEEKDAYS}) |(?<![0-9]))[0-9]{{1,2}} (?:{_MONTHS}) "
    rf"[0-9]{{2,4}}(?: {_TIME})?(?![0-9])"
    rf"|(?<![0-9.]){_TIME}(?![0-9])"
    r"|(?<![^\s(])ม\.[0-9]+(?: บ้าน\S{1,20}(?!\S))?"
    r"|(?<![^\s(])[ตอจ]\.[^\s)]{1,24}(?![^\s)]))"
)


@register.filter
def nowrap(text: str | None) -> str:
    """Return *text* as safe HTML in which dates, times, places and names do not break.

    "วงคุณอำนวย ต.ท่าไร่" keeps "ต.ท่าไร่" together; a short text with neither date nor
    place is taken for a name and kept together whole.  What is safe HTML already comes
    back untouched.
    """
    if text is None or isinstance(text, SafeString):
        return text or ""
    text = str(text)
    pieces = _UNBROKEN.split(text)
    if len(pieces) == 1 and 0 < len(text) <= MAX_NAME_LENGTH:
        return _span(text)
    shown = (_span(piece) if at % 2 else piece for at, piece in enumerate(pieces))
    return format_html_join("", "{}", ((piece,) for piece in shown))


def _span(text: str) -> SafeString:
    return format_html('<span class="nowrap">{}</span>', text)
