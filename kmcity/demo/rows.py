"""From the tables to rows: agencies, people, circles, seats, roads, rights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.utils import timezone

from circles import thai
from circles.models import (
    Agency,
    Assignment,
    Circle,
    CircleOpening,
    ContactPoint,
    Membership,
    Person,
    Place,
    User,
)
from circles.permissions import Role
from kmcity.demo.reading import (
    CircleRow,
    PersonRow,
    Stone,
    read_agencies,
    read_circles,
    read_people,
    read_roads,
)
from milestones.models import Milestone

RIGHTS_BEGAN = timedelta(days=200)  # ago: before the first session of this half-year
LETTER = re.compile(r"(?:(?P<called>\S+) )?(?P<letter>[ก-ฮ]{1,2})")
TITLES = {
    "sessions": "พบกันครบ {target} ครั้ง",
    "people": "คนในวงมาร่วมแล้ว {target} คน",
    "lessons": "เก็บขุมความรู้ครบ {target} เรื่อง",
}
PLACE_TITLES = {
    "sessions": "ทุกวงพบกันรวม {target} ครั้ง",
    "people": "มีคนร่วมวงแล้ว {target} คน",
    "lessons": "เก็บขุมความรู้รวม {target} เรื่อง",
}


@dataclass
class Province:
    """What has been made so far, by the keys of the tables."""

    today: date
    places: dict[str, Place] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    circles: dict[str, Circle] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def person(self, circle: str, seat: str) -> Person:
        """Return who sits there: somebody of people.toml, else the circle's own."""
        return self.people.get(seat) or self.people[f"{circle}/{seat}"]


def make_province(today: date, password_hashes: Mapping[str, str]) -> Province:
    """Make everything but the sessions.  Needs a transaction, and the places."""
    province = Province(today, places=_places())
    for row in read_circles():
        _make_circle(province, row)
    _make_people(province, read_people())
    for row in read_circles():
        _make_seats(province, row)
    for code, stones in read_roads().items():
        _make_road(province, stones, PLACE_TITLES, place=province.places[code])
    _make_accounts(province, password_hashes)
    return province


def _places() -> dict[str, Place]:
    return {place.code: place for place in Place.objects.all()}


def _make_circle(province: Province, row: CircleRow) -> None:
    circle = province.circles[row.key] = Circle.objects.create(
        name=row.name,
        role=row.role,
        place=province.places[row.place],
        topic=row.topic,
        usual_venue=row.venue,
        usual_start=typed_time(row.start),
        usual_end=typed_time(row.end),
    )
    opened_on = _opened_on(province, row)
    CircleOpening.objects.create(circle=circle, opened_on=opened_on)
    _make_road(province, row.stones, TITLES, circle=circle)


def typed_time(text: str) -> time | None:
    return thai.parse_thai_time(text) if text else None


def _opened_on(province: Province, row: CircleRow) -> date:
    if isinstance(row.opened, str):
        return thai.parse_thai_date(row.opened, today=province.today)
    return province.today - timedelta(days=row.opened)


def _make_road(
    province: Province,
    stones: list[Stone],
    titles: dict[str, str],
    **owner: Circle | Place,
) -> None:
    Milestone.objects.bulk_create(
        Milestone(
            **owner,
            position=position,
            title=titles[stone.measure].format(target=stone.target),
            measure=stone.measure,
            target=stone.target,
            due_on=_due_on(province, stone),
        )
        for position, stone in enumerate(stones, 1)
    )


def _due_on(province: Province, stone: Stone) -> date | None:
    in_days = stone.due_in
    return None if in_days is None else province.today + timedelta(days=in_days)


def _make_people(province: Province, rows: list[PersonRow]) -> None:
    agencies = _make_agencies()
    for row in rows:
        province.people[row.key] = Person.objects.create(
            first_name=row.name,
            called_as=row.called_as,
            position=row.position,
            agency=agencies[row.agency] if row.agency else None,
            village=province.places[row.village] if row.village else None,
        )
    ContactPoint.objects.bulk_create(
        ContactPoint(
            person=province.people[row.key],
            channel=ContactPoint.Channel.EMAIL,
            address=row.address,
            verified_at=timezone.now(),
        )
        for row in rows
    )


def _make_agencies() -> dict[str, Agency]:
    """Return the agencies by short name; one that is there already is taken."""
    return {
        short: Agency.objects.get_or_create(name=name, defaults={"short_name": short})[
            0
        ]
        for name, short in read_agencies()
    }


def _make_seats(province: Province, row: CircleRow) -> None:
    circle, since = province.circles[row.key], _opened_on(province, row)
    for _role, seat in row.seats:
        if seat not in province.people:
            villager = _make_villager(circle, seat)
            province.people[f"{row.key}/{seat}"] = villager
    Membership.objects.bulk_create(
        Membership(
            circle=circle, person=province.person(row.key, seat), role=role, since=since
        )
        for role, seat in row.seats
    )


def _make_villager(circle: Circle, seat: str) -> Person:
    """Make somebody who sits in one circle only: "ลุง ง", "ง" or "ผู้ใหญ่บ้าน ม.3"."""
    at_home = circle.place if circle.place.level == Place.Level.VILLAGE else None
    match = LETTER.fullmatch(seat)
    if not match:
        return Person.objects.create(
            first_name="ตัวอย่าง", called_as=seat, position=seat, village=at_home
        )
    name = f"ตัวอย่าง {match['letter']}"
    called_as = f"{match['called']}{name}" if match["called"] else ""
    return Person.objects.create(first_name=name, called_as=called_as, village=at_home)


def _make_accounts(province: Province, password_hashes: Mapping[str, str]) -> None:
    for row in read_people():
        if row.account is None:
            continue
        person = province.people[row.key]
        province.users[row.key] = User.objects.create(
            username=row.key,
            email=row.address,
            password=password_hashes[row.key],
            person=person,
        )
        for role, where in row.account.rights:
            Assignment.objects.create(
                person=person,
                role=Role(role),
                place=province.places.get(where),
                circle=province.circles.get(where),
                since=province.today - RIGHTS_BEGAN,
            )
