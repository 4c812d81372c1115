from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import models
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circles.actions import SubmissionConflict, log_session
from circles.actions.drafts import NotKept, discard_draft, save_draft
from circles.forms import SessionEntry
from circles.http import Request, render_page, take_kept_form
from circles.models import Appointment, Circle, Draft
from circles.permissions import Permission
from circles.reports.openings import with_latest_opening
from circles.views.ended import right_ended

TEMPLATE = "circles/session_create.html"


@require_http_methods(["GET", "HEAD", "POST"])
def session_create(request: Request, circle_id: int) -> HttpResponse:
    mine = Circle.objects.allowed(request.user, Permission.LOG_SESSION).loggable()
    circles = with_latest_opening(mine).select_related("place__parent")
    circle = circles.filter(pk=circle_id).first()
    if circle is None:
        return right_ended(request, circle_id)
    typed = _typed(request, circle)
    if typed is not None and typed.get("act") in {"draft", "discard"}:
        return _keep_or_discard(request, circle, typed)
    entry = SessionEntry(
        circle, request.user, typed, appointment=_appointment(request, circle)
    )
    context = {"circle": circle, "entry": entry, "drafts": _drafts(request, circle)}
    status = 200
    if entry.wants_saving and entry.is_valid():
        try:
            submission = log_session(
                entry.content,
                author=request.user,
                key=entry.form.cleaned_data["key"],
                is_separate=entry.act == "save-separate",
            )
        except SubmissionConflict as conflict:
            context["earlier"] = conflict.earlier
            entry.renew_key()
            status = 409
        else:
            return redirect("session-saved", submission.session_id)
    response = render_page(
        request,
        TEMPLATE,
        context,
        partials=["held_on_field", "next_on_field", "save_state"],
    )
    response.status_code = status
    return response


def _typed(request: Request, circle: Circle) -> QueryDict | None:
    """Return what was sent; else what the sign-in had interrupted, or the draft that
    was asked for, to be sent."""
    if request.method == "POST":
        # A field that is looked at as it is left has no button to say so.
        typed = request.POST.copy()
        typed["act"] = request.GET.get("act") or typed.get("act") or "save"
        return typed
    kept = take_kept_form(request)
    if kept is not None:
        messages.info(
            request,
            _("You had been signed out. What you typed is here; send it again."),
        )
    elif key := _key(request.GET):
        draft = _drafts(request, circle).filter(key=key).first()
        kept = QueryDict(draft.payload, mutable=True) if draft else None
    if kept is not None:
        kept["act"] = "keep"
    return kept


def _drafts(request: Request, circle: Circle) -> models.QuerySet[Draft]:
    return Draft.objects.filter(author=request.user, circle=circle)


def _key(data: QueryDict) -> UUID | None:
    try:
        return UUID(data.get("draft") or data.get("key") or "")
    except ValueError:
        return None


def _appointment(request: Request, circle: Circle) -> Appointment | None:
    asked = request.GET.get("appointment", "")
    if not asked.isdecimal() or len(asked) > 18:
        return None
    return Appointment.objects.open().filter(circle=circle, pk=asked).first()


def _keep_or_discard(
    request: Request, circle: Circle, typed: QueryDict
) -> HttpResponse:
    """Store the draft and say so; in words on the next page without JavaScript."""
    key = _key(typed)
    if typed["act"] == "discard":
        if key:
            discard_draft(request.user, key)
        messages.info(request, _("The draft is thrown away."))
        return redirect("home")
    context: dict[str, object] = {"circle": circle}
    try:
        if key:
            context["draft"] = save_draft(circle, request.user, key, typed)
    except NotKept as problem:
        context["not_kept"] = problem.reason
    if request.htmx:
        return render_page(request, TEMPLATE, context, partials=["save_state"])
    if "draft" in context:
        messages.success(request, _("The draft is kept. It is not sent yet."))
        return redirect("home")
    typed["act"] = "keep"
    context["entry"] = SessionEntry(circle, request.user, typed)
    return render_page(request, TEMPLATE, context, partials=[])
