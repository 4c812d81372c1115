"""The two parts of the log form: the session, and what was learned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.fields import ThaiDateField, ThaiTextField, ThaiTimeField
from circles.models import LearningSession, Lesson, Membership
from circles.models.sessions import MAX_PEOPLE

MAX_LESSONS = 20
NEXT_WITHIN = timedelta(days=730)
NO_SEAT = _("Somebody chosen has no seat in this circle any more. Look again.")


class SessionForm(forms.ModelForm):
    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ["required", "invalid"],
            _("The form had lost its number and has a new one. Send it again."),
        ),
    )
    held_on = ThaiDateField(
        label=_("Date of the session"),
        error_messages={"required": _("The day of the session is missing.")},
    )
    starts = ThaiTimeField(label=_("From"), required=False)
    ends = ThaiTimeField(label=_("Until"), required=False)
    venue = ThaiTextField(
        label=_("Venue"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "inp"}),
    )
    present = forms.TypedMultipleChoiceField(
        label=_("Who came"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": NO_SEAT},
    )
    guest_count = forms.IntegerField(
        label=_("Others who came, not named"),
        min_value=0,
        required=False,
        error_messages=dict.fromkeys(
            ["invalid", "min_value"], _("Type a whole number, 4 for example.")
        ),
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
        cast(forms.ChoiceField, self.fields["present"]).choices = choices

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
        label=_("Who told it"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"class": "inp"}),
        error_messages={"invalid_choice": NO_SEAT},
    )
    topic = ThaiTextField(
        label=_("Topic"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "inp"}),
    )
    may_show = forms.BooleanField(
        label=_("The teller agrees that other circles may read it"), required=False
    )

    def __init__(self, *args: Any, seats: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        several = ("", _("Several people told it"))
        people = [(seat.person_id, seat.person.short_name) for seat in seats]
        cast(forms.ChoiceField, self.fields["teller"]).choices = [several, *people]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (
            cleaned.get("topic")
            and not cleaned.get("text")
            and "text" not in self.errors
        ):
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
