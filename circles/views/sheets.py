from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from circles.http import Request
from circles.models import Circle, Membership, Promise
from circles.permissions import Permission, may
from circles.reports import hat_order

PROMISES_ON_PAPER = 6
EMPTY_LINES = 10


@require_safe
def circle_sheet(request: Request, circle_id: int) -> HttpResponse:
    """Paper for a village hall: the blank log sheet, and who may have come."""
    circles = Circle.objects.allowed(request.user, Permission.VIEW_CIRCLE)
    circle = get_object_or_404(circles.select_related("place__parent"), pk=circle_id)
    promises = Promise.objects.of(circle).open().select_related("owner").soonest_first()
    open_ones = list(promises[: PROMISES_ON_PAPER + 1])
    may_see_seats = may(Permission.VIEW_SEATS, request.user, circle)
    ahead = circle.appointments.open().filter(on__gte=timezone.localdate())
    context = {
        "circle": circle,
        "promises": open_ones[:PROMISES_ON_PAPER],
        "has_more": len(open_ones) > PROMISES_ON_PAPER,
        "may_see_names": may(Permission.VIEW_NAMES, request.user, circle),
        "may_see_seats": may_see_seats,
        "seats": _seats(circle) if may_see_seats else [],
        "empty_lines": range(EMPTY_LINES),
        "next": ahead.soonest_first().first(),
    }
    return render(request, "circles/circle_sheet.html", context)


def _seats(circle: Circle) -> list[Membership]:
    current = circle.memberships.current().select_related("person")
    by_name = current.order_by("person__sort_key", "pk")
    return sorted(by_name, key=lambda seat: hat_order(seat.role))
