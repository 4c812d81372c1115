from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import FETCH_RAISE, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from circles.http import Request, render_page
from circles.permissions import Permission
from milestones.actions import mark_read
from milestones.models import Achievement, Notice
from milestones.reports import sessions_of, value_of

PAGE_SIZE = 20
EVIDENCE_SHOWN = 10


@require_safe
def celebration_list(request: Request) -> HttpResponse:
    achievements = _told(Achievement.objects.allowed(request.user))
    newest = achievements.order_by("-reached_on", "-pk").fetch_mode(FETCH_RAISE)
    page = Paginator(newest, PAGE_SIZE).get_page(request.GET.get("page"))
    return render_page(
        request,
        "milestones/celebration_list.html",
        {"page": page},
        partials=["celebrations"],
    )


@require_safe
def celebration_detail(request: Request, achievement_id: int) -> HttpResponse:
    achievements = _told(Achievement.objects.allowed(request.user))
    achievement = get_object_or_404(achievements, pk=achievement_id)
    evidence = (
        sessions_of(achievement.milestone)
        .allowed(request.user, Permission.VIEW_CIRCLE)
        .filter(held_on__lte=achievement.reached_on)
    )
    context = {
        "achievement": achievement,
        "milestone": achievement.milestone,
        "value": value_of(achievement.milestone),
        "evidence": evidence.select_related("circle")
        .with_totals()
        .latest_first()[:EVIDENCE_SHOWN],
    }
    return render(request, "milestones/celebration_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_list(request: Request) -> HttpResponse:
    if request.method == "POST":
        mark_read(request.user)
        return redirect("notice-list")
    notices = (
        Notice.objects.inbox(request.user)
        .select_related(
            "event__achievement__milestone__circle__place__parent",
            "event__achievement__milestone__place__parent",
        )
        .order_by("-pk")
        .fetch_mode(FETCH_RAISE)
    )
    page = Paginator(notices, PAGE_SIZE).get_page(request.GET.get("page"))
    return render_page(
        request, "milestones/notice_list.html", {"page": page}, partials=["notices"]
    )


def _told(achievements: QuerySet[Achievement]) -> QuerySet[Achievement]:
    return achievements.select_related(
        "milestone__circle__place__parent",
        "milestone__place__parent",
        "session__circle",
    )
