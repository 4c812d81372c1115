"""A new password: by a letter, or by the old one."""

from __future__ import annotations

from allauth.account.views import PasswordChangeView, PasswordResetFromKeyView
from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from kmcity.forms import ForgottenForm
from kmcity.identity import roads_for_letters
from kmcity.tasks import post_reset_letters
from kmcity.views.signing import METHODS, DeclaredMethods


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a letter.  The answer is the same whether there is an account or not,
    and comes as fast: letters are written elsewhere."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        email = form.cleaned_data["email"].lower()
        refusal: HttpResponse | None = ratelimit.consume_or_429(
            request, action="reset_password", key=email
        )
        if refusal:
            return refusal
        post_reset_letters(roads_for_letters(email), translation.get_language())
        return redirect("password-reset-sent")
    return render(request, "kmcity/password_reset.html", {"form": form})


@login_not_required
@require_safe
def password_reset_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "kmcity/password_reset_sent.html")


class PasswordResetKey(DeclaredMethods, PasswordResetFromKeyView):
    """Where the link in the letter leads: a new password, then the normal sign-in."""

    http_method_names = METHODS
    template_name = "kmcity/password_reset_key.html"


class PasswordChange(DeclaredMethods, PasswordChangeView):
    http_method_names = METHODS
    template_name = "kmcity/password_change.html"
