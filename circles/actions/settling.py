"""What a session that was logged means for the circle's appointments.

Both are called in the transaction that stores the session, with the circle locked.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from circles.models import Appointment, LearningSession, User

SETTLE_WITHIN = timedelta(days=3)

State = Appointment.State


def settle(session: LearningSession) -> Appointment | None:
    """Give *session* to the appointment that it kept, and return that one, or None.

    It is the circle's own of that day, else the nearest open one within 3 days, of
    two equally near the earlier.  A session that does not count settles nothing.

    Safe to repeat.  After a correction of the day, an appointment that is too far now
    is open again.  One statement, one more for each appointment that changes.
    """
    if not session.is_counted:
        return None
    day = session.held_on
    near = Appointment.objects.filter(
        Q(on__range=(day - SETTLE_WITHIN, day + SETTLE_WITHIN)) | Q(session=session),
        circle=session.circle_id,
        state=State.PLANNED,
    )
    found = sorted(near, key=lambda one: (abs(one.on - day), one.on))
    mine = next((one for one in found if one.session_id == session.pk), None)
    if mine and abs(mine.on - day) <= SETTLE_WITHIN:
        return mine
    if mine:
        found.remove(mine)
        _give(mine, None)
    if found and found[0].on == day and found[0].session_id:
        return None  # a second meeting of that day leaves tomorrow's alone
    kept = next((one for one in found if one.session_id is None), None)
    if kept:
        _give(kept, session)
    return kept


def _give(appointment: Appointment, session: LearningSession | None) -> None:
    appointment.session, appointment.changed_at = session, timezone.now()
    appointment.save(update_fields=["session", "changed_at"])


def agree_next(session: LearningSession, author: User) -> None:
    """Make sure that the circle has an appointment on ``session.next_on``, at the same
    time and place.  A day that has passed gets none where the circle met since.

    Safe to repeat.  After a correction, the appointment that this session had made
    moves to the new day, or goes where there is no such day any more (nor does a
    session that no longer counts have one), unless somebody changed it since.

    Two statements; three after a correction or for a day that has passed.
    """
    day = session.next_on if session.is_counted else None
    mark = _mark(session)
    found = Appointment.objects.filter(
        Q(changed_at=mark, on__gt=session.held_on)
        | (Q(on=day) if day else Q(pk__in=())),
        circle=session.circle_id,
        state=State.PLANNED,
    )
    mine = next(
        (one for one in found if one.changed_at == mark and not one.session_id), None
    )
    if day is None or any(one.on == day for one in found if one is not mine):
        if mine:
            mine.delete()
    elif mine:
        told = {"on": day, "starts": session.starts, "venue": session.venue}
        Appointment.objects.filter(pk=mine.pk).update(**told)
    elif not _met_since(session, day):
        Appointment.objects.create(
            circle_id=session.circle_id,
            on=day,
            starts=session.starts,
            venue=session.venue,
            author=author,
            changed_at=mark,
        )


def _mark(session: LearningSession) -> datetime:
    """Return what an appointment that *session* made has as ``changed_at``: the moment
    at which the session was received.  Any later change of the row sets another."""
    submission = getattr(session, "submission", None)
    return submission.received_at if submission else timezone.now()


def _met_since(session: LearningSession, day: date) -> bool:
    if day >= timezone.localdate():
        return False
    later = LearningSession.objects.counted().filter(
        circle=session.circle_id, held_on__gt=session.held_on
    )
    return later.filter(held_on__gte=day - SETTLE_WITHIN).exists()
