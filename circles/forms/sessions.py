"""The log form: one session with its attendance and lessons."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles import thai
from circles.fields import ThaiDateField, ThaiTextField, ThaiTimeField
from circles.models import Circle, LearningSession, Lesson, Membership
from circles.models.sessions import MAX_PEOPLE
from circles.permissions import HATS

MAX_LESSONS = 20
NEXT_WITHIN = timedelta(days=730)


class SessionForm(forms.ModelForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    held_on = ThaiDateField(label=_("Date of the session"))
    starts = ThaiTimeField(label=_("From"), required=False)
    ends = ThaiTimeField(label=_("Until"), required=False)
    venue = ThaiTextField(label=_("Venue"), required=False, max_length=200)
    present = forms.TypedMultipleChoiceField(
        label=_("Who came"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    guest_count = forms.IntegerField(
        label=_("How many others came (without names)"),
        min_value=0,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "inp num"}),
    )
    next_on = ThaiDateField(
        label=_("Next session"),
        required=False,
        latest=lambda: timezone.localdate() + NEXT_WITHIN,
    )
    summary = ThaiTextField(
        label=_("What happened"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "inp"}),
    )

    class Meta:
        model = LearningSession
        fields = [
            "held_on",
            "starts",
            "ends",
            "venue",
            "guest_count",
            "next_on",
            "summary",
        ]

    def __init__(self, *args: Any, seats: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(seat.person_id, seat.person.short_name) for seat in seats]
        self.fields["present"].choices = choices  # type: ignore[attr-defined]

    def clean_guest_count(self) -> int:
        return self.cleaned_data["guest_count"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_people(cleaned)
        self._check_order(cleaned, "starts", "ends")
        held_on, next_on = cleaned.get("held_on"), cleaned.get("next_on")
        if held_on and next_on and next_on <= held_on:
            message = _("The next session must be later than this one.")
            self.add_error("next_on", ValidationError(message, code="not_later"))
        return cleaned

    def _check_people(self, cleaned: dict[str, Any]) -> None:
        if "present" not in cleaned or "guest_count" not in cleaned:
            return
        people = len(cleaned["present"]) + cleaned["guest_count"]
        if people == 0:
            message = _("Nobody is marked as present. Choose at least one person.")
            self.add_error("present", ValidationError(message, code="nobody"))
        if people > MAX_PEOPLE:
            message = _("%(people)s people is too many: at most %(most)s.")
            params = {"people": people, "most": MAX_PEOPLE}
            error = ValidationError(message, code="too_many", params=params)
            self.add_error("guest_count", error)

    def _check_order(self, cleaned: dict[str, Any], first: str, last: str) -> None:
        if cleaned.get(first) and cleaned.get(last) and cleaned[last] < cleaned[first]:
            message = _("The end is before the start.")
            self.add_error(last, ValidationError(message, code="ends_first"))


class LessonForm(forms.Form):
    text = ThaiTextField(
        label=_("What was learned today"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "inp"}),
    )
    teller = forms.TypedChoiceField(
        label=_("Who told it"), coerce=int, empty_value=None, required=False
    )
    topic = ThaiTextField(label=_("Topic"), required=False, max_length=100)
    may_show = forms.BooleanField(
        label=_("The teller agrees that other circles may read it"), required=False
    )

    def __init__(self, *args: Any, seats: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        several = ("", _("Several people together"))
        people = [(seat.person_id, seat.person.short_name) for seat in seats]
        self.fields["teller"].choices = [several, *people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("topic") and not cleaned.get("text") and "text" not in self.errors:
            message = _("Write what was learned, or clear the topic.")
            self.add_error("text", ValidationError(message, code="topic_only"))
        return cleaned

    def lesson(self) -> Lesson | None:
        """Return the unsaved lesson, None if nothing was written."""
        cleaned = self.cleaned_data
        if not cleaned.get("text"):
            return None
        return Lesson(
            text=cleaned["text"],
            teller_id=cleaned["teller"],
            topic=cleaned["topic"],
            may_show=cleaned["may_show"],
        )


LessonFormSet = forms.formset_factory(
    LessonForm, extra=0, min_num=1, max_num=MAX_LESSONS, absolute_max=MAX_LESSONS
)


class SessionEntry:
    """The whole form: what is typed, what it means, what is wrong with it.

    ``act`` is the button: "save" wants it stored; every other button changes
    what is typed (another day, one guest more, one more lesson) and shows the
    page again, so that all of it works without JavaScript.
    """

    def __init__(self, circle: Circle, data: QueryDict | None = None) -> None:
        self.circle = circle
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
    def wants_saving(self) -> bool:
        return self.act == "save"

    @property
    def opens_when(self) -> bool:
        """Whether the folded part about day and place is being worked on."""
        return self.act in {"today", "yesterday", "keep"}

    def is_valid(self) -> bool:
        """Check both parts, so that all that is wrong is said at once."""
        return all([self.form.is_valid(), self.lessons.is_valid()])

    @property
    def session(self) -> LearningSession:
        return self.form.instance

    @property
    def present(self) -> list[int]:
        chosen: list[int] = self.form.cleaned_data["present"]
        return chosen

    def told(self) -> list[Lesson]:
        return list(filter(None, (form.lesson() for form in self.lessons)))

    def renew_key(self) -> None:
        """Let the next press of the button store a session of its own."""
        self.form.data = self.form.data.copy()
        self.form.data["key"] = str(uuid.uuid4())

    @property
    def crowd(self) -> list[dict[str, Any]]:
        """The seats by hat, each with whether the person is ticked."""
        ticked = {str(value) for value in self.form["present"].value() or []}
        rows = [(seat, str(seat.person_id) in ticked) for seat in self.seats]
        groups = (
            {"role": role, "seats": [row for row in rows if row[0].role == role]}
            for role in HATS
        )
        return [
            group | {"present": sum(tick for _seat, tick in group["seats"])}
            for group in groups
            if group["seats"]
        ]

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
                total = _number(data.get("lessons-TOTAL_FORMS", "1")) + 1
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


def _number(text: str) -> int:
    digits = thai.thai_digits_to_arabic(text).strip()
    return min(int(digits), MAX_PEOPLE) if digits.isdecimal() else 0


