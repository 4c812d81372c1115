"""Where allauth asks us: words, addresses of pages, and who must keep a factor."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from circles.actions.slips import is_privileged
from circles.models import User
from kmcity.forms import TOO_MANY

# What allauth tells, in our words; what is missing here is not worth a word.
MESSAGES = {
    "account/messages/password_changed.txt": _(
        "The new password holds. Other phones and computers were signed out."
    ),
    "mfa/messages/totp_activated.txt": _("The app is connected."),
    "mfa/messages/totp_deactivated.txt": _("The app is no longer asked for."),
    "mfa/messages/webauthn_added.txt": _("The passkey is connected."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is no longer asked for."),
    "mfa/messages/recovery_codes_generated.txt": _("New codes are ready."),
}
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "enter_current_password": _("That is not the present password."),
        "incorrect_code": _("This code is not right, or it was used already."),
        "incorrect_password": _("The password is not right."),
        "invalid_password_reset": _("This link has been used or has expired."),
        "rate_limited": TOO_MANY,
        "too_many_login_attempts": TOO_MANY,
    }

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if message := MESSAGES.get(message_template or ""):
            messages.add_message(request, level, message)

    def is_ajax(self, request: HttpRequest) -> bool:
        return False

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def respond_user_inactive(
        self, request: HttpRequest, user: AbstractBaseUser
    ) -> HttpResponse:
        return redirect("sign-in")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The password is enough: who knows it has come past the factor too."""
        return [{"id": "reauthenticate", "url": reverse("password-confirm")}]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within five minutes of signing in, which was the same proof."""
        records = get_authentication_records(context.request, context.request.user)
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        return not any(record["at"] > since for record in records)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": _(
            "Your duty asks for a second factor: connect another one first."
        ),
        "cannot_generate_recovery_codes": _("Connect an app or a passkey first."),
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 -- theirs
        return gettext("My phone or computer")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who must have one."""
        user = authenticator.user
        if not settings.SECOND_FACTOR or not is_privileged(user):
            return True
        others = Authenticator.objects.filter(user=user, type__in=FACTORS)
        return others.exclude(pk=authenticator.pk).exists()


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()
