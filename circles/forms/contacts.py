"""The form by which a way to reach somebody is added."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from circles import thai
from circles.actions.contacts import OFFERED
from circles.fields import ThaiTextField
from circles.models import ContactPoint

MAX_ADDRESS_LENGTH = 254


class ContactForm(forms.Form):
    channel = forms.ChoiceField(
        label=_("channel"),
        choices=[(one.value, one.label) for one in OFFERED],
        widget=forms.RadioSelect,
        initial=ContactPoint.Channel.PHONE,
        error_messages={
            "required": _("Choose telephone or e-mail."),
            "invalid_choice": _("Choose telephone or e-mail."),
        },
    )
    address = ThaiTextField(
        label=_("number or e-mail"),
        max_length=MAX_ADDRESS_LENGTH,
        widget=forms.TextInput(attrs={"class": "inp", "autocomplete": "off"}),
        error_messages={"required": _("The number or e-mail is missing.")},
    )
    is_verified = forms.BooleanField(
        required=False,
        label=_("I have checked that it is this person's own"),
        help_text=_(
            "News go there, and the person may sign in with it. Leave the tick out for"
            " a number that a family shares."
        ),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        typed, channel = given.get("address"), given.get("channel")
        if typed and channel == ContactPoint.Channel.PHONE:
            given["address"] = self._phone(typed)
        elif typed and channel:
            given["address"] = self._email(typed)
        return given

    def _phone(self, typed: str) -> str:
        number = thai.clean_phone(typed)
        if number is None:
            words = _("This is no Thai telephone number. Example: 081-234-5678")
            self.add_error("address", ValidationError(words, code="no_phone"))
        return number or ""

    def _email(self, typed: str) -> str:
        try:
            validate_email(typed)
        except ValidationError:
            words = _("This is no e-mail address. Example: somsri@example.org")
            self.add_error("address", ValidationError(words, code="no_email"))
        # Nobody tells capitals apart in an address.
        return typed.lower()
