from __future__ import annotations

from typing import Any

from django.db.models import FETCH_RAISE
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from circles.http import Request, render_page
from circles.models import Circle, LearningSession, Place
from circles.permissions import Permission, covers_place, places_allowed, require
from circles.reports import tambon_figures

CIRCLES_SHOWN = 30
DUE_SHOWN = 5


@require_safe
def home(request: Request) -> HttpResponse:
    """My circles: today's first with the one big button, then all with their roads."""
    today = timezone.localdate()
    loggable = Circle.objects.allowed(request.user, Permission.LOG_SESSION).open()
    visible = Circle.objects.allowed(request.user, Permission.VIEW_CIRCLE)
    may_log = loggable.exists()
    mine: Any = (  # the annotated columns are unknown to the type checker
        (loggable if may_log else visible)
        .select_related("place__parent")
        .with_totals()
        .fetch_mode(FETCH_RAISE)
    )
    past = mine.filter(next_on__lte=today)
    coming = mine.filter(next_on__gt=today)
    due = list(past.order_by("-next_on", "pk")[:DUE_SHOWN])
    next_circle = due[0] if due else coming.order_by("next_on", "pk").first()
    circles = list(mine.in_order()[: CIRCLES_SHOWN + 1])
    context = {
        "today": today,
        "may_log": may_log,
        "next_circle": next_circle,
        "due": due[1:],
        "circles": circles[:CIRCLES_SHOWN],
        "has_more": len(circles) > CIRCLES_SHOWN,
    }
    return render(request, "kmcity/home.html", context)


@require_safe
def overview(request: Request) -> HttpResponse:
    """The target tambons side by side, in the figures that the reader may see."""
    user, figures = request.user, Permission.VIEW_FIGURES
    require(user, figures)
    tambons = Place.objects.targets().filter(places_allowed(user, figures))
    columns = tambon_figures(Circle.objects.allowed(user, figures), tambons)
    latest = LearningSession.objects.allowed(user, Permission.VIEW_CIRCLE)
    context = {
        "columns": columns,
        "tambons": [column.tambon for column in columns],
        "is_partial": not all(
            covers_place(user, figures, column.tambon.code) for column in columns
        ),
        "now": timezone.now(),
        "latest": latest.select_related("circle__place__parent")
        .with_totals()
        .latest_first()
        .fetch_mode(FETCH_RAISE)[:5],
    }
    return render_page(request, "kmcity/overview.html", context, partials=["figures"])
