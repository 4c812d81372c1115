"""A circle is open from one day to another, perhaps several times.

What may not be is refused in words: a ValidationError with a code, for the form.
Whatever changes, a session that is stored keeps the opening in which it was held.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circles.actions.circles import OPENS_WITHIN
from circles.actions.recording import record, record_removal, values
from circles.models import Appointment, Circle, CircleOpening, User
from circles.models.sessions import LearningSession
from circles.thai import thai_date

A_DAY = timedelta(days=1)
MAX_REASON = 500


@transaction.atomic
def close_circle(author: User, circle: Circle, last_day: date, reason: str) -> int:
    """Make *last_day* the last one of the opening that has no end yet; return how
    many appointments after it were called off for that.

    Raises ValidationError: ``not_open``, ``order``, ``too_far``, ``sessions`` (the
    circle met afterwards).
    """
    _lock(circle)
    opening = circle.openings.filter(closed_on=None).first()
    if opening is None:
        _refuse("not_open", _("The circle is closed already, or its last day is set."))
    return _change(author, opening, opening.opened_on, last_day, reason)


@transaction.atomic
def open_circle(
    author: User, circle: Circle, opened_on: date, closed_on: date | None = None
) -> CircleOpening:
    """Open *circle* (again) from that day on; with *closed_on* for a time that has an
    end.  What was called off when it closed stays called off.

    Raises ValidationError: ``order``, ``too_far``, ``overlaps``.
    """
    _lock(circle)
    opening = CircleOpening(circle=circle, opened_on=opened_on, closed_on=closed_on)
    _check(opening, _others(opening))
    _save(opening)
    record(author, opening, None)
    return opening


@transaction.atomic
def correct_opening(
    author: User,
    opening: CircleOpening,
    opened_on: date,
    closed_on: date | None,
    reason: str,
) -> int:
    """Correct the days of *opening*; return how many appointments were called off
    because the circle is not open on their day any more.

    Safe to repeat.  Raises ValidationError: ``order``, ``too_far``, ``overlaps``,
    ``sessions``, ``gone``.
    """
    _lock(opening.circle)
    return _change(author, _stored(opening), opened_on, closed_on, reason)


@transaction.atomic
def remove_opening(author: User, opening: CircleOpening, reason: str) -> int:
    """Remove an opening that never was; return how many appointments were called off.

    Raises ValidationError: ``only`` (a circle keeps at least one), ``sessions``,
    ``gone``.
    """
    _lock(opening.circle)
    stored = _stored(opening)
    others = _others(stored)
    if not others:
        _refuse("only", _("It is the circle's only opening. Correct its days instead."))
    _check_sessions(stored, others)
    record_removal(author, stored, reason=reason)
    stored.delete()
    return _call_off(author, stored, others)


def _lock(circle: Circle) -> None:
    # One at a time; whoever logs a session or books a day waits too.
    Circle.objects.select_for_update(no_key=True).get(pk=circle.pk)


def _stored(opening: CircleOpening) -> CircleOpening:
    stored = CircleOpening.objects.filter(pk=opening.pk).first()
    if stored is None:
        _refuse("gone", _("This opening is no longer there."))
    return stored


def _others(opening: CircleOpening) -> list[CircleOpening]:
    others = CircleOpening.objects.filter(circle=opening.circle_id)
    return list(others.exclude(pk=opening.pk))


def _change(
    author: User,
    opening: CircleOpening,
    opened_on: date,
    closed_on: date | None,
    reason: str,
) -> int:
    others, before = _others(opening), values(opening)
    was = CircleOpening(
        circle=opening.circle, opened_on=opening.opened_on, closed_on=opening.closed_on
    )
    opening.opened_on, opening.closed_on = opened_on, closed_on
    _check(opening, others)
    _check_sessions(was, [opening, *others])
    _save(opening)
    called_off = _call_off(author, was, [opening, *others])
    record(author, opening, before, reason=_with_count(reason, called_off))
    return called_off


def _check(opening: CircleOpening, others: Iterable[CircleOpening]) -> None:
    first, last = opening.opened_on, opening.closed_on
    latest = timezone.localdate() + OPENS_WITHIN
    if last is not None and last < first:
        params = {"first": thai_date(first), "last": thai_date(last)}
        message = _("The last day, %(last)s, lies before the first, %(first)s.")
        _refuse("order", message, params, "closed_on")
    for name, day in (("opened_on", first), ("closed_on", last)):
        if day is not None and day > latest:
            params = {"day": thai_date(day)}
            message = _("%(day)s is more than a year ahead. Choose a nearer day.")
            _refuse("too_far", message, params, name)
    for other in others:
        until = other.closed_on or date.max
        if first <= until and other.opened_on <= (last or date.max):
            _refuse_overlap(other)


def _save(opening: CircleOpening) -> None:
    try:
        with transaction.atomic():
            opening.save()
    except IntegrityError:  # by whoever does not come through here
        message = _("Somebody else has just changed this. Look again.")
        _refuse("overlaps", message)


def _refuse_overlap(other: CircleOpening) -> NoReturn:
    params = {"first": thai_date(other.opened_on)}
    if other.closed_on is None:
        message = _("The circle has been open since %(first)s. The days overlap.")
    else:
        params["last"] = thai_date(other.closed_on)
        message = _("The circle was open from %(first)s to %(last)s. The days overlap.")
    _refuse("overlaps", message, params, "opened_on")


def _check_sessions(was: CircleOpening, openings: list[CircleOpening]) -> None:
    """Refuse what would leave a session of *was* outside every opening."""
    sessions = LearningSession.objects.shown().filter(
        circle=was.circle_id,
        held_on__range=(was.opened_on, was.closed_on or date.max),
    )
    days = sessions.order_by("-held_on").values_list("held_on", flat=True)
    for day in days.distinct():
        if not any(day in one for one in openings):
            message = _("The circle met on %(day)s: that day must lie within.")
            _refuse("sessions", message, {"day": thai_date(day)}, "closed_on")


def _call_off(author: User, was: CircleOpening, openings: list[CircleOpening]) -> int:
    """Call off what was agreed for days of *was* on which the circle is closed now."""
    off = [
        one.pk
        for one in Appointment.objects.open().filter(circle=was.circle_id)
        if one.on in was and not any(one.on in opening for opening in openings)
    ]
    return Appointment.objects.filter(pk__in=off).update(
        state=Appointment.State.CANCELLED,
        reason=Appointment.Reason.OTHER,
        reason_note=_("The circle has closed."),
        author=author,
        changed_at=timezone.now(),
    )


def _with_count(reason: str, called_off: int) -> str:
    """Return *reason* with what else happened: an appointment has no history."""
    if not called_off:
        return reason
    words = ngettext(
        "%(n)s appointment called off", "%(n)s appointments called off", called_off
    ) % {"n": called_off}
    return " · ".join(filter(None, [reason[: MAX_REASON - 60], words]))


def _refuse(
    code: str, message: str, params: dict[str, str] | None = None, field: str = ""
) -> NoReturn:
    error = ValidationError(message, code=code, params=params)
    raise ValidationError({field: error}) if field else error
