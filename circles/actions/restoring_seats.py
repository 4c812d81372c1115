"""Putting a seat back, and why something is not put back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circles.actions.reaching import not_coming_within_reach
from circles.actions.recording import record, values
from circles.models import Change, Membership, SeatSuccession, User

SEAT = Change.Subject.SEAT
REFUSALS: dict[str, str | Promise] = {
    "changed_since": _("Something else stands there by now. Nothing was put back."),
    "gone": _("What the change was about is no longer there."),
    "target_gone": _("What stood there before was removed or archived since."),
    "out_of_reach": _("What stood there before lies outside what you look after."),
    "seat_overlap": _("This person had another seat in the circle in these days."),
    "in_handover": _("This belongs to a handover. Call the handover off instead."),
    "by_handover": _(
        "A handover has moved this seat. Change it among the people of the circle."
    ),
    "seat_ends_after_it_begins": _("The last day would be before the first."),
    "seat_once_at_a_time": _("This person has another seat in the circle today."),
    "seat_leads_once_at_a_time": _("Somebody else leads the circle by now."),
    "taken": _("It does not fit what was written meanwhile. Nothing was put back."),
}


class Refused(Exception):
    """What stood there before cannot be put back.  ``code`` is one of ``REFUSALS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code if code in REFUSALS else "taken"

    @property
    def words(self) -> str:
        return str(REFUSALS[self.code])


def put_seat_back(seat: Membership, given: dict[str, Any], author: User) -> None:
    """Give *seat* the columns *given* again, and write that down.

    Needs the transaction that locked its circle.  Raises ``Refused``: ``in_handover``,
    ``seat_overlap``, or what the seat's constraints say; and ValidationError
    ``not_yours`` (``reaching``).
    """
    before = values(seat)
    for name, value in given.items():
        setattr(seat, name, value)
    if {"since", "until"} & set(given):
        _check_days(seat)
    for constraint in seat._meta.constraints:
        try:
            constraint.validate(Membership, seat)
        except ValidationError as error:
            raise Refused(constraint.name) from error
    with not_coming_within_reach(author, seat.person):
        seat.save()
    record(author, seat, before)


# What a handover moves: half of it put back would be neither the one nor the other.
MOVED = frozenset({"since", "until", "is_lead"})


def moved_by_handovers(changes: Iterable[Change]) -> set[int]:
    """Return the numbers of those *changes* that moved a seat since a handover of it
    was arranged: neither they nor what called it off is put back one by one.

    One query; none where no seat was moved.
    """
    seats = [one for one in changes if one.subject == SEAT and MOVED & set(one.changes)]
    if not seats:
        return set()
    numbers = {one.subject_id for one in seats}
    links = SeatSuccession.objects.filter(
        Q(seat__in=numbers) | Q(follow_up__in=numbers)
    )
    found = links.order_by().values_list("seat", "follow_up", "handover__created_at")
    since: dict[int, datetime] = {}
    for seat, follow_up, arranged_at in found:
        for number in (seat, follow_up):
            since[number] = min(arranged_at, since.get(number, arranged_at))
    return {
        one.pk
        for one in seats
        if one.subject_id in since and one.created_at >= since[one.subject_id]
    }


def check_not_by_handover(change: Change) -> None:
    """Raise ``Refused`` if a handover made *change*, or it was made after one."""
    if moved_by_handovers([change]):
        raise Refused("by_handover")


def _check_days(seat: Membership) -> None:
    of_it = Q(seat=seat) | Q(follow_up=seat)
    arranged = Q(handover__cancelled_at=None, handover__carried_out_at=None)
    if SeatSuccession.objects.filter(of_it, arranged).exists():
        raise Refused("in_handover")
    others = Membership.objects.filter(circle=seat.circle_id, person=seat.person_id)
    met = others.exclude(pk=seat.pk).exclude(until__lt=seat.since)
    if seat.until is not None:
        met = met.filter(since__lte=seat.until)
    if met.exists():
        raise Refused("seat_overlap")
