from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import FETCH_RAISE
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from circles.forms import CircleFilterForm
from circles.http import Request, render_page
from circles.models import Circle, Lesson
from circles.permissions import Permission, may
from circles.reports import seating

PAGE_SIZE = 20
SESSIONS_SHOWN = 10


@require_safe
def circle_list(request: Request) -> HttpResponse:
    form = CircleFilterForm(request.GET)
    circles = (
        Circle.objects.allowed(request.user, Permission.VIEW_CIRCLE)
        .filter(form.condition())
        .select_related("place__parent")
        .with_totals()
        .in_order()
        .fetch_mode(FETCH_RAISE)
    )
    page = Paginator(circles, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "place": form.chosen_place()}
    return render_page(
        request, "circles/circle_list.html", context, partials=["circles"]
    )


@require_safe
def circle_detail(request: Request, circle_id: int) -> HttpResponse:
    circles = Circle.objects.allowed(request.user, Permission.VIEW_CIRCLE)
    circle = get_object_or_404(
        circles.select_related("place__parent").with_totals().with_opened_on(),
        pk=circle_id,
    )
    sessions = circle.sessions.with_totals().latest_first()
    page = Paginator(sessions, SESSIONS_SHOWN).get_page(request.GET.get("page"))
    latest = page.object_list[0] if page.number == 1 and page.object_list else None
    context = {
        "circle": circle,
        "page": page,
        "seating": seating(circle, latest or sessions.first()),
        "may_log": may(Permission.LOG_SESSION, request.user, circle),
        "seats": _seats(request, circle),
        "lessons": Lesson.objects.filter(session__circle=circle).order_by("-pk")[:5],
    }
    return render_page(
        request, "circles/circle_detail.html", context, partials=["sessions"]
    )


def _seats(request: Request, circle: Circle) -> list:
    """Return the seats with their names, or nothing for whoever may not read them."""
    if not may(Permission.VIEW_SEATS, request.user, circle):
        return []
    seats = circle.memberships.current().select_related("person")
    return list(seats.order_by("role", "person__sort_key", "pk"))
