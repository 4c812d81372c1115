"""What one session holds, from its row of the tables; and what later sessions say of
the promises it made."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from circles.actions import Content, Newcomer
from circles.models import LearningSession, Lesson, Problem, Promise, SupportRequest
from circles.permissions import Role
from kmcity.demo.province import Province
from kmcity.demo.reading import CircleRow, Promised, SessionRow

CAME = 0.8  # how many of the seats are taken, on average
MAY_SHOW = 0.7  # how many tellers let other circles read


@dataclass
class Asked:
    """The promises of one circle, each with what its next sessions say of it."""

    waiting: list[tuple[Promise, list[str]]] = field(default_factory=list)

    def add(self, promises: list[Promise], rows: list[Promised]) -> None:
        """Let *promises*, which are stored now, be asked about."""
        for promise, row in zip(promises, rows, strict=True):
            self.waiting.append((promise, row.answers.split()))

    def answers(self) -> dict[int, str]:
        """Return what the next session says, by promise id."""
        said = {promise.pk: words.pop(0) for promise, words in self.waiting if words}
        self.waiting = [one for one in self.waiting if one[1]]
        return said


def tell(
    province: Province,
    circle: CircleRow,
    row: SessionRow,
    days: tuple[date, date | None],
    dice: random.Random,
) -> Content:
    """Return the session of *row*, held on the first of *days*, with the next on the
    second, without its answers about promises."""
    made = province.circles[circle.key]
    held_on, next_on = days
    hoped, more, less, after = row.tea
    session = LearningSession(
        circle=made,
        held_on=held_on,
        starts=made.usual_start,
        ends=made.usual_end,
        venue=made.usual_venue,
        guest_count=row.guests,
        summary=row.summary,
        story=row.story,
        story_may_show=row.story_may_show,
        aar_hoped=hoped,
        aar_more=more,
        aar_less=less,
        aar_next=after,
        next_on=next_on,
    )
    return Content(
        session,
        present=_present(province, circle, row, dice),
        newcomers=[Newcomer(name, Role.KHUN_KIJ) for name in row.newcomers],
        lessons=_lessons(province, circle, row, dice),
        problems=[Problem(text=text, solution=how) for text, how in row.problems],
        promises=_promises(province, circle, row, next_on),
        requests=[SupportRequest(kind=kind, text=text) for kind, text in row.asks],
        readings=_readings(province, circle, row),
    )


def ask_at(content: Content, received_at: datetime) -> None:
    """Date what is asked of a Khun Ua: it waits from the day it was received."""
    for request in content.requests:
        request.created_at = received_at


def _present(
    province: Province, circle: CircleRow, row: SessionRow, dice: random.Random
) -> list[int]:
    """Return who came: whoever told or promised something, and most of the others."""
    heard = {told.teller for told in row.told} | {one.owner for one in row.promised}
    came = [
        seat for _role, seat in circle.seats if dice.random() < CAME or seat in heard
    ]
    return [province.person(circle.key, seat).pk for seat in came]


def _lessons(
    province: Province, circle: CircleRow, row: SessionRow, dice: random.Random
) -> list[Lesson]:
    return [
        Lesson(
            text=told.text,
            words=told.words,
            teller=province.person(circle.key, told.teller) if told.teller else None,
            topic=told.topic,
            may_show=dice.random() < MAY_SHOW,
        )
        for told in row.told
    ]


def _promises(
    province: Province, circle: CircleRow, row: SessionRow, next_on: date | None
) -> list[Promise]:
    seats = {seat for _role, seat in circle.seats}
    promises = []
    for one in row.promised:
        promise = Promise(text=one.text, due_on=next_on)
        if one.owner in seats:
            promise.owner = province.person(circle.key, one.owner)
        else:
            promise.owner_name = one.owner
        if one.due_in is not None:
            promise.due_on = province.today + timedelta(days=one.due_in)
        promises.append(promise)
    return promises


def _readings(
    province: Province, circle: CircleRow, row: SessionRow
) -> dict[int, Decimal]:
    if row.figure is None:
        return {}
    return {province.indicators[circle.key].pk: Decimal(row.figure)}
