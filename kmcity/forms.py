"""The forms of signing in.  They parse, explain and check; allauth's flows do."""

from __future__ import annotations

import json
import struct
from typing import Any

from allauth.account.forms import UserTokenForm
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from circles.fields import ThaiTextField
from circles.models import User
from kmcity.identity import accounts_called, canonical
from kmcity.throttle import Attempt

MAX_PASSWORD_LENGTH = 1000
LONGEST_NAME = 254
# What a device may send instead of a key: lists for objects, numbers for bytes.
UNREADABLE = (
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
    *(RecursionError, struct.error),
)

WRONG = _("Wrong name or password. Try again; capital and small letters differ.")
SHARED = _(
    "This number or e-mail belongs to more than one account."
    " Sign in with the user name."
)
TOO_MANY = _("Too many attempts. Wait five minutes, then try again.")


class SignInForm(forms.Form):
    """One field for three kinds of names, and a password."""

    username = ThaiTextField(
        label=_("Mobile number, e-mail or user name"), max_length=LONGEST_NAME
    )
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=MAX_PASSWORD_LENGTH
    )
    remember = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.errors:
            self.user = self._user(typed["username"], typed["password"])
        return typed

    def _user(self, name: str, password: str) -> User:
        accounts = accounts_called(name)
        word = canonical(name)
        # One word for an account, whichever of its names is tried.
        ids = " ".join(str(account.pk) for account in accounts)
        account = f"account {ids}" if ids else f"name {word}"
        attempt = Attempt(self.request, word, account)
        if not attempt.is_allowed():
            raise ValidationError(TOO_MANY, code="too_many")
        fitting = self._fitting(accounts, name, password)
        if len(accounts) > 1 and fitting:
            raise ValidationError(SHARED, code="shared")
        if not fitting:
            raise ValidationError(WRONG, code="wrong")
        attempt.succeeded()
        return fitting[0]

    def _fitting(self, accounts: list[User], name: str, password: str) -> list[User]:
        # An unknown name costs as long as a known one: Django hashes all the same.
        names = [account.username for account in accounts] or [name]
        tries = (
            authenticate(self.request, username=one, password=password) for one in names
        )
        return [user for user in tries if isinstance(user, User)]

    def login(self, request: HttpRequest, redirect_url: str | None) -> HttpResponse:
        """Go on to the second factor or in; allauth's view calls it."""
        credentials = {"username": self.user.username}
        login = Login(user=self.user, redirect_url=redirect_url)
        response: HttpResponse = perform_password_login(request, credentials, login)
        remembered = self.cleaned_data["remember"]
        request.session.set_expiry(settings.SESSION_COOKIE_AGE if remembered else 0)
        return response


class ForgottenForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=LONGEST_NAME)


class ResetTokenForm(UserTokenForm):
    """A link in a letter opens no account that was closed since."""

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean()  # type: ignore[no-untyped-call] # theirs
        if self.reset_user is not None and not self.reset_user.is_active:
            raise ValidationError("closed", code="closed")
        return typed


def _unreadable() -> ValidationError:
    return ValidationError(
        _("The device's answer could not be read. Try again."), code="unreadable"
    )


class DeviceAnswerField(forms.JSONField):
    """What a device answered: an object with something in it.

    allauth takes 0, false or {} for an answer that needs no check.
    """

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            # Numbers of 5,000 digits, 3,000 brackets: other errors than JSON's own.
            answer = super().to_python(value)
            text = json.dumps(answer, allow_nan=False)
        except UNREADABLE as error:
            raise _unreadable() from error
        # The database stores no NUL.
        if not isinstance(answer, dict) or not answer or r"\u0000" in text:
            raise _unreadable()
        return answer


class PasskeyForm(AddWebAuthnForm):
    """A new passkey; what is no answer of a device is refused in words."""

    credential = DeviceAnswerField()
    name = ThaiTextField(required=False, max_length=100)

    def clean(self) -> dict[str, Any]:
        try:
            return dict(super().clean())
        except UNREADABLE as error:
            raise _unreadable() from error


class PasskeyCheckForm(AuthenticateWebAuthnForm):
    credential = DeviceAnswerField()

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except UNREADABLE as error:
            raise _unreadable() from error
