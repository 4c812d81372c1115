from __future__ import annotations

from typing import cast

from django.contrib.auth import logout
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_POST

from circles.models import Circle, User
from circles.permissions import Permission, holds


class SignIn(LoginView):
    """The sign-in page.  Whoever has circles to log lands at them, a sponsor or
    the governor's office at the overview."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "kmcity/sign_in.html"
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        user = cast(User, self.request.user)
        own = Circle.objects.allowed(user, Permission.VIEW_NAMES)
        if holds(user, Permission.VIEW_FIGURES) and not own.exists():
            return resolve_url("overview")
        return resolve_url("home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign-in")
