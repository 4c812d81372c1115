"""The second factor: an app, passkeys, and codes for the day the phone is lost."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.recovery_codes.views import (
    GenerateRecoveryCodesView,
    ViewRecoveryCodesView,
)
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe

from circles.actions.slips import is_privileged
from circles.http import Request
from kmcity.adapters import has_second_factor
from kmcity.forms import PasskeyForm
from kmcity.views.signing import METHODS, DeclaredMethods, refused


class SecondFactor(DeclaredMethods, IndexView):
    """What is connected, and what can be."""

    http_method_names = ["get", "head", "options"]
    request: Request
    template_name = "kmcity/second_factor.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.request.user
        is_missing = not has_second_factor(user)
        must = is_privileged(user)
        return context | {"is_missing": is_missing, "must": must}


class TotpCreate(DeclaredMethods, ActivateTOTPView):
    http_method_names = METHODS
    template_name = "kmcity/totp_create.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        # Drawn by the library from our own address: nobody's typing is markup there.
        svg = context["totp_svg"].partition("?>")[2]
        return context | {"code": mark_safe(svg)}  # noqa: S308 -- a drawing, see above

    def form_invalid(self, form: Any) -> HttpResponse:
        return refused(form, super().form_invalid(form))


class TotpDelete(DeclaredMethods, DeactivateTOTPView):
    http_method_names = METHODS
    template_name = "kmcity/totp_delete.html"


class PasskeyCreate(DeclaredMethods, AddWebAuthnView):
    http_method_names = METHODS
    template_name = "kmcity/passkey_create.html"
    form_class = PasskeyForm


class PasskeyDelete(DeclaredMethods, RemoveWebAuthnView):
    http_method_names = METHODS
    template_name = "kmcity/passkey_delete.html"

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            words = adapter.error_messages["cannot_delete_authenticator"]
            messages.error(self.request, words)
            return redirect("second-factor")
        response: HttpResponse = super().form_valid(form)
        return response


class RecoveryCodes(DeclaredMethods, ViewRecoveryCodesView):
    http_method_names = ["get", "head", "options"]
    template_name = "kmcity/recovery_codes.html"


class RecoveryCodesCreate(DeclaredMethods, GenerateRecoveryCodesView):
    http_method_names = METHODS
    template_name = "kmcity/recovery_codes_create.html"
