"""Half a year of sessions, told from today backwards, and those of the pilot.

Deterministic: each circle has dice of its own, so that a change to one circle
leaves the others as they were.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, Subquery

from circles.actions import Content, log_session
from circles.models import Circle, LearningSession, Lesson, Membership, Submission, User
from circles.permissions import Role
from kmcity.demo.beside import call_off
from kmcity.demo.pilot import PILOT_SESSIONS, PilotSession
from kmcity.demo.province import Province, demo_key, moment, typed_time
from kmcity.demo.reading import CircleRow, SessionRow
from kmcity.demo.told import Asked, ask_at, tell
from milestones.models import Achievement

SATURDAY = 5
DAYS_LATE = (0, 0, 0, 1, 1, 2, 4, 9)  # from the session to its record
EVENING = range(18, 21)  # the hours in which records are written


@dataclass
class Entry:
    """One log form, filled in."""

    content: Content
    author: User
    key: UUID
    received_at: datetime | None = None
    row: SessionRow = field(default_factory=lambda: SessionRow(ago=0))
    following: date | None = None  # the day on which the circle met after it


def log_all(province: Province, rows: Sequence[CircleRow]) -> dict[UUID, int]:
    """Log every session in the order of its day, as no news; return their ids by key.

    Needs the transaction that made *province*.
    """
    entries = [entry for row in rows for entry in _half_a_year(province, row)]
    entries += [_pilot(province, one) for one in PILOT_SESSIONS]
    entries.sort(key=_in_order)
    asked: dict[int, Asked] = defaultdict(Asked)
    logged = {}
    for entry in entries:
        logged[entry.key] = _log(entry, asked[entry.content.session.circle_id])
    _date_achievements()
    return logged


def _in_order(entry: Entry) -> tuple[date, int]:
    return entry.content.session.held_on, entry.content.session.circle_id


def _log(entry: Entry, asked: Asked) -> int:
    """Log one session, with what it says of earlier promises; return its id."""
    content = entry.content
    content.reviews = asked.answers()
    log_session(
        content,
        author=entry.author,
        key=entry.key,
        received_at=entry.received_at,
        is_news=False,
        is_separate=True,
    )
    session = content.session
    asked.add(list(content.promises), entry.row.promised)
    if content.newcomers:
        new = Membership.objects.filter(circle=session.circle_id, is_confirmed=False)
        new.update(since=session.held_on)
    if entry.row.called_off:
        call_off(session, entry.row.called_off, entry.following, entry.author)
    return session.pk


def _half_a_year(province: Province, row: CircleRow) -> Iterator[Entry]:
    dice = random.Random(row.key)  # noqa: S311 -- a demo is no secret
    days = [_held_on(province, row, session.ago) for session in row.sessions]
    appointments = [*days[1:], _next_on(province, row)]
    for number, session in enumerate(row.sessions):
        following = appointments[number]
        said = following
        if session.called_off:
            said = province.ago(session.called_off.ago)
        content = tell(province, row, session, (days[number], said), dice)
        received_at = _received_at(province, days[number], dice)
        ask_at(content, received_at)
        yield Entry(
            content,
            author=province.users[row.logged_by],
            key=demo_key(f"{row.key}-{number + 1}"),
            received_at=received_at,
            row=session,
            following=following,
        )


def _held_on(province: Province, row: CircleRow, ago: int) -> date:
    """Return the day; officials meet on working days, so the Friday before."""
    day = province.ago(ago)
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


def _received_at(province: Province, held_on: date, dice: random.Random) -> datetime:
    """Return an evening after the session, yesterday at the latest."""
    latest = (province.today - held_on).days - 1
    day = held_on + timedelta(days=min(dice.choice(DAYS_LATE), latest))
    return moment(day, dice.choice(EVENING), dice.randrange(60))


def _pilot(province: Province, typed: PilotSession) -> Entry:
    """Read a typed form of the pilot; received today, so it awards silently."""
    circle = province.circles[typed.circle]
    seats = circle.memberships.values_list("person_id", flat=True)
    session = LearningSession(
        circle=circle,
        held_on=province.typed_date(typed.held_on),
        starts=typed_time(typed.starts),
        ends=typed_time(typed.ends),
        venue=typed.venue,
        guest_count=int(typed.guest_count),
        summary=typed.summary,
        next_on=province.typed_date(typed.next_on) if typed.next_on else None,
    )
    lessons = _typed_lessons(province, circle, typed)
    return Entry(
        Content(session, present=list(seats), lessons=lessons),
        author=province.users[typed.username],
        key=demo_key(f"pilot-{typed.circle}"),
    )


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
