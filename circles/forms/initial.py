"""With what the log form begins: a new session, or one that is being corrected."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q
from django.forms.models import model_to_dict

from circles.actions.content import CHILDREN, SESSION_FIELDS
from circles.models import (
    Appointment,
    Attendance,
    Circle,
    Indicator,
    LearningSession,
    Membership,
    Promise,
)
from circles.models.counting import count_per
from circles.reports.openings import latest_open_day

MANY = 30  # from here on whoever comes most often stands first


def roster(circle: Circle, stored: LearningSession | None) -> list[Membership]:
    """Return whom the form lists, one a person, by name; above 30 people those who
    come most often first.  One query, two for a *stored* session, whose own people
    are listed too.

    Each carries ``name``: two who are called alike are told apart.
    """
    came = Attendance.objects.present().filter(
        person=OuterRef("person"), session__circle=circle
    )
    # The annotated column is unknown to the type checker.
    found: Any = Membership.objects.current().filter(circle=circle)
    found = found.annotate(came_count=count_per("person", came))
    seats: dict[int, Membership] = {}
    for seat in found.select_related("person").order_by("person__sort_key", "pk"):
        seats[seat.person_id] = seat
    if stored:
        for row in stored.attendances.select_related("person"):
            was = Membership(circle=circle, person=row.person, role=row.role)
            seats.setdefault(row.person_id, was).role = row.role
    people: list[Membership] = list(seats.values())
    if len(people) > MANY:
        people.sort(key=lambda seat: -getattr(seat, "came_count", 0))
    name_apart(people)
    return people


def name_apart(seats: Iterable[Any]) -> None:
    """Set the ``name`` of each seat or attendance; two who are called alike are told
    apart."""
    seats = list(seats)
    alike = Counter(seat.person.short_name for seat in seats)
    for seat in seats:
        person = seat.person
        seat.name = person.short_name
        if alike[seat.name] > 1:
            more = person.last_name or person.position or f"{person.pk}"
            seat.name = f"{person.short_name} ({more})"


def initial(
    circle: Circle,
    seats: list[Membership],
    stored: LearningSession | None,
    appointment: Appointment | None,
) -> dict[str, Any]:
    """Return what the fields hold before anybody types."""
    return correcting(stored) if stored else new_entry(circle, seats, appointment)


def new_entry(
    circle: Circle, seats: list[Membership], appointment: Appointment | None
) -> dict[str, Any]:
    """Return the usual: today, or the last day of a circle that has closed; the usual
    time and place, everybody came."""
    latest = latest_open_day(circle)
    usual = {
        "key": uuid.uuid4(),
        "held_on": latest,
        "starts": circle.usual_start,
        "ends": circle.usual_end,
        "venue": circle.usual_venue,
        "present": [seat.person_id for seat in seats],
        "guest_count": 0,
    }
    if appointment:
        day = min(appointment.on, latest)
        usual |= {"held_on": day, "aar_hoped": appointment.purpose}
        usual["starts"] = appointment.starts or circle.usual_start
        usual["venue"] = appointment.venue or circle.usual_venue
    return usual


def correcting(session: LearningSession) -> dict[str, Any]:
    """Return the form's content for the stored *session*: seven queries."""
    told = model_to_dict(session, fields=SESSION_FIELDS)
    present = session.attendances.present()
    told |= {
        "key": uuid.uuid4(),
        "present": list(present.values_list("person_id", flat=True)),
    }
    for review in session.reviews.all():
        told[f"review-{review.promise_id}"] = review.state
    told |= {
        f"reading-{one.indicator_id}": _plain(one.value)
        for one in session.readings.all()
    }
    for name, (_model, columns) in CHILDREN.items():
        rows = getattr(session, name).order_by("pk")
        told[name] = [
            {"id": row.pk}
            | {one.removesuffix("_id"): getattr(row, one) for one in columns}
            for row in rows
        ]
    return told


def once_each(told: dict[str, list[Any]]) -> None:
    """Let each stored row be corrected once: another that claims it is a new one."""
    for prefix in set(told) & set(CHILDREN):
        known: set[int] = set()
        for row in told[prefix]:
            row.pk = None if row.pk in known else row.pk
            known |= {row.pk} - {None}


def _plain(value: Decimal) -> str:
    """Return *value* as it was typed: "10", not "10.00"."""
    whole, _point, part = f"{value:f}".partition(".")
    return f"{whole}.{part}".rstrip("0").rstrip(".") if part else whole


def promises_asked(circle: Circle, stored: LearningSession | None) -> list[Promise]:
    """Return what the form asks about: what is open, soonest first, and what was
    answered at the *stored* session; never what that session itself promised."""
    asked = Promise.objects.open().of(circle).select_related("owner").soonest_first()
    if stored is None:
        return list(asked)
    answered = Promise.objects.filter(reviews__session=stored).select_related("owner")
    return list(dict.fromkeys([*asked.exclude(session=stored), *answered]))


def indicators_asked(circle: Circle, stored: LearningSession | None) -> list[Indicator]:
    """Return the figures that the circle writes down, and those that the *stored*
    session has: one that the circle gave up since must not be lost in correcting."""
    wanted = Q(circles=circle)
    if stored:
        wanted |= Q(readings__session=stored)
    return list(Indicator.objects.filter(wanted).distinct())
