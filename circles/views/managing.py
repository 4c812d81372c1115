"""An administrator opens a circle, and looks after what it is called and where."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circles.actions.circles import change_circle, create_circle
from circles.forms.managing import CircleForm, explain
from circles.http import Request
from circles.models import Circle, Place
from circles.permissions import Permission, require
from circles.reports.choices import choices

MAX_DIGITS = 15  # nothing longer is a number of a row


@require_http_methods(["GET", "HEAD", "POST"])
def circle_create(request: Request) -> HttpResponse:
    require(request.user, Permission.MANAGE_CIRCLE)
    form = CircleForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        place=_asked_place(request),
        is_new=True,
        initial={"opened_on": timezone.localdate(), "cadence_days": ""},
    )
    if form.is_valid():
        try:
            circle = create_circle(
                request.user, Circle(**form.given()), form.cleaned_data["opened_on"]
            )
        except ValidationError as refused:
            explain(form, refused)
        else:
            messages.success(request, _("The circle is open. Who sits in it?"))
            return redirect("circle-seats", circle.pk)
    return render(request, "circles/circle_create.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def circle_edit(request: Request, circle_id: int) -> HttpResponse:
    circles = Circle.objects.allowed(request.user, Permission.MANAGE_CIRCLE)
    circle = get_object_or_404(
        circles.select_related("place__parent__parent"), pk=circle_id
    )
    form = CircleForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        place=circle.place,
        is_new=False,
        initial=_as_it_is(circle),
    )
    if form.is_valid():
        try:
            change_circle(request.user, circle, form.given())
        except ValidationError as refused:
            explain(form, refused)
        else:
            messages.success(request, _("What was changed is kept."))
            return redirect(circle)
    return render(request, "circles/circle_edit.html", {"form": form, "circle": circle})


def _asked_place(request: Request) -> Place | None:
    """Return the place that the address names, if it may be chosen."""
    asked = request.GET.get("place", "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= MAX_DIGITS
    places = choices("own-places", request.user)
    return places.filter(pk=int(asked)).first() if is_number else None


def _as_it_is(circle: Circle) -> dict[str, object]:
    names = ("name", "role", "topic", "usual_venue", "usual_start", "usual_end")
    return {name: getattr(circle, name) for name in names} | {
        "cadence_days": circle.cadence_days or ""
    }
