from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circles.actions.corrections import role_to_correct
from circles.actions.merging import merge, others_of_day, tell_apart
from circles.actions.revising import OutOfStep
from circles.forms.corrections import WhyForm
from circles.http import Request
from circles.models import Attendance, LearningSession, Lesson, Promise, User
from circles.permissions import ON_BEHALF, Permission

State = LearningSession.State


@require_http_methods(["GET", "HEAD", "POST"])
def session_compare(request: Request, session_id: int) -> HttpResponse:
    sessions = LearningSession.objects.allowed(request.user, Permission.EDIT_SESSION)
    session = get_object_or_404(_whole(sessions), pk=session_id)
    if request.method == "POST":
        return _answer(request, session)
    return _page(request, session, {})


def _page(
    request: Request, session: LearningSession, typed: dict[int, WhyForm]
) -> HttpResponse:
    """Show both records, with what was *typed* for one of them."""
    if session.state != State.IN_QUESTION:
        return redirect(session.merged_into or session)
    others = list(_whole(others_of_day(session)))
    context = {
        "session": session,
        "others": others,
        "choices": [
            (
                other,
                typed.get(other.pk) or _why(other, request.user),
                role_to_correct(other, request.user) is not None,
            )
            for other in others
        ],
    }
    return render(request, "circles/session_compare.html", context)


def _why(into: LearningSession, user: User, data: QueryDict | None = None) -> WhyForm:
    is_asked = role_to_correct(into, user) in ON_BEHALF
    return WhyForm(data, is_asked=is_asked, auto_id=f"id_{into.pk}_%s")


def _answer(request: Request, session: LearningSession) -> HttpResponse:
    """Do what the button says; what it is no longer true of is shown anew."""
    into = _chosen(request, session)
    try:
        if request.POST.get("act") == "merge" and into:
            form = _why(into, request.user, request.POST)
            if not form.is_valid():
                return _page(request, session, {into.pk: form})
            reason = form.cleaned_data.get("reason", "")
            merge(session, into, request.user, reason)
            messages.success(request, _("Merged: it is one meeting with one record."))
            return redirect(into)
        if request.POST.get("act") == "apart":
            tell_apart(session, request.user)
            messages.success(
                request, _("Two meetings: this record counts from now on.")
            )
            return redirect(session)
    except OutOfStep:
        messages.info(request, _("Somebody has answered this meanwhile. Look again."))
    except PermissionDenied:
        # The page was opened in time; opened again it says who can still do it.
        messages.info(request, _("The seven days to change that record are over."))
    return redirect("session-compare", session.pk)


def _chosen(request: Request, session: LearningSession) -> LearningSession | None:
    """Return the other record that the button named, merged into or still counted."""
    typed = request.POST.get("into", "")
    if not typed.isdecimal() or len(typed) > 18:
        return None
    same = LearningSession.objects.filter(circle=session.circle_id)
    others = same.exclude(pk=session.pk).select_related("submission")
    into = others.filter(pk=typed).first()
    if into:
        into.circle = session.circle
    return into


def _whole(sessions: QuerySet[LearningSession]) -> QuerySet[LearningSession]:
    """Fetch what one column of the comparison shows: the same queries for any rows."""
    came = Attendance.objects.present().select_related("person")
    return sessions.select_related(
        "circle__place__parent", "submission__author__person", "merged_into"
    ).prefetch_related(
        Prefetch("attendances", came.order_by("person__sort_key", "pk")),
        Prefetch("lessons", Lesson.objects.select_related("teller").order_by("pk")),
        Prefetch("promises", Promise.objects.select_related("owner").order_by("pk")),
        "problems",
        "requests",
        "photos",
    )
