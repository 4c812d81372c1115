from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone

from circles.models import (
    Attendance,
    Circle,
    LearningSession,
    Lesson,
    Membership,
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
    session: LearningSession,
    *,
    author: User,
    key: UUID,
    present: Collection[int],
    lessons: Sequence[Lesson] = (),
    received_at: datetime | None = None,
    is_news: bool = True,
) -> Submission:
    """Store *session* with its attendance and lessons, and announce it.

    *present* holds the person ids of those who came; everybody else with a
    seat in the circle is stored as absent.  Gives the session its number.

    Safe to repeat: the same author, key and content store nothing and return
    the first submission.  Raises SubmissionConflict for other content, and
    PermissionDenied if *author* may not log sessions of this circle.

    Receivers of ``session_logged`` run in this transaction.  One that raises
    is logged and skipped: losing an entry is worse than a late celebration.
    ``is_news=False`` (imports, demo data) and sessions held more than 60 days
    before they were received award silently.
    """
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
    digest = _digest(session, present, lessons)
    earlier = Submission.objects.filter(author=author, key=key).first()
    if earlier:
        if earlier.digest != digest:
            raise SubmissionConflict(earlier)
        return earlier

    session.number = circle.next_number()
    session.save(force_insert=True)
    submission = Submission.objects.create(
        author=author,
        author_role=role,
        key=key,
        digest=digest,
        session=session,
        received_at=received_at or timezone.now(),
    )
    _store_attendance(session, set(present))
    for lesson in lessons:
        lesson.session = session
    Lesson.objects.bulk_create(lessons)
    session_logged.send_robust(
        sender=LearningSession,
        session=session,
        is_news=is_news and not submission.is_backfill,
    )
    return submission


def _store_attendance(session: LearningSession, present: set[int]) -> None:
    seats = Membership.objects.current().filter(circle=session.circle_id)
    came, missed = Attendance.State.PRESENT, Attendance.State.ABSENT
    # A dictionary: somebody who changes hats today has two seats and comes once.
    hats = dict(seats.order_by("pk").values_list("person_id", "role"))
    Attendance.objects.bulk_create(
        Attendance(
            session=session,
            person_id=person_id,
            role=role,
            state=came if person_id in present else missed,
        )
        for person_id, role in hats.items()
    )


def _digest(
    session: LearningSession, present: Collection[int], lessons: Sequence[Lesson]
) -> str:
    """Return the SHA-256 of what was sent, in one spelling."""
    content = {
        "session": model_to_dict(session, exclude=["id", "number"]),
        "present": sorted(present),
        "lessons": [model_to_dict(one, exclude=["id", "session"]) for one in lessons],
    }
    text = json.dumps(content, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
