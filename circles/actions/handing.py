"""Somebody leaves: in one step the rights end on a day and begin for others on the
next.

Rights and seats carry their days and change hands by themselves; what is moved on that
day is in ``carrying``.  Refusals are RightRefused, as in ``rights``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.actions.carrying import carry_out
from circles.actions.handing_seats import Step, end_on, hand_seats
from circles.actions.reaching import accounts_within_reach
from circles.actions.recording import record
from circles.actions.rights import (
    check_not_last,
    check_reach,
    lock_administration,
    lock_people,
    overlapping,
    refuse,
    where_of_row,
)
from circles.models import (
    Assignment,
    Circle,
    Handover,
    Person,
    Succession,
    User,
)
from circles.models.accounts import AssignmentQuerySet
from circles.permissions import Permission, Role


def rights_to_hand(author: User, person: Person, last_day: date) -> AssignmentQuerySet:
    """Return the rights of *person* that *author* may hand over on that day: begun by
    then, not ended before, and not handed to anybody by an earlier handover."""
    within = Assignment.objects.allowed(author, Permission.ASSIGN_ROLE)
    return open_to_handing(within.filter(person=person), last_day)


def open_to_handing(rights: AssignmentQuerySet, last_day: date) -> AssignmentQuerySet:
    """Keep of *rights* what can be handed over on that day."""
    standing = Succession.objects.filter(handover__cancelled_at=None)
    taken = standing.exclude(kind=Succession.Kind.VACANT).values("assignment")
    here = Q(until=None) | Q(until__gte=last_day)
    found = rights.filter(here, since__lte=last_day).exclude(pk__in=taken)
    return found.select_related(
        "place__parent", "circle__place__parent", "agency__place"
    )


@transaction.atomic
def hand_over(
    author: User,
    person: Person,
    last_day: date,
    steps: Sequence[Step],
    *,
    closes_account: bool = False,
    note: str = "",
) -> Handover:
    """End the rights of *steps* on *last_day*, give them to the successors from the
    next day, and return the handover.  All or nothing; carried out at once if the day
    is over.

    A right that the successor has already stays as it is.  Raises RightRefused:
    ``nothing``, ``self``, ``above``, ``same`` (the successor is who leaves),
    ``double``, ``reach``, ``gone``, ``last_admin``, ``account``.
    """
    rows = _lock(author, person, last_day, steps)
    if closes_account:
        _check_account(author, person)
    handover = Handover.objects.create(
        author=author,
        person=person,
        last_day=last_day,
        closes_account=closes_account,
        note=note,
    )
    record(author, handover, None, reason=note[:500])
    for step in rows:
        _follow(handover, step)
    for step in rows:
        check_not_last(step.assignment, last_day)
        end_on(handover, step.assignment)
    hand_seats(handover, rows)
    if closes_account:
        _check_needed_no_more(handover)
    if last_day < timezone.localdate():
        carry_out(handover)
    return handover


def _lock(
    author: User, person: Person, last_day: date, steps: Sequence[Step]
) -> list[Step]:
    """Lock what changes, in the order of all actions, and return *steps* as the
    database knows them now."""
    if author.person_id == person.pk:
        refuse("self", _("Nobody gives or takes their own rights."))
    if not steps:
        refuse("nothing", _("There is no right to hand over on this day."))
    lock_administration(*(step.assignment for step in steps))
    circles = Circle.objects.filter(memberships__person=person).values("pk")
    locks = Circle.objects.select_for_update(no_key=True).filter(pk__in=circles)
    list(locks.order_by("pk"))
    followers = {step.successor.pk for step in steps if step.successor}
    people = lock_people([person.pk, *followers])
    _check_followers(author, person, [people[pk] for pk in followers])
    found = rights_to_hand(author, person, last_day).in_bulk()
    rows = []
    for step in steps:
        row = found.get(step.assignment.pk)
        if row is None:
            refuse("gone", _("One of these rights has changed meanwhile. Look again."))
        if step.successor:
            check_reach(author, step.successor, Role(row.role), where_of_row(row))
        rows.append(Step(row, step.kind, step.successor))
    return rows


def _check_followers(author: User, person: Person, followers: list[Person]) -> None:
    if person in followers:
        refuse("same", _("The successor is the person who leaves. Choose another."))
    if any(one.merged_into_id for one in followers):
        refuse("double", _("This is the double of another person. Choose that one."))
    within = Person.objects.allowed(author, Permission.MANAGE_PERSON)
    numbers = [one.pk for one in followers]
    if within.filter(pk__in=numbers).count() != len(numbers):
        refuse("reach", _("The successor is outside your places."))


def _follow(handover: Handover, step: Step) -> None:
    old = step.assignment
    succession = Succession(
        handover=handover,
        assignment=old,
        kind=step.kind,
        successor=step.successor,
        until_before=old.until,
    )
    if step.successor is not None:
        succession.follow_up = _new_right(handover, step.successor, step)
    succession.save()


def _new_right(handover: Handover, successor: Person, step: Step) -> Assignment | None:
    old = step.assignment
    is_longer = old.until is not None and old.until > handover.last_day
    new = Assignment(
        person=successor,
        role=old.role,
        place=old.place,
        circle=old.circle,
        agency=old.agency,
        is_acting=step.kind == Succession.Kind.ACTING,
        since=handover.first_day,
        # What was given for a time is handed on for the rest of it.
        until=old.until if is_longer else None,
    )
    if overlapping(new).exists():
        return None
    new.save()
    record(handover.author, new, None, reason=handover.note[:500])
    return new


def _check_account(author: User, person: Person) -> None:
    if not accounts_within_reach(author).filter(person=person).exists():
        refuse("account", _("This account is not within your reach."))


def _check_needed_no_more(handover: Handover) -> None:
    rights = Assignment.objects.to_come(handover.first_day)
    if rights.filter(person=handover.person_id).exists():
        text = _("The account is still needed: other rights go on after that day.")
        refuse("account", text)
