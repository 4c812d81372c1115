"""What the pages about places tell: lists with figures, and all about one place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from django.db.models import OuterRef, Q, QuerySet, Value
from django.utils import timezone

from circles import thai
from circles.models import (
    Agency,
    Area,
    Circle,
    CircleOpening,
    LearningSession,
    Person,
    Place,
    User,
)
from circles.models.counting import count_per
from circles.models.places import PlaceQuerySet
from circles.permissions import CODE_LENGTHS, TAMBON_CODE_LENGTH, Permission
from circles.reports.openings import with_closed_on

MOST_SHOWN = 30  # circles or agencies of one place; the rest has lists of its own


def with_figures(places: PlaceQuerySet) -> PlaceQuerySet:
    """Annotate ``circle_count``, the circles open today in the place and below it,
    and ``below_count``, the open places directly in it."""
    today = timezone.localdate()
    openings = CircleOpening.objects.covering(today).filter(
        circle__place__code__startswith=OuterRef("code")
    )
    below = Place.objects.open().filter(parent=OuterRef("pk"))
    # Grouped by a constant: all circles of a place together, each once.
    together = openings.annotate(together=Value(1))
    return places.annotate(
        circle_count=count_per("together", together, "circle"),
        below_count=count_per("parent", below),
    )


def places_below(place: Place) -> QuerySet[Place]:
    """Return the places directly in *place* with their figures, archived ones last."""
    return with_figures(place.children.all()).order_by("closed_on", "code")


@dataclass(frozen=True)
class Circles:
    """The circles of a place that its reader may see, open ones and others apart."""

    open: list[Circle]
    closed: list[Circle]  # each with ``closed_on`` and ``opens_on``
    has_more: bool


def circles_in(place: Place, user: User) -> Circles:
    """Return the circles of *place*; of a tambon those of its villages too, of an
    amphoe or the province only its own.  Two queries."""
    seen = Circle.objects.allowed(user, Permission.VIEW_CIRCLE)
    here = seen.filter(_near("place", place)).select_related("place__parent")
    found = here.open().in_order()
    past = with_closed_on(here.closed()).in_order()
    shown = [list(rows[: MOST_SHOWN + 1]) for rows in (found, past)]
    has_more = any(len(rows) > MOST_SHOWN for rows in shown)
    return Circles(shown[0][:MOST_SHOWN], shown[1][:MOST_SHOWN], has_more)


def _near(path: str, place: Place) -> Q:
    """Return the filter for rows of *place*, with what lies below a tambon."""
    if len(place.code) < TAMBON_CODE_LENGTH:
        return Q((path, place))
    return Q((f"{path}__code__startswith", place.code))


@dataclass(frozen=True)
class LocalGovernment:
    """One อปท. and what of a place it looks after."""

    agency: Agency
    areas: list[Area]


def local_governments(place: Place) -> list[LocalGovernment]:
    """Return the local governments whose areas lie in *place*, or contain it.  One
    query; of an amphoe or the province none: those would be a list of their own."""
    if len(place.code) < TAMBON_CODE_LENGTH:
        return []
    around = {place.code[:length] for length in CODE_LENGTHS}
    areas = Area.objects.filter(
        Q(place__code__startswith=place.code) | Q(place__code__in=around),
        agency__in=Agency.objects.open(),
    )
    rows = areas.select_related("agency", "place").order_by(
        "agency__name", "agency", "place__code"
    )
    return [
        LocalGovernment(agency, list(group))
        for agency, group in groupby(rows, key=lambda one: one.agency)
    ]


def agencies_at(place: Place) -> list[Agency]:
    """Return the agencies with their seat in *place*, at most 30."""
    found = Agency.objects.open().filter(_near("place", place))
    return list(found.order_by("name", "pk")[:MOST_SHOWN])


@dataclass(frozen=True)
class Kept:
    """What stays, readable, when a place is archived."""

    circles: int
    sessions: int


def kept_of(place: Place) -> Kept:
    """Return how much there is in *place* and below it.  Two queries."""
    circles = Circle.objects.filter(place__code__startswith=place.code)
    sessions = LearningSession.objects.counted().filter(circle__in=circles)
    return Kept(circles.count(), sessions.count())


@dataclass(frozen=True)
class Move:
    """What would happen if a place got a code in another parent."""

    code: str
    parent: Place
    label: str  # its own, under the new code
    places: int  # below it
    circles: int
    people: int  # who live there
    numbered: list[Circle]


def move_of(place: Place, code: str) -> Move | None:
    """Return what goes along if *place* gets *code*; None where its parent is not
    known.  Five queries, nothing is changed."""
    parents = Place.objects.select_related("parent__parent")
    parent = parents.filter(code=code[:-2]).first()
    if parent is None:
        return None
    after = Place(level=place.level, code=code, name_th=place.name_th)
    after.name_en = place.name_en
    below = Place.objects.filter(code__startswith=place.code).exclude(pk=place.pk)
    return Move(
        code=code,
        parent=parent,
        label=after.label,
        places=below.count(),
        circles=Circle.objects.filter(place__code__startswith=place.code).count(),
        people=Person.objects.known()
        .filter(village__code__startswith=place.code)
        .count(),
        numbered=numbered_circles(place) if after.moo != place.moo else [],
    )


def numbered_circles(village: Place) -> list[Circle]:
    """Return the circles of *village* whose names carry its number: "วงปุ๋ย ม.3"."""
    if village.moo is None:
        return []
    number = re.compile(rf"(?:^|\s)ม\.{village.moo}(?!\d)")
    here = Circle.objects.filter(place=village).select_related("place__parent")
    return [one for one in here if number.search(thai.search_text(one.name))]
