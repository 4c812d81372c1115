"""The pages for what went wrong: in words, in the design, and never a second error.

None of them reads the request's body: a body that broke the first time would
break again.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from kmcity import throttle

LONG_ENOUGH_TO_COPY = 10
RETRY_AFTER_SECONDS = 10
# The database, or the cache in which attempts to sign in are counted.
AWAY = OperationalError | InterfaceError | RedisError
NOT_TYPED = {
    *("csrfmiddlewaretoken", "key", "next"),
    *("password", "password1", "password2", "oldpassword"),
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_big = isinstance(exception, RequestDataTooBig)
    return _page(None, 400, "too-big" if too_big else "bad-request")


def too_large(request: HttpRequest) -> HttpResponse:
    """Nothing of it was read; a script gets the words alone."""
    if request.accepts("text/html"):
        return _page(None, 413, "too-large")
    words = _("This file is larger than 12 MB. Choose a smaller one.")
    return JsonResponse({"code": "too_large", "error": words}, status=413)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, "forbidden")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404, "not-found")


def too_many(request: HttpRequest) -> HttpResponse:
    """Too many attempts from one address or at one account; allauth calls it too."""
    return throttle.too_many(_page(request, 429, "too-many"))


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug is 500.  A database that is away is 503: nothing was stored, and asking
    again helps.  Neither page asks the database who is reading."""
    if isinstance(sys.exc_info()[1], AWAY):
        response = _page(None, 503, "server-error")
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    return _page(None, 500, "server-error")


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token was too old or missing: nothing was stored, and what was
    typed is shown, to be copied."""
    # Safe to read here: the token was looked for in the same body.
    typed = [
        text
        for name, texts in request.POST.lists()
        for text in texts
        if len(text) >= LONG_ENOUGH_TO_COPY and name not in NOT_TYPED
    ]
    return _page(request, 403, "expired-form", typed)


def _page(
    request: HttpRequest | None, status: int, case: str, typed: Sequence[str] = ()
) -> HttpResponse:
    context = {"case": case, "typed": typed}
    page = render_to_string("kmcity/error.html", context, request)
    return HttpResponse(page, status=status)
