"""From the tables to rows: posts that end this autumn, who follows, what works in a
circle, and a circle that was closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from circles import thai
from circles.actions.handing import hand_over
from circles.actions.handing_seats import Step
from circles.models import Assignment, CircleOpening, Succession, WorkingNote
from circles.permissions import Role
from kmcity.demo.people import RIGHTS_BEGAN
from kmcity.demo.province import Province, moment
from kmcity.demo.reading import CircleRow
from kmcity.demo.reading_land import PostRow, read_notes, read_posts

ADMINISTRATOR = "province-admin"  # who arranges the handovers
EVENING = 19


def make_posts(province: Province, rows: Sequence[CircleRow]) -> None:
    """Make all of it, in the transaction of the rest and after the sessions."""
    last_day = thai.fiscal_year_range(thai.fiscal_year(province.today))[1]
    for row in read_posts():
        _make_post(province, row, last_day)
    for note in read_notes():
        WorkingNote.objects.create(
            circle=province.circles[note.circle],
            author=province.users[note.author],
            text=note.text.strip(),
            created_at=moment(province.ago(note.ago), EVENING),
        )
    for circle in rows:
        if circle.closed is not None:
            openings = CircleOpening.objects.filter(circle=province.circles[circle.key])
            openings.update(closed_on=province.ago(circle.closed))


def _make_post(province: Province, row: PostRow, last_day: date) -> None:
    person = province.people[row.person]
    for role, where in row.rights:
        Assignment.objects.create(
            person=person,
            role=Role(role),
            place=province.places.get(where),
            circle=province.circles.get(where),
            since=province.ago(RIGHTS_BEGAN),
        )
    rights = Assignment.objects.filter(person=person)
    rights.update(until=last_day)
    if not row.follows:
        return
    kind = Succession.Kind(row.follows)
    successor = province.people[row.by] if row.by else None
    hand_over(
        province.users[ADMINISTRATOR],
        person,
        last_day,
        [Step(one, kind, successor) for one in rights.order_by("pk")],
        note=row.note,
    )
