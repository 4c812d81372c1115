from __future__ import annotations

from functools import partial
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
from circles.reports.home import (
    by_appointment,
    drafted,
    drafts_of,
    home_sessions,
    promises_due,
)
from circles.reports.taking_over import told_of
from kmcity.checklist import missing_steps

CIRCLES_SHOWN = 30
MANY = CIRCLES_SHOWN + 1
ROWS_SHOWN = 8  # of drafts, of what is due: a page that fits in a head


@require_safe
def home(request: Request) -> HttpResponse:
    """My circles: today's first with the one big button, then what waits, then all.

    Whoever has no circle of their own, only figures, begins at the overview.
    """
    user, today = request.user, timezone.localdate()
    own = Circle.objects.allowed(user, Permission.VIEW_NAMES)
    found = by_appointment(own.open(), today).select_related("place__parent")
    circles: list[Any] = list(found.with_totals().fetch_mode(FETCH_RAISE)[:MANY])
    if not circles and holds(user, Permission.VIEW_FIGURES) and not own.exists():
        return redirect("overview")
    loggable = {one for one in circles if may(Permission.LOG_SESSION, user, one)}
    due = [one for one in circles if one.meets_on and one.meets_on <= today]
    chosen = _first(circles, loggable)
    drafts = list(drafts_of(user)[:ROWS_SHOWN])
    begun = drafted(drafts, circles)
    sessions: list[Any] = list(home_sessions(user)) if circles else []
    promises = promises_due(user, today)[:ROWS_SHOWN] if circles else []
    shown = circles[:CIRCLES_SHOWN]
    context = {
        "today": today,
        "missing": partial(missing_steps, user),
        "handing": told_of(user),
        "today_count": sum(one.meets_on == today for one in due),
        "loggable": loggable,
        "next_circle": chosen,
        "draft": begun.get(chosen.pk) if chosen else None,
        "due": [
            one
            for one in due
            if one in loggable and one != chosen and one.pk not in begun
        ][:ROWS_SHOWN],
        "circles": sorted(shown, key=lambda one: (one.place.code, one.name)),
        "has_more": len(circles) > CIRCLES_SHOWN,
        "drafts": drafts,
        "unfinished": [one for one in sessions if one.is_mine][:ROWS_SHOWN],
        "news": next((one for one in sessions if one.is_news), None),
        "asking": [one for one in sessions if one.asks][:ROWS_SHOWN],
        "promises": promises,
        "tickable": {
            one
            for one in promises
            if may(Permission.LOG_SESSION, user, one.session.circle)
        },
    }
    return render(request, "kmcity/home.html", context)


def _first(circles: list[Any], loggable: set[Any]) -> Circle | None:
    """Return the circle for the big button: of those that one may log (else of all)
    the first with an appointment; without any, the only one there is."""
    mine = [one for one in circles if one in loggable] or circles
    dated = next((one for one in mine if one.meets_on), None)
    return dated or (mine[0] if len(mine) == 1 and loggable else None)


@require_safe
def overview(request: Request) -> HttpResponse:
    """The target tambons side by side, in the figures that the reader may see."""
    user, figures = request.user, Permission.VIEW_FIGURES
    require(user, figures)
    tambons = Place.objects.targets().open().filter(places_allowed(user, figures))
    columns = tambon_figures(Circle.objects.allowed(user, figures), tambons)
    latest = LearningSession.objects.allowed(user, Permission.VIEW_CIRCLE)
    context = {
        "columns": columns,
        "tambons": [column.tambon for column in columns],
        "is_partial": not all(
            covers_place(user, figures, column.tambon.code) for column in columns
        ),
        "now": timezone.now(),
        "missing": partial(missing_steps, user),
        "latest": latest.select_related("circle__place__parent")
        .with_totals()
        .latest_first()
        .fetch_mode(FETCH_RAISE)[:5],
    }
    return render_page(request, "kmcity/overview.html", context, partials=["figures"])
