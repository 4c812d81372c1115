"""Who enters the Django admin: superusers, and administrators of a province."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite, site
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from circles.permissions import Permission, holds


class RareWorkSite(AdminSite):
    """What each of them sees there is said by ``circles.admin``."""

    def has_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        if super().has_permission(request):
            return True
        return bool(user.is_active and holds(user, Permission.MANAGE_PLACE))

    def password_change(  # type: ignore[override] # any answer will do
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        """One place for it, which ends the other sessions and counts attempts."""
        return HttpResponseRedirect(reverse("password-change"))


def lead_on(sign_in: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let whoever may enter walk past *sign_in*, which refuses all but staff."""

    @wraps(sign_in)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if site.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        return sign_in(request, *args, **kwargs)

    return view


class RareWorkConfig(AdminConfig):
    default_site = "kmcity.admin_site.RareWorkSite"
