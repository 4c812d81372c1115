"""Reading the days and times that people type, and saying in words what is wrong."""

import calendar
import re
from datetime import date, time

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from circles.thai.dates import (
    BE_OFFSET_YEARS,
    MONTHS_EN,
    MONTHS_TH,
    SHORT_MONTHS_EN,
    SHORT_MONTHS_TH,
    SHORT_WEEKDAYS_EN,
    SHORT_WEEKDAYS_TH,
    WEEKDAYS_EN,
    WEEKDAYS_TH,
    be_year,
    month_name,
    thai_date,
    thai_month,
    weekday_name,
)
from circles.thai.text import clean_name, thai_digits_to_arabic

# The longest spelling has some 45 characters.
MAX_TYPED_LENGTH = 100
FIRST_BE_YEAR, LAST_BE_YEAR = 2400, 2700
FIRST_CE_YEAR, LAST_CE_YEAR = 1900, 2200

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_TYPED = re.compile(
    r"(?P<weekday>[^0-9]*)(?P<day>[0-9]{1,2})"
    r"(?: ?(?P<separator>[/.-]) ?(?P<number>[0-9]{1,2}) ?(?P=separator) ?"
    r"|(?P<name>[^0-9]+))"
    r"(?P<year>[0-9]{4}|[0-9]{2})"
)
_TIME = re.compile(
    r"(?:([0-9]{1,2}) ?[.:] ?([0-9]{2})|([0-9]{2})([0-9]{2}))(?: ?น\.?)?"
)


def parse_thai_date(text: str, *, today: date) -> date:
    """Return the day that *text* names: 25/8/48, 25 ส.ค. 2548, ISO 2005-08-25.

    Two-digit years are BE 25yy, longer ones BE; only ISO is CE.  *today* makes the
    examples in the messages.  Raises ValidationError with the code ``unreadable``,
    ``no_such_day``, ``ce_year``, ``be_in_iso``, ``unlikely_year`` or ``wrong_weekday``.
    """
    plain = _plain(text)
    if iso := _ISO.fullmatch(plain):
        year, month, day = map(int, iso.groups())
        return _iso_day(year, month, day)
    typed = _TYPED.fullmatch(plain)
    if not typed:
        raise _unreadable(today)
    month, era = _month_and_era(typed)
    weekday = _WEEKDAYS.get(_letters(typed["weekday"]), _NO_SUCH_NAME)
    if _NO_SUCH_NAME in (month, weekday):
        raise _unreadable(today)
    found = _day(int(typed["day"]), month, _ce_year(typed["year"], era))
    if weekday not in (_NOT_SAID, found.weekday()):
        raise _wrong_weekday(found, weekday)
    return found


def parse_thai_time(text: str) -> time:
    """Return the time that *text* names: "09.00", "9:00", "0900", "13.30 น.".

    Raises ValidationError with the code ``unreadable_time``.
    """
    match = _TIME.fullmatch(_plain(text))
    hour, minute = (int(part) for part in match.groups() if part) if match else (24, 0)
    if hour > 23 or minute > 59:
        message = _("This time cannot be read. Type it like 09.00 or 13.30.")
        raise ValidationError(message, code="unreadable_time")
    return time(hour, minute)


def _plain(text: str) -> str:
    if len(text) > MAX_TYPED_LENGTH:
        return ""
    return thai_digits_to_arabic(clean_name(text)).lower()


def _letters(text: str) -> str:
    return re.sub("[ .,]", "", text).lower()


_NO_SUCH_NAME, _NOT_SAID = -1, -2
_BE, _CE = ("พศ", "be"), ("คศ", "ce", "ad")
_MONTH_NAMES = (MONTHS_TH, SHORT_MONTHS_TH, MONTHS_EN, SHORT_MONTHS_EN)
_MONTHS = {
    _letters(name): at for names in _MONTH_NAMES for at, name in enumerate(names, 1)
}
# As they are spoken: สิงหา for สิงหาคม.
_MONTHS |= {
    re.sub("(คม|ยน|พันธ์)$", "", name): at for at, name in enumerate(MONTHS_TH, 1)
}
_MONTHS |= {"sept": 9}

_BARE_WEEKDAYS = {
    _letters(name): at
    for names in (WEEKDAYS_TH, SHORT_WEEKDAYS_TH, WEEKDAYS_EN, SHORT_WEEKDAYS_EN)
    for at, name in enumerate(names)
} | {"พฤหัส": 3, "": _NOT_SAID}
_WEEKDAYS = {
    f"{before}{name}{after}": at
    for name, at in _BARE_WEEKDAYS.items()
    for before in ("", "วัน")
    for after in ("", "ที่")
}


def _month_and_era(typed: re.Match[str]) -> tuple[int, str]:
    if typed["number"]:
        return int(typed["number"]), ""
    name = _letters(typed["name"].strip(" /-"))
    era = next((era for era in (*_BE, *_CE) if name.endswith(era)), "")
    return _MONTHS.get(name.removesuffix(era), _NO_SUCH_NAME), era


def _ce_year(digits: str, era: str) -> int:
    year = int(digits) + 2500 if len(digits) == 2 else int(digits)
    if FIRST_CE_YEAR <= year <= LAST_CE_YEAR:
        message = _("Year %(ce)s is CE. Type it as BE %(be)s.")
        params = {"ce": year, "be": year + BE_OFFSET_YEARS}
        raise ValidationError(message, code="ce_year", params=params)
    if era in _CE or not FIRST_BE_YEAR <= year <= LAST_BE_YEAR:
        raise _unlikely_year(digits)
    return year - BE_OFFSET_YEARS


def _iso_day(year: int, month: int, day: int) -> date:
    if year >= FIRST_BE_YEAR:
        meant = _day(day, month, year - BE_OFFSET_YEARS)
        message = _(
            "A date that begins with its year is in CE. For BE type %(example)s."
        )
        params = {"example": f"{meant.day}/{meant.month}/{be_year(meant)}"}
        raise ValidationError(message, code="be_in_iso", params=params)
    if not FIRST_CE_YEAR <= year <= LAST_CE_YEAR:
        raise _unlikely_year(str(year))
    return _day(day, month, year)


def _day(day: int, month: int, year: int) -> date:
    if not 1 <= month <= 12:
        message = _("There is no month %(month)s. Type the day first, then the month.")
        raise ValidationError(message, code="no_such_day", params={"month": month})
    day_count = calendar.monthrange(year, month)[1]
    if not 1 <= day <= day_count:
        message = _("%(month)s %(year)s has %(count)s days. There is no day %(day)s.")
        params = {"month": month_name(month), "year": year + BE_OFFSET_YEARS}
        params |= {"count": day_count, "day": day}
        raise ValidationError(message, code="no_such_day", params=params)
    return date(year, month, day)


def _unreadable(today: date) -> ValidationError:
    message = _("This date cannot be read. Type it like %(first)s or %(second)s.")
    first = f"{today.day}/{today.month}/{be_year(today) % 100:02}"
    params = {"first": first, "second": f"{today.day} {thai_month(today)}"}
    return ValidationError(message, code="unreadable", params=params)


def _unlikely_year(year: str) -> ValidationError:
    message = _("Year %(year)s cannot be right. Type a BE year such as 2569.")
    return ValidationError(message, code="unlikely_year", params={"year": year})


def _wrong_weekday(found: date, typed: int) -> ValidationError:
    message = _("%(date)s is a %(weekday)s, not a %(typed)s.")
    params = {"date": thai_date(found), "weekday": weekday_name(found.weekday())}
    params["typed"] = weekday_name(typed)
    return ValidationError(message, code="wrong_weekday", params=params)
