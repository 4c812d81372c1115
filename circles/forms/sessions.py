"""The log form's own fields: the session, its promises' answers, its figures."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles import thai
from circles.actions.content import SESSION_FIELDS
from circles.fields import ThaiDateField, ThaiTextField, ThaiTimeField
from circles.models import (
    Indicator,
    LearningSession,
    Membership,
    Promise,
    PromiseReview,
)
from circles.models.sessions import MAX_PEOPLE
from circles.reports.openings import days_outside

NEXT_WITHIN = timedelta(days=730)
MAX_FIGURE_LENGTH = 40
NO_SEAT = _("Somebody chosen has no seat in this circle any more. Look again.")
NOT_A_COUNT = _("Type a whole number, 4 for example.")


def one_line() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "inp"})


def lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"class": "inp", "rows": rows})


def later() -> Any:
    """Return the last day that may be agreed on today."""
    return timezone.localdate() + NEXT_WITHIN


class FigureField(forms.DecimalField):
    """A figure as people type it: Thai digits, commas between thousands."""

    def to_python(  # type: ignore[override] # the stub says int, which it is not
        self, value: Any
    ) -> Decimal | None:
        if isinstance(value, str):
            if len(value) > MAX_FIGURE_LENGTH:
                raise ValidationError(self.error_messages["invalid"], code="invalid")
            value = thai.thai_digits_to_arabic(value).replace(",", "").strip()
        return super().to_python(value)


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
        label=_("Venue"), required=False, max_length=200, widget=one_line()
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
        error_messages=dict.fromkeys(["invalid", "min_value"], NOT_A_COUNT),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "inp num"}),
    )
    next_on = ThaiDateField(label=_("Next session"), required=False, latest=later)
    summary = ThaiTextField(label=_("What happened"), required=False, widget=lines(3))
    story = ThaiTextField(label=_("Tell the story"), required=False, widget=lines(4))
    story_may_show = forms.BooleanField(
        label=_("Other circles may read this story"), required=False
    )
    aar_hoped = ThaiTextField(
        label=_("What did we hope for today?"), required=False, widget=lines(2)
    )
    aar_more = ThaiTextField(
        label=_("What was more than we hoped?"), required=False, widget=lines(2)
    )
    aar_less = ThaiTextField(
        label=_("What was less than we hoped?"), required=False, widget=lines(2)
    )
    aar_next = ThaiTextField(
        label=_("What shall we do when we are back?"), required=False, widget=lines(2)
    )

    class Meta:
        model = LearningSession
        fields = SESSION_FIELDS

    def __init__(
        self,
        *args: Any,
        seats: list[Membership],
        promises: list[Promise],
        indicators: list[Indicator],
        stored: LearningSession | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._stored = stored
        choices = [(seat.person_id, seat.name) for seat in seats]
        cast(forms.ChoiceField, self.fields["present"]).choices = choices
        for promise in promises:
            self.fields[f"review-{promise.pk}"] = forms.ChoiceField(
                label=promise.text,
                required=False,
                choices=[("", ""), *PromiseReview.State.choices],
                widget=forms.RadioSelect,
            )
        for indicator in indicators:
            self.fields[f"reading-{indicator.pk}"] = FigureField(
                label=str(indicator),
                required=False,
                max_digits=14,
                decimal_places=2,
                widget=forms.TextInput(
                    attrs={"inputmode": "decimal", "class": "inp num"}
                ),
                error_messages={"invalid": _("Type a number, 1,250 for example.")},
            )

    def answers(self, kind: str) -> dict[int, Any]:
        """Return what was answered, by id: "review" or "reading"."""
        return {
            int(name.removeprefix(f"{kind}-")): value
            for name, value in self.cleaned_data.items()
            if name.startswith(f"{kind}-") and value not in (None, "")
        }

    def clean_guest_count(self) -> int:
        return self.cleaned_data["guest_count"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        # What follows says the same in better words, without asking the database.
        self._validate_constraints = False
        self._check_order(cleaned, "starts", "ends")
        held_on, next_on = cleaned.get("held_on"), cleaned.get("next_on")
        if held_on and next_on and next_on <= held_on:
            message = _("The next session must be later than this one.")
            self.add_error("next_on", ValidationError(message, code="not_later"))
        self._check_open(cleaned)
        return cleaned

    def _check_open(self, cleaned: dict[str, Any]) -> None:
        """Refuse days on which the circle was not, or will not be, open; what is
        stored already stays as it is."""
        messages = {
            "held_on": _("The circle was not open on %(day)s."),
            "next_on": _("The circle is not open on %(day)s. Leave this empty."),
        }
        asked = {
            name: day
            for name in messages
            if (day := cleaned.get(name)) and day != getattr(self._stored, name, None)
        }
        outside = days_outside(self.instance.circle, asked.values())
        for name, day in asked.items():
            if day in outside:
                params = {"day": thai.thai_date(day)}
                error = ValidationError(messages[name], code="not_open", params=params)
                self.add_error(name, error)

    def check_people(self, newcomer_count: int) -> None:
        """Add an error unless somebody came, and not more than a hall holds."""
        if {"present", "guest_count"} & set(self.errors):
            return
        guests = self.cleaned_data["guest_count"]
        people = len(self.cleaned_data["present"]) + guests + newcomer_count
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
