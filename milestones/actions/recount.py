from __future__ import annotations

from circles.models import LearningSession, Submission
from milestones.actions.awards import lock
from milestones.actions.standing import settle
from milestones.models import Achievement, Milestone


def recount(session: LearningSession) -> list[Achievement]:
    """Count again what the changed *session* counts for: the stones of its circle
    and of the places around it.  Return what is newly reached.

    New ones are told as ``award`` does, silently if the session was no news when it
    arrived.  One that is below its target again is marked as corrected and kept;
    its news that is not sent yet is called off.  True again, it stands without a
    second notice.  The day reached is the day on which today's record crosses.

    May be repeated.  Needs the transaction that changed the session; another one
    that changes a session of these places waits until it ends.
    """
    # Anew: whoever changed it may hold an older copy.
    stored = LearningSession.objects.select_related("circle__place", "submission")
    session = stored.get(pk=session.pk)
    lock(session.circle)
    stones = Milestone.objects.of(session.circle).select_related("place")
    return settle(list(stones.order_by("pk")), session, is_news=_is_news(session))


def _is_news(session: LearningSession) -> bool:
    submission: Submission | None = getattr(session, "submission", None)
    return submission is not None and not submission.is_backfill
