"""What is told before two rows of one person are merged.  Reads only."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet

from circles.models import (
    Assignment,
    Attendance,
    ContactPoint,
    Lesson,
    Membership,
    Person,
    PersonMerge,
    Promise,
    User,
)
from circles.models.counting import count_per

MOST_STEPS = 20  # of doubles of doubles


def current_of(person_id: int) -> int:
    """Return the number of the person whose double that one is today, at last; its
    own if it is no double or there is no such person."""
    for _step in range(MOST_STEPS):
        into = Person.objects.filter(pk=person_id).order_by()
        kept = into.values_list("merged_into", flat=True).first()
        if kept is None:
            break
        person_id = kept
    return person_id


def compared(*numbers: int) -> list[Any]:
    """Return those people in this order, each with what would move: ``came_count``,
    ``seat_count``, ``told_count``, ``promise_count``, ``contact_count``,
    ``right_count`` and the ``accounts``.  Two queries."""
    counts = {
        "came_count": (Attendance, "person"),
        "seat_count": (Membership, "person"),
        "told_count": (Lesson, "teller"),
        "promise_count": (Promise, "owner"),
        "contact_count": (ContactPoint, "person"),
        "right_count": (Assignment, "person"),
    }
    counted = {
        name: count_per(column, _rows(model, column))
        for name, (model, column) in counts.items()
    }
    people: QuerySet[Any] = Person.objects.filter(pk__in=numbers).annotate(**counted)
    found = {one.pk: one for one in people.select_related("village__parent", "agency")}
    accounts = User.objects.filter(person__in=numbers, is_active=True)
    owners = set(accounts.values_list("person", flat=True))
    for one in found.values():
        one.has_account = one.pk in owners
    return [found[number] for number in numbers if number in found]


def _rows(model: Any, column: str) -> QuerySet:
    rows: QuerySet = model.objects.filter(**{column: OuterRef("pk")})
    return rows


def met_twice(one: Person, other: Person) -> int:
    """Return at how many sessions both rows are written down: one answer stays."""
    theirs = Attendance.objects.filter(person=other).order_by()
    return Attendance.objects.filter(
        person=one, session__in=theirs.values("session")
    ).count()


def merges_of(person: Person) -> QuerySet[PersonMerge]:
    """Return the standing merges into *person*, the latest first: that one alone can
    be undone now."""
    merges = PersonMerge.objects.filter(kept=person, undone_at=None)
    return merges.select_related("gone", "author__person").order_by("-pk")
