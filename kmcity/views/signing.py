"""In, out, and the second step in between."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.views import LoginView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from django.views.generic import View

from circles.http import KEPT_FORM
from kmcity.forms import PasskeyCheckForm, SignInForm
from kmcity.throttle import too_many

METHODS = ["get", "head", "post", "options"]


class DeclaredMethods(View):
    """Refuse other methods before allauth's own ``dispatch`` does anything."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if (request.method or "").lower() not in self.http_method_names:
            return self.http_method_not_allowed(request)
        return super().dispatch(request, *args, **kwargs)


def refused(form: Any, response: HttpResponse) -> HttpResponse:
    """Return *response* to a *form* that was refused: 429 if it came too often."""
    codes = {
        error.code for errors in form.errors.as_data().values() for error in errors
    }
    is_too_many = codes & {"too_many", "too_many_login_attempts", "rate_limited"}
    return too_many(response) if is_too_many else response


class SignIn(DeclaredMethods, LoginView):
    """The sign-in page; it leads back to the page that was asked for."""

    http_method_names = METHODS
    template_name = "kmcity/sign_in.html"
    form_class = SignInForm  # type: ignore[assignment] # has what the view asks for

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        return refused(form, super().form_invalid(form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = KEPT_FORM in self.request.session
        return super().get_context_data(**kwargs) | {"is_kept": kept}


class SecondFactorCheck(DeclaredMethods, AuthenticateView):
    """After the password: a code, a recovery code or a passkey."""

    http_method_names = METHODS
    template_name = "kmcity/second_factor_check.html"
    webauthn_form_class = PasskeyCheckForm

    def form_invalid(self, form: Any) -> HttpResponse:
        return refused(form, super().form_invalid(form))


class PasswordConfirm(DeclaredMethods, ReauthenticateView):
    """The password once more, before anything about the account is changed."""

    http_method_names = METHODS
    template_name = "kmcity/password_confirm.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        return refused(form, super().form_invalid(form))


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the sign-in, or one that waits for its second factor."""
    if request.user.is_authenticated:
        logout(request)
    else:
        clear_login(request)
        # Whoever turns back leaves nothing typed to the next one at this phone.
        request.session.pop(KEPT_FORM, None)
    return redirect("sign-in")
