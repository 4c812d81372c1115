"""The October round: whose post ends on 30 September, and who follows.  Reads only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    CharField,
    Count,
    IntegerField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone

from circles.models import (
    Assignment,
    Circle,
    Handover,
    Person,
    Promise,
    Succession,
    User,
)
from circles.models.accounts import AssignmentQuerySet
from circles.permissions import TAMBON_CODE_LENGTH, Permission
from circles.thai import fiscal_year, fiscal_year_range

Kind = Succession.Kind
UNSAID = "unsaid"
# In the order of the pills.
STATES = (Kind.VACANT.value, UNSAID, Kind.ACTING.value, Kind.SUCCESSOR.value)
EARLIEST_YEAR, LATEST_YEAR = 2548, 2650


def round_of(year: int | None) -> tuple[int, date]:
    """Return the fiscal year asked for, else that of the 30 September ahead; and its
    last day."""
    if year is None or not EARLIEST_YEAR <= year <= LATEST_YEAR:
        year = fiscal_year(timezone.localdate())
    return year, fiscal_year_range(year)[1]


def ending(user: User, day: date) -> QuerySet[Any]:
    """Return the rights within *user*'s reach whose last day is *day*, each with
    ``state`` (of ``STATES``), ``handover_id`` and ``successor_id`` of what is
    arranged, if anything."""
    arranged = Succession.objects.filter(
        assignment=OuterRef("pk"), handover__cancelled_at=None
    ).order_by("-pk")
    rights = Assignment.objects.allowed(user, Permission.ASSIGN_ROLE)
    return rights.filter(until=day).annotate(
        state=Coalesce(
            Subquery(arranged.values("kind")[:1]),
            Value(UNSAID),
            output_field=CharField(),
        ),
        handover_id=Subquery(
            arranged.values("handover")[:1], output_field=IntegerField()
        ),
        successor_id=Subquery(
            arranged.values("successor")[:1], output_field=IntegerField()
        ),
    )


@dataclass(frozen=True)
class Post:
    """What one person is in one role and hands on together: often several circles."""

    rights: list[Any]
    promise_count: int

    @property
    def first(self) -> Any:
        """One of the rights; state, handover and successor are the same in all."""
        return self.rights[0]


GROUPED = ("person", "role", "state", "handover_id", "successor_id")


def posts(rights: QuerySet[Any]) -> list[dict[str, Any]]:
    """Return the posts behind *rights* (of ``ending``): by tambon and name.  One
    query; a round has some hundreds."""
    code = Coalesce("place__code", "circle__place__code", "agency__place__code")
    rows = rights.order_by().values(*GROUPED, "person__sort_key")
    grouped = rows.annotate(code=Min(code), n=Count("pk"))
    return list(
        grouped.order_by(
            Substr("code", 1, TAMBON_CODE_LENGTH),
            *("person__sort_key", "person", "role", "state", "handover_id"),
        )
    )


def figures(found: list[dict[str, Any]]) -> dict[str, int]:
    """Return how many of the posts *found* are in each state, and in ``all``."""
    counted = Counter(row["state"] for row in found)
    return dict.fromkeys(STATES, 0) | counted | {"all": len(found)}


def filled(rights: QuerySet[Any], rows: list[dict[str, Any]], user: User) -> list[Post]:
    """Return the posts of one page with their rights and what their person still has
    promised in circles within reach.  Two queries."""
    people = {row["person"] for row in rows}
    found: dict[tuple[Any, ...], list[Any]] = {}
    fetched = rights.filter(person__in=people).select_related(
        "person__agency",
        "place__parent__parent",
        "circle__place__parent",
        "agency__place",
    )
    for one in fetched.order_by("place__code", "circle__place__code", "pk"):
        key = (one.person_id, one.role, one.state, one.handover_id, one.successor_id)
        found.setdefault(key, []).append(one)
    circles = Circle.objects.allowed(user, Permission.MANAGE_CIRCLE).order_by()
    open_ones = Promise.objects.open().filter(
        owner__in=people, session__circle__in=circles.values("pk")
    )
    owed = dict(
        open_ones.order_by().values_list("owner").annotate(n=Count("pk", distinct=True))
    )
    keys = (tuple(row[name] for name in GROUPED) for row in rows)
    return [Post(found[key], owed.get(key[0], 0)) for key in keys if key in found]


def successors(rows: list[dict[str, Any]]) -> dict[int, Person]:
    """Return who follows in the posts of one page, by number.  One query."""
    numbers = {row["successor_id"] for row in rows if row["successor_id"]}
    return Person.objects.select_related("agency").in_bulk(numbers)


def notes(rows: list[dict[str, Any]]) -> dict[int, str]:
    """Return what was written about the vacant posts of one page, by handover.  One
    query, none without such posts."""
    vacant = {row["handover_id"] for row in rows if row["state"] == Kind.VACANT}
    if not vacant:
        return {}
    told = Handover.objects.filter(pk__in=vacant).exclude(note="").order_by()
    return dict(told.values_list("pk", "note"))


def endless(user: User) -> AssignmentQuerySet:
    """Return the rights of today within *user*'s reach that have no last day."""
    rights = Assignment.objects.allowed(user, Permission.ASSIGN_ROLE)
    return rights.current().filter(until=None)
