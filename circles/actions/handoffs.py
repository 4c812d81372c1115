"""Khun Likhit by a link: one session, one note-taker, 24 hours, no account."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from circles.actions.corrections import is_open, role_to_correct
from circles.actions.revising import lock_session
from circles.models import Handoff, LearningSession, User
from circles.models.planning import make_secret
from circles.permissions import ON_BEHALF

VALID_FOR = timedelta(hours=24)


def may_hand_over(session: LearningSession, user: User) -> bool:
    """Return whether *user* may give *session* to a note-taker now: the circle's own
    people within their seven days.  Reads the circle's place and the submission."""
    role = role_to_correct(session, user)
    return role is not None and role not in ON_BEHALF and is_open(session)


@transaction.atomic
def hand_over(
    session: LearningSession, author: User, given_to: str
) -> tuple[Handoff, str]:
    """Make a link by which *given_to* completes *session*; return it and its secret,
    which is stored nowhere and cannot be had again.

    Valid for 24 hours, but not longer than *author* could correct it.  An earlier
    link of the same two is closed, so that pressing twice leaves one.  Raises
    PermissionDenied if *author* may not hand it over.
    """
    stored = lock_session(session.pk)
    if not may_hand_over(stored, author):
        raise PermissionDenied
    now = timezone.now()
    earlier = stored.handoffs.valid().filter(author=author, given_to=given_to)
    earlier.update(closed_at=now)
    secret = make_secret()
    handoff = Handoff.objects.create(
        session=stored,
        token_hash=_hash(secret),
        given_to=given_to,
        author=author,
        expires_at=min(now + VALID_FOR, stored.submission.editable_until),
    )
    return handoff, secret


def close_handoff(handoff: Handoff) -> None:
    """Close the link.  Repeatable; a link that is closed or over stays so."""
    same = Handoff.objects.valid().filter(pk=handoff.pk)
    same.update(closed_at=timezone.now())


def find_handoff(secret: str) -> Handoff | None:
    """Return the link that *secret* opens today, with session, circle and author, or
    None: unknown, over, closed, or of somebody who may not edit the session any more.
    """
    links = Handoff.objects.valid().select_related(
        "session__circle__place__parent", "session__submission", "author__person"
    )
    found = links.filter(token_hash=_hash(secret)).first()
    return found if found and may_hand_over(found.session, found.author) else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
