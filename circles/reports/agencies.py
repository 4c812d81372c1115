"""What the pages about agencies and about the years of villages show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from circles import thai
from circles.models import Agency, Area, Person, Place, PlaceYear, User
from circles.models.agencies import AgencyQuerySet
from circles.models.counting import count_per
from circles.models.places import PlaceQuerySet
from circles.permissions import (
    Permission,
    codes_of,
    is_of_the_province,
    places_under,
)

NOTHING = Q(pk__in=())


def with_counts(agencies: AgencyQuerySet) -> AgencyQuerySet:
    """Annotate ``people_count`` (no doubles) and ``area_count``."""
    people = Person.objects.known().filter(agency=OuterRef("pk"))
    areas = Area.objects.filter(agency=OuterRef("pk"))
    return agencies.annotate(
        people_count=count_per("agency", people),
        area_count=count_per("agency", areas),
    )


def lies_within(agency: Agency, codes: list[str]) -> bool:
    """Return whether an administrator of the places with *codes* looks after *agency*,
    as ``allowed()`` would, without asking."""
    if agency.place is None:
        return any(is_of_the_province(code) for code in codes)
    return agency.place.code.startswith(tuple(codes)) if codes else False


@dataclass
class Tambon:
    """A tambon and what lies in it, in the order of the codes."""

    place: Place | None
    rows: list[Any] = field(default_factory=list)


def by_tambon(rows: Iterable[Any]) -> list[Tambon]:
    """Group *rows* (areas, years; in the order of their places' codes) by tambon.

    Reads the place's parent.
    """
    found = groupby(rows, key=lambda row: row.place.parent)
    return [Tambon(parent, list(some)) for parent, some in found]


def areas_of(agency: Agency) -> list[Area]:
    """Return the villages of *agency* with tambon and amphoe, in order."""
    areas = Area.objects.filter(agency=agency)
    return list(areas.select_related("place__parent__parent").order_by("place__code"))


def led_by(agency: Agency) -> list[PlaceYear]:
    """Return the villages that *agency* leads in this fiscal year."""
    year = thai.fiscal_year(timezone.localdate())
    rows = PlaceYear.objects.filter(lead_agency=agency, fiscal_year=year)
    return list(rows.select_related("place__parent").order_by("place__code"))


def amphoes_of(agency: Agency, areas: list[Area]) -> list[str]:
    """Return the amphoes over which *agency* is spread, seat and villages; more than
    one is unusual.  Reads the seat."""
    places = [area.place for area in areas]
    if agency.place is not None:
        places.append(agency.place)
    found: dict[str, str] = {}
    for place in places:
        # The level first: an amphoe's own parent was not fetched.
        while place.level != Place.Level.AMPHOE and place.parent is not None:
            place = place.parent
        if place.level == Place.Level.AMPHOE:
            found[place.code] = place.label
    return [found[code] for code in sorted(found)]


@dataclass(frozen=True)
class Sizes:
    """How many places a filter finds, how many of them somebody may write, and to how
    many of those the year before has something to add."""

    all: int
    editable: int
    copyable: int


def sizes(places: PlaceQuerySet, year: int, user: User) -> Sizes:
    """Count what the list of *year* says; one query."""
    mine = places_under(user, Permission.MANAGE_PLACE)
    counted = places.order_by().aggregate(
        all=Count("pk"),
        editable=Count("pk", filter=mine),
        copyable=Count("pk", filter=mine & copyable(year)),
    )
    return Sizes(**counted)


def copyable(year: int) -> Q:
    """Return the filter for places whose year before has a cohort or a lead agency
    that is still empty in *year*."""
    rows = PlaceYear.objects.order_by()
    found = NOTHING
    for name in ("cohort", "lead_agency"):
        has = Q((f"{name}__isnull", False))
        last = rows.filter(has, fiscal_year=year - 1).values("place")
        now = rows.filter(has, fiscal_year=year).values("place")
        found |= Q(pk__in=last) & ~Q(pk__in=now)
    return found


def with_years(places: PlaceQuerySet, year: int) -> QuerySet[Place]:
    """Fetch with *places*, in the order of their codes, ``two_years``: what they are
    in that fiscal year and were in the one before."""
    years = PlaceYear.objects.filter(fiscal_year__in=(year - 1, year))
    years = years.select_related("lead_agency").order_by("fiscal_year")
    return (
        places.select_related("parent__parent")
        .prefetch_related(Prefetch("years", years, to_attr="two_years"))
        .order_by("code")
    )


@dataclass(frozen=True)
class VillageYear:
    """One row of the list: a village, its year, the year before, whether it is the
    reader's to write."""

    place: Place
    now: PlaceYear | None
    last: PlaceYear | None
    is_mine: bool


def village_years(places: Iterable[Any], year: int, user: User) -> list[VillageYear]:
    """Return the rows of a page of ``with_years()``, without asking again."""
    codes = tuple(codes_of(user, Permission.MANAGE_PLACE))
    rows = []
    for place in places:
        years = {one.fiscal_year: one for one in place.two_years}
        is_mine = bool(codes) and place.code.startswith(codes)
        now, last = years.get(year), years.get(year - 1)
        rows.append(VillageYear(place, now, last, is_mine))
    return rows


def without_lead(year: int) -> Q:
    """Return the filter for places that have no lead agency in that fiscal year."""
    led = PlaceYear.objects.order_by().filter(
        fiscal_year=year, lead_agency__isnull=False
    )
    return ~Q(pk__in=led.values("place"))
