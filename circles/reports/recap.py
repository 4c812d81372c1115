"""What a circle may send home: plain text, fit for a LINE group.

The text leaves the system, so it names only people who agreed to be shown, whoever
sends it; no phone number, nothing of the review over tea (AAR).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from urllib.parse import quote

from django.db.models import Case, When
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circles import thai
from circles.models import Appointment, LearningSession, Lesson, Promise

# A message that is longer is read by nobody, and LINE's address bears no more.
LINES_SHOWN = 5
LONGEST_LINE = 160
_PHONE = re.compile(r"(?<!\d)(?:\+66|0)[ -]?\d(?:[ -]?\d){7,8}(?!\d)")
LINE_SHARE = "https://line.me/R/share?text="


def next_appointment(session: LearningSession) -> Appointment | None:
    """Return the next meeting of the circle of *session* that is still ahead, the one
    agreed on at *session* first: one query; unsaved where the session itself is all
    that knows of it."""
    first = max(timezone.localdate(), session.held_on + timedelta(days=1))
    ahead = Appointment.objects.open().filter(circle=session.circle_id, on__gte=first)
    # What was agreed at this session comes before another day booked earlier.
    agreed = Case(When(on=session.next_on, then=0), default=1)
    booked = ahead.order_by(agreed, "on", "pk").first()
    if booked is None and session.next_on and session.next_on >= first:
        return Appointment(circle=session.circle, on=session.next_on)
    return booked


def recap(session: LearningSession, ahead: Appointment | None) -> str:
    """Return what *session* was about, in the reader's language.

    Reads the session's lessons and promises with their people, and its totals.
    *ahead* is the next meeting, as ``next_appointment`` finds it.
    """
    parts = [
        _heading(session),
        *_listed(_("What we learned"), map(_told, session.lessons.all())),
        *_listed(_("What we agreed to do"), map(_promised, session.promises.all())),
    ]
    if ahead:
        title = _("Next appointment")
        parts.append(f"{title}: {_when_and_where(session, ahead)}")
    parts.append(_("Thank you to everybody in the circle."))
    return _plain("\n\n".join(parts))


def invitation(session: LearningSession, ahead: Appointment) -> str:
    """Return the next appointment alone, short enough for a phone's lock screen."""
    circle = session.circle
    title = _("Next appointment")
    asked = [f"{circle.name} {title}", _when_and_where(session, ahead)]
    if ahead.purpose:
        asked.append(_("We hope for: %(purpose)s") % {"purpose": _cut(ahead.purpose)})
    asked.append(_("Let us come together again."))
    return _plain("\n".join(asked))


def line_address(text: str) -> str:
    """Return the address under which LINE asks to whom *text* shall go."""
    return LINE_SHARE + quote(text, safe="")


def _heading(session: LearningSession) -> str:
    number = _("Session %(n)s") % {"n": session.number}
    came = ngettext("%(n)s person came", "%(n)s people came", session.people_count)
    day = thai.thai_date_full(session.held_on)
    return "\n".join(
        [
            f"{session.circle.name} {number}",
            day,
            came % {"n": session.people_count},
        ]
    )


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield *lines* as one list under *title*; nothing without lines."""
    found = list(lines)
    rest = len(found) - LINES_SHOWN
    shown = [f"- {line}" for line in found[:LINES_SHOWN]]
    if rest > 0:
        shown.append(_("and %(n)s more") % {"n": rest})
    if shown:
        yield "\n".join([title, *shown])


def _told(lesson: Lesson) -> str:
    if lesson.teller and lesson.teller.show_consent:
        return f"{_cut(lesson.text)} ({lesson.teller.short_name})"
    return _cut(lesson.text)


def _promised(promise: Promise) -> str:
    said = _cut(promise.text)
    if promise.due_on:
        by = _("by %(day)s") % {"day": thai.thai_date(promise.due_on)}
        said = f"{said} {by}"
    if promise.owner and promise.owner.show_consent:
        return f"{said} ({promise.owner.short_name})"
    # A typed name may be anybody's, and nobody asked them.
    member = _("a member")
    return f"{said} ({member})" if promise.owner or promise.owner_name else said


def _when_and_where(session: LearningSession, ahead: Appointment) -> str:
    circle = session.circle
    starts, venue = (
        ahead.starts or circle.usual_start,
        ahead.venue or circle.usual_venue,
    )
    said = [thai.thai_date_full(ahead.on)]
    if starts:
        said.append(_("from %(time)s") % {"time": thai.thai_time(starts)})
    if venue:
        # Many halls carry their tambon in the name.
        place = venue if circle.where in venue else f"{venue} {circle.where}"
        said.append(_("in %(place)s") % {"place": place})
    return " ".join(said)


def _plain(text: str) -> str:
    """Return *text* with ordinary blanks: some chats show the others as boxes."""
    return text.replace("\xa0", " ")


def _cut(text: str) -> str:
    """Return *text* on one line, without phone numbers, cut where it is too long."""
    line = _PHONE.sub("…", " ".join(text.split()))
    return Truncator(line).chars(LONGEST_LINE)
