from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from circles.fields import ThaiTextField
from circles.models import User

MAX_PASSWORD_LENGTH = 1000


class AccountSearchForm(forms.Form):
    """The query string of the page on which an administrator finds an account."""

    q = ThaiTextField(required=False, max_length=200)

    def search(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))


class NewPasswordForm(forms.Form):
    """A new password for *user*, typed twice."""

    password1 = forms.CharField(
        label=_("New password"), strip=False, max_length=MAX_PASSWORD_LENGTH
    )
    password2 = forms.CharField(
        label=_("New password, once more"), strip=False, max_length=MAX_PASSWORD_LENGTH
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password1(self) -> str:
        password = str(self.cleaned_data["password1"])
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        first, second = typed.get("password1"), typed.get("password2")
        if first and second and first != second:
            differ = ValidationError(
                _("The two passwords differ. Type the same one twice."), code="differ"
            )
            self.add_error("password2", differ)
        return typed
