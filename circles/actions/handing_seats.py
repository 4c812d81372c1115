"""The seats that come with a post: they change hands with its rights."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from circles.actions.recording import record, record_removal, values
from circles.models import (
    Assignment,
    Circle,
    Handover,
    Membership,
    Person,
    SeatSuccession,
    Succession,
    User,
)
from circles.permissions import HATS, Role

# The hats that come with a post; a villager's seat is their own.
POST_HATS = tuple(role for role in HATS if role != Role.KHUN_KIJ)


@dataclass(frozen=True)
class Step:
    """Who follows in one right; nobody where *kind* is vacant."""

    assignment: Assignment
    kind: Succession.Kind
    successor: Person | None = None


def hand_seats(handover: Handover, rows: list[Step]) -> None:
    """End the seats that came with the posts; the successors sit down there."""
    day = handover.last_day
    here = Q(until=None) | Q(until__gte=day)
    seats = Membership.objects.filter(here, person=handover.person, since__lte=day)
    for seat in seats.filter(role__in=POST_HATS).select_related("circle__place"):
        covering = [one for one in rows if covers(one.assignment, seat.circle)]
        if not covering:
            continue
        # Who has the same hat over this very circle comes first.
        step = max(covering, key=lambda one: _nearness(one.assignment, seat))
        link = SeatSuccession.objects.create(
            handover=handover, seat=seat, until_before=seat.until
        )
        end_on(handover, seat)
        if step.successor is not None:
            link.follow_up = _sit_down(handover, step.successor, seat)
            link.save(update_fields=["follow_up"])


def covers(right: Assignment, circle: Circle) -> bool:
    """Return whether *right* is a post in *circle*: over it, or over its place."""
    if right.role not in POST_HATS:
        return False
    if right.place is not None:
        return circle.place.code.startswith(right.place.code)
    return right.circle_id == circle.pk


def _nearness(right: Assignment, seat: Membership) -> tuple[bool, bool, int]:
    length = len(right.place.code) if right.place else 0
    return right.role == seat.role, right.circle_id is not None, length


def _sit_down(
    handover: Handover, successor: Person, old: Membership
) -> Membership | None:
    """Give *successor* the seat that follows *old*; None where they sit there then."""
    day = handover.first_day
    then = Membership.objects.filter(
        Q(until=None) | Q(until__gte=day), circle=old.circle
    )
    leads = old.is_lead and not then.filter(is_lead=True).exists()
    own = then.filter(person=successor).order_by("since").first()
    if own is None:
        seat = Membership(circle=old.circle, person=successor, role=old.role)
        return _begin(handover, seat, is_lead=leads)
    if leads:
        _let_lead(handover, own, old.role)
    return None


def _begin(handover: Handover, seat: Membership, *, is_lead: bool) -> Membership:
    seat.since, seat.is_lead = handover.first_day, is_lead
    seat.save()
    record(handover.author, seat, None, reason=handover.note[:500])
    return seat


def _let_lead(handover: Handover, own: Membership, role: str) -> None:
    """Let who sits there already lead from the first day on: the seat of today ends,
    and one that leads begins; a seat that only begins then leads itself."""
    link = SeatSuccession(handover=handover, seat=own, until_before=own.until)
    if own.since <= handover.last_day:
        seat = Membership(
            circle_id=own.circle_id,
            person_id=own.person_id,
            role=role,
            until=own.until,
            is_confirmed=own.is_confirmed,
        )
        end_on(handover, own)
        link.follow_up = _begin(handover, seat, is_lead=True)
    elif own.role == role:
        _set_lead(handover.author, own, is_lead=True)
    else:
        return
    link.save()


def _set_lead(author: User, seat: Membership, *, is_lead: bool) -> None:
    before = values(seat)
    seat.is_lead = is_lead
    seat.save(update_fields=["is_lead"])
    record(author, seat, before)


def end_on(handover: Handover, row: Assignment | Membership) -> None:
    """Make the handover's day the last one of *row*, which may be so already."""
    if row.until == handover.last_day:
        return
    before = values(row)
    row.until = handover.last_day
    row.save(update_fields=["until"])
    record(handover.author, row, before, reason=handover.note[:500])


def sit_down_again(author: User, handover: Handover, link: SeatSuccession) -> None:
    """Put one seat back as it was; must run in the transaction of the calling off."""
    if link.follow_up is not None:
        record_removal(author, link.follow_up)
        link.follow_up.delete()
    seat = link.seat
    if seat.since > handover.last_day:  # it was only made the one that leads
        _set_lead(author, seat, is_lead=False)
        return
    open_seats = Membership.objects.filter(circle=seat.circle_id, until=None)
    later = SeatSuccession.objects.filter(seat=seat, handover__cancelled_at=None)
    if later.filter(pk__gt=link.pk).update(until_before=link.until_before):
        return
    is_taken = open_seats.filter(person=seat.person_id).exists()
    if seat.until != handover.last_day or is_taken:
        return
    before = values(seat)
    seat.until = link.until_before
    if seat.until is None and open_seats.filter(is_lead=True).exists():
        seat.is_lead = False
    seat.save(update_fields=["until", "is_lead"])
    record(author, seat, before)
