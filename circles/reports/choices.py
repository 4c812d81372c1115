"""What an administrator may choose in a form, found by typing: never a page of
options, and never what lies outside the own reach."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from circles import thai
from circles.models import Agency, Circle, Person, Place, User
from circles.permissions import Permission, successors_under
from circles.reports.nearness import nearest_first

MOST_SHOWN = 8
LOCAL = (Place.Level.VILLAGE, Place.Level.COMMUNITY)


@dataclass(frozen=True)
class Choice:
    """One thing that can be chosen: its number, and how it is told apart."""

    pk: int
    label: str
    note: str = ""


def _places(user: User) -> QuerySet:
    return Place.objects.open().select_related("parent__parent")


def _villages(user: User) -> QuerySet:
    return _places(user).filter(level__in=LOCAL)


def _tambons(user: User) -> QuerySet:
    return _places(user).filter(level=Place.Level.TAMBON)


def _other_tambons(user: User) -> QuerySet:
    """Tambons that are neither targets nor preparing."""
    return _tambons(user).filter(stage=Place.Stage.NONE)


def _parents(user: User) -> QuerySet:
    """Places in which a new one may lie."""
    own = Place.objects.allowed(user, Permission.MANAGE_PLACE).open()
    return own.exclude(level__in=LOCAL).select_related("parent__parent")


def _own_places(user: User) -> QuerySet:
    own = Place.objects.allowed(user, Permission.MANAGE_CIRCLE).open()
    return own.select_related("parent__parent")


def _people(user: User) -> QuerySet:
    people = Person.objects.allowed(user, Permission.MANAGE_PERSON).known()
    return people.select_related("agency", "village__parent")


def _successors(user: User) -> QuerySet:
    people = Person.objects.filter(successors_under(user)).known()
    return people.select_related("agency", "village__parent")


def _agencies(user: User) -> QuerySet:
    return Agency.objects.open().select_related("place__parent__parent")


def _circles(user: User) -> QuerySet:
    circles = Circle.objects.allowed(user, Permission.MANAGE_CIRCLE)
    return circles.select_related("place__parent")


# What a form calls "kind".  Places and agencies may be read by everybody; people and
# circles only within reach.
KINDS: dict[str, Callable[[User], QuerySet]] = {
    "places": _places,
    "villages": _villages,
    "tambons": _tambons,
    "other-tambons": _other_tambons,
    "parents": _parents,
    "own-places": _own_places,
    "people": _people,
    "successors": _successors,
    "agencies": _agencies,
    "circles": _circles,
}


def choices(kind: str, user: User) -> QuerySet:
    """Return everything of that *kind* that *user* may choose.  Raises KeyError."""
    return KINDS[kind](user)


def found(
    kind: str, user: User, typed: str, exclude: Collection[int] = ()
) -> tuple[list[Choice], bool]:
    """Return at most eight choices that *typed* may mean, the likeliest first, and
    whether there are more; none of the rows numbered in *exclude*.

    One query.  Nothing typed finds nothing.
    """
    if not thai.search_text(typed):  # a zero-width space is nothing, too
        return [], False
    rows: Any = choices(kind, user)
    fitting = rows.matching(typed).exclude(pk__in=exclude)
    several = list(nearest_first(fitting, typed)[: MOST_SHOWN + 1])
    return [choice(row) for row in several[:MOST_SHOWN]], len(several) > MOST_SHOWN


def choice(row: Any) -> Choice:
    """Return how *row* is shown; reads what ``choices()`` has fetched with it."""
    match row:
        case Place():
            return Choice(row.pk, row.whole_label, row.code)
        case Person():
            home = row.village.full_label if row.village else ""
            work = row.position or (str(row.agency) if row.agency else "")
            name = row.full_name
            if row.called_as and row.called_as not in name:
                name = f"{name} ({row.called_as})"
            return Choice(row.pk, name, " · ".join(filter(None, [work, home])))
        case Agency():
            where = row.place.whole_label if row.place else ""
            short = row.short_name if row.short_name != row.name else ""
            return Choice(row.pk, row.name, " · ".join(filter(None, [short, where])))
        case _:
            return Choice(row.pk, row.name, row.where)
