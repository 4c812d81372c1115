"""Meetings ahead: agreed on, moved, called off.

What may not be is refused in words: a ValidationError with a code, for the form.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.models import Appointment, Circle, User
from circles.thai import thai_date

BOOK_WITHIN = timedelta(days=730)

State, Reason = Appointment.State, Appointment.Reason


@transaction.atomic
def book(
    circle: Circle,
    on: date,
    *,
    author: User,
    starts: time | None = None,
    venue: str = "",
    purpose: str = "",
) -> Appointment:
    """Return the circle's appointment on that day, made now or known before; what is
    given replaces what that one said, what is left out stays.

    Safe to repeat, also from two phones at once: one row a day.  Raises
    ValidationError: ``day_passed``, ``too_far``, ``closed``, or ``held`` where the
    circle met on that day already.
    """
    circle = _locked(circle.pk)
    _check_day(circle, on)
    found = _planned(circle, on)
    if found is None:
        given = {"starts": starts, "venue": venue, "purpose": purpose}
        return circle.appointments.create(on=on, author=author, **given)
    found.starts = starts or found.starts
    found.venue = venue or found.venue
    found.purpose = purpose or found.purpose
    _change(found, author)
    return found


@transaction.atomic
def book_series(
    circle: Circle, days: Iterable[date], author: User
) -> list[Appointment]:
    """Return the appointments of *circle* on *days*, at its usual time and place where
    they are new.  All or nothing; safe to repeat.

    Raises ValidationError as ``book`` does, except that a day on which the circle has
    an appointment, held or not, is left as it is.
    """
    circle, days = _locked(circle.pk), sorted(set(days))
    for day in days:
        _check_day(circle, day)
    here = circle.appointments.filter(state=State.PLANNED, on__in=days)
    known = set(here.values_list("on", flat=True))
    usual = {"starts": circle.usual_start, "venue": circle.usual_venue}
    Appointment.objects.bulk_create(
        Appointment(circle=circle, on=day, author=author, **usual)
        for day in days
        if day not in known
    )
    return list(here.soonest_first())


def set_cadence(circle: Circle, every_days: int | None) -> None:
    """Store how often *circle* meets; None: as it comes.  Appointments stay."""
    circle.cadence_days = every_days
    circle.save(update_fields=["cadence_days"])


@transaction.atomic
def postpone(
    appointment: Appointment, to: date, reason: str, note: str, author: User
) -> Appointment:
    """Call *appointment* off for *reason* and return the one on the day *to* instead:
    with the same time, place and purpose, or the one the circle has there already.

    Safe to repeat: the same day gives the same appointment.  Raises ValidationError:
    ``same_day``, ``held``, ``called_off``, ``no_words``, or as ``book`` does for *to*.
    """
    circle = _locked(appointment.circle_id)
    old = circle.appointments.select_related("moved_to").get(pk=appointment.pk)
    if old.moved_to and old.moved_to.on == to:
        return old.moved_to
    _check_open(old)
    if to == old.on:
        _refuse("same_day", _("This is the day that the meeting was on already."))
    _check_day(circle, to)
    given = {"starts": old.starts, "venue": old.venue, "purpose": old.purpose}
    new = _planned(circle, to)
    if new is None:
        new = circle.appointments.create(on=to, author=author, **given)
    old.moved_to = new
    _call_off(old, State.POSTPONED, reason, note, author)
    return new


@transaction.atomic
def cancel(appointment: Appointment, reason: str, note: str, author: User) -> None:
    """Call *appointment* off for *reason*, with no other day instead.

    Safe to repeat: the first reason stays.  Raises ValidationError: ``held``,
    ``called_off`` if it was postponed, ``no_words``.
    """
    circle = _locked(appointment.circle_id)
    stored = circle.appointments.get(pk=appointment.pk)
    if stored.state != State.CANCELLED:
        _check_open(stored)
        _call_off(stored, State.CANCELLED, reason, note, author)


@transaction.atomic
def book_again(appointment: Appointment, author: User) -> Appointment:
    """Take the cancelling of *appointment* back; return it, or the one that the
    circle made for that day since.

    Safe to repeat.  Raises ValidationError as ``book`` does, and ``called_off`` if it
    was postponed: then the day to meet on is another.
    """
    circle = _locked(appointment.circle_id)
    stored = circle.appointments.get(pk=appointment.pk)
    if stored.state == State.PLANNED:
        return stored
    if stored.state == State.POSTPONED:
        _check_open(stored)
    _check_day(circle, stored.on)
    if other := _planned(circle, stored.on):
        return other
    stored.state, stored.reason, stored.reason_note = State.PLANNED, "", ""
    _change(stored, author)
    return stored


def _locked(circle_id: int) -> Circle:
    """Return the circle, locked: one plan at a time, so that a day is taken once."""
    return Circle.objects.select_for_update(no_key=True).get(pk=circle_id)


def _planned(circle: Circle, on: date) -> Appointment | None:
    """Return the circle's appointment on that day.  Raises ValidationError ``held``."""
    found = circle.appointments.filter(state=State.PLANNED, on=on).first()
    if found and found.session_id:
        _refuse("held", _("The circle has met on %(day)s already."), day=on)
    return found


def _check_day(circle: Circle, day: date) -> None:
    today = timezone.localdate()
    if day < today:
        _refuse(
            "day_passed", _("%(day)s has passed. Choose a day from today."), day=day
        )
    if day > today + BOOK_WITHIN:
        message = _("%(day)s is more than two years ahead. Choose a nearer day.")
        _refuse("too_far", message, day=day)
    if not Circle.objects.open(day).filter(pk=circle.pk).exists():
        message = _("This circle is closed. It has to be opened before it can meet.")
        _refuse("closed", message)


def _check_open(appointment: Appointment) -> None:
    if appointment.session_id:
        message = _("The circle met at this appointment. It cannot be called off.")
        _refuse("held", message)
    if appointment.state != State.PLANNED:
        _refuse("called_off", _("This appointment was called off before."))


def _call_off(
    appointment: Appointment,
    state: Appointment.State,
    reason: str,
    note: str,
    author: User,
) -> None:
    if reason not in Reason.values:
        _refuse("no_reason", _("Choose a reason."))
    if reason == Reason.OTHER and not note.strip():
        _refuse("no_words", _("Say the other reason in a few words."))
    appointment.state, appointment.reason = state, reason
    appointment.reason_note = note
    _change(appointment, author)


def _change(appointment: Appointment, author: User) -> None:
    appointment.author, appointment.changed_at = author, timezone.now()
    appointment.save()


def _refuse(code: str, message: str, day: date | None = None) -> NoReturn:
    params = {"day": thai_date(day)} if day else None
    raise ValidationError(message, code=code, params=params)
