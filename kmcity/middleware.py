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
    """Answer 400 to NUL and broken UTF-8 in addresses and cookies, which the
    database would answer with an error.  Forms check their own fields."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not _is_readable(request):
            return bad_request(request, ValueError("unreadable"))
        return get_response(request)

    return middleware


def _is_readable(request: HttpRequest) -> bool:
    queries = [text for name, texts in request.GET.lists() for text in (name, *texts)]
    parts = [request.path_info, *queries, *request.COOKIES.values()]
    return not any("\x00" in part or "\ufffd" in part for part in parts)


def keep_pages_private(get_response: GetResponse) -> GetResponse:
    """Leave no page in a shared phone's cache: not for the back button after
    signing out, nor for a proxy.  Static files are served before this."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware
