"""Counting, from stored sessions: what a milestone has reached, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from circles.models import Attendance, Circle, LearningSession, Lesson, Place
from circles.models.counting import count_per
from circles.models.sessions import LearningSessionQuerySet
from milestones.models import Measure, Milestone


def sessions_of(milestone: Milestone) -> LearningSessionQuerySet:
    """Return the sessions that *milestone* counts: those of its circle, or of all
    circles in its place, that are neither withdrawn nor in question."""
    if milestone.place is None:
        return LearningSession.objects.counted().filter(circle=milestone.circle_id)
    code = milestone.place.code
    return LearningSession.objects.counted().filter(
        circle__place__code__startswith=code
    )


def value_of(milestone: Milestone) -> int:
    """Return how far *milestone* has come, in its own measure: one query.

    Members are people with a seat; guests are a number and never counted here.
    """
    return values_of([milestone])[milestone]


def values_of(milestones: Sequence[Milestone]) -> dict[Milestone, int]:
    """Return how far each of *milestones* has come: one query in all, which counts
    once for the stones of one road that measure the same."""
    alike = {_what(one): one for one in milestones}
    counts = {f"value_{one.pk}": _count(one) for one in alike.values()}
    values = _in_one_row(list(alike.values()), counts)
    return {one: values[alike[_what(one)]] for one in milestones}


def _what(milestone: Milestone) -> tuple[int | None, int | None, str]:
    return milestone.circle_id, milestone.place_id, milestone.measure


def reached_on(milestone: Milestone) -> date | None:
    """Return the day of the session that crossed the target, None if none did.

    By the days sessions were held, not by the days they were written down.
    """
    return days_reached([milestone])[milestone]


def days_reached(milestones: Sequence[Milestone]) -> dict[Milestone, date | None]:
    """Return ``reached_on`` of each of *milestones*: one query in all."""
    days = {f"day_{one.pk}": Subquery(_crossing(one)) for one in milestones}
    return _in_one_row(milestones, days)


def sessions_on(days: dict[Milestone, date]) -> dict[Milestone, int]:
    """Return, by id, a session that each milestone counts on its day: one query."""
    found = {
        f"session_{one.pk}": Subquery(
            sessions_of(one).filter(held_on=day).order_by("-pk").values("pk")[:1]
        )
        for one, day in days.items()
    }
    return _in_one_row(list(days), found)


def _in_one_row(
    milestones: Sequence[Milestone], columns: Mapping[str, Subquery | Coalesce]
) -> dict[Milestone, Any]:
    """Ask for one column a milestone; they need no table of their own."""
    if not milestones:
        return {}
    one = Milestone.objects.filter(pk=milestones[0].pk).order_by().annotate(**columns)
    return dict(zip(milestones, one.values_list(*columns).get(), strict=True))


def _crossing(milestone: Milestone) -> QuerySet[Any, Any]:
    """Return a query for the day on which *milestone* was crossed, or no row."""
    rows, what, day = _counted(milestone)
    first_days = rows.order_by().values(what).annotate(first=Min(day))
    days: QuerySet[Any, Any] = first_days.order_by("first").values("first")
    return days[milestone.target - 1 : milestone.target]


def _counted(milestone: Milestone) -> tuple[QuerySet[Any, Any], str, str]:
    """Return the rows that its measure looks at, the column whose different values
    it counts, and the way to the day."""
    sessions = sessions_of(milestone)
    match Measure(milestone.measure):
        case Measure.SESSIONS:
            return sessions, "pk", "held_on"
        case Measure.PEOPLE:
            present = Attendance.objects.present().filter(session__in=sessions)
            return present, "person", "session__held_on"
        case Measure.LESSONS:
            lessons = Lesson.objects.filter(session__in=sessions)
            return lessons, "pk", "session__held_on"


def _count(milestone: Milestone) -> Coalesce:
    rows, what, _day = _counted(milestone)
    # Grouped by a constant: all of them together.
    return count_per("together", rows.annotate(together=Value(1)), what)


WINDOW = 7  # stones that fit on a phone


@dataclass(frozen=True)
class Road:
    """The stones of one circle or place, in order; each knows ``reached_on``."""

    stones: list[Milestone]

    @property
    def reached_count(self) -> int:
        return sum(stone.reached_on is not None for stone in self.stones)

    @property
    def next_stone(self) -> Milestone | None:
        """The first stone that is not reached: where the road goes on."""
        ahead = (stone for stone in self.stones if stone.reached_on is None)
        return next(ahead, None)

    @property
    def here(self) -> int | None:
        """The number of the last reached stone before ``next_stone``."""
        ahead = self.next_stone
        passed = self.stones[: self.stones.index(ahead)] if ahead else self.stones
        return passed[-1].position if passed else None

    @property
    def window(self) -> list[Milestone]:
        """At most seven stones: those round where the circle stands."""
        ahead = self.next_stone
        at = self.stones.index(ahead) if ahead else len(self.stones)
        first = max(0, min(at - WINDOW // 2, len(self.stones) - WINDOW))
        return self.stones[first : first + WINDOW]


def roads(owners: list[Circle | Place]) -> dict[Circle | Place, Road]:
    """Return the road of each of *owners* (circles or places, not both): one query."""
    stones: dict[Circle | Place, list[Milestone]] = {owner: [] for owner in owners}
    kind = "place" if owners and isinstance(owners[0], Place) else "circle"
    found = Milestone.objects.filter(**{f"{kind}__in": owners}).with_reached_on()
    by_id = {owner.pk: owner for owner in owners}
    for stone in found.order_by(kind, "position"):
        stones[by_id[getattr(stone, f"{kind}_id")]].append(stone)
    return {owner: Road(along) for owner, along in stones.items()}
