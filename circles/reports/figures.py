"""What the pages say in figures.  Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import Left

from circles.models import Attendance, Circle, LearningSession, Lesson, Place
from circles.permissions import HATS, TAMBON_CODE_LENGTH, Role


@dataclass(frozen=True)
class TambonFigures:
    """One column of the overview."""

    tambon: Place
    circle_count: int
    session_count: int
    people_count: int  # different members who came at least once; no guests
    lesson_count: int


def tambon_figures(
    circles: QuerySet[Circle], tambons: QuerySet[Place]
) -> list[TambonFigures]:
    """Return the figures of each of *tambons* over *circles* (already narrowed to
    what the reader may see), in order of code.  Five queries, whatever the rows.

    Sessions are counted where the circle is at home: a province's or an
    amphoe's circle is in no tambon's figures.
    """
    wanted = list(tambons.order_by("code"))
    codes = [tambon.code for tambon in wanted]
    at_home = circles.annotate(tambon=Left("place__code", TAMBON_CODE_LENGTH)).filter(
        tambon__in=codes
    )
    sessions = LearningSession.objects.counted().filter(circle__in=circles)
    present = Attendance.objects.present()
    counts = [
        _counted(at_home, "pk"),
        _counted(sessions, "pk"),
        _counted(present.filter(session__in=sessions), "person"),
        _counted(Lesson.objects.filter(session__in=sessions), "pk"),
    ]
    return [
        TambonFigures(tambon, *(count.get(tambon.code, 0) for count in counts))
        for tambon in wanted
    ]


_PATHS = {
    Circle: "place__code",
    LearningSession: "circle__place__code",
    Attendance: "session__circle__place__code",
    Lesson: "session__circle__place__code",
}


def _counted(rows: QuerySet, what: str) -> dict[str, int]:
    code = Left(_PATHS[rows.model], TAMBON_CODE_LENGTH)
    counted = rows.order_by().annotate(tambon_code=code).values("tambon_code")
    return dict(
        counted.annotate(n=Count(what, distinct=True)).values_list("tambon_code", "n")
    )


@dataclass(frozen=True)
class Seating:
    """One hat round the table: how many seats, how many were taken last time."""

    role: str
    seat_count: int
    present_count: int


def seating(circle: Circle, latest: LearningSession | None) -> list[Seating]:
    """Return the seats of *circle* by hat, and who of them came to *latest*.

    Figures only, no names: whoever may see the circle may see these.
    """
    seats = circle.memberships.current().order_by().values_list("role")
    seat_counts = dict(seats.annotate(n=Count("pk")))
    came = Attendance.objects.present().filter(session=latest).order_by()
    present_counts = dict(came.values_list("role").annotate(n=Count("pk")))
    return [
        Seating(role, n, min(present_counts.get(role, 0), n))
        for role, n in sorted(seat_counts.items(), key=lambda one: hat_order(one[0]))
    ]


def hat_order(role: str) -> int:
    """Return where *role* stands in every list of people: as in ``HATS``."""
    return HATS.index(Role(role))
