from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from circles.http import Request
from circles.models import Attendance, LearningSession, Lesson
from circles.models.sessions import LearningSessionQuerySet
from circles.permissions import Permission, may
from circles.reports import hat_order


@require_safe
def session_saved(request: Request, session_id: int) -> HttpResponse:
    sessions = LearningSession.objects.allowed(request.user, Permission.LOG_SESSION)
    session = get_object_or_404(_whole(sessions), pk=session_id)
    return render(request, "circles/session_saved.html", {"session": session})


@require_safe
def session_detail(request: Request, session_id: int) -> HttpResponse:
    sessions = LearningSession.objects.allowed(request.user, Permission.VIEW_CIRCLE)
    session = get_object_or_404(_whole(sessions), pk=session_id)
    may_see_names = may(Permission.VIEW_NAMES, request.user, session.circle)
    context = {
        "session": session,
        "may_see_names": may_see_names,
        "lessons": Lesson.objects.filter(session=session).select_related("teller"),
        "attendances": _attendances(session) if may_see_names else [],
    }
    return render(request, "circles/session_detail.html", context)


def _whole(sessions: LearningSessionQuerySet) -> LearningSessionQuerySet:
    return sessions.select_related(
        "circle__place__parent", "submission__author__person"
    ).with_totals()


def _attendances(session: LearningSession) -> list[Attendance]:
    came = session.attendances.present().select_related("person")
    by_name = came.order_by("person__sort_key", "pk")
    return sorted(by_name, key=lambda one: hat_order(one.role))
