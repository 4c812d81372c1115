"""What every change to a stored session shares: its locks, its trace, its news."""

from __future__ import annotations

import json
from typing import Any

from circles.actions.content import CHILDREN, SESSION_FIELDS, Content
from circles.actions.settling import agree_next, settle
from circles.models import Attendance, Circle, LearningSession, Revision, User
from circles.permissions import Role
from circles.signals import session_changed


class OutOfStep(Exception):
    """The record is not as the page said when its button was pressed: look again."""


def lock_session(session_id: int) -> LearningSession:
    """Return the session as it is stored now, its circle locked, then itself.

    Needs a transaction.  The circle comes first everywhere, so that no two changes
    wait for each other.  Its place and parent are fetched, for rights and names.
    """
    circles = Circle.objects.filter(sessions=session_id)
    circle = (
        circles.select_for_update(no_key=True, of=("self",))
        .select_related("place__parent")
        .get()
    )
    sessions = LearningSession.objects.select_for_update(no_key=True, of=("self",))
    session = sessions.select_related("submission").get(pk=session_id)
    session.circle = circle
    return session


def leave_revision(
    session: LearningSession,
    kind: Revision.Kind,
    author: User,
    role: Role,
    **given: Any,
) -> Revision:
    """Store who changed *session* and how; the version is the session's own."""
    return Revision.objects.create(
        session=session,
        kind=kind,
        version=session.version,
        author=author,
        author_role=role,
        **given,
    )


def change_state(
    session: LearningSession, state: LearningSession.State
) -> dict[str, list[Any]]:
    """Store the new state under a new version; return what changed, for a revision."""
    changes: dict[str, list[Any]] = {"state": [str(session.state), str(state)]}
    session.state = state
    session.version += 1
    session.save(update_fields=["state", "merged_into", "version"])
    return changes


def replan(session: LearningSession, author: User) -> None:
    """Give *session* the appointment that it kept, and the circle the next one that
    it agreed on; a session that no longer counts leaves neither behind."""
    settle(session)
    agree_next(session, author)


def announce(session: LearningSession) -> None:
    """Tell whoever counts that *session* changed.  A receiver that fails is logged
    and skipped: losing a correction is worse than a late recount."""
    session_changed.send_robust(sender=LearningSession, session=session)


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Return what differs between two snapshots, field by field: [old, new].

    Of lists only what is gone or new: a corrected row stands in both, and rows that
    were only stored anew are equal.
    """
    changes = {}
    for name, old in before.items():
        new = after[name]
        if not isinstance(old, list):
            if old != new:
                changes[name] = [old, new]
            continue
        gone, come = _without(old, new), _without(new, old)
        if gone or come:
            changes[name] = [gone, come]
    return changes


def _without(rows: list[Any], others: list[Any]) -> list[Any]:
    left = [_bare(row) for row in others]
    kept = []
    for row in rows:
        if _bare(row) in left:
            left.remove(_bare(row))
        else:
            kept.append(row)
    return kept


def _bare(row: Any) -> Any:
    if isinstance(row, dict):
        return {name: value for name, value in row.items() if name != "pk"}
    return row


def content_of(session: LearningSession) -> Content:
    """Return what is stored of *session*, its rows with their pks.  Seven queries."""
    columns = {name: getattr(session, name) for name in SESSION_FIELDS}
    came = Attendance.objects.present().filter(session=session)
    return Content(
        session=LearningSession(circle_id=session.circle_id, **columns),
        present=list(came.values_list("person_id", flat=True)),
        reviews=dict(session.reviews.values_list("promise_id", "state")),
        readings=dict(session.readings.values_list("indicator_id", "value")),
        **{name: list(getattr(session, name).order_by("pk")) for name in CHILDREN},
    )


def outline(content: Content) -> dict[str, Any]:
    """Return what ``snapshot`` would of a session that said *content*, without
    storing it; newcomers are left out, for they have no id yet."""
    said: dict[str, Any] = {
        name: getattr(content.session, name) for name in SESSION_FIELDS
    }
    said |= {
        "present": sorted(content.present),
        "reviews": sorted(content.reviews.items()),
        "readings": [
            (one, f"{value:.2f}") for one, value in sorted(content.readings.items())
        ],
    }
    for name, (_model, columns) in CHILDREN.items():
        rows = getattr(content, name)
        said[name] = [{one: getattr(row, one) for one in columns} for row in rows]
    plain: dict[str, Any] = json.loads(json.dumps(said, default=str))
    return plain
