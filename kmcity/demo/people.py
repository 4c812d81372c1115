"""From the tables to rows: agencies, people, their seats, accounts and rights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from circles.models import (
    Assignment,
    Circle,
    ContactPoint,
    Membership,
    Person,
    Place,
    User,
)
from circles.permissions import Role
from kmcity.demo.province import PHONE, Province
from kmcity.demo.reading import CircleRow, PersonRow, read_people

RIGHTS_BEGAN = 200  # days ago: before the first session of this half-year
VILLAGER = re.compile(
    r"(?:(?P<called>\S+) )?(?P<letter>[ก-ฮ]{1,2})(?: (?P<last>สกุล\S+))?"
)


def make_people(province: Province, rows: list[PersonRow]) -> None:
    for row in rows:
        province.people[row.key] = Person.objects.create(
            first_name=row.name,
            called_as=row.called_as,
            position=row.position,
            agency=province.agencies[row.agency] if row.agency else None,
            village=province.places[row.village] if row.village else None,
        )
    ContactPoint.objects.bulk_create(
        _contact(province.people[row.key], ContactPoint.Channel.EMAIL, row.address)
        for row in rows
    )


def _contact(person: Person, channel: str, address: str) -> ContactPoint:
    return ContactPoint(
        person=person, channel=channel, address=address, verified_at=timezone.now()
    )


def make_seats(province: Province, row: CircleRow, since: date) -> None:
    circle = province.circles[row.key]
    for _role, seat in row.seats:
        if seat not in province.people:
            villager = _make_villager(circle, seat)
            province.people[f"{row.key}/{seat}"] = villager
    first = next((seat for role, seat in row.seats if role == Role.KHUN_AMNUAY), None)
    Membership.objects.bulk_create(
        Membership(
            circle=circle,
            person=province.person(row.key, seat),
            role=role,
            since=since,
            is_lead=seat == first,
        )
        for role, seat in row.seats
    )


def _make_villager(circle: Circle, seat: str) -> Person:
    """Make somebody who sits in one circle only: "ลุง ง", "ง", "ง สกุลใต้" or
    "ผู้ใหญ่บ้าน ม.3"."""
    at_home = circle.place if circle.place.level == Place.Level.VILLAGE else None
    match = VILLAGER.fullmatch(seat)
    if not match:
        return Person.objects.create(
            first_name="ตัวอย่าง", called_as=seat, position=seat, village=at_home
        )
    name = f"ตัวอย่าง {match['letter']}"
    return Person.objects.create(
        first_name=name,
        last_name=match["last"] or "",
        called_as=f"{match['called']}{name}" if match["called"] else "",
        village=at_home,
        # Some agreed to be named where others read it: those with a name in the circle.
        show_consent=bool(match["called"]),
        consent_how=Person.Consent.SPOKEN if match["called"] else "",
    )


def make_accounts(province: Province, password_hashes: Mapping[str, str]) -> None:
    """Make the accounts, each with its rights and a phone number to sign in with."""
    accounts = [row for row in read_people() if row.account]
    for number, row in enumerate(accounts, 1):
        person = province.people[row.key]
        province.users[row.key] = User.objects.create(
            username=row.key,
            email=row.address,
            password=password_hashes[row.key],
            person=person,
        )
        _contact(person, ContactPoint.Channel.PHONE, PHONE.format(number)).save()
        for role, where in row.account.rights if row.account else []:
            Assignment.objects.create(
                person=person,
                role=Role(role),
                place=province.places.get(where),
                circle=province.circles.get(where),
                since=province.ago(RIGHTS_BEGAN),
            )
