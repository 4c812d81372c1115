"""The days on which a circle is open: closed, opened again, corrected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from circles.actions import openings as doing
from circles.actions.circles import has_begun, remove_circle
from circles.forms.managing import ClosingForm, CorrectionForm, OpeningForm, explain
from circles.http import Request
from circles.models import Appointment, Circle, CircleOpening
from circles.permissions import Permission
from circles.thai import thai_date

AHEAD_SHOWN = 12


@require_http_methods(["GET", "HEAD", "POST"])
def circle_openings(request: Request, circle_id: int) -> HttpResponse:
    circles = Circle.objects.allowed(request.user, Permission.MANAGE_CIRCLE)
    circle = get_object_or_404(circles.select_related("place__parent"), pk=circle_id)
    if request.POST.get("act") == "mistake" and _removed(request, circle):
        return redirect("place-detail", circle.place_id)
    rows = list(circle.openings.order_by("-opened_on"))
    filled = _forms(request, rows)
    if request.method == "POST" and _do(request, circle, rows, filled):
        return redirect("circle-openings", circle.pk)
    today = timezone.localdate()
    ahead = Appointment.objects.open().filter(circle=circle, on__gte=today)
    agreed = list(ahead.soonest_first()[: AHEAD_SHOWN + 1])
    context = {
        **filled,
        "agreed": agreed[:AHEAD_SHOWN],
        "has_more_agreed": len(agreed) > AHEAD_SHOWN,
        "has_begun": has_begun(circle),
        "circle": circle,
        "rows": [(row, filled["rows"][row.pk]) for row in rows],
        "is_open": any(today in row for row in rows),
        "endless": next((row for row in rows if row.closed_on is None), None),
        "today": today,
    }
    return render(request, "circles/circle_openings.html", context)


def _removed(request: Request, circle: Circle) -> bool:
    """Remove the circle that was opened by mistake; False if it has begun."""
    try:
        remove_circle(request.user, circle)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return False
    words = _("%(name)s is removed. The history of the place says so.")
    messages.success(request, words % {"name": circle.name})
    return True


def _forms(request: Request, rows: list[CircleOpening]) -> dict[str, Any]:
    """Return the page's forms; bound is the one whose button was pressed."""
    today = timezone.localdate()
    typed = request.POST if request.method == "POST" else None
    act = request.POST.get("act", "")
    return {
        "closing": ClosingForm(
            typed if act == "close" else None, initial={"closed_on": today}
        ),
        # Beside the form that closes it: no id stands twice on the page.
        "opening": OpeningForm(
            typed if act == "open" else None,
            initial={"opened_on": today},
            auto_id="id_again_%s",
        ),
        "rows": {row.pk: _correction(request, row) for row in rows},
    }


def _correction(request: Request, row: CircleOpening) -> CorrectionForm:
    acts = {f"correct-{row.pk}", f"remove-{row.pk}"}
    is_meant = request.POST.get("act") in acts
    days = {"opened_on": row.opened_on, "closed_on": row.closed_on}
    return CorrectionForm(
        request.POST if is_meant else None, initial=days, prefix=f"o{row.pk}"
    )


def _do(
    request: Request, circle: Circle, rows: list[CircleOpening], filled: dict[str, Any]
) -> bool:
    """Do what the button says; return whether it was done, else say why not."""
    act, _dash, number = request.POST.get("act", "").partition("-")
    row = next((one for one in rows if str(one.pk) == number), None)
    if act in {"correct", "remove"} and row is None:
        messages.warning(request, _("This opening is no longer there."))
    if row is None and act not in {"close", "open"}:
        return False
    form: forms.Form = (
        filled["rows"][row.pk]
        if row
        else filled["closing" if act == "close" else "opening"]
    )
    if not form.is_valid():
        return False
    try:
        messages.success(request, _said(request, circle, act, row, form.cleaned_data))
    except ValidationError as refused:
        explain(form, refused)
        return False
    return True


def _said(
    request: Request,
    circle: Circle,
    act: str,
    row: CircleOpening | None,
    given: dict[str, Any],
) -> str:
    """Do it and return it in words.  Raises ValidationError."""
    if act == "open":
        made = doing.open_circle(request.user, circle, **given)
        return _("The circle is open from %(day)s.") % {
            "day": thai_date(made.opened_on)
        }
    if row is None:
        off = doing.close_circle(
            request.user, circle, given["closed_on"], given["reason"]
        )
        words = _("The last day of the circle is %(day)s.")
        told = words % {"day": thai_date(given["closed_on"])}
    elif act == "remove":
        off = doing.remove_opening(request.user, row, given["reason"])
        told = _("The opening is removed.")
    else:
        off = doing.correct_opening(request.user, row, **given)
        told = _("The days are corrected.")
    return f"{told} {_called_off(off)}".strip()


def _called_off(n: int) -> str:
    if not n:
        return ""
    words = ngettext(
        "%(n)s appointment was called off.", "%(n)s appointments were called off.", n
    )
    return words % {"n": n}
