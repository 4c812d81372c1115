"""A right that ends while somebody is writing: the words are theirs all the same."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from circles.forms.leftover import typed_texts
from circles.http import Request
from circles.permissions import Permission
from circles.reports.ended import ended_right

CONFLICT = 409


def right_ended(request: Request, circle_id: int) -> HttpResponse:
    """Answer a log form that may not be stored any more with the day on which the
    right ended and all that was typed.  Raises Http404 for everybody else."""
    permission = Permission.LOG_SESSION
    is_sent = request.method == "POST"
    ended = ended_right(request.user, permission, circle_id) if is_sent else None
    if ended is None:
        raise Http404
    context = {
        "circle": ended.circle,
        "last_day": ended.right.until,
        "texts": typed_texts(request.POST),
        "came_count": len(request.POST.getlist("present")),
    }
    return render(request, "circles/_right_ended.html", context, status=CONFLICT)
