"""The forms about meetings ahead: one day, many days, a day called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles import thai
from circles.fields import ThaiDateField, ThaiTextField, ThaiTimeField
from circles.models import Appointment, Circle
from circles.reports.calendars import Proposal

# The quick buttons: the day so many days from the form's base.
QUICK = {"in-1": 1, "in-7": 7, "in-14": 14, "in-28": 28}
LONGEST_SERIES = 60


class DayForm(forms.Form):
    """One day to meet on.  Which days may be is the action's to say.

    ``data["act"]`` is the button that was pressed: one of ``QUICK`` puts its day into
    the field, so that all of it works without JavaScript.
    """

    on = ThaiDateField(
        label=_("Day of the meeting"),
        latest=lambda: date.max,
        error_messages={"required": _("The day is missing.")},
    )

    def __init__(
        self, data: QueryDict | None = None, *, base: date, **kwargs: Any
    ) -> None:
        days = QUICK.get(data.get("act", "")) if data is not None else None
        if data is not None and days:
            data = data.copy()
            data["on"] = thai.thai_date(base + timedelta(days=days))
        super().__init__(data, **kwargs)

    @property
    def day(self) -> date | None:
        """The day as typed, None if it cannot be read."""
        value = self["on"].value()
        if isinstance(value, date) or not value:
            return value or None
        try:
            return thai.parse_thai_date(str(value), today=timezone.localdate())
        except ValidationError:
            return None


class BookingForm(DayForm):
    starts = ThaiTimeField(label=_("From"), required=False)
    venue = ThaiTextField(
        label=_("Venue"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "inp"}),
    )
    purpose = ThaiTextField(
        label=_("What we hope for"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "inp"}),
    )


class _DaysField(forms.TypedMultipleChoiceField):
    """ISO days.  Any day may come back: the proposals change while the page is open."""

    def valid_value(self, value: str) -> bool:
        return True


class SeriesForm(forms.Form):
    days = _DaysField(
        coerce=date.fromisoformat,
        error_messages={
            "required": _("No day is ticked. Tick at least one."),
            "invalid_choice": _("A day could not be read. Look again."),
        },
    )

    def __init__(
        self, data: QueryDict | None = None, *, proposals: Sequence[Proposal]
    ) -> None:
        super().__init__(data)
        self.proposals = proposals

    def clean_days(self) -> list[date]:
        days: list[date] = self.cleaned_data["days"]
        if len(days) > LONGEST_SERIES:
            message = _("These are too many days at once.")
            raise ValidationError(message, code="too_many")
        return days

    @property
    def rows(self) -> list[tuple[Proposal, bool]]:
        """Each proposed day, and whether it is ticked: at first all but holidays."""
        if not self.is_bound:
            return [(one, not one.holiday) for one in self.proposals]
        ticked = set(self["days"].value() or ())
        return [(one, one.value in ticked) for one in self.proposals]


class CadenceForm(forms.Form):
    cadence_days = forms.TypedChoiceField(
        label=_("How often the circle meets"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[*Circle.Cadence.choices, ("", _("as it comes"))],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the rhythms.")},
    )


class ReasonForm(forms.Form):
    """Why a meeting is called off: the button that was pressed, and a few words."""

    # That there is one is the action's to say: other buttons come without.
    reason = forms.ChoiceField(
        choices=Appointment.Reason.choices,
        required=False,
        error_messages={"invalid_choice": _("Choose a reason.")},
    )
    note = ThaiTextField(
        label=_("In a few words"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "inp"}),
    )

    @property
    def reasons(self) -> list[tuple[str, Any]]:
        return list(Appointment.Reason.choices)


class PostponeForm(ReasonForm, DayForm):
    """Why, and the day to meet on instead."""
