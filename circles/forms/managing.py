"""The forms by which administrators look after circles and their openings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles import thai
from circles.actions.circles import OPENS_WITHIN
from circles.actions.openings import MAX_REASON
from circles.fields import ThaiDateField, ThaiTextField, ThaiTimeField
from circles.forms.picking import PickField
from circles.models import Circle, Place, User
from circles.models.circles import HAT_CHOICES
from circles.permissions import Role

DATE_HINT = _("Type it as you like: 22/11/69 or 22 Nov 69")


def one_line() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "inp"})


def in_a_year() -> date:
    """Return the last day that may be planned for a circle's life."""
    return timezone.localdate() + OPENS_WITHIN


class CircleForm(forms.Form):
    """What a circle is: its name, place and habits.  ``given()`` is that by column."""

    name = ThaiTextField(
        label=_("Name of the circle"),
        help_text=_("As its people say it: “วงปุ๋ยอินทรีย์ ม.3 บ้านบางหลวง”."),
        max_length=200,
        widget=one_line(),
        error_messages={"required": _("The circle needs a name.")},
    )
    role = forms.ChoiceField(
        label=_("Whose circle it is"),
        choices=HAT_CHOICES,
        initial=Role.KHUN_KIJ,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whose circle it is.")},
    )
    place = PickField(
        "own-places",
        label=_("Place"),
        placeholder=_("A village, tambon or amphoe"),
        error_messages={"required": _("Choose the place of the circle.")},
    )
    topic = ThaiTextField(
        label=_("Topic"), required=False, max_length=100, widget=one_line()
    )
    usual_venue = ThaiTextField(
        label=_("Usual venue"), required=False, max_length=200, widget=one_line()
    )
    usual_start = ThaiTimeField(label=_("Usually from"), required=False)
    usual_end = ThaiTimeField(label=_("until"), required=False)
    cadence_days = forms.TypedChoiceField(
        label=_("How often the circle meets"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[*Circle.Cadence.choices, ("", _("as it comes"))],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the rhythms.")},
    )
    opened_on = ThaiDateField(
        label=_("Open from"),
        help_text=DATE_HINT,
        latest=in_a_year,
        error_messages={"required": _("The day from which it is open is missing.")},
    )

    def __init__(
        self, *args: Any, user: User, place: Place | None, is_new: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.place_field.bind(user, place)
        if not is_new:
            del self.fields["opened_on"]

    @property
    def place_field(self) -> PickField:
        field = self.fields["place"]
        if not isinstance(field, PickField):
            raise TypeError(type(field))
        return field

    def clean_name(self) -> str:
        name: str = thai.clean_name(self.cleaned_data["name"])
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("usual_start"), cleaned.get("usual_end")
        if start and end and end < start:
            message = _("The end is before the start.")
            self.add_error("usual_end", ValidationError(message, code="ends_first"))
        return cleaned

    def given(self) -> dict[str, Any]:
        """Return the circle's columns as typed."""
        columns = {**self.cleaned_data}
        columns.pop("opened_on", None)
        return columns


class ClosingForm(forms.Form):
    """The last day of a circle, and why."""

    closed_on = ThaiDateField(
        label=_("Last day"),
        help_text=DATE_HINT,
        latest=lambda: date.max,
        error_messages={"required": _("The last day is missing.")},
    )
    reason = ThaiTextField(
        label=_("Reason (has to be filled in)"),
        max_length=MAX_REASON,
        widget=one_line(),
        error_messages={"required": _("Write why, in a few words.")},
    )


class OpeningForm(forms.Form):
    """From when, and perhaps until when, a circle is open."""

    opened_on = ThaiDateField(
        label=_("Open from"),
        help_text=DATE_HINT,
        latest=lambda: date.max,
        error_messages={"required": _("The day from which it is open is missing.")},
    )
    closed_on = ThaiDateField(
        label=_("Last day"),
        help_text=_("Leave it empty while the circle stays open."),
        required=False,
        latest=lambda: date.max,
    )


class CorrectionForm(OpeningForm):
    """The same of an opening whose days were wrong, and why."""

    reason = ThaiTextField(
        label=_("Reason (has to be filled in)"),
        max_length=MAX_REASON,
        widget=one_line(),
        error_messages={"required": _("Write why, in a few words.")},
    )


def explain(form: forms.BaseForm, refused: ValidationError) -> None:
    """Say what an action has refused: beside its field, where the form has it."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        for error in errors:
            form.add_error(name if name in form.fields else None, error)
