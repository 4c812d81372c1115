from __future__ import annotations

from circles.models import Circle, LearningSession, Place
from milestones.actions.standing import settle
from milestones.models import Achievement, Milestone
from milestones.reports import values_of


def award(session: LearningSession, *, is_news: bool = True) -> list[Achievement]:
    """Record the milestones newly reached by the circle of *session* and by the
    places around it, and store the notices about them.  One that a correction had
    put in doubt stands again, without a second notice.

    Works from stored sessions, not from what just happened, so it may be run
    at any time and any number of times.  Needs the transaction that stored
    the session and holds its circle's lock.  ``is_news=False``: award, tell nobody.
    """
    lock(session.circle)
    # Read after the lock: what somebody else has just reached is seen as reached.
    ahead = Milestone.objects.of(session.circle).unreached().select_related("place")
    stones = list(ahead.order_by("pk"))
    values = values_of(stones)
    reached = [stone for stone in stones if values[stone] >= stone.target]
    return settle(reached, session, is_news=is_news) if reached else []


def lock(circle: Circle) -> None:
    """Let one session at a time count for the places around *circle* that have a
    stone: in code order, so that no two wait for each other.  The circle itself is
    locked already by whoever stores or changes a session of it.

    Also places whose stones are all reached: a colleague's correction may be
    taking one back at this moment.
    """
    around = Place.objects.above(circle.place.code).filter(milestones__isnull=False)
    list(
        Place.objects.select_for_update(no_key=True)
        .filter(pk__in=around.order_by().values("pk"))
        .order_by("code")
    )
