"""The log form as the page sees it: both parts, the buttons, what was understood."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from circles import thai
from circles.forms.sessions import MAX_LESSONS, LessonFormSet, SessionForm
from circles.models import (
    Circle,
    LearningSession,
    Lesson,
    Membership,
    Submission,
    User,
)
from circles.models.sessions import MAX_PEOPLE
from circles.permissions import HATS

_LESSON = re.compile(r"lessons-([0-9]{1,3})-text")


class SessionEntry:
    """The whole form: what is typed, what it means, what is wrong with it.

    ``act`` is the button: "save" wants it stored, "save-separate" also where the
    circle has a session on that day; every other button changes what is typed
    (another day, one guest more, one more lesson) and shows the page again, so
    that all of it works without JavaScript.
    """

    def __init__(
        self, circle: Circle, author: User, data: QueryDict | None = None
    ) -> None:
        self.circle, self.author = circle, author
        self.seats = _seats(circle)
        self.act = data.get("act", "save") if data is not None else ""
        self.data = self._pressed(data.copy()) if data is not None else None
        self.form = SessionForm(
            self.data,
            seats=self.seats,
            instance=LearningSession(circle=circle),
            initial=_initial(circle, self.seats),
        )
        self.lessons = LessonFormSet(
            self.data, prefix="lessons", form_kwargs={"seats": self.seats}
        )

    @property
    def next_number(self) -> int:
        """The number that the session will most likely get."""
        return self.circle.next_number()

    @property
    def wants_saving(self) -> bool:
        return self.act in {"save", "save-separate"}

    @property
    def opens_when(self) -> bool:
        """Whether the folded part about day and place is being worked on."""
        return self.act in {"today", "yesterday", "keep"}

    def is_valid(self) -> bool:
        """Check both parts, so that all that is wrong is said at once."""
        valid = all([self.form.is_valid(), self.lessons.is_valid()])
        if self.form.has_error("key"):
            self.renew_key()
        return valid and not self.is_in_question

    @property
    def is_in_question(self) -> bool:
        """Whether to ask first if this is another meeting than the stored one."""
        return self.act == "save" and self.same_day is not None and not self._is_known

    @cached_property
    def same_day(self) -> LearningSession | None:
        """The session that the circle already has on the day as typed."""
        if self.held_on is None:
            return None
        sessions = self.circle.sessions.filter(held_on=self.held_on)
        return sessions.order_by("-number").first()

    @property
    def _is_known(self) -> bool:
        """Whether this very form arrived before: that has an answer of its own."""
        key: UUID | None = self.form.cleaned_data.get("key")
        sent = Submission.objects.filter(author=self.author)
        return key is not None and sent.filter(key=key).exists()

    @property
    def session(self) -> LearningSession:
        """The unsaved session; whole once ``is_valid`` said so."""
        session: LearningSession = self.form.instance
        return session

    @property
    def present(self) -> list[int]:
        chosen: list[int] = self.form.cleaned_data["present"]
        return chosen

    def told(self) -> list[Lesson]:
        return list(filter(None, (form.lesson() for form in self.lessons)))

    def renew_key(self) -> None:
        """Let the next press of the button store a session of its own."""
        if self.data is not None:
            self.data["key"] = str(uuid.uuid4())

    @cached_property
    def crowd(self) -> list[dict[str, Any]]:
        """The seats by hat, each with whether the person is ticked."""
        ticked = {str(value) for value in self.form["present"].value() or []}
        groups = []
        for role in HATS:
            seats = [
                (seat, str(seat.person_id) in ticked)
                for seat in self.seats
                if seat.role == role
            ]
            present = sum(is_ticked for _seat, is_ticked in seats)
            groups.append({"role": role, "seats": seats, "present": present})
        return [group for group in groups if group["seats"]]

    @property
    def present_count(self) -> int:
        return sum(group["present"] for group in self.crowd)

    def understood(self, field: str) -> date | None:
        """Return the day that *field* means as typed, None if it cannot be read."""
        value = self.form[field].value()
        if isinstance(value, date) or not value:
            return value or None
        try:
            return thai.parse_thai_date(str(value), today=timezone.localdate())
        except ValidationError:
            return None

    @property
    def held_on(self) -> date | None:
        return self.understood("held_on")

    @property
    def next_on(self) -> date | None:
        return self.understood("next_on")

    def _pressed(self, data: QueryDict) -> QueryDict:
        today = timezone.localdate()
        # Counted, not believed: a wrong total would drop what somebody wrote.
        told = (_LESSON.fullmatch(name) for name in data)
        numbers = [int(found[1]) for found in told if found]
        data["lessons-TOTAL_FORMS"] = str(max(numbers, default=0) + 1)
        data["lessons-INITIAL_FORMS"] = "0"
        match self.act:
            case "today" | "yesterday":
                day = today - timedelta(days=self.act == "yesterday")
                data["held_on"] = thai.thai_date(day)
            case "next-7" | "next-14" | "next-28":
                data["next_on"] = thai.thai_date(_base_day(data, today, self.act))
            case "next-none":
                data["next_on"] = ""
            case "guest-more" | "guest-less":
                step = 1 if self.act == "guest-more" else -1
                guests = _number(data.get("guest_count", "")) + step
                data["guest_count"] = str(max(guests, 0))
            case "all-came" | "nobody-came":
                ids = [str(seat.person_id) for seat in self.seats]
                data.setlist("present", ids if self.act == "all-came" else [])
            case "add-lesson":
                total = _number(data.get("lessons-TOTAL_FORMS", "")) + 1
                data["lessons-TOTAL_FORMS"] = str(min(total, MAX_LESSONS))
        return data


def _seats(circle: Circle) -> list[Membership]:
    seats = Membership.objects.current().filter(circle=circle)
    return list(seats.select_related("person").order_by("person__sort_key", "pk"))


def _initial(circle: Circle, seats: list[Membership]) -> dict[str, Any]:
    return {
        "key": uuid.uuid4(),
        "held_on": timezone.localdate(),
        "starts": circle.usual_start,
        "ends": circle.usual_end,
        "venue": circle.usual_venue,
        "present": [seat.person_id for seat in seats],
        "guest_count": 0,
    }


def _base_day(data: QueryDict, today: date, act: str) -> date:
    """Return the day so many days after the session, or after today if unreadable."""
    try:
        base = thai.parse_thai_date(data.get("held_on", ""), today=today)
    except ValidationError:
        base = today
    return base + timedelta(days=int(act.removeprefix("next-")))


MAX_DIGITS = 9


def _number(text: str) -> int:
    digits = thai.thai_digits_to_arabic(text).strip()
    # Python refuses to read thousands of digits; nobody means so many.
    is_number = digits.isdecimal() and len(digits) <= MAX_DIGITS
    return min(int(digits), MAX_PEOPLE) if is_number else 0
