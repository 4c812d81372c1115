"""Two phones logged one circle's day: was it one meeting or two?"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from circles.actions.content import CHILDREN, SESSION_FIELDS, snapshot
from circles.actions.corrections import ReasonMissing, role_to_correct
from circles.actions.revising import (
    OutOfStep,
    announce,
    change_state,
    changed,
    leave_revision,
    lock_session,
    replan,
)
from circles.models import (
    Attachment,
    Attendance,
    Handoff,
    LearningSession,
    Photo,
    PromiseReview,
    Reading,
    Revision,
    User,
)
from circles.permissions import ON_BEHALF, Permission, Role, role_to

State, Kind = LearningSession.State, Revision.Kind

TEXTS = ("summary", "story", "aar_hoped", "aar_more", "aar_less", "aar_next")
ONCE = ("starts", "ends", "venue", "next_on")  # the first record's word stands


def others_of_day(session: LearningSession) -> QuerySet[LearningSession]:
    """Return the counted sessions of the same circle and day, first number first:
    what a session in question may be the second record of."""
    same = LearningSession.objects.filter(
        circle=session.circle_id, held_on=session.held_on
    )
    return same.counted().exclude(pk=session.pk).order_by("number", "pk")


@transaction.atomic
def tell_apart(session: LearningSession, author: User) -> Revision | None:
    """Say that *session*, which was in question, was a meeting of its own: it counts
    from now on.

    Repeatable: None if it counts already.  Raises PermissionDenied if *author* may
    not edit the circle's sessions, and OutOfStep if it was merged or withdrawn.
    """
    stored = lock_session(session.pk)
    role = _role(stored, author)
    if stored.state == State.HELD:
        return None
    if stored.state != State.IN_QUESTION:
        raise OutOfStep
    changes = change_state(stored, State.HELD)
    revision = leave_revision(stored, Kind.SEPARATE, author, role, changes=changes)
    replan(stored, author)
    announce(stored)
    return revision


@transaction.atomic
def merge(
    second: LearningSession, first: LearningSession, author: User, reason: str = ""
) -> None:
    """Add what *second*, which is in question, tells to *first*, which counts.

    Who came in either record came; of the guests the larger number.  Rows are added
    unless *first* has the same text, empty texts are filled, different ones follow the
    first's.  Photos and attachments move.  *second* is withdrawn with its own rows
    and can be restored.  Repeatable.

    Raises PermissionDenied if *author* may not correct *first* (any more: it is
    changed as by a correction), ReasonMissing if an administrator gives none, and
    OutOfStep unless both are records of one circle's day as described.
    """
    stored = lock_session(second.pk)
    _role(stored, author)
    if stored.state == State.WITHDRAWN and stored.merged_into_id == first.pk:
        return
    # Its circle is locked, and so is every session of it.
    others = others_of_day(stored).select_related("submission")
    into = others.filter(pk=first.pk).first()
    if stored.state != State.IN_QUESTION or into is None:
        raise OutOfStep
    into.circle = stored.circle
    role = _role_to_merge(into, author, reason)
    before = snapshot(into)
    _add(into, stored)
    into.version += 1
    into.save(update_fields=["version", *SESSION_FIELDS])
    changes = changed(before, snapshot(into)) | {"merged_from": [None, stored.pk]}
    leave_revision(into, Kind.MERGED, author, role, changes=changes, reason=reason)
    _retire(stored, into, author, role, reason)
    replan(into, author)
    announce(into)


def _role(stored: LearningSession, author: User) -> Role:
    role = role_to(Permission.EDIT_SESSION, author, stored.circle)
    if role is None:
        raise PermissionDenied
    return role


def _role_to_merge(into: LearningSession, author: User, reason: str) -> Role:
    role = role_to_correct(into, author)
    if role is None:
        raise PermissionDenied
    if role in ON_BEHALF and not reason:
        raise ReasonMissing
    return role


def _retire(
    stored: LearningSession,
    into: LearningSession,
    author: User,
    role: Role,
    reason: str,
) -> None:
    stored.merged_into = into
    changes = change_state(stored, State.WITHDRAWN)
    changes["merged_into"] = [None, into.pk]
    leave_revision(stored, Kind.MERGED, author, role, changes=changes, reason=reason)
    Handoff.objects.filter(session=stored).valid().update(closed_at=timezone.now())


def _add(into: LearningSession, other: LearningSession) -> None:
    """Change *into*, unsaved, and store what it gets from *other*."""
    into.guest_count = max(into.guest_count, other.guest_count)
    for name in ONCE:
        setattr(into, name, getattr(into, name) or getattr(other, name))
    if other.story.strip():
        # What is told by two may be shown if both may.
        may_show = into.story_may_show or not into.story.strip()
        into.story_may_show = may_show and other.story_may_show
    for name in TEXTS:
        setattr(into, name, _joined(getattr(into, name), getattr(other, name)))
    _add_people(into, other)
    for name, (model, columns) in CHILDREN.items():
        _add_rows(into, other, name, model, columns)
    _add_answers(into, other)
    for upload in (Photo, Attachment):
        upload.objects.filter(session=other).update(session=into)


def _joined(text: str, more: str) -> str:
    if more.strip() in text:
        return text
    return f"{text}\n\n{more}" if text.strip() else more


def _add_people(into: LearningSession, other: LearningSession) -> None:
    known = {row.person_id: row for row in into.attendances.all()}
    came, new = [], []
    for row in other.attendances.all():
        if row.person_id not in known:
            new.append(_copy(row, into, ("person_id", "role", "state")))
        elif row.state == Attendance.State.PRESENT:
            known[row.person_id].state = row.state
            came.append(known[row.person_id])
    Attendance.objects.bulk_create(new)
    Attendance.objects.bulk_update(came, ["state"])


def _add_rows(
    into: LearningSession,
    other: LearningSession,
    name: str,
    model: type[Model],
    columns: tuple[str, ...],
) -> None:
    told = {row.text.strip() for row in getattr(into, name).all()}
    rows = getattr(other, name).order_by("pk")
    new = [_copy(row, into, columns) for row in rows if row.text.strip() not in told]
    model._default_manager.bulk_create(new)


def _add_answers(into: LearningSession, other: LearningSession) -> None:
    answered = set(into.reviews.values_list("promise_id", flat=True))
    reviews = other.reviews.exclude(promise__in=answered)
    PromiseReview.objects.bulk_create(
        _copy(row, into, ("promise_id", "state")) for row in reviews
    )
    read = set(into.readings.values_list("indicator_id", flat=True))
    readings = other.readings.exclude(indicator__in=read)
    Reading.objects.bulk_create(
        _copy(row, into, ("indicator_id", "value")) for row in readings
    )


def _copy(row: Any, into: LearningSession, columns: tuple[str, ...]) -> Any:
    given = {name: getattr(row, name) for name in columns}
    return type(row)(session=into, **given)
