"""The forms by which administrators look after the seats of a circle."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from circles import thai
from circles.actions.seats import NewSeat
from circles.fields import ThaiDateField, ThaiTextField
from circles.forms.managing import DATE_HINT, one_line
from circles.forms.picking import PickField
from circles.models import User
from circles.models.circles import HAT_CHOICES
from circles.permissions import Role


class HatForm(forms.Form):
    """A hat, and the day from which somebody wears it."""

    role = forms.ChoiceField(
        label=_("Hat"),
        choices=HAT_CHOICES,
        initial=Role.KHUN_KIJ,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a hat.")},
    )
    since = ThaiDateField(
        label=_("From which day"),
        help_text=DATE_HINT,
        latest=lambda: date.max,
        error_messages={"required": _("The first day is missing.")},
    )


class EndForm(forms.Form):
    until = ThaiDateField(
        label=_("Last day"),
        help_text=DATE_HINT,
        latest=lambda: date.max,
        error_messages={"required": _("The last day is missing.")},
    )
    reason = ThaiTextField(
        label=_("Reason"),
        help_text=_("May stay empty."),
        required=False,
        max_length=300,
        widget=one_line(),
    )


class RecogniseForm(forms.Form):
    """Who a newcomer is, of those who are known."""

    person = PickField(
        "people",
        label=_("Who is it?"),
        placeholder=_("A name, what they are called, or a village"),
        error_messages={"required": _("Choose who it is.")},
    )

    def __init__(self, *args: Any, user: User, newcomer: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bind(self, user, exclude=[newcomer])


class NewSeatForm(HatForm):
    """A seat for somebody who is known, or for somebody new by name."""

    person = PickField(
        "people",
        label=_("Somebody who is in the system"),
        required=False,
        none_label=_("somebody new, named below"),
        placeholder=_("A name, what they are called, or a village"),
    )
    name = ThaiTextField(
        label=_("Or the name of somebody new"),
        help_text=_("First name and last name; the first name alone is enough."),
        required=False,
        max_length=150,
        widget=one_line(),
    )
    may_log = forms.BooleanField(
        label=_("May log for this circle"),
        required=False,
    )

    field_order = ["person", "name", "role", "since", "may_log"]

    def __init__(self, *args: Any, user: User, may_grant: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bind(self, user)
        if not may_grant:
            del self.fields["may_log"]

    def clean_name(self) -> str:
        name: str = thai.clean_name(self.cleaned_data["name"])
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not {"person", "name"} & set(self.errors):
            person, name = cleaned.get("person"), cleaned.get("name")
            if person and name:
                message = _("Choose somebody or write a new name, not both.")
                self.add_error("name", ValidationError(message, code="both"))
            if not person and not name:
                message = _("Whose seat is it? Choose somebody or write a name.")
                self.add_error("person", ValidationError(message, code="nobody"))
        return cleaned

    def seat(self) -> NewSeat:
        """Return the seat as typed; once ``is_valid`` said so."""
        return NewSeat(
            role=Role(self.cleaned_data["role"]),
            since=self.cleaned_data["since"],
            person=self.cleaned_data["person"],
            name=self.cleaned_data["name"],
            may_log=self.cleaned_data.get("may_log", False),
        )


def bind(form: forms.Form, user: User, exclude: Collection[int] = ()) -> None:
    field = form.fields["person"]
    if isinstance(field, PickField):
        field.bind(user, exclude=exclude)
