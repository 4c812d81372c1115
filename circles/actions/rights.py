"""Rights are given from one day on, and end: never to oneself, never above one's own.

What may not be is refused in words: a RightRefused with a code, for the form.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.actions.last_admin import keeping_administrators
from circles.actions.reaching import not_coming_within_reach
from circles.actions.recording import record, record_removal, values
from circles.actions.rising import close_old_ways_in
from circles.models import Agency, Assignment, Circle, Person, Place, Succession, User
from circles.models.accounts import AssignmentQuerySet
from circles.permissions import HATS, Role, may_grant
from circles.thai import thai_date

Where = Place | Circle | Agency
A_DAY = timedelta(days=1)


class RightRefused(ValidationError):
    """A right that may not be given or taken; ``code`` says why, ``message`` too."""


@transaction.atomic
def assign(
    author: User,
    person: Person,
    role: Role,
    where: Where,
    since: date,
    until: date | None = None,
    is_acting: bool = False,
    reason: str = "",
    keeps: Collection[int] = (),
) -> Assignment:
    """Give *person* the right of *role* over *where*, both days included; return it.
    Of somebody who rises by it only the contact points *keeps* stay verified
    (``rising``).

    Raises RightRefused: ``self``, ``double`` (merged into somebody), ``above`` (one's
    own), ``object`` (no such right over such a thing), ``order`` (ends before it
    begins), ``twice`` (the same right on the same day), ``not_yours`` (``reaching``).
    """
    locked = lock_people([person.pk])[person.pk]
    check_reach(author, locked, role, where)
    if locked.merged_into_id is not None:
        refuse("double", _("This is the double of another person. Choose that one."))
    if where_of(where) != "place" and role not in HATS:
        refuse("object", _("This role is given over a place."))
    if until is not None and until < since:
        refuse("order", _("The last day lies before the first."))
    row = Assignment(
        person=locked, role=role, since=since, until=until, is_acting=is_acting
    )
    setattr(row, where_of(where), where)
    if overlapping(row).exists():
        refuse("twice", _("This person has this right already in these days."))
    with not_coming_within_reach(author, locked, refusal=RightRefused):
        row.save()
    record(author, row, None, reason=reason)
    close_old_ways_in(author, row, keeps)
    return row


@transaction.atomic
def end_assignment(
    author: User, assignment: Assignment, until: date, reason: str = ""
) -> Assignment:
    """Make *until* the last day of a right that has not ended, and return it.

    The same day again changes nothing.  Raises RightRefused: ``self``, ``above``,
    ``handover`` (an arranged handover ends it), ``order``, ``later`` (it ends before
    that day: longer is a new right), ``last_admin``.
    """
    with keeping_administrators([assignment.person_id], RightRefused):
        row = _locked(author, assignment)
        if until == row.until:
            return row
        if until < row.since:
            refuse("order", _("The last day lies before the first."))
        if row.until is not None and until > row.until:
            text = _("It ends on %(day)s already. For longer, give the right anew.")
            refuse("later", text % {"day": thai_date(row.until)})
        before = values(row)
        row.until = until
        row.save(update_fields=["until"])
    record(author, row, before, reason=reason)
    return row


@transaction.atomic
def end_now(
    author: User, assignment: Assignment, reason: str = ""
) -> Assignment | None:
    """End a right at once: yesterday was its last day.  One that has not begun, or
    begins today, is withdrawn, which its history tells; then None is returned.

    Raises RightRefused as ``end_assignment`` does.
    """
    yesterday = timezone.localdate() - A_DAY
    if assignment.since <= yesterday:
        return end_assignment(author, assignment, yesterday, reason)
    with keeping_administrators([assignment.person_id], RightRefused):
        row = _locked(author, assignment)
        record_removal(author, row, reason=reason)
        row.delete()
    return None


def _locked(author: User, assignment: Assignment) -> Assignment:
    lock_people([assignment.person_id])
    rows = Assignment.objects.select_related("person", "place", "circle__place")
    row = rows.select_related("agency__place").filter(pk=assignment.pk).first()
    if row is None:
        refuse("gone", _("This right is no longer there."))
    check_reach(author, row.person, Role(row.role), where_of_row(row))
    arranged = Q(handover__cancelled_at=None, handover__carried_out_at=None)
    of_it = Q(assignment=row) | Q(follow_up=row)
    if Succession.objects.filter(arranged, of_it).exists():
        refuse(
            "handover",
            _("A handover of this right is arranged. Call the handover off first."),
        )
    return row


def check_reach(author: User, person: Person, role: Role, where: Where) -> None:
    """Raise RightRefused ``self`` or ``above`` if *author* may not give or take it."""
    if author.person_id == person.pk:
        refuse("self", _("Nobody gives or takes their own rights."))
    if not may_grant(author, role, code_of(where)):
        refuse("above", _("This right lies above your own, or outside your places."))


def overlapping(row: Assignment) -> AssignmentQuerySet:
    """Return the other rows of the same right that share a day with *row*."""
    same = {name: getattr(row, f"{name}_id") for name in ("place", "circle", "agency")}
    others = Assignment.objects.filter(person=row.person_id, role=row.role, **same)
    others = others.exclude(pk=row.pk).filter(Q(until=None) | Q(until__gte=row.since))
    return others if row.until is None else others.filter(since__lte=row.until)


def where_of(where: Where) -> str:
    """Return the column that *where* stands in: "place", "circle" or "agency"."""
    return str(where._meta.model_name)


def code_of(where: Where) -> str | None:
    """Return the code of the place to which *where* belongs; None: the province's."""
    place = where if isinstance(where, Place) else where.place
    return place.code if place else None


def where_of_row(row: Assignment) -> Where:
    """Return what *row* is over.  Reads it."""
    found = row.where
    if found is None:
        raise ValueError(row.pk)  # the table's own constraint forbids it
    return found


def lock_circles_of(person: Person) -> None:
    """Lock the circles in which *person* has or had a seat; before anybody's person."""
    circles = Circle.objects.filter(memberships__person=person).values("pk")
    locks = Circle.objects.select_for_update(no_key=True).filter(pk__in=circles)
    list(locks.order_by("pk"))


def lock_people(people: list[int]) -> dict[int, Person]:
    """Lock these people, in order, so that one at a time changes their rights."""
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in=people)
    return {row.pk: row for row in rows.order_by("pk")}


def refuse(code: str, message: str) -> NoReturn:
    """Raise RightRefused."""
    raise RightRefused(message, code=code)
