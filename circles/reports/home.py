"""What the home page tells one account.  Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs

from django.core.exceptions import ValidationError
from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import OrderBy
from django.db.models.functions import Left
from django.utils import timezone

from circles import thai
from circles.models import (
    Appointment,
    Circle,
    Draft,
    LearningSession,
    Lesson,
    Promise,
    Revision,
    User,
)
from circles.models.circles import CircleQuerySet
from circles.models.sessions import EDIT_WINDOW, LearningSessionQuerySet
from circles.permissions import Permission, circles_allowed

# A promise stands on the home page from this long before its day.
DUE_SOON = timedelta(days=14)
PROVINCE_CODE_LENGTH = 2
LONGEST_DAY_TYPED = 40


def by_appointment(circles: CircleQuerySet, today: date) -> CircleQuerySet:
    """Annotate ``meets_id``, ``meets_on``, ``meets_starts`` and ``meets_venue``: the
    circle's open appointment of today, else the latest whose day has come, else the
    next.  Circles come in that order too; those without one last, by place.
    """
    here = Appointment.objects.open().filter(circle=OuterRef("pk"))
    first = here.order_by(_come("on", today), "on")
    found = circles.annotate(
        **{
            f"meets_{name}": Subquery(first.values(name)[:1])
            for name in ("id", "on", "starts", "venue")
        }
    )
    return found.order_by(
        _come("meets_on", today),
        F("meets_on").asc(nulls_last=True),
        "place__code",
        "name",
        "pk",
    )


def _come(day: str, today: date) -> OrderBy:
    """Order by *day* if it has come, the latest first; the others after them."""
    return Case(When(**{f"{day}__lte": today}, then=F(day))).desc(nulls_last=True)


def drafts_of(user: User) -> QuerySet[Draft]:
    """Return what *user* typed and has not sent, latest first, where they may still
    log: one query."""
    circles = Circle.objects.allowed(user, Permission.LOG_SESSION).open()
    drafts = Draft.objects.filter(author=user, circle__in=circles)
    return drafts.select_related("circle__place__parent").order_by("-saved_at", "-pk")


def day_typed(draft: Draft) -> str:
    """Return the day of the session as it stands in the draft, perhaps unreadable."""
    typed = parse_qs(draft.payload).get("held_on", [""])[0].strip()
    return typed[:LONGEST_DAY_TYPED]


def drafted(drafts: Iterable[Draft], circles: Iterable[Any]) -> dict[int, Draft]:
    """Return, by circle id, the draft of the meeting that ``by_appointment`` gave each
    of *circles*: the same meeting is written on, not begun anew."""
    today, by_day = timezone.localdate(), {}
    for draft in drafts:
        with suppress(ValidationError):
            day = thai.parse_thai_date(day_typed(draft), today=today)
            by_day[draft.circle_id, day] = draft
    found = {one.pk: by_day.get((one.pk, one.meets_on)) for one in circles}
    return {pk: draft for pk, draft in found.items() if draft}


def home_sessions(user: User) -> LearningSessionQuerySet:
    """Return, in one query, what *user* logged in the last 7 days and may still
    complete, the latest session with good news of another circle (``is_news``), and
    what waits for a word of *user* (``asks``: "question", "typed" or "withdrawal").

    The first have ``is_mine``, ``lacks_lesson`` and ``lacks_next``; the news a
    ``lesson``, and its ``teller`` if that person agreed to be named.
    """
    mine = _unfinished(user).values("pk")
    news = _good_news(user).latest_first().values("pk")[:1]
    told = Lesson.objects.filter(session=OuterRef("pk"), may_show=True).order_by("pk")
    asks = _asking(user)
    found = LearningSession.objects.filter(
        Q(pk__in=mine) | Q(pk__in=news) | Q(pk__in=asks.values("pk"))
    )
    return (
        _with_gaps(found)
        .annotate(
            is_mine=Q(pk__in=mine),
            is_news=Q(pk__in=news),
            asks=Subquery(asks.filter(pk=OuterRef("pk")).values("asks")[:1]),
            lesson=Subquery(told.values("text")[:1]),
            teller=Subquery(told.values(name=_NAME_IF_SHOWN)[:1]),
        )
        .select_related("circle__place__parent", "submission")
        .latest_first()
    )


# As ``Person.short_name``, of whoever agreed to be named where others read it.
_NAME_IF_SHOWN = Case(
    When(teller__show_consent=False, then=Value("")),
    When(teller__called_as="", then=F("teller__first_name")),
    default=F("teller__called_as"),
)


def _with_gaps(sessions: LearningSessionQuerySet) -> LearningSessionQuerySet:
    """Annotate ``lacks_lesson`` and ``lacks_next``: neither said at the session, nor
    booked or held since."""
    here = Q(circle=OuterRef("circle"))
    booked = Appointment.objects.filter(
        here, state=Appointment.State.PLANNED, on__gt=OuterRef("held_on")
    )
    later = LearningSession.objects.shown().filter(
        here, held_on__gt=OuterRef("held_on")
    )
    return sessions.annotate(
        lacks_lesson=~Exists(Lesson.objects.filter(session=OuterRef("pk"))),
        lacks_next=Q(next_on=None) & ~Exists(booked) & ~Exists(later),
    )


def _unfinished(user: User) -> LearningSessionQuerySet:
    recent = LearningSession.objects.allowed(user, Permission.EDIT_SESSION).filter(
        submission__author=user,
        submission__received_at__gt=timezone.now() - EDIT_WINDOW,
    )
    return _with_gaps(recent.shown()).filter(Q(lacks_lesson=True) | Q(lacks_next=True))


def _asking(user: User) -> Any:  # the annotated column is unknown to mypy
    """Return the records that wait for somebody who may correct them, with what they
    ask: perhaps the same meeting twice, typed by a note-taker and not confirmed, or,
    of administrators, to be taken away."""
    open_revisions = Revision.objects.filter(session=OuterRef("pk"), confirmed_at=None)
    typed = open_revisions.exclude(typed_by="")
    asked = open_revisions.filter(kind=Revision.Kind.ASKED)
    own = LearningSession.objects.allowed(user, Permission.EDIT_SESSION).shown()
    away = Circle.objects.filter(circles_allowed(user, Permission.WITHDRAW_SESSION))
    told = own.annotate(
        asks=Case(
            When(state=LearningSession.State.IN_QUESTION, then=Value("question")),
            When(Exists(typed), then=Value("typed")),
            When(Exists(asked) & Q(circle__in=away), then=Value("withdrawal")),
        )
    )
    return told.filter(asks__isnull=False)


def _good_news(user: User) -> LearningSessionQuerySet:
    """Return the counted sessions of other circles in the provinces of *user*'s own
    that told a story or a lesson which others may read."""
    own = Circle.objects.allowed(user, Permission.VIEW_NAMES)
    lesson = Lesson.objects.filter(session=OuterRef("pk"), may_show=True)
    return (
        LearningSession.objects.counted()
        .exclude(circle__in=own)
        .filter(Exists(lesson) | (Q(story_may_show=True) & ~Q(story="")))
        .annotate(province=Left("circle__place__code", PROVINCE_CODE_LENGTH))
        .filter(province__in=own.values(code=Left("place__code", PROVINCE_CODE_LENGTH)))
    )


def promises_due(user: User, today: date) -> QuerySet[Promise]:
    """Return the open promises of *user*'s own circles that are late or due within
    two weeks, soonest first: one query."""
    own = Circle.objects.allowed(user, Permission.VIEW_NAMES).open()
    return (
        Promise.objects.open()
        .filter(session__circle__in=own, due_on__lte=today + DUE_SOON)
        .select_related("owner", "session__circle__place__parent")
        .soonest_first()
    )
