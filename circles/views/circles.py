from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import FETCH_RAISE
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from circles.forms import CircleFilterForm
from circles.http import Request, render_page
from circles.models import Circle, LearningSession, Promise
from circles.models.circles import LOG_WITHIN
from circles.permissions import Permission, holds, may
from circles.reports.circle import (
    seating_at,
    seats_round,
    timeline,
    told_in,
    with_records,
    with_standing,
)
from circles.reports.openings import with_closed_on

PAGE_SIZE = 20
SESSIONS_SHOWN = 5
LESSONS_SHOWN = 5
PROMISES_SHOWN = 10
APPOINTMENTS_SHOWN = 3


@require_safe
def circle_list(request: Request) -> HttpResponse:
    form = CircleFilterForm(request.GET)
    circles = (
        with_closed_on(
            form.of_state(Circle.objects.allowed(request.user, Permission.VIEW_CIRCLE))
        )
        .filter(form.condition())
        .select_related("place__parent")
        .with_totals()
        .in_order()
        .fetch_mode(FETCH_RAISE)
    )
    page = Paginator(circles, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "place": form.chosen_place(),
        "may_open": holds(request.user, Permission.MANAGE_CIRCLE),
    }
    return render_page(
        request, "circles/circle_list.html", context, partials=["circles"]
    )


@require_safe
def circle_detail(request: Request, circle_id: int) -> HttpResponse:
    circles = Circle.objects.allowed(request.user, Permission.VIEW_CIRCLE)
    circle: Any = get_object_or_404(  # with annotated columns
        with_closed_on(with_records(circles.select_related("place__parent")))
        .with_totals()
        .with_opened_on(),
        pk=circle_id,
    )
    sees_seats = may(Permission.VIEW_SEATS, request.user, circle)
    taken = seats_round(circle)
    seats = list(taken.select_related("person") if sees_seats else taken)
    promises = Promise.objects.open().of(circle).soonest_first()
    lessons = told_in(LearningSession.objects.counted(), circle)
    context = {
        "circle": circle,
        "may": {one.value: may(one, request.user, circle) for one in Permission},
        "is_loggable": _is_loggable(circle),
        "page": _sessions(request, circle),
        "seating": seating_at(seats),
        "seats": seats if sees_seats else [],
        "lessons": lessons[:LESSONS_SHOWN],
        "promises": with_standing(promises).select_related("owner")[:PROMISES_SHOWN],
        "ahead": circle.appointments.open().soonest_first()[:APPOINTMENTS_SHOWN],
        "today": timezone.localdate(),
    }
    return render_page(
        request, "circles/circle_detail.html", context, partials=["sessions"]
    )


def _is_loggable(circle: Any) -> bool:
    """Return whether sessions of *circle* may be logged, perhaps those of its past."""
    lately = timezone.localdate() - LOG_WITHIN
    return circle.is_open or (circle.closed_on or lately) > lately


def _sessions(request: Request, circle: Any) -> Page:
    """Return a page of the timeline; to administrators on request of what was
    withdrawn.  The circle knows how many there are."""
    asked = "withdrawn" in request.GET
    withdrawn = asked and may(Permission.WITHDRAW_SESSION, request.user, circle)
    sessions = timeline(circle, withdrawn=withdrawn)
    paginator = Paginator(sessions, SESSIONS_SHOWN)
    paginator.count = circle.withdrawn_count if withdrawn else circle.shown_count
    return paginator.get_page(request.GET.get("page"))
