from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from circles.actions.content import (
    SESSION_FIELDS,
    Content,
    digest,
    replace_rows,
    snapshot,
)
from circles.actions.revising import (
    OutOfStep,
    announce,
    changed,
    leave_revision,
    lock_session,
    replan,
)
from circles.models import Appointment, LearningSession, Revision, Submission, User
from circles.permissions import ON_BEHALF, Permission, Role, role_to

# Beside the fields in ``Revision.changes``: which content this was, so that the same
# button pressed twice is one correction.
SENT = "_sent"


class StaleVersion(Exception):
    """Somebody else changed the session since the page was opened: show both."""

    def __init__(self, current: LearningSession) -> None:
        super().__init__(current.version)
        self.current = current


class ReasonMissing(Exception):
    """Whoever corrects the record of others says why."""


def role_to_correct(session: LearningSession, user: User) -> Role | None:
    """Return the role by which *user* may correct *session* now, or None.

    The circle's own people for seven days from the moment it was received,
    administrators at any time; nobody while it is withdrawn.  Reads the circle's
    place and the submission.
    """
    if session.state == LearningSession.State.WITHDRAWN:
        return None
    role = role_to(Permission.EDIT_SESSION, user, session.circle)
    if role is None or role in ON_BEHALF or is_open(session):
        return role
    # Too late for their own hat; an administrator's may be worn beside it.
    return role_to(Permission.WITHDRAW_SESSION, user, session.circle)


def is_open(session: LearningSession) -> bool:
    """Return whether the seven days of the circle's own people are not over."""
    submission: Submission | None = getattr(session, "submission", None)
    return submission is not None and timezone.now() < submission.editable_until


@transaction.atomic
def correct_session(
    session: LearningSession,
    content: Content,
    *,
    author: User,
    version: int,
    reason: str = "",
    typed_by: str = "",
) -> Revision | None:
    """Make the stored *session* say what *content* says; return what was noted.

    *version* is that of the page on which it was typed.  Safe to repeat: the same
    content again is the same revision, and content that changes nothing is none.
    The digest of what was first sent stays as it is.

    Raises StaleVersion if somebody else was quicker, PermissionDenied if *author*
    may not correct it (any more), ReasonMissing if an administrator gives none, and
    ValueError for rows of another session.
    """
    stored = lock_session(session.pk)
    role = role_to_correct(stored, author)
    if role is None:
        raise PermissionDenied
    if role in ON_BEHALF and not reason:
        raise ReasonMissing
    sent = digest(content)
    if stored.version != version:
        earlier = _earlier(stored, author, version, sent)
        if earlier is None:
            raise StaleVersion(stored)
        return earlier
    changes = _replace(stored, content)
    if not changes:
        return None
    stored.version += 1
    stored.save(update_fields=["version", *SESSION_FIELDS])
    revision = leave_revision(
        stored,
        Revision.Kind.EDITED,
        author,
        role,
        reason=reason,
        typed_by=typed_by,
        changes=changes | {SENT: sent},
    )
    if {"held_on", "next_on"} & set(changes):
        # On another day another appointment was kept.
        if "held_on" in changes:
            Appointment.objects.filter(session=stored).update(session=None)
        replan(stored, author)
    announce(stored)
    return revision


def _replace(stored: LearningSession, content: Content) -> dict[str, list]:
    """Write *content* and return what it changed; nothing changed, nothing written."""
    before = snapshot(stored)
    with transaction.atomic():
        for name in SESSION_FIELDS:
            setattr(stored, name, getattr(content.session, name))
        replace_rows(stored, content)
        changes = changed(before, snapshot(stored))
        if not changes:
            transaction.set_rollback(True)
    return changes


def _earlier(
    stored: LearningSession, author: User, version: int, sent: str
) -> Revision | None:
    """Return the revision that this very correction left, if it arrived before."""
    after = stored.revisions.filter(version=version + 1, author=author)
    found = after.filter(kind=Revision.Kind.EDITED).first()
    return found if found and found.changes.get(SENT) == sent else None


@transaction.atomic
def confirm_revision(revision: Revision, author: User) -> Revision:
    """Say that what note-takers typed by a link, up to this *revision*, is right.
    Repeatable: the first word stands.

    Raises PermissionDenied if *author* may not edit the sessions of the circle, and
    OutOfStep if nobody but its author typed it.
    """
    stored = lock_session(revision.session_id)
    if role_to(Permission.EDIT_SESSION, author, stored.circle) is None:
        raise PermissionDenied
    typed = Revision.objects.get(pk=revision.pk)
    if not typed.typed_by:
        raise OutOfStep
    # A note-taker saves several times: one tap is for all that was seen.
    seen = stored.revisions.filter(version__lte=typed.version, confirmed_at=None)
    seen.exclude(typed_by="").update(confirmed_at=timezone.now(), confirmed_by=author)
    typed.refresh_from_db()
    return typed
