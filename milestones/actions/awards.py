from __future__ import annotations

from itertools import groupby

from django.db.models import QuerySet

from circles.models import Circle, LearningSession, Place
from milestones.actions.notices import tell
from milestones.models import Achievement, Event, Measure, Milestone
from milestones.reports import reached_on, values_of


def award(session: LearningSession, *, is_news: bool = True) -> list[Achievement]:
    """Record the milestones newly reached by the circle of *session* and by the
    places around it, and store the notices about them.

    Works from stored sessions, not from what just happened, so it may be run
    at any time and any number of times.  Needs the transaction that stored
    the session.  ``is_news=False``: award, tell nobody.
    """
    circle = session.circle
    open_milestones = Milestone.objects.of(circle).unreached()
    _lock(circle, open_milestones)
    # Read after the lock: what somebody else has just reached is seen as reached.
    ahead = list(open_milestones.select_related("place").order_by("pk"))
    values = _values(ahead)
    achievements = []
    for milestone in ahead:
        if values[milestone] < milestone.target:
            continue
        achievement = Achievement.objects.create(
            milestone=milestone,
            session=session,
            reached_on=reached_on(milestone) or session.held_on,
        )
        achievements.append(achievement)
        if is_news:
            tell(_event(achievement), circle)
    return achievements


def _values(milestones: list[Milestone]) -> dict[Milestone, int]:
    """Return how far each has come; one query for each circle or place."""
    values: dict[Milestone, int] = {}
    for _owner, stones in groupby(sorted(milestones, key=_owner_key), key=_owner_key):
        along = list(stones)
        counts = values_of(along[0], {Measure(stone.measure) for stone in along})
        values |= {stone: counts[Measure(stone.measure)] for stone in along}
    return values


def _owner_key(milestone: Milestone) -> tuple[int, int]:
    return milestone.circle_id or 0, milestone.place_id or 0


def _lock(circle: Circle, milestones: QuerySet[Milestone]) -> None:
    """Let one session at a time count here: the circle first, then the places
    that have a stone ahead, in code order, so that no two wait for each other."""
    Circle.objects.select_for_update(no_key=True).get(pk=circle.pk)
    around = Place.objects.above(circle.place.code).filter(milestones__in=milestones)
    list(
        Place.objects.select_for_update(no_key=True)
        .filter(pk__in=around.order_by().values("pk"))
        .order_by("code")
    )


def _event(achievement: Achievement) -> Event:
    return Event.objects.create(
        kind=Event.Kind.MILESTONE,
        key=f"milestone-{achievement.milestone_id}-{achievement.epoch}",
        achievement=achievement,
    )
