"""Counting, from stored sessions: what a milestone has reached, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Min, QuerySet

from circles.models import Attendance, Circle, LearningSession, Lesson, Place
from milestones.models import Measure, Milestone


def sessions_of(milestone: Milestone) -> QuerySet[LearningSession]:
    """Return the sessions that *milestone* counts: of its circle, or of all
    circles in its place."""
    if milestone.circle_id is not None:
        return LearningSession.objects.filter(circle=milestone.circle_id)
    return LearningSession.objects.filter(
        circle__in=Circle.objects.below(milestone.owner.code)
    )


def value_of(milestone: Milestone) -> int:
    """Return how far *milestone* has come, in its own measure: one query.

    Members are people with a seat; guests are a number and never counted here.
    """
    return _COUNTS[milestone.measure](sessions_of(milestone))


def reached_on(milestone: Milestone) -> date | None:
    """Return the day of the session that crossed the target, None if none did.

    By the days sessions were held, not by the days they were written down.
    """
    days = _DAYS[milestone.measure](sessions_of(milestone))
    return next(iter(days[milestone.target - 1 : milestone.target]), None)


def _people(sessions: QuerySet[LearningSession]) -> QuerySet:
    return Attendance.objects.present().filter(session__in=sessions)


_COUNTS = {
    Measure.SESSIONS: lambda sessions: sessions.count(),
    Measure.PEOPLE: lambda sessions: (
        _people(sessions).order_by().values("person").distinct().count()
    ),
    Measure.LESSONS: lambda sessions: (
        Lesson.objects.filter(session__in=sessions).count()
    ),
}

# The days on which the count went up by one, in order.
_DAYS = {
    Measure.SESSIONS: lambda sessions: (
        sessions.order_by("held_on").values_list("held_on", flat=True)
    ),
    Measure.PEOPLE: lambda sessions: (
        _people(sessions)
        .order_by()
        .values("person")
        .annotate(day=Min("session__held_on"))
        .order_by("day")
        .values_list("day", flat=True)
    ),
    Measure.LESSONS: lambda sessions: (
        Lesson.objects.filter(session__in=sessions)
        .order_by("session__held_on")
        .values_list("session__held_on", flat=True)
    ),
}


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
