"""A circle's calendar: the days that its rhythm proposes, and what a phone reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from circles.cadence import holiday, proposed_days
from circles.models import Appointment, CalendarFeed, Circle, User
from circles.models.circles import CircleQuerySet
from circles.permissions import Permission, holds, may

PROPOSED = 6
DEFAULT_LENGTH = timedelta(hours=2)
# What a phone is told: a year back, what was called off for a month, and not more
# than it can swallow.
KEPT = timedelta(days=366)
CALLED_OFF_KEPT = timedelta(days=30)
MOST_EVENTS = 1000
SEQUENCE_BEGINS = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Proposal:
    """A day on which the circle would meet if it keeps its rhythm."""

    day: date
    holiday: str  # the name of the public holiday, "" if it is none

    @property
    def value(self) -> str:
        return self.day.isoformat()


def proposals(circle: Circle, *, until: date) -> list[Proposal]:
    """Return the next days in the rhythm of *circle*, counted from its last session
    or appointment; none without a rhythm or where nothing has been yet.

    Days that were called off are left out.  At most three queries.
    """
    if circle.cadence_days is None:
        return []
    today = timezone.localdate()
    met_on = circle.sessions.counted().aggregate(last=Max("held_on"))["last"]
    planned = circle.appointments.filter(state=Appointment.State.PLANNED)
    booked_on = planned.aggregate(last=Max("on"))["last"]
    off = circle.appointments.called_off().filter(on__gte=today)
    days = proposed_days(
        max(filter(None, [met_on, booked_on]), default=today),
        circle.cadence_days,
        count=PROPOSED,
        since=today,
        until=until,
        skips=set(off.values_list("on", flat=True)),
    )
    return [Proposal(day, holiday(day)) for day in days]


def circles_with_feed(user: User) -> CircleQuerySet:
    """Return the circles whose appointments *user* may have in a calendar: those of
    which they know the people.

    ACCESS.md gives no calendar to whoever never works on a record: a Khun Kij.
    """
    if not (user.is_active and holds(user, Permission.EDIT_SESSION)):
        return Circle.objects.none()
    return Circle.objects.allowed(user, Permission.VIEW_SEATS)


def feed_text(feed: CalendarFeed) -> bytes:
    """Return the appointments of *feed* as its owner may see them now, as iCalendar;
    an empty calendar for whoever may see none.  Names no person.

    At most three queries; the same content gives the same bytes.
    """
    circles = circles_with_feed(feed.user)
    if feed.circle_id:
        circles = circles.filter(pk=feed.circle_id)
    calendar = Calendar()
    calendar.add("prodid", "-//kmcity//learning circles//TH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    name = feed.circle.name if feed.circle else _("Our circles meet")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", timedelta(hours=1), {"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for appointment in _told(circles):
        calendar.add_component(_event(appointment, feed.user))
    calendar.add_missing_timezones()
    text: bytes = calendar.to_ical()
    return text


def etag(text: bytes) -> str:
    return f'"{hashlib.sha256(text).hexdigest()[:32]}"'


def _told(circles: CircleQuerySet) -> Iterable[Appointment]:
    today = timezone.localdate()
    recently = timezone.now() - CALLED_OFF_KEPT
    here = Appointment.objects.filter(
        Q(state=Appointment.State.PLANNED) | Q(changed_at__gte=recently),
        circle__in=circles,
    ).select_related("circle__place__parent")
    ahead = here.filter(on__gte=today).order_by("on", "pk")
    before = here.filter(on__lt=today, on__gte=today - KEPT).order_by("-on", "-pk")
    return [*ahead[:MOST_EVENTS], *before[:MOST_EVENTS]]


def _event(appointment: Appointment, user: User) -> Event:
    circle = appointment.circle
    event = Event()
    event.add("uid", f"appointment-{appointment.pk}@kmcity")
    event.add("dtstamp", appointment.changed_at.astimezone(UTC))
    event.add("last-modified", appointment.changed_at.astimezone(UTC))
    event.add("sequence", _sequence(appointment))
    event.add("status", _status(appointment))
    event.add("summary", _summary(appointment))
    for name, moment in _span(appointment).items():
        event.add(name, moment)
    event.add("location", appointment.venue or circle.where)
    link = settings.SITE_URL + _page(appointment, user)
    event.add("description", "\n".join(filter(None, [appointment.purpose, link])))
    event.add("url", link)
    event.add("transp", "OPAQUE" if _is_on(appointment) else "TRANSPARENT")
    return event


def _is_on(appointment: Appointment) -> bool:
    return appointment.state == Appointment.State.PLANNED


def _sequence(appointment: Appointment) -> int:
    """Return a number that grows with every change of the row."""
    since = appointment.changed_at - SEQUENCE_BEGINS
    return max(0, int(since.total_seconds()))


def _status(appointment: Appointment) -> str:
    return "CONFIRMED" if _is_on(appointment) else "CANCELLED"


def _summary(appointment: Appointment) -> str:
    """Return the circle's name; what was called off says so, for calendars that
    show it like any other."""
    name = appointment.circle.name
    if _is_on(appointment):
        return name
    words = f"{appointment.get_state_display()} ({appointment.get_reason_display()})"
    return f"{words}: {name}"


def _span(appointment: Appointment) -> dict[str, date | datetime]:
    """Return start and end: the whole day where no time was agreed on."""
    if appointment.starts is None:
        return {"dtstart": appointment.on, "dtend": appointment.on + timedelta(days=1)}
    zone = ZoneInfo(settings.TIME_ZONE)
    first = datetime.combine(appointment.on, appointment.starts, zone)
    usual_end = appointment.circle.usual_end
    if usual_end and usual_end > appointment.starts:
        last = datetime.combine(appointment.on, usual_end, zone)
    else:
        last = first + DEFAULT_LENGTH
    return {"dtstart": first, "dtend": last}


def _page(appointment: Appointment, user: User) -> str:
    """Return where to log it, for whoever may; else the circle's page."""
    circle = appointment.circle
    is_open = _is_on(appointment) and appointment.session_id is None
    if is_open and may(Permission.LOG_SESSION, user, circle):
        path = reverse("session-create", args=[circle.pk])
        return f"{path}?appointment={appointment.pk}"
    return circle.get_absolute_url()
