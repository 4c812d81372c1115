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

FIELD = re.compile(r"[a-zA-Z][\w-]{0,40}", re.ASCII)


@require_safe
def options(request: Request, kind: str) -> HttpResponse:
    """Answer with radio buttons for the field that ``name`` names."""
    require(request.user, Permission.MANAGE_CIRCLE)
    name = request.GET.get("name", "")
    if kind not in KINDS or not FIELD.fullmatch(name):
        raise Http404
    typed = request.GET.get(f"{name}_q", "")[:MAX_TYPED]
    several, has_more = found(kind, request.user, typed)
    context = {
        "name": name,
        "id": f"id_{name}",
        "options": several,
        "has_more": has_more,
        "nothing": bool(typed.strip()) and not several,
    }
    return render(request, "circles/_options.html", context)
