"""Half a year of sessions, told from today backwards, and those of the pilot.

Deterministic: each circle has dice of its own, so that a change to one circle
leaves the others as they were.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from circles import thai
from circles.actions import log_session
from circles.models import Circle, LearningSession, Lesson, Submission, User
from circles.permissions import Role
from kmcity.demo.pilot import PILOT_SESSIONS, PilotSession
from kmcity.demo.reading import CircleRow, SessionRow, read_circles
from kmcity.demo.rows import Province, typed_time
from milestones.models import Achievement

KEYS = uuid.UUID("0f2b5c1e-6d0a-5a57-9d55-25482549abcd")
SATURDAY = 5
CAME = 0.8  # how many of the seats are taken, on average
MAY_SHOW = 0.7  # how many tellers let other circles read
DAYS_LATE = (0, 0, 0, 1, 1, 2, 4, 9)  # from the session to its record
EVENING = range(18, 21)  # the hours in which records are written


@dataclass
class Entry:
    """One log form, filled in."""

    session: LearningSession
    author: User
    key: uuid.UUID
    present: list[int]
    lessons: list[Lesson]
    received_at: datetime | None = None


def demo_key(name: str) -> uuid.UUID:
    """Return the submission key of one session: "compost-1", "pilot-tea"."""
    return uuid.uuid5(KEYS, name)


def log_all(province: Province) -> int:
    """Log every session in the order of its day, as no news; return how many.

    Needs the transaction that made *province*.
    """
    entries = list(_half_a_year(province)) + [
        _pilot(province, one) for one in PILOT_SESSIONS
    ]
    entries.sort(key=lambda entry: (entry.session.held_on, entry.session.circle_id))
    for entry in entries:
        log_session(
            entry.session,
            author=entry.author,
            key=entry.key,
            present=entry.present,
            lessons=entry.lessons,
            received_at=entry.received_at,
            is_news=False,
        )
    _date_achievements()
    return len(entries)


def _half_a_year(province: Province) -> Iterator[Entry]:
    for row in read_circles():
        dice = random.Random(row.key)  # noqa: S311 -- a demo is no secret
        days = [_held_on(province, row, session.ago) for session in row.sessions]
        appointments = [*days[1:], _next_on(province, row)]
        for number, session in enumerate(row.sessions):
            days_of = days[number], appointments[number]
            yield _entry(province, row, session, days_of, number + 1, dice)


def _held_on(province: Province, row: CircleRow, ago: int) -> date:
    """Return the day; officials meet on working days, so the Friday before."""
    day = province.today - timedelta(days=ago)
    return day - timedelta(days=_into_weekend(row, day))


def _next_on(province: Province, row: CircleRow) -> date | None:
    """Return the day of the next session; for officials the Monday after."""
    if row.next_in is None:
        return None
    day = province.today + timedelta(days=row.next_in)
    into = _into_weekend(row, day)
    return day + timedelta(days=3 - into if into else 0)


def _into_weekend(row: CircleRow, day: date) -> int:
    """Return 1 on a Saturday, 2 on a Sunday; 0 else, and for villagers."""
    if row.role == Role.KHUN_KIJ:
        return 0
    return max(day.weekday() - SATURDAY + 1, 0)


def _entry(
    province: Province,
    row: CircleRow,
    session: SessionRow,
    days: tuple[date, date | None],
    number: int,
    dice: random.Random,
) -> Entry:
    circle = province.circles[row.key]
    held_on, next_on = days
    return Entry(
        LearningSession(
            circle=circle,
            held_on=held_on,
            starts=circle.usual_start,
            ends=circle.usual_end,
            venue=circle.usual_venue,
            guest_count=session.guests,
            summary=session.summary,
            next_on=next_on,
        ),
        author=province.users[row.logged_by],
        key=demo_key(f"{row.key}-{number}"),
        present=_present(province, row, session, dice),
        lessons=_lessons(province, row, session, dice),
        received_at=_received_at(province, held_on, dice),
    )


def _present(
    province: Province, row: CircleRow, session: SessionRow, dice: random.Random
) -> list[int]:
    """Return who came: whoever told something, and most of the others."""
    tellers = {told.teller for told in session.told}
    came = [
        seat for _role, seat in row.seats if dice.random() < CAME or seat in tellers
    ]
    return [province.person(row.key, seat).pk for seat in came]


def _lessons(
    province: Province, row: CircleRow, session: SessionRow, dice: random.Random
) -> list[Lesson]:
    return [
        Lesson(
            text=told.text,
            teller=province.person(row.key, told.teller) if told.teller else None,
            topic=told.topic,
            may_show=dice.random() < MAY_SHOW,
        )
        for told in session.told
    ]


def _received_at(province: Province, held_on: date, dice: random.Random) -> datetime:
    """Return an evening after the session, yesterday at the latest."""
    latest = (province.today - held_on).days - 1
    day = held_on + timedelta(days=min(dice.choice(DAYS_LATE), latest))
    hour, minute = dice.choice(EVENING), dice.randrange(60)
    in_thailand = timezone.get_default_timezone()
    return datetime.combine(day, time(hour, minute), in_thailand)


def _pilot(province: Province, typed: PilotSession) -> Entry:
    """Read a typed form of the pilot; received today, so it awards silently."""
    circle = province.circles[typed.circle]
    seats = circle.memberships.values_list("person_id", flat=True)
    return Entry(
        LearningSession(
            circle=circle,
            held_on=_typed_date(province, typed.held_on),
            starts=typed_time(typed.starts),
            ends=typed_time(typed.ends),
            venue=typed.venue,
            guest_count=int(typed.guest_count),
            summary=typed.summary,
            next_on=_typed_date(province, typed.next_on) if typed.next_on else None,
        ),
        author=province.users[typed.username],
        key=demo_key(f"pilot-{typed.circle}"),
        present=list(seats),
        lessons=_typed_lessons(province, circle, typed),
    )


def _typed_date(province: Province, text: str) -> date:
    return thai.parse_thai_date(text, today=province.today)


def _typed_lessons(
    province: Province, circle: Circle, typed: PilotSession
) -> list[Lesson]:
    return [
        Lesson(
            text=one.text,
            topic=one.topic,
            teller=province.person(typed.circle, one.teller) if one.teller else None,
            may_show=True,
        )
        for one in typed.lessons
    ]


def _date_achievements() -> None:
    """Let milestones be recorded at the moment when their session was received."""
    received = Submission.objects.filter(session=OuterRef("session")).values(
        "received_at"
    )
    Achievement.objects.update(recorded_at=Subquery(received))
