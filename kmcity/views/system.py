from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe


@never_cache
@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers.  Asks nobody else: a broker's failure must
    take no web server out."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language on this device and return to the page."""
    target = request.POST.get("next", "")
    here = {request.get_host()}
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, here):
        target = reverse("home")
    response = HttpResponseRedirect(target)
    chosen = request.POST.get("language")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.HTTPS,
            samesite="Lax",
        )
    return response
