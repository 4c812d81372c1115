from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circles.fields import ThaiTextField

MAX_REASON_LENGTH = 500


class UsernameForm(forms.Form):
    """The user name of a new account."""

    username = ThaiTextField(
        label=_("User name"),
        max_length=150,
        help_text=_(
            "Short, and easy to type on a phone. Letters, digits and @ . + - _ only;"
            " no telephone number: everybody would read it."
        ),
        widget=forms.TextInput(
            attrs={"class": "inp", "autocapitalize": "none", "autocomplete": "off"}
        ),
    )


class InviteForm(forms.Form):
    """To which of the person's addresses, each a number and its masked label."""

    contact = forms.TypedChoiceField(
        label=_("Send the letter to"), coerce=int, widget=forms.RadioSelect
    )

    def __init__(
        self, *args: Any, addresses: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["contact"]
        field.choices = addresses
        if addresses:
            field.initial = addresses[0][0]


class AccountReasonForm(forms.Form):
    """Why an account is closed, or its second factor taken away."""

    reason = ThaiTextField(
        label=_("Reason"),
        max_length=MAX_REASON_LENGTH,
        help_text=_("It stands in the person's history."),
        widget=forms.TextInput(attrs={"class": "inp", "autocomplete": "off"}),
    )
