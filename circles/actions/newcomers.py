"""Newcomers: a facilitator wrote a name, an administrator says who that is.

What may not be is refused in words: a ValidationError with a code, for the form.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.actions.doubles import merge_people
from circles.actions.doubles_journal import Journal
from circles.actions.recording import record, values
from circles.actions.seats import A_DAY, end_seat, lock, refuse
from circles.models import Circle, Membership, Person, PersonMerge, User


@transaction.atomic
def confirm_seats(author: User, circle: Circle, seats: Collection[int]) -> int:
    """Confirm these newcomers of *circle*, by number; return how many were not so
    before.  Safe to repeat; a number that is not of this circle confirms nobody."""
    lock(circle)
    waiting = circle.memberships.filter(pk__in=seats, is_confirmed=False)
    rows = list(waiting.order_by("pk"))
    for seat in rows:
        before = values(seat)
        seat.is_confirmed = True
        seat.save(update_fields=["is_confirmed"])
        record(author, seat, before)
    return len(rows)


@transaction.atomic
def recognise(author: User, seat: Membership, known: Person) -> PersonMerge:
    """Let the newcomer of *seat* be *known*: the two become one person, whose seat is
    confirmed; return the merge, whose undoing takes that back as well.

    Raises ValidationError: ``same``, or as ``doubles.merge_people`` does.
    """
    if known.pk == seat.person_id:
        refuse("same", _("This is the newcomer. Choose somebody else."), "person")
    merge = merge_people(author, known, seat.person)
    journal = Journal(merge.moved)
    here = Membership.objects.filter(circle=seat.circle, person=known)
    for row in here.filter(is_confirmed=False).order_by("pk"):
        before = values(row)
        journal.amend(row, is_confirmed=True)
        record(author, row, before)
    merge.moved |= journal.as_json()
    merge.save(update_fields=["moved"])
    return merge


def turn_away(author: User, seat: Membership) -> Membership:
    """End the seat of a newcomer who is not one of the circle: yesterday was the last
    day, or the day on which it began; what was recorded stays.

    Raises ValidationError as ``end_seat`` does.
    """
    last = max(seat.since, timezone.localdate() - A_DAY)
    return end_seat(author, seat, last, _("not one of this circle"))
