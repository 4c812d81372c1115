"""What a circle's own page tells.  Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from circles.models import (
    Attendance,
    Circle,
    DreamVersion,
    LearningSession,
    Lesson,
    Membership,
    Problem,
    Promise,
    PromiseReview,
    SupportRequest,
)
from circles.models.circles import CircleQuerySet
from circles.models.counting import count_per
from circles.models.sessions import LearningSessionQuerySet
from circles.reports.figures import Seating, hat_order


def with_records(circles: CircleQuerySet) -> CircleQuerySet:
    """Annotate ``shown_count``, ``withdrawn_count`` (sessions) and ``lesson_count``."""
    sessions = LearningSession.objects.filter(circle=OuterRef("pk"))
    withdrawn = sessions.filter(state=LearningSession.State.WITHDRAWN)
    return circles.annotate(
        shown_count=count_per("circle", sessions.shown()),
        withdrawn_count=count_per("circle", withdrawn),
        lesson_count=count_per(
            "session__circle",
            told_in(LearningSession.objects.counted(), OuterRef("pk")),
        ),
    )


def told_in(sessions: LearningSessionQuerySet, circle: object) -> QuerySet[Lesson]:
    """Return the lessons of *sessions* of *circle*, latest first."""
    lessons = Lesson.objects.filter(session__in=sessions, session__circle=circle)
    return lessons.order_by("-session__held_on", "-pk")


def timeline(circle: Circle, *, withdrawn: bool = False) -> LearningSessionQuerySet:
    """Return the sessions of *circle*, latest first, each with its totals, whether it
    asks for something (``has_requests``) and where it is stuck (``stuck_at``)."""
    here = Q(session=OuterRef("pk"))
    stuck = Problem.objects.filter(here, solution="").order_by("pk")
    state = LearningSession.State.WITHDRAWN
    sessions = LearningSession.objects.filter(circle=circle)
    chosen = sessions.filter(state=state) if withdrawn else sessions.shown()
    return (
        chosen.with_totals()
        .annotate(
            has_requests=Exists(SupportRequest.objects.filter(here)),
            stuck_at=Subquery(stuck.values("text")[:1]),
        )
        .select_related("submission__author__person")
        .latest_first()
    )


def seats_round(circle: Circle) -> QuerySet[Membership]:
    """Return the current seats of *circle*, each with ``came``: whether that person
    was at the latest session that counts.  One query."""
    latest = LearningSession.objects.counted().filter(circle=circle).latest_first()
    came = Attendance.objects.present().filter(
        session=Subquery(latest.values("pk")[:1]), person=OuterRef("person")
    )
    seats = Membership.objects.current().filter(circle=circle)
    return seats.annotate(came=Exists(came)).order_by("person__sort_key", "pk")


def seating_at(seats: Iterable[Membership]) -> list[Seating]:
    """Return *seats* of ``seats_round`` as figures by hat, without names."""
    seats = list(seats)
    total = Counter(seat.role for seat in seats)
    came = Counter(seat.role for seat in seats if getattr(seat, "came", False))
    return [
        Seating(role, total[role], came[role]) for role in sorted(total, key=hat_order)
    ]


def shown_dream(circle: Circle) -> DreamVersion | None:
    """Return the latest dream that *circle* has agreed on, else the latest that is
    being drafted.  One query."""
    agreed = DreamVersion.Gate.AGREED
    versions = list(circle.dreams.latest_first())
    return next(
        (one for one in versions if one.gate == agreed), next(iter(versions), None)
    )


def with_standing(promises: QuerySet[Promise]) -> QuerySet[Promise]:
    """Annotate ``standing``: what was last said of each promise, if anything, at a
    session that counts."""
    said = PromiseReview.objects.filter(
        promise=OuterRef("pk"), session__state=LearningSession.State.HELD
    ).order_by("-session__held_on", "-pk")
    return promises.annotate(standing=Subquery(said.values("state")[:1]))
