"""Counting, from stored sessions: what a milestone has reached, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, QuerySet, Value
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
    measure = Measure(milestone.measure)
    return values_of(milestone, {measure})[measure]


def values_of(milestone: Milestone, measures: set[Measure]) -> dict[Measure, int]:
    """Return each of *measures* for the owner of *milestone*: one query in all."""
    counts = {measure.value: _count(milestone, measure) for measure in measures}
    row = Milestone.objects.filter(pk=milestone.pk).annotate(**counts)
    values = row.values_list(*counts).get()
    return dict(zip(map(Measure, counts), values, strict=True))


def reached_on(milestone: Milestone) -> date | None:
    """Return the day of the session that crossed the target, None if none did.

    By the days sessions were held, not by the days they were written down.
    """
    rows, what, day = _counted(milestone, Measure(milestone.measure))
    first_days = rows.order_by().values(what).annotate(first=Min(day))
    days = first_days.order_by("first").values_list("first", flat=True)
    return next(iter(days[milestone.target - 1 : milestone.target]), None)


def _counted(
    milestone: Milestone, measure: Measure
) -> tuple[QuerySet[Any, Any], str, str]:
    """Return the rows that *measure* looks at, the column whose different values
    it counts, and the way to the day."""
    sessions = sessions_of(milestone)
    match measure:
        case Measure.SESSIONS:
            return sessions, "pk", "held_on"
        case Measure.PEOPLE:
            present = Attendance.objects.present().filter(session__in=sessions)
            return present, "person", "session__held_on"
        case Measure.LESSONS:
            lessons = Lesson.objects.filter(session__in=sessions)
            return lessons, "pk", "session__held_on"


def _count(milestone: Milestone, measure: Measure) -> Coalesce:
    rows, what, _day = _counted(milestone, measure)
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
