from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import FETCH_RAISE
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from circles.http import Request, render_page
from circles.models import Circle, LearningSession, Place
from circles.permissions import (
    Permission,
    covers_place,
    holds,
    may,
    places_allowed,
    require,
)
from circles.reports import tambon_figures

CIRCLES_SHOWN = 30
DUE_SHOWN = 6


@require_safe
def home(request: Request) -> HttpResponse:
    """My circles: today's first with the one big button, then all with their roads.

    Whoever has no circle of their own, only figures, begins at the overview.
    """
    today = timezone.localdate()
    own = Circle.objects.allowed(request.user, Permission.VIEW_NAMES)
    if holds(request.user, Permission.VIEW_FIGURES) and not own.exists():
        return redirect("overview")
    mine: Any = (  # the annotated columns are unknown to the type checker
        own.open().select_related("place__parent").with_totals().fetch_mode(FETCH_RAISE)
    )
    circles = list(mine.in_order()[: CIRCLES_SHOWN + 1])
    due, coming = _appointments(mine, circles, today)
    loggable = {one for one in circles + due + coming if _may_log(request, one)}
    due = [one for one in due if one in loggable]
    coming = [one for one in coming if one in loggable]
    context = {
        "today": today,
        "loggable": loggable,
        "next_circle": next(iter(due + coming), None),
        "due": due[1:],
        "circles": circles[:CIRCLES_SHOWN],
        "has_more": len(circles) > CIRCLES_SHOWN,
    }
    return render(request, "kmcity/home.html", context)


def _may_log(request: Request, circle: Circle) -> bool:
    return may(Permission.LOG_SESSION, request.user, circle)


def _appointments(
    mine: Any, circles: list[Any], today: date
) -> tuple[list[Any], list[Any]]:
    """Return the circles whose day has come, latest first, and those whose day is
    coming, nearest first.  Asks again only where the page does not hold them all."""
    if len(circles) > CIRCLES_SHOWN:
        past = mine.filter(next_on__lte=today).order_by("-next_on", "pk")
        coming = mine.filter(next_on__gt=today).order_by("next_on", "pk")
        return list(past[:DUE_SHOWN]), list(coming[:1])
    dated = sorted((one for one in circles if one.next_on), key=attrgetter("next_on"))
    due = [one for one in reversed(dated) if one.next_on <= today]
    return due[:DUE_SHOWN], [one for one in dated if one.next_on > today]


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
