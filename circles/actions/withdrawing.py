from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from circles.actions.revising import (
    OutOfStep,
    announce,
    change_state,
    leave_revision,
    lock_session,
    replan,
)
from circles.models import Appointment, Handoff, LearningSession, Revision, User
from circles.permissions import Permission, role_to

State, Kind = LearningSession.State, Revision.Kind


@transaction.atomic
def withdraw(session: LearningSession, author: User, reason: str) -> Revision | None:
    """Take *session* out of every count and list; the row and its history stay.

    Its appointment is open again if its day has not passed, and links that were given
    to note-takers are closed.  Repeatable: None if it was withdrawn already.  Raises
    PermissionDenied if *author* may not withdraw it.
    """
    stored = lock_session(session.pk)
    role = role_to(Permission.WITHDRAW_SESSION, author, stored.circle)
    if role is None:
        raise PermissionDenied
    if stored.state == State.WITHDRAWN:
        return None
    changes = change_state(stored, State.WITHDRAWN)
    ahead = Appointment.objects.filter(session=stored, on__gte=timezone.localdate())
    ahead.update(session=None, changed_at=timezone.now())
    replan(stored, author)
    Handoff.objects.filter(session=stored).valid().update(closed_at=timezone.now())
    _answer(stored, author)
    revision = leave_revision(
        stored, Kind.WITHDRAWN, author, role, reason=reason, changes=changes
    )
    announce(stored)
    return revision


@transaction.atomic
def restore(session: LearningSession, author: User, reason: str) -> Revision | None:
    """Bring a withdrawn *session* back to the state it had: counted, or in question.

    One that was merged into another comes back with its own texts; the other keeps
    what it was given.  Repeatable: None if it is not withdrawn.  Raises
    PermissionDenied if *author* may not restore it.
    """
    stored = lock_session(session.pk)
    role = role_to(Permission.WITHDRAW_SESSION, author, stored.circle)
    if role is None:
        raise PermissionDenied
    if stored.state != State.WITHDRAWN:
        return None
    merged_into = stored.merged_into_id
    stored.merged_into = None
    changes = change_state(stored, _state_before(stored))
    if merged_into:
        changes["merged_into"] = [merged_into, None]
    revision = leave_revision(
        stored, Kind.RESTORED, author, role, reason=reason, changes=changes
    )
    replan(stored, author)
    announce(stored)
    return revision


@transaction.atomic
def ask_withdrawal(session: LearningSession, author: User, reason: str) -> Revision:
    """Ask the administrators to withdraw *session*.  Repeatable: the same request
    that is still open is the same revision.

    Raises PermissionDenied if *author* may not log sessions of the circle, and
    OutOfStep if it is withdrawn already.
    """
    stored = lock_session(session.pk)
    role = role_to(Permission.LOG_SESSION, author, stored.circle)
    if role is None:
        raise PermissionDenied
    if stored.state == State.WITHDRAWN:
        raise OutOfStep
    same = _open_requests(stored).filter(author=author, reason=reason)
    earlier = same.order_by("pk").first()
    return earlier or leave_revision(stored, Kind.ASKED, author, role, reason=reason)


@transaction.atomic
def keep(session: LearningSession, author: User, reason: str) -> Revision | None:
    """Answer those who asked for withdrawal that *session* stays, and why.

    Repeatable: None if nobody asks (any more).  Raises PermissionDenied if *author*
    may not withdraw it.
    """
    stored = lock_session(session.pk)
    role = role_to(Permission.WITHDRAW_SESSION, author, stored.circle)
    if role is None:
        raise PermissionDenied
    if not _answer(stored, author):
        return None
    return leave_revision(stored, Kind.RESTORED, author, role, reason=reason)


def _open_requests(stored: LearningSession) -> QuerySet[Revision]:
    return stored.revisions.filter(kind=Kind.ASKED, confirmed_at=None)


def _answer(stored: LearningSession, author: User) -> int:
    """Mark every open request as answered; return how many there were."""
    return _open_requests(stored).update(
        confirmed_at=timezone.now(), confirmed_by=author
    )


def _state_before(stored: LearningSession) -> LearningSession.State:
    """Return the state from which *stored* was withdrawn."""
    gone = stored.revisions.filter(changes__state__1=State.WITHDRAWN)
    last = gone.order_by("-version", "-pk").first()
    return State(last.changes["state"][0]) if last else State.HELD
