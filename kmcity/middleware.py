from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import middleware as auth
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from circles.actions.slips import is_privileged
from circles.http import Request, keep_form
from kmcity.adapters import has_second_factor
from kmcity.views.errors import bad_request, too_large

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


class SecondFactorMiddleware:
    """Lead whoever must have a second factor, and has none, to where it is set up."""

    # What setting it up takes, and the way out.
    OPEN = {
        *("second-factor", "totp-create", "passkey-create", "recovery-codes"),
        *("password-confirm", "sign-out"),
    }
    # In the session: the account that was found to have one.
    SEEN = "second_factor_of"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Request, view_func: Callable[..., Any], *args: Any
    ) -> HttpResponse | None:
        is_open = not getattr(view_func, "login_required", True)
        name = request.resolver_match.url_name if request.resolver_match else ""
        if is_open or name in self.OPEN or not self._is_missing(request):
            return None
        if request.method == "POST":
            keep_form(request)
        url = reverse("second-factor")
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(url)
        return redirect(url)

    def _is_missing(self, request: Request) -> bool:
        user = request.user
        if not (settings.SECOND_FACTOR and user.is_authenticated):
            return False
        if request.session.get(self.SEEN) == user.pk or not is_privileged(user):
            return False
        if has_second_factor(user):
            request.session[self.SEEN] = user.pk
            return False
        return True


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


def refuse_large_uploads(get_response: GetResponse) -> GetResponse:
    """Answer 413 to what is longer than any form with its files, before a byte of it
    is read.  Must stand before whatever looks into POST, the CSRF check first."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) <= settings.MAX_UPLOAD_BYTES:
            return get_response(request)
        return too_large(request)

    return middleware


def keep_pages_private(get_response: GetResponse) -> GetResponse:
    """Leave no page in a shared phone's cache: not for the back button after
    signing out, nor for a proxy.  Static files are served before this."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware
