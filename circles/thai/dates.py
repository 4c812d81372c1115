"""Writing days and times: Buddhist Era years, Thai or English month names.

The names are our own tables, so that what is printed never changes with Django's
catalogue.  Where a day is wanted, an aware datetime stands for its day in Bangkok.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import get_language

BE_OFFSET_YEARS = 543
FISCAL_YEAR_FIRST_MONTH = 10

MONTHS_TH = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
SHORT_MONTHS_TH = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SHORT_MONTHS_EN = tuple(name[:3] for name in MONTHS_EN)
# Monday first, like date.weekday().
WEEKDAYS_TH = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
SHORT_WEEKDAYS_TH = ("จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส.", "อา.")
WEEKDAYS_EN = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
SHORT_WEEKDAYS_EN = tuple(name[:3] for name in WEEKDAYS_EN)


def thai_date(day: date) -> str:
    """Return "25 ส.ค. 2548" (English: "25 Aug BE 2548": 2548 alone reads as CE)."""
    day = local_day(day)
    if _english():
        return f"{day.day} {SHORT_MONTHS_EN[day.month - 1]} BE {be_year(day)}"
    return f"{day.day} {SHORT_MONTHS_TH[day.month - 1]} {be_year(day)}"


def thai_date_full(day: date) -> str:
    """Return "วันอาทิตย์ที่ 22 พฤศจิกายน พ.ศ. 2569" ("Sunday 22 November BE 2569")."""
    day = local_day(day)
    weekday, month = weekday_name(day.weekday()), month_name(day.month)
    if _english():
        return f"{weekday} {day.day} {month} BE {be_year(day)}"
    return f"วัน{weekday}ที่ {day.day} {month} พ.ศ. {be_year(day)}"


def thai_weekday_date(day: date) -> str:
    """Return "อา. 22 พ.ย. 2569" (English: "Sun 22 Nov BE 2569")."""
    day = local_day(day)
    names = SHORT_WEEKDAYS_EN if _english() else SHORT_WEEKDAYS_TH
    return f"{names[day.weekday()]} {thai_date(day)}"


def thai_month(day: date) -> str:
    """Return the month of *day* with a two-digit year: "พ.ย. 69" ("Nov 69")."""
    day = local_day(day)
    names = SHORT_MONTHS_EN if _english() else SHORT_MONTHS_TH
    return f"{names[day.month - 1]} {be_year(day) % 100:02}"


def thai_time(moment: time | datetime) -> str:
    """Return "09.00 น." (English: "09.00"); an aware datetime's time in Bangkok."""
    if isinstance(moment, datetime):
        moment = _local(moment).time()
    return f"{moment:%H.%M}" if _english() else f"{moment:%H.%M} น."


def thai_datetime(moment: datetime) -> str:
    """Return "22 พ.ย. 2569 14.30 น." (English: "22 Nov 2569 14.30")."""
    return f"{thai_date(moment)} {thai_time(moment)}"


def fiscal_year(day: date) -> int:
    """Return the BE year in which *day*'s fiscal year ends: 10 Oct 2548 is in 2549."""
    day = local_day(day)
    return be_year(day) + (day.month >= FISCAL_YEAR_FIRST_MONTH)


def fiscal_year_range(year: int) -> tuple[date, date]:
    """Return the first and last day of the BE fiscal *year*: 1 Oct and 30 Sep."""
    ends_in = year - BE_OFFSET_YEARS
    first = date(ends_in - 1, FISCAL_YEAR_FIRST_MONTH, 1)
    return first, date(ends_in, FISCAL_YEAR_FIRST_MONTH, 1) - timedelta(days=1)


def local_day(day: date) -> date:
    """Return *day* itself, or the day in Bangkok when *day* is a moment."""
    return _local(day).date() if isinstance(day, datetime) else day


def be_year(day: date) -> int:
    """Return the Buddhist Era year of *day*: 2005 is 2548."""
    return day.year + BE_OFFSET_YEARS


def month_name(month: int) -> str:
    """Return the full name of *month* (1 to 12) in the active language."""
    return (MONTHS_EN if _english() else MONTHS_TH)[month - 1]


def weekday_name(weekday: int) -> str:
    """Return the full name of *weekday* (Monday is 0) in the active language."""
    return (WEEKDAYS_EN if _english() else WEEKDAYS_TH)[weekday]


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _english() -> bool:
    return (get_language() or "").startswith("en")
