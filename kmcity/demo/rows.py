"""From the tables to rows: circles, their roads, what they write down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from circles.models import Circle, CircleOpening, Indicator, Place
from kmcity.demo.land import make_land
from kmcity.demo.people import make_accounts, make_people, make_seats
from kmcity.demo.province import Province, typed_time
from kmcity.demo.reading import CircleRow, Stone, read_people, read_roads
from milestones.models import Milestone

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


def make_province(
    today: date, rows: Sequence[CircleRow], password_hashes: Mapping[str, str]
) -> Province:
    """Make everything but the sessions.  Needs a transaction, and the places."""
    province = Province(today, places=_places())
    make_land(province)
    make_people(province, read_people())
    for row in rows:
        opened_on = _opened_on(province, row)
        _make_circle(province, row, opened_on)
        make_seats(province, row, opened_on)
    for code, stones in read_roads().items():
        _make_road(province, stones, PLACE_TITLES, place=province.places[code])
    make_accounts(province, password_hashes)
    return province


def _places() -> dict[str, Place]:
    return {place.code: place for place in Place.objects.all()}


def _make_circle(province: Province, row: CircleRow, opened_on: date) -> None:
    circle = province.circles[row.key] = Circle.objects.create(
        name=row.name,
        role=row.role,
        place=province.places[row.place],
        topic=row.topic,
        usual_venue=row.venue,
        usual_start=typed_time(row.start),
        usual_end=typed_time(row.end),
        cadence_days=row.cadence,
    )
    CircleOpening.objects.create(circle=circle, opened_on=opened_on)
    _make_road(province, row.stones, TITLES, circle=circle)
    if row.indicator:
        province.indicators[row.key] = _indicator(*row.indicator)
        circle.indicators.add(province.indicators[row.key])


def _indicator(name: str, unit: str) -> Indicator:
    """Return the figure of that name; one that is there already is taken."""
    return Indicator.objects.get_or_create(name=name, defaults={"unit": unit})[0]


def _opened_on(province: Province, row: CircleRow) -> date:
    if isinstance(row.opened, str):
        return province.typed_date(row.opened)
    return province.ago(row.opened)


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
