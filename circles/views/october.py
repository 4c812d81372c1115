"""The October round: posts that end on 30 September."""

from __future__ import annotations

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
    listed,
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
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    chosen = rights.filter(state=state) if state else rights
    counted = figures(rights)
    paginator = Paginator(listed(chosen), PAGE_SIZE)
    paginator.count = counted[state or "all"]
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "year": year,
        "day": day,
        "state": state,
        "figures": counted,
        "page": page,
        "successors": successors(list(page.object_list)),
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
