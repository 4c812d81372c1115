"""Putting a seat back, and why something is not put back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circles.actions.recording import record, values
from circles.models import Membership, SeatSuccession, User

REFUSALS: dict[str, str | Promise] = {
    "changed_since": _("Something else stands there by now. Nothing was put back."),
    "gone": _("What the change was about is no longer there."),
    "target_gone": _("What stood there before was removed or archived since."),
    "out_of_reach": _("What stood there before lies outside what you look after."),
    "seat_overlap": _("This person had another seat in the circle in these days."),
    "in_handover": _("This belongs to a handover. Call the handover off instead."),
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
    ``seat_overlap``, or what the seat's constraints say.
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
    seat.save()
    record(author, seat, before)


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
