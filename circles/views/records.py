from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from circles.actions.corrections import role_to_correct
from circles.actions.handoffs import may_hand_over
from circles.forms.initial import name_apart
from circles.http import Request
from circles.models import (
    Attendance,
    LearningSession,
    Lesson,
    Promise,
    PromiseReview,
    Reading,
    Revision,
)
from circles.models.sessions import LearningSessionQuerySet
from circles.permissions import Permission, may
from circles.reports import hat_order, seating
from circles.reports.circle import with_standing
from circles.reports.history import revisions_of
from circles.reports.photos import attachments_kept, photos_shown
from circles.reports.recap import invitation, next_appointment, recap


@require_safe
def session_saved(request: Request, session_id: int) -> HttpResponse:
    sessions = LearningSession.objects.allowed(request.user, Permission.LOG_SESSION)
    session = get_object_or_404(_whole(sessions), pk=session_id)
    if session.state == session.State.WITHDRAWN:
        # A form sent again after its record was merged into another, or withdrawn.
        return redirect("session-detail", session.merged_into_id or session.pk)
    seats = seating(session.circle, session)
    total = sum(one.seat_count for one in seats)
    context = {
        "session": session,
        "seating": seats,
        "seat_count": total,
        "ring_figure": f"{session.present_count}/{total}",
        "may_edit": role_to_correct(session, request.user) is not None,
        "may_hand_over": may_hand_over(session, request.user),
        "may_add_photo": may(Permission.ADD_PHOTO, request.user, session.circle),
        **_to_send_home(session),
    }
    return render(request, "circles/session_saved.html", context)


@require_safe
def session_detail(request: Request, session_id: int) -> HttpResponse:
    sessions = LearningSession.objects.allowed(request.user, Permission.VIEW_CIRCLE)
    session = get_object_or_404(_whole(sessions), pk=session_id)
    rights = {one.value: may(one, request.user, session.circle) for one in Permission}
    if session.state == session.State.WITHDRAWN and not rights["edit_session"]:
        raise Http404
    may_see_names = rights["view_names"]
    revisions = list(revisions_of(session))
    context = {
        "session": session,
        "may": rights,
        "may_see_names": may_see_names,
        "may_add_photo": rights["add_photo"],
        "attendances": _attendances(session) if may_see_names else [],
        "photos": photos_shown(session, request.user),
        "attachments": attachments_kept(session, request.user),
        "revisions": revisions,
        "withdrawal": next((one for one in revisions if one.kind in _AWAY), None),
        "today": timezone.localdate(),
        **_to_send_home(session),
    }
    return render(request, "circles/session_detail.html", context)


_AWAY = (Revision.Kind.WITHDRAWN, Revision.Kind.MERGED)


def _whole(sessions: LearningSessionQuerySet) -> LearningSessionQuerySet:
    """Fetch with each session what its pages and its recap read, in seven queries."""
    reviews = PromiseReview.objects.select_related("promise__owner").order_by("pk")
    promises = with_standing(Promise.objects.order_by("pk"))
    return (
        sessions.select_related(
            "circle__place__parent", "submission__author__person", "merged_into"
        )
        .prefetch_related(
            Prefetch("lessons", Lesson.objects.select_related("teller").order_by("pk")),
            Prefetch("promises", promises.select_related("owner")),
            Prefetch("reviews", reviews),
            Prefetch("readings", Reading.objects.select_related("indicator")),
            "problems",
            "requests",
        )
        .with_totals()
    )


def _to_send_home(session: LearningSession) -> dict[str, Any]:
    """Return the texts for the people of the circle; what is withdrawn sends none."""
    if session.state == session.State.WITHDRAWN:
        return {}
    ahead = next_appointment(session)
    return {
        "ahead": ahead,
        "recap": recap(session, ahead),
        "invitation": invitation(session, ahead) if ahead else "",
    }


def _attendances(session: LearningSession) -> list[Attendance]:
    came = session.attendances.present().select_related("person")
    by_name = list(came.order_by("person__sort_key", "pk"))
    name_apart(by_name)
    return sorted(by_name, key=lambda one: hat_order(one.role))
