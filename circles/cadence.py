"""When a circle that meets every so many days meets next.  Pure functions.

Only public holidays of a fixed date are known: holy days follow the moon, and the
cabinet moves and adds others each year.
"""

from collections.abc import Collection
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

_SONGKRAN = _("Songkran")
HOLIDAYS = {
    (1, 1): _("New Year's Day"),
    (4, 6): _("Chakri Day"),
    (4, 13): _SONGKRAN,
    (4, 14): _SONGKRAN,
    (4, 15): _SONGKRAN,
    (5, 1): _("Labour Day"),
    (5, 4): _("Coronation Day"),
    (6, 3): _("the Queen's birthday"),
    (7, 28): _("the King's birthday"),
    (8, 12): _("Mother's Day"),
    (10, 13): _("King Rama IX Memorial Day"),
    (10, 23): _("Chulalongkorn Day"),
    (12, 5): _("Father's Day"),
    (12, 10): _("Constitution Day"),
    (12, 31): _("New Year's Eve"),
}


def holiday(day: date) -> str:
    """Return the name of the fixed public holiday on *day*, "" if it is none."""
    return str(HOLIDAYS.get((day.month, day.day), ""))


def proposed_days(
    last: date,
    every_days: int,
    *,
    count: int,
    since: date,
    until: date = date.max,
    skips: Collection[date] = (),
) -> list[date]:
    """Return the next *count* days, fewer if *until* comes first, in the rhythm of
    *every_days* that *last* has set: later than *last*, not before *since*, and not
    among *skips*.

    A rhythm that was interrupted keeps its day of the week: it is counted on from
    *last*, not begun anew at *since*.
    """
    steps = max(1, -(-(since - last).days // every_days))
    days: list[date] = []
    while len(days) < count:
        ahead = steps * every_days
        if ahead > (until - last).days:
            break
        day = last + timedelta(days=ahead)
        if day not in skips:
            days.append(day)
        steps += 1
    return days
