from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from circles.actions.corrections import confirm_revision
from circles.actions.revising import OutOfStep
from circles.http import Request
from circles.models import LearningSession, Revision
from circles.permissions import Permission
from circles.reports.history import history


@require_safe
def session_history(request: Request, session_id: int) -> HttpResponse:
    sessions = LearningSession.objects.allowed(request.user, Permission.EDIT_SESSION)
    session = get_object_or_404(
        sessions.select_related(
            "circle__place__parent", "submission__author__person", "merged_into"
        ),
        pk=session_id,
    )
    context = {"session": session, "entries": history(session)}
    return render(request, "circles/session_history.html", context)


@require_POST
def revision_confirm(request: Request, revision_id: int) -> HttpResponse:
    sessions = LearningSession.objects.allowed(request.user, Permission.EDIT_SESSION)
    revisions = Revision.objects.filter(session__in=sessions)
    revision = get_object_or_404(revisions.select_related("session"), pk=revision_id)
    try:
        confirm_revision(revision, request.user)
    except OutOfStep as wrong:
        raise Http404 from wrong
    messages.success(request, _("Confirmed. The record says so."))
    return redirect(revision.session)
