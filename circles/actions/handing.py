"""Somebody leaves: in one step the rights end on a day and begin for others on the
next.

Rights and seats carry their days and change hands by themselves; what is moved on that
day is in ``carrying``.  Refusals are RightRefused, as in ``rights``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.actions.carrying import call_off, carry_out
from circles.actions.handing_seats import Step, end_on, hand_seats
from circles.actions.last_admin import keeping_administrators
from circles.actions.reaching import accounts_within_reach, not_coming_within_reach
from circles.actions.recording import record
from circles.actions.rights import (
    RightRefused,
    check_reach,
    lock_circles_of,
    lock_people,
    overlapping,
    refuse,
    where_of_row,
)
from circles.actions.rising import close_old_ways_in
from circles.models import (
    Assignment,
    Handover,
    Person,
    Succession,
    User,
)
from circles.models.accounts import AssignmentQuerySet
from circles.permissions import Permission, Role, successors_under
from circles.thai import thai_date

# What was noticed late: further back nobody hands over, rights are ended.
LONGEST_BACK = timedelta(days=90)


def earliest_last_day() -> date:
    """Return the day further back than which nobody hands over."""
    return timezone.localdate() - LONGEST_BACK


def rights_to_hand(
    author: User, person: Person, last_day: date, instead: Handover | None = None
) -> AssignmentQuerySet:
    """Return the rights of *person* that *author* may hand over on that day: begun by
    then, not ended before, and not handed to anybody by an earlier handover; that one
    *instead* of which another is arranged counts as called off."""
    within = Assignment.objects.allowed(author, Permission.ASSIGN_ROLE)
    return open_to_handing(within.filter(person=person), last_day, instead)


def open_to_handing(
    rights: AssignmentQuerySet, last_day: date, instead: Handover | None = None
) -> AssignmentQuerySet:
    """Keep of *rights* what can be handed over on that day."""
    standing = Succession.objects.filter(handover__cancelled_at=None)
    here = Q(until=None) | Q(until__gte=last_day)
    if instead is not None:
        standing = standing.exclude(handover=instead)
        here |= Q(pk__in=instead.successions.order_by().values("assignment"))
    taken = standing.exclude(kind=Succession.Kind.VACANT).values("assignment")
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
    ``double``, ``reach``, ``gone``, ``last_admin``, ``account``, ``long_ago``,
    ``not_yours`` (``reaching``).  A successor who rises is to be invited anew
    (``rising``).
    """
    if last_day < earliest_last_day():
        refuse("long_ago", _("The last day may lie 90 days back at most."))
    followers = [step.successor for step in steps if step.successor]
    with (
        keeping_administrators([person.pk], RightRefused),
        not_coming_within_reach(author, *followers, refusal=RightRefused),
    ):
        return _hand_over(author, person, last_day, steps, closes_account, note)


def _hand_over(
    author: User,
    person: Person,
    last_day: date,
    steps: Sequence[Step],
    closes_account: bool,
    note: str,
) -> Handover:
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
        end_on(handover, step.assignment)
    hand_seats(handover, rows)
    if closes_account:
        _check_needed_no_more(handover)
    if last_day < timezone.localdate():
        carry_out(handover)
    return handover


@transaction.atomic
def hand_over_anew(
    author: User,
    instead: Handover,
    last_day: date,
    steps: Sequence[Step],
    *,
    closes_account: bool = False,
    note: str = "",
) -> Handover:
    """Call *instead* off and arrange the leaving anew, as ``hand_over``: both or
    neither.  Raises RightRefused as ``call_off`` and ``hand_over`` do."""
    # Provinces, circles, people: as everywhere.
    with keeping_administrators([instead.person_id], RightRefused):
        lock_circles_of(instead.person)
        call_off(author, instead)
    return hand_over(
        author,
        instead.person,
        last_day,
        steps,
        closes_account=closes_account,
        note=note,
    )


def _lock(
    author: User, person: Person, last_day: date, steps: Sequence[Step]
) -> list[Step]:
    """Lock what changes, in the order of all actions, and return *steps* as the
    database knows them now."""
    if author.person_id == person.pk:
        refuse("self", _("Nobody gives or takes their own rights."))
    if not steps:
        text = _("There is no right to hand over on %(day)s.")
        refuse("nothing", text % {"day": thai_date(last_day)})
    lock_circles_of(person)
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
    within = Person.objects.filter(successors_under(author))
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
    close_old_ways_in(handover.author, new)
    return new


def _check_account(author: User, person: Person) -> None:
    if not accounts_within_reach(author).filter(person=person).exists():
        refuse("account", _("This account is not within your reach."))


def _check_needed_no_more(handover: Handover) -> None:
    rights = Assignment.objects.to_come(handover.first_day)
    if rights.filter(person=handover.person_id).exists():
        text = _("The account is still needed: other rights go on after that day.")
        refuse("account", text)
