"""Seats: who sits in a circle, wearing which hat, from one day to another.

A seat grants nothing; that somebody may log is a right, given beside it.  What may not
be is refused in words: a ValidationError with a code, for the form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.actions.circles import OPENS_WITHIN
from circles.actions.people import create_by_name
from circles.actions.reaching import not_coming_within_reach
from circles.actions.recording import record, values
from circles.actions.rights import RightRefused, assign
from circles.models import Circle, Membership, Person, SeatSuccession, User
from circles.permissions import Role
from circles.thai import thai_date

A_DAY = timedelta(days=1)
# The hats under which somebody may get the right to log, beside the seat.
LOGGING = (Role.KHUN_AMNUAY, Role.KHUN_LIKHIT)


@dataclass(frozen=True)
class NewSeat:
    """A seat to be: of a *person* who is known, or of somebody new by *name*."""

    role: Role
    since: date
    person: Person | None = None
    name: str = ""
    may_log: bool = False


@transaction.atomic
def add_seat(author: User, circle: Circle, new: NewSeat) -> Membership:
    """Give somebody a seat in *circle*, and the right over it if ``may_log``; return
    it.  The first facilitator leads.

    Raises ValidationError: ``seated`` (one seat at a time), ``known`` (somebody of
    that name has one), ``too_far``, ``not_open`` (before the circle first opened),
    ``no_right`` (this hat logs nothing), or as ``rights.assign`` does.
    """
    lock(circle)
    _check_day(new.since, "since", circle)
    person = new.person or create_by_name(author, circle, new.name)
    seat = Membership(circle=circle, person=person, role=new.role, since=new.since)
    seat.is_lead = new.role == Role.KHUN_AMNUAY and not _leads(circle).exists()
    _check_free(seat, new.since)
    with not_coming_within_reach(author, person):
        _save(seat)
    record(author, seat, None)
    if new.may_log:
        _let_log(author, seat)
    return seat


@transaction.atomic
def change_seat(author: User, seat: Membership, role: Role, since: date) -> Membership:
    """Let the person of *seat* wear the hat *role* from *since* on; return the seat.

    A day after the first one of the seat ends it the day before and begins another:
    both hats stay in the past they belong to.  The first day, or an earlier one,
    corrects the seat itself.  Raises ValidationError: ``same_role``, ``ended``,
    ``seated``, ``too_far``, ``not_open``, ``handover``, ``gone``.
    """
    stored = _free_of_handover(_stored(seat))
    _check_day(since, "since", stored.circle if since < stored.since else None)
    if stored.until is not None:
        refuse("ended", _("The last day of this seat is set already."))
    before = values(stored)
    leads = stored.is_lead and role == Role.KHUN_AMNUAY
    if since <= stored.since:
        _check_free(stored, since)
        stored.role, stored.since, stored.is_lead = role, since, leads
        _save(stored)
        record(author, stored, before)
        return stored
    if role == stored.role:
        refuse("same_role", _("This is the hat already. Choose another."), "role")
    stored.until = since - A_DAY
    _save(stored)
    record(author, stored, before)
    new = Membership(
        circle=stored.circle,
        person=stored.person,
        role=role,
        since=since,
        is_confirmed=stored.is_confirmed,
        is_lead=leads,
    )
    _save(new)
    record(author, new, None)
    return new


@transaction.atomic
def end_seat(
    author: User, seat: Membership, until: date, reason: str = ""
) -> Membership:
    """Make *until* the last day of *seat*; what was recorded stays.  Safe to repeat.

    Raises ValidationError: ``order``, ``too_far``, ``seated`` (another seat of the
    person has begun by then), ``handover``, ``gone``.
    """
    stored = _free_of_handover(_stored(seat))
    if until < stored.since:
        params = {"day": thai_date(stored.since)}
        message = _("The seat began on %(day)s. It cannot end before.")
        refuse("order", message, "until", params)
    _check_day(until, "until")
    before = values(stored)
    stored.until = until
    _check_free(stored, stored.since)
    with not_coming_within_reach(author, stored.person):
        _save(stored)
    record(author, stored, before, reason=reason)
    return stored


@transaction.atomic
def lead_circle(author: User, seat: Membership) -> None:
    """Let the facilitator of *seat* lead the circle, and nobody else.

    Safe to repeat.  Raises ValidationError: ``not_facilitator``, ``ended``, ``gone``.
    """
    stored = _stored(seat)
    if stored.role != Role.KHUN_AMNUAY:
        refuse("not_facilitator", _("Only a Khun Amnuay leads a circle."))
    today = timezone.localdate()
    if stored.until is not None and stored.until < today:
        refuse("ended", _("This seat has ended."))
    for other in _leads(stored.circle).exclude(pk=stored.pk):
        _set_lead(author, other, is_lead=False)
    _set_lead(author, stored, is_lead=True)


def _set_lead(author: User, seat: Membership, *, is_lead: bool) -> None:
    before = values(seat)
    seat.is_lead = is_lead
    _save(seat)
    record(author, seat, before)


def lock(circle: Circle) -> None:
    # One at a time: a person has one seat, a circle one who leads.
    Circle.objects.select_for_update(no_key=True).get(pk=circle.pk)


def _stored(seat: Membership) -> Membership:
    """Lock the circle of *seat* and return the seat as it is now."""
    lock(seat.circle)
    seats = Membership.objects.select_related("circle", "person")
    stored: Membership | None = seats.filter(pk=seat.pk).first()
    if stored is None:
        refuse("gone", _("This seat is no longer there."))
    return stored


def _free_of_handover(seat: Membership) -> Membership:
    arranged = Q(handover__cancelled_at=None, handover__carried_out_at=None)
    of_it = Q(seat=seat) | Q(follow_up=seat)
    if SeatSuccession.objects.filter(arranged, of_it).exists():
        message = _("A handover of this seat is arranged. Call the handover off first.")
        refuse("handover", message)
    return seat


def _leads(circle: Circle) -> QuerySet[Membership]:
    here = Membership.objects.filter(circle=circle, is_lead=True)
    return here.exclude(until__lt=timezone.localdate())


def _let_log(author: User, seat: Membership) -> None:
    role = Role(seat.role)
    if role not in LOGGING:
        message = _("Only Khun Amnuay and Khun Likhit log what was told.")
        refuse("no_right", message, "may_log")
    try:
        assign(author, seat.person, role, seat.circle, seat.since)
    except RightRefused as refused:
        if refused.code != "twice":  # who may already, may
            raise ValidationError({"may_log": refused}) from None


def _check_day(day: date, field: str, circle: Circle | None = None) -> None:
    if day > timezone.localdate() + OPENS_WITHIN:
        far = _("%(day)s is more than a year ahead. Choose a nearer day.")
        refuse("too_far", far, field, {"day": thai_date(day)})
    first = circle and circle.openings.order_by("opened_on").first()
    if first and day < first.opened_on:
        message = _("The circle opened on %(day)s. Nobody has a seat before.")
        refuse("not_open", message, field, {"day": thai_date(first.opened_on)})


def _check_free(seat: Membership, since: date) -> None:
    """Refuse a second seat of one person in these days."""
    others = Membership.objects.filter(circle=seat.circle, person=seat.person)
    others = others.exclude(pk=seat.pk).exclude(until__lt=since)
    if seat.until is not None:
        others = others.filter(since__lte=seat.until)
    if other := others.order_by("since").first():
        message = _("%(name)s has a seat in this circle since %(day)s already.")
        params = {"name": seat.person.full_name, "day": thai_date(other.since)}
        refuse("seated", message, "", params)


def _save(seat: Membership) -> None:
    try:
        with transaction.atomic():
            seat.save()
    except IntegrityError:  # by whoever does not come through here
        message = _("Somebody else has just changed this. Look again.")
        refuse("seated", message)


def refuse(
    code: str, message: str, field: str = "", params: dict[str, str] | None = None
) -> NoReturn:
    error = ValidationError(message, code=code, params=params)
    raise ValidationError({field: error}) if field else error
