from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import middleware as auth
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from circles.http import keep_form
from kmcity.views.errors import bad_request

GetResponse = Callable[[HttpRequest], HttpResponse]


class LoginRequiredMiddleware(auth.LoginRequiredMiddleware):
    """Show the login page as a page, not inside the fragment htmx was refreshing,
    and keep what somebody typed whose sign-in had run out."""

    def handle_no_permission(  # type: ignore[override] # the stub allows one class only
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirectBase:
        if request.method == "POST":
            keep_form(request)
        response = super().handle_no_permission(request, view_func)
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(response.url)
        return response


def choose_language(get_response: GetResponse) -> GetResponse:
    """Thai first, whatever the browser prefers; English for whoever chose it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = chosen in dict(settings.LANGUAGES)
        with translation.override(chosen if known else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
            patch_vary_headers(response, ["Cookie"])
            return response

    return middleware


def refuse_unreadable_text(get_response: GetResponse) -> GetResponse:
    """Answer 400 to addresses that carry NUL or broken UTF-8.

    PostgreSQL refuses NUL with an error, and Django stores broken bytes as
    U+FFFD; forms check their own fields, but paths and queries reach further.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        address = [request.path_info, *request.GET.keys(), *_values(request)]
        if any("\x00" in part or "\ufffd" in part for part in address):
            with translation.override(settings.LANGUAGE_CODE):
                return bad_request(request, ValueError("unreadable address"))
        return get_response(request)

    return middleware


def _values(request: HttpRequest) -> list[str]:
    return [value for values in request.GET.lists() for value in values[1]]
