from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circles.actions import SubmissionConflict, log_session
from circles.forms import SessionEntry
from circles.http import Request, render_page, take_kept_form
from circles.models import Circle
from circles.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
def session_create(request: Request, circle_id: int) -> HttpResponse:
    circles = Circle.objects.allowed(request.user, Permission.LOG_SESSION).open()
    circle = get_object_or_404(circles.select_related("place__parent"), pk=circle_id)
    entry = SessionEntry(circle, request.user, _typed(request))
    context = {"circle": circle, "entry": entry}
    status = 200
    if entry.wants_saving and entry.is_valid():
        try:
            submission = log_session(
                entry.session,
                author=request.user,
                key=entry.form.cleaned_data["key"],
                present=entry.present,
                lessons=entry.told(),
            )
        except SubmissionConflict as conflict:
            context["earlier"] = conflict.earlier
            entry.renew_key()
            status = 409
        else:
            return redirect("session-saved", submission.session_id)
    response = render_page(
        request,
        "circles/session_create.html",
        context,
        partials=["held_on_field", "next_on_field"],
    )
    response.status_code = status
    return response


def _typed(request: Request) -> QueryDict | None:
    """Return what was sent, or what the sign-in had interrupted, to be sent again."""
    if request.method == "POST":
        # A field that is looked at as it is left has no button to say so.
        typed = request.POST.copy()
        typed.setdefault("act", request.GET.get("act", "save"))
        return typed
    kept = take_kept_form(request)
    if kept is not None:
        kept["act"] = "keep"
        messages.info(
            request,
            _("You had been signed out. What you typed is here; send it again."),
        )
    return kept
