"""Where an administrator's work begins: what waits, and the way to every page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from circles.http import Request
from circles.models import Circle, LearningSession, Membership
from circles.permissions import Permission, holds, require
from circles.reports.history import open_requests


@require_safe
def manage(request: Request) -> HttpResponse:
    user = request.user
    require(user, Permission.MANAGE_CIRCLE)
    circles = Circle.objects.allowed(user, Permission.MANAGE_CIRCLE)
    seats = Membership.objects.current().filter(
        circle__in=circles.order_by().values("pk"), is_confirmed=False
    )
    sessions = LearningSession.objects.filter(
        circle__in=circles.order_by().values("pk")
    )
    context = {
        "newcomer_count": seats.count(),
        "asked_count": open_requests(sessions).count(),
        "is_province": holds(user, Permission.MANAGE_PLACE),
    }
    return render(request, "circles/manage.html", context)
