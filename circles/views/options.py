"""What can be chosen below an input, while somebody types: for htmx alone."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from circles.forms.picking import MAX_TYPED
from circles.http import Request
from circles.permissions import Permission, require
from circles.reports.choices import KINDS, found

MOST_EXCLUDED = 20
NUMBER = re.compile(r"[0-9]{1,15}")
FIELD = re.compile(r"[a-zA-Z][\w-]{0,40}", re.ASCII)


@require_safe
def options(request: Request, kind: str) -> HttpResponse:
    """Answer with radio buttons for the field that ``name`` names."""
    require(request.user, Permission.MANAGE_CIRCLE)
    name = request.GET.get("name", "")
    if kind not in KINDS or not FIELD.fullmatch(name):
        raise Http404
    typed = request.GET.get(f"{name}_q", "")[:MAX_TYPED]
    without = _numbers(request.GET.get("not", ""))
    several, has_more = found(kind, request.user, typed, without)
    context = {
        "name": name,
        "id": f"id_{name}",
        "options": several,
        "has_more": has_more,
        "nothing": bool(typed.strip()) and not several,
    }
    return render(request, "circles/_options.html", context)


def _numbers(listed: str) -> list[int]:
    """Return the numbers of rows in "12,13"; what is none is left out."""
    some = listed.split(",")[:MOST_EXCLUDED]
    # Nothing longer is a number of a row; databases refuse what is too great.
    return [int(one) for one in some if NUMBER.fullmatch(one)]
