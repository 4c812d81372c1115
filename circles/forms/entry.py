"""The log form as the page sees it: all parts, the buttons, what was understood."""

from __future__ import annotations

import uuid
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from circles import thai
from circles.actions.content import Content
from circles.forms import initial as begin
from circles.forms.pressing import press
from circles.forms.rows import ROWS
from circles.forms.sections import FilledSection, fill
from circles.forms.sessions import SessionForm
from circles.models import (
    Appointment,
    Circle,
    LearningSession,
    Promise,
    Submission,
    User,
)
from circles.permissions import HATS


class SessionEntry:
    """The whole form: what is typed, what it means, what is wrong with it.

    ``act`` is the button: "save" wants it stored, "save-separate" also where the
    circle has a session on that day; every other button changes what is typed
    (another day, one guest more, one more lesson) and shows the page again, so
    that all of it works without JavaScript.

    With *stored* it is the form for completing or correcting that session; with
    *appointment* day, time and place come from there.
    """

    def __init__(
        self,
        circle: Circle,
        author: User,
        data: QueryDict | None = None,
        *,
        stored: LearningSession | None = None,
        appointment: Appointment | None = None,
    ) -> None:
        self.circle, self.author, self.stored = circle, author, stored
        self.seats = begin.roster(circle, stored)
        self.promises = (
            begin.promises_asked(circle, stored) if _has(data, "review-") else []
        )
        has_figures = _has(data, "reading-")
        self.indicators = begin.indicators_asked(circle, stored) if has_figures else []
        self.act = data.get("act", "save") if data is not None else ""
        self.data = None
        if data is not None:
            self.data = press(self.act, data.copy(), self.seats)
        self._initial = begin.initial(circle, self.seats, stored, appointment)
        self.form = SessionForm(
            self.data,
            seats=self.seats,
            promises=self.promises,
            indicators=self.indicators,
            stored=stored,
            instance=LearningSession(circle=circle),
            initial=self._initial,
        )
        self._row_sets: dict[str, Any] = {}

    @cached_property
    def rows(self) -> dict[str, Any]:
        """The rows of each part, for the page; those without a word included."""
        return {prefix: self._row_set(prefix) for prefix in ROWS}

    @cached_property
    def typed_rows(self) -> dict[str, Any]:
        """The rows of the parts in which something was typed: what is to be checked."""
        typed = filter(self._is_typed, ROWS)
        return {prefix: self._row_set(prefix) for prefix in typed}

    def _row_set(self, prefix: str) -> Any:
        if prefix not in self._row_sets:
            self._row_sets[prefix] = ROWS[prefix](
                self.data,
                prefix=prefix,
                # A row sent as it was before would else be taken for an empty one.
                initial=None if self.data is not None else self._initial.get(prefix),
                form_kwargs={"seats": self.seats},
            )
        return self._row_sets[prefix]

    def _is_typed(self, prefix: str) -> bool:
        start, given = f"{prefix}-", ("_FORMS", "-role")  # by the page, not by people
        return self.data is not None and any(
            name.startswith(start) and not name.endswith(given) and str(text).strip()
            for name, text in self.data.items()
        )

    @property
    def next_number(self) -> int:
        """The number of the session, or the one it will most likely get."""
        return self.stored.number if self.stored else self.circle.next_number()

    @property
    def wants_saving(self) -> bool:
        return self.act in {"save", "save-separate"}

    @property
    def opens_when(self) -> bool:
        """Whether the folded part about day and place is being worked on."""
        return self.act in {"today", "yesterday", "keep"}

    @property
    def has_errors(self) -> bool:
        """Whether something is to be mended before it can be stored."""
        rows = self.typed_rows.values()
        is_wrong = self.form.errors or any(one.total_error_count() for one in rows)
        return self.wants_saving and bool(is_wrong)

    def is_valid(self) -> bool:
        """Check all parts, so that all that is wrong is said at once."""
        rows = self.typed_rows
        parts = [self.form.is_valid(), *(one.is_valid() for one in rows.values())]
        newcomers = [one for one in rows.get("newcomers", ()) if one.is_valid()]
        self.form.check_people(len([one for one in newcomers if one.row()]))
        if self.form.has_error("key"):
            self.renew_key()
        return all(parts) and not self.form.errors and not self.is_in_question

    @property
    def is_in_question(self) -> bool:
        """Whether to ask first if this is another meeting than the stored one."""
        return (
            self.act == "save"
            and self.stored is None
            and self.same_day is not None
            and not self._is_known
        )

    @cached_property
    def same_day(self) -> LearningSession | None:
        """Another session that the circle already has on the day as typed."""
        if self.held_on is None:
            return None
        sessions = self.circle.sessions.shown().filter(held_on=self.held_on)
        if self.stored:
            sessions = sessions.exclude(pk=self.stored.pk)
        return sessions.order_by("-number").first()

    @property
    def _is_known(self) -> bool:
        """Whether this very form arrived before: that has an answer of its own."""
        key: UUID | None = self.form.cleaned_data.get("key")
        sent = Submission.objects.filter(author=self.author)
        return key is not None and sent.filter(key=key).exists()

    @property
    def content(self) -> Content:
        """What is to be stored; whole once ``is_valid`` said so.  A promise without
        a day is due at the next session."""
        told = {
            prefix: list(filter(None, (form.row() for form in rows)))
            for prefix, rows in self.typed_rows.items()
        }
        session: LearningSession = self.form.instance
        begin.once_each(told)
        for promise in told.get("promises", ()):
            promise.due_on = promise.due_on or session.next_on
        return Content(
            session,
            present=self.form.cleaned_data["present"],
            reviews=self.form.answers("review"),
            readings=self.form.answers("reading"),
            **told,
        )

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
    def has_search(self) -> bool:
        return len(self.seats) > begin.MANY

    @property
    def present_count(self) -> int:
        return sum(group["present"] for group in self.crowd)

    @property
    def questions(self) -> list[tuple[Promise, Any]]:
        """The open promises, each with its field."""
        return [(one, self.form[f"review-{one.pk}"]) for one in self.promises]

    @property
    def reading_names(self) -> list[str]:
        return [f"reading-{indicator.pk}" for indicator in self.indicators]

    @cached_property
    def sections(self) -> list[FilledSection]:
        return list(fill(self))

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
    def is_today(self) -> bool:
        return self.held_on == timezone.localdate()

    @property
    def next_on(self) -> date | None:
        return self.understood("next_on")


def _has(data: QueryDict | None, prefix: str) -> bool:
    """Return whether the page that was sent asked such questions; a new one may."""
    return data is None or any(name.startswith(prefix) for name in data)
