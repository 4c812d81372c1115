from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from circles.http import Request, render_page
from circles.models import CalendarFeed, Circle
from circles.models.planning import make_secret
from circles.permissions import Permission, require
from circles.reports.calendars import circles_with_feed, etag, feed_text

PAGE_SIZE = 20
LONGEST_ID = 18


@login_not_required
@require_safe
def calendar_feed(request: Request, token: str) -> HttpResponse:
    """The address is the key: whoever has it reads what its owner may see today.

    Without rights it stays an empty calendar, which empties the phone's; only an
    address that was renewed or deleted is unknown.
    """
    feeds = CalendarFeed.objects.select_related("user", "circle")
    text = feed_text(get_object_or_404(feeds, token=token))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag(text)
    # Asked for anew each time, so that lost rights end at the next look.
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = 'inline; filename="kmcity.ics"'
    not_modified = get_conditional_response(
        request, etag=response["ETag"], response=response
    )
    return not_modified or response


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_list(request: Request) -> HttpResponse:
    """My private addresses: of all my circles, and of each."""
    require(request.user, Permission.EDIT_SESSION)
    circles = circles_with_feed(request.user)
    if request.method == "POST":
        circle_id = _circle_id(request.POST)
        circle = get_object_or_404(circles, pk=circle_id) if circle_id else None
        if words := _change(request, circle):
            messages.success(request, words)
        return redirect("calendar-list")
    chosen = _circle_id(request.GET)
    shown = circles.filter(pk=chosen) if chosen else circles.open()
    shown = shown.select_related("place__parent").in_order()
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    mine = {
        one.circle_id: one for one in CalendarFeed.objects.filter(user=request.user)
    }
    context = {
        "page": page,
        "chosen": chosen,
        "all": _row(None, mine),
        "rows": [_row(circle, mine) for circle in page.object_list],
    }
    return render_page(
        request, "circles/calendar_list.html", context, partials=["circles"]
    )


def _change(request: Request, circle: Circle | None) -> str:
    """Make, renew or delete the address; return it in words."""
    mine = CalendarFeed.objects.filter(user=request.user, circle=circle)
    match request.POST.get("act"):
        case "make":
            CalendarFeed.objects.get_or_create(user=request.user, circle=circle)
            return _("The address is made. Put it into your calendar.")
        case "renew":
            mine.update(token=make_secret())
            return _("The address is new. The old one shows nothing any more.")
        case "delete":
            mine.delete()
            return _("The address is deleted.")
    return ""


def _circle_id(data: QueryDict) -> int | None:
    asked = data.get("circle", "")
    is_id = asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_ID
    return int(asked) if is_id else None


def _row(circle: Circle | None, mine: dict[int | None, CalendarFeed]) -> dict[str, Any]:
    """Return the circle (None: all of mine) with its address, if there is one."""
    feed = mine.get(circle.pk if circle else None)
    path = reverse("calendar-feed", args=[feed.token]) if feed else ""
    host = settings.SITE_URL.partition("://")[2]
    return {
        "circle": circle,
        "address": f"{settings.SITE_URL}{path}" if feed else "",
        "webcal": f"webcal://{host}{path}" if feed else "",
    }
