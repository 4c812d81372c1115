"""What one log form says, and how that becomes rows and comes back from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models

from circles import thai
from circles.models import (
    Attendance,
    LearningSession,
    Lesson,
    Membership,
    Person,
    Problem,
    Promise,
    PromiseReview,
    Reading,
    SupportRequest,
)

SESSION_FIELDS = (
    *("held_on", "starts", "ends", "venue", "guest_count", "next_on", "summary"),
    *("story", "story_may_show", "aar_hoped", "aar_more", "aar_less", "aar_next"),
)
# By the name of the relation and of the field of ``Content``: model and columns.
CHILDREN: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "lessons": (Lesson, ("text", "words", "teller_id", "topic", "may_show")),
    "problems": (Problem, ("text", "solution")),
    "promises": (Promise, ("text", "owner_id", "owner_name", "due_on")),
    "requests": (SupportRequest, ("text", "kind")),
}


@dataclass(frozen=True)
class Newcomer:
    """Somebody without a seat, known by a name alone, and the hat worn today."""

    name: str
    role: str


@dataclass
class Content:
    """A whole session as somebody tells it.

    *present* holds the person ids of those with a seat who came.  Lessons, problems,
    promises and requests are unsaved rows; one that carries a pk corrects that row.
    """

    session: LearningSession
    present: Collection[int] = ()
    newcomers: Sequence[Newcomer] = ()
    lessons: Sequence[Lesson] = ()
    problems: Sequence[Problem] = ()
    promises: Sequence[Promise] = ()
    requests: Sequence[SupportRequest] = ()
    reviews: Mapping[int, str] = field(default_factory=dict)  # by promise id
    readings: Mapping[int, Decimal] = field(default_factory=dict)  # by indicator id


def digest(content: Content) -> str:
    """Return the SHA-256 of what was sent, in one spelling."""
    session = content.session
    said = {
        "circle": session.circle_id,
        "session": _columns(session, SESSION_FIELDS),
        "present": sorted(content.present),
        "newcomers": [[one.name, one.role] for one in content.newcomers],
        "reviews": sorted(content.reviews.items()),
        "readings": sorted(content.readings.items()),
    }
    for name, (_model, columns) in CHILDREN.items():
        said[name] = [_columns(row, columns) for row in getattr(content, name)]
    text = json.dumps(said, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def snapshot(session: LearningSession) -> dict[str, Any]:
    """Return what *session* holds now, ready for JSON: its own fields, ``present``
    (person ids), ``reviews`` and ``readings`` (id and value), and the rows of
    ``CHILDREN``, each with its ``pk``.  Seven queries."""
    present = session.attendances.present().values_list("person_id", flat=True)
    said: dict[str, Any] = {
        **_columns(session, SESSION_FIELDS),
        "present": sorted(present),
        "reviews": sorted(session.reviews.values_list("promise_id", "state")),
        "readings": sorted(session.readings.values_list("indicator_id", "value")),
    }
    for name, (_model, columns) in CHILDREN.items():
        rows = getattr(session, name).order_by("pk")
        said[name] = [_columns(row, ("pk", *columns)) for row in rows]
    plain: dict[str, Any] = json.loads(json.dumps(said, default=str))
    return plain


def store_rows(session: LearningSession, content: Content) -> None:
    """Insert what belongs to the new *session*.  Needs its transaction."""
    hats = hats_of(session.circle_id)
    present = set(content.present)
    rows = [_attendance(session, one, role, present) for one, role in hats.items()]
    rows += _welcome(session, content.newcomers)
    Attendance.objects.bulk_create(rows)
    for name, (model, _columns) in CHILDREN.items():
        _insert(model, session, getattr(content, name))
    _store_answers(session, content)


def replace_rows(session: LearningSession, content: Content) -> None:
    """Make what belongs to the stored *session* equal *content*.

    Needs a transaction in which the session is locked.  Repeatable, but for
    newcomers, who get a seat each time.  Raises ValueError for a row of another
    session and for a person with neither a seat nor an attendance here.
    """
    _correct_attendance(session, content)
    for name, (model, columns) in CHILDREN.items():
        _correct(model, columns, session, getattr(content, name))
    session.reviews.all().delete()
    session.readings.all().delete()
    _store_answers(session, content)


def hats_of(circle_id: int) -> dict[int, str]:
    """Return the hat of everybody with a seat in the circle today, by person id."""
    # A dictionary: somebody who changes hats today has two seats and comes once.
    seats = Membership.objects.current().filter(circle=circle_id)
    return dict(seats.order_by("pk").values_list("person_id", "role"))


def _attendance(
    session: LearningSession, person_id: int, role: str, present: set[int]
) -> Attendance:
    came, missed = Attendance.State.PRESENT, Attendance.State.ABSENT
    state = came if person_id in present else missed
    return Attendance(session=session, person_id=person_id, role=role, state=state)


def _welcome(
    session: LearningSession, newcomers: Sequence[Newcomer]
) -> list[Attendance]:
    """Give each newcomer an unconfirmed seat; return their unsaved attendances."""
    if not newcomers:
        return []
    people = Person.objects.bulk_create(_person(one.name) for one in newcomers)
    pairs = list(zip(people, newcomers, strict=True))
    Membership.objects.bulk_create(
        Membership(
            circle_id=session.circle_id,
            person=person,
            role=newcomer.role,
            is_confirmed=False,
        )
        for person, newcomer in pairs
    )
    return [
        _attendance(session, person.pk, newcomer.role, {person.pk})
        for person, newcomer in pairs
    ]


def _person(name: str) -> Person:
    new = thai.split_name(name)
    first, last = new.first[:100], new.last[:100]
    person = Person(title=new.title, first_name=first, last_name=last)
    person.sort_key = thai.sort_key(new.bare)
    return person


def _insert(
    model: type[models.Model], session: LearningSession, rows: Iterable[Any]
) -> None:
    new = list(rows)
    for row in new:
        row.pk, row.session = None, session
    if new:
        model._default_manager.bulk_create(new)


def _store_answers(session: LearningSession, content: Content) -> None:
    if content.reviews:
        PromiseReview.objects.bulk_create(
            PromiseReview(session=session, promise_id=promise, state=state)
            for promise, state in content.reviews.items()
        )
    if content.readings:
        Reading.objects.bulk_create(
            Reading(session=session, indicator_id=indicator, value=value)
            for indicator, value in content.readings.items()
        )


def _correct_attendance(session: LearningSession, content: Content) -> None:
    came, missed = Attendance.State.PRESENT, Attendance.State.ABSENT
    present = set(content.present)
    known = {row.person_id: row for row in session.attendances.all()}
    changed = []
    for person_id, row in known.items():
        state = came if person_id in present else missed
        # Excused stays excused: only who came was asked.
        if (state == came) != (row.state == came):
            row.state = state
            changed.append(row)
    Attendance.objects.bulk_update(changed, ["state"])
    late = present - set(known)
    hats = hats_of(session.circle_id) if late else {}
    if late - set(hats):
        raise ValueError("somebody chosen has no seat here")
    rows = [_attendance(session, one, hats[one], late) for one in sorted(late)]
    Attendance.objects.bulk_create(rows + _welcome(session, content.newcomers))


def _correct(
    model: type[models.Model],
    columns: tuple[str, ...],
    session: LearningSession,
    rows: Sequence[Any],
) -> None:
    manager = model._default_manager
    known = set(manager.filter(session=session).values_list("pk", flat=True))
    kept = [row for row in rows if row.pk is not None]
    if not {row.pk for row in kept} <= known:
        raise ValueError("a row of another session")
    manager.filter(pk__in=known - {row.pk for row in kept}).delete()
    for row in kept:
        row.session = session
    if kept:
        names = [column.removesuffix("_id") for column in columns]
        manager.bulk_update(kept, names)
    _insert(model, session, [row for row in rows if row.pk is None])


def _columns(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
