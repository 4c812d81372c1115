"""The October round: posts that end on 30 September."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from circles.http import Request, render_page
from circles.permissions import HATS, Permission, require
from circles.reports.october import (
    STATES,
    ending,
    endless,
    figures,
    filled,
    notes,
    posts,
    round_of,
    successors,
)

PAGE_SIZE = 25
LONGEST_YEAR = 4


@require_safe
def handover_list(request: Request) -> HttpResponse:
    require(request.user, Permission.ASSIGN_ROLE)
    year, day = round_of(_asked_year(request))
    rights = ending(request.user, day)
    found = posts(rights)
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    chosen = [row for row in found if state in {"", row["state"]}]
    page = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    context = {
        "year": year,
        "day": day,
        "state": state,
        "figures": figures(found),
        "page": page,
        "posts": filled(rights, rows, request.user),
        "successors": successors(rows),
        "notes": notes(rows),
        "first_day": day + timedelta(days=1),
        "endless_count": endless(request.user).count(),
        "hats": HATS,
    }
    return render_page(
        request, "circles/handover_list.html", context, partials=["posts"]
    )


def _asked_year(request: Request) -> int | None:
    typed = request.GET.get("year", "")
    is_year = typed.isascii() and typed.isdigit() and len(typed) == LONGEST_YEAR
    return int(typed) if is_year else None
