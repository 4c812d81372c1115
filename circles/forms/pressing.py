"""What the buttons of the log form do to what was typed, without JavaScript."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from circles import thai
from circles.forms.rows import ROWS
from circles.models import Membership
from circles.models.sessions import MAX_PEOPLE

MAX_DIGITS = 9
_MAIN = re.compile(rf"({'|'.join(ROWS)})-([0-9]{{1,3}})-(?:text|name)")


def press(act: str, data: QueryDict, seats: list[Membership]) -> QueryDict:
    """Return *data* as it is after the button *act*; "save" and the like change
    nothing but the totals of rows, which are counted and not believed."""
    today = timezone.localdate()
    _count_rows(data)
    match act:
        case "today" | "yesterday":
            day = today - timedelta(days=act == "yesterday")
            data["held_on"] = thai.thai_date(day)
        case "next-7" | "next-14" | "next-28":
            data["next_on"] = thai.thai_date(_base_day(data, today, act))
        case "next-none":
            data["next_on"] = ""
        case "guest-more" | "guest-less":
            step = 1 if act == "guest-more" else -1
            guests = _number(data.get("guest_count", "")) + step
            data["guest_count"] = str(max(guests, 0))
        case "all-came" | "nobody-came":
            ids = [str(seat.person_id) for seat in seats]
            data.setlist("present", ids if act == "all-came" else [])
        case _ if act.startswith("add-") and act.removeprefix("add-") in ROWS:
            prefix = act.removeprefix("add-")
            total = _number(data.get(f"{prefix}-TOTAL_FORMS", "")) + 1
            data[f"{prefix}-TOTAL_FORMS"] = str(min(total, ROWS[prefix].max_num))
    return data


def _count_rows(data: QueryDict) -> None:
    """Set the totals: a wrong one would drop what somebody wrote."""
    last = dict.fromkeys(ROWS, 0)
    for found in filter(None, map(_MAIN.fullmatch, data)):
        last[found[1]] = max(last[found[1]], int(found[2]))
    for prefix, number in last.items():
        data[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
        data[f"{prefix}-INITIAL_FORMS"] = "0"


def _base_day(data: QueryDict, today: date, act: str) -> date:
    """Return the day so many days after the session, or after today if unreadable."""
    try:
        base = thai.parse_thai_date(data.get("held_on", ""), today=today)
    except ValidationError:
        base = today
    return base + timedelta(days=int(act.removeprefix("next-")))


def _number(text: str) -> int:
    digits = thai.thai_digits_to_arabic(text).strip()
    # Python refuses to read thousands of digits; nobody means so many.
    is_number = digits.isdecimal() and len(digits) <= MAX_DIGITS
    return min(int(digits), MAX_PEOPLE) if is_number else 0
