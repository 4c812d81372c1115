"""The October round: whose post ends on 30 September, and who follows.  Reads only."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import (
    CharField,
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone

from circles.models import (
    Assignment,
    Membership,
    Person,
    Promise,
    Succession,
    User,
)
from circles.models.accounts import AssignmentQuerySet
from circles.models.counting import count_per
from circles.permissions import HATS, TAMBON_CODE_LENGTH, Permission, Role
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


def figures(rights: QuerySet[Any]) -> dict[str, int]:
    """Return how many of *rights* (of ``ending``) are in each state, and in ``all``.
    One query."""
    counted = rights.order_by().values("state").annotate(n=Count("pk"))
    found = dict.fromkeys(STATES, 0) | {row["state"]: row["n"] for row in counted}
    return found | {"all": sum(found.values())}


def listed(rights: QuerySet[Any]) -> QuerySet[Any]:
    """Order *rights* for the list: by tambon and name; each with ``circle_count`` and
    ``promise_count`` of what it is responsible for."""
    here = Q(circle=OuterRef("circle")) | Q(
        circle__place__code__startswith=OuterRef("place__code")
    )
    seats = Membership.objects.current().filter(
        here, person=OuterRef("person"), role__in=_posts()
    )
    told = Q(session__circle=OuterRef("circle")) | Q(
        session__circle__place__code__startswith=OuterRef("place__code")
    )
    promises = Promise.objects.open().filter(told, owner=OuterRef("person"))
    found: QuerySet[Any] = (
        rights.annotate(
            circle_count=count_per("person", seats),
            promise_count=count_per("owner", promises),
            code=Coalesce("place__code", "circle__place__code", "agency__place__code"),
        )
        .select_related(
            "person__agency",
            "place__parent__parent",
            "circle__place__parent",
            "agency__place",
        )
        .order_by(
            Substr("code", 1, TAMBON_CODE_LENGTH),
            *("person__sort_key", "person", "code", "pk"),
        )
    )
    return found


def _posts() -> list[str]:
    return [role.value for role in HATS if role != Role.KHUN_KIJ]


def successors(rights: list[Any]) -> dict[int, Person]:
    """Return who follows in *rights* of one page, by number.  One query."""
    numbers = {one.successor_id for one in rights if one.successor_id}
    return Person.objects.select_related("agency").in_bulk(numbers)


def endless(user: User) -> AssignmentQuerySet:
    """Return the rights of today within *user*'s reach that have no last day."""
    rights = Assignment.objects.allowed(user, Permission.ASSIGN_ROLE)
    return rights.current().filter(until=None)
