from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, Subquery
from django.utils import timezone

from circles.actions.content import Content, digest, store_rows
from circles.actions.settling import agree_next, settle
from circles.actions.uploads import attach_pending
from circles.models import (
    Attachment,
    Circle,
    Draft,
    LearningSession,
    Photo,
    Submission,
    User,
)
from circles.permissions import Permission, role_to
from circles.signals import session_logged


class SubmissionConflict(Exception):
    """The author already sent other content under this key: show both."""

    def __init__(self, earlier: Submission) -> None:
        super().__init__(earlier.receipt)
        self.earlier = earlier


@transaction.atomic
def log_session(
    content: Content,
    *,
    author: User,
    key: UUID,
    received_at: datetime | None = None,
    is_news: bool = True,
    is_separate: bool = False,
) -> Submission:
    """Store the session of *content* with all that belongs to it, and announce it.

    Everybody else with a seat in the circle is stored as absent.  Gives the session
    its number, its appointment, and the photos that came ahead of it.

    Safe to repeat: the same author, key and content store nothing and return
    the first submission.  Raises SubmissionConflict for other content, and
    PermissionDenied if *author* may not log sessions of this circle.

    Where the circle already has a session on that day and nobody said that this is
    another (*is_separate*), both are kept and this one is in question: it counts, and
    is announced, once somebody has said so.

    Receivers of ``session_logged`` run in this transaction.  One that raises
    is logged and skipped: losing an entry is worse than a late celebration.
    ``is_news=False`` (imports, demo data) and sessions held more than 60 days
    before they were received award silently.
    """
    session = content.session
    # One submission at a time per author and per circle, so that neither the
    # key nor the number can be taken twice.  (SQLite has one writer anyway.)
    User.objects.select_for_update(no_key=True).get(pk=author.pk)
    circle = (
        Circle.objects.select_for_update(no_key=True, of=("self",))
        .select_related("place")
        .get(pk=session.circle_id)
    )
    role = role_to(Permission.LOG_SESSION, author, circle)
    if role is None:
        raise PermissionDenied
    said, found = digest(content), _look(session, author, key)
    if found["earlier"]:
        earlier = Submission.objects.select_related("session").get(pk=found["earlier"])
        if earlier.digest != said:
            raise SubmissionConflict(earlier)
        return earlier

    session.number = (found["last"] or 0) + 1
    if found["on_that_day"] and not is_separate:
        session.state = LearningSession.State.IN_QUESTION
    session.save(force_insert=True)
    submission = Submission.objects.create(
        author=author,
        author_role=role,
        key=key,
        digest=said,
        session=session,
        received_at=received_at or timezone.now(),
    )
    store_rows(session, content)
    settle(session)
    if session.next_on:
        agree_next(session, author)
    if found["photo"] or found["attachment"]:
        attach_pending(session, author, key)
    if found["draft"]:
        Draft.objects.filter(author=author, key=key).delete()
    if session.is_counted:
        session_logged.send_robust(
            sender=LearningSession,
            session=session,
            is_news=is_news and not submission.is_backfill,
        )
    return submission


def _look(session: LearningSession, author: User, key: UUID) -> dict[str, Any]:
    """Return, in one query under both locks, what storing the form depends on: the
    ``earlier`` submission under its key, the circle's ``last`` number (a gap stays a
    gap), and whether there are a ``draft``, a ``photo``, an ``attachment`` that came
    ahead, or another session ``on_that_day``.
    """
    here = LearningSession.objects.filter(circle=session.circle_id).order_by()
    mine = {"author": author, "form_key": key, "session": None}
    by_key = {"author": author, "key": key}
    found = (
        User.objects.filter(pk=author.pk)
        .values(
            earlier=Subquery(Submission.objects.filter(**by_key).values("pk")),
            last=Subquery(here.order_by("-number").values("number")[:1]),
            on_that_day=Exists(here.shown().filter(held_on=session.held_on)),
            draft=Exists(Draft.objects.filter(**by_key)),
            photo=Exists(Photo.objects.filter(**mine)),
            attachment=Exists(Attachment.objects.filter(**mine)),
        )
        .get()
    )
    return dict(found)
