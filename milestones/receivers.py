"""Where milestones listen to circles."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from circles.models import LearningSession
from circles.signals import session_changed, session_logged
from milestones.actions import award, recount
from milestones.tasks import deliver_due


@receiver(session_logged)
def celebrate(session: LearningSession, *, is_news: bool, **kwargs: Any) -> None:
    # A savepoint: if awarding fails, the session is stored all the same.
    with transaction.atomic():
        achievements = award(session, is_news=is_news)
    if achievements and is_news:
        _ring()


@receiver(session_changed)
def count_again(session: LearningSession, **kwargs: Any) -> None:
    # A savepoint: if counting fails, the change is stored all the same.
    with transaction.atomic():
        achievements = recount(session)
    if achievements:
        _ring()


def _ring() -> None:
    # One ring for all notices.  Robust: the session is stored by then; a
    # broker that is down must not become an error page.  The sweep delivers.
    transaction.on_commit(deliver_due.delay, robust=True)
