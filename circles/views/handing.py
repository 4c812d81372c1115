"""Somebody leaves, and who takes over; what a circle's successor has to know."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from circles import thai
from circles.actions.carrying import call_off
from circles.actions.handing import hand_over
from circles.actions.rights import RightRefused
from circles.forms.handing import HandoverForm, WorkingNoteForm
from circles.forms.rights import next_round
from circles.http import Request, take_kept_form
from circles.models import Circle, Handover, Person, WorkingNote
from circles.permissions import Permission, may
from circles.reports.handing import (
    circles_of,
    manageable,
    readable_circles,
    readable_handovers,
    story,
    with_parts,
)
from circles.views.rights import people_of


@require_http_methods(["GET", "HEAD", "POST"])
def handover_create(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(people_of(request), pk=person_id)
    typed = request.POST if request.method == "POST" else take_kept_form(request)
    initial = {"last_day": _asked_day(request)}
    form = HandoverForm(typed, user=request.user, person=person, initial=initial)
    is_sent = request.method == "POST" and request.POST.get("act") == "arrange"
    if is_sent and form.is_valid():
        handover = _arrange(request, person, form)
        if handover:
            return redirect("handover-detail", handover.pk)
    context = {
        "person": person,
        "form": form,
        "is_self": person.pk == request.user.person_id,
        "shows_errors": is_sent,
        "round_ends": next_round(),
    }
    return render(request, "circles/handover_create.html", context)


def _asked_day(request: Request) -> date:
    """Return the day that the address names, else the next 30 September."""
    try:
        asked = request.GET.get("last_day", "")
        return thai.parse_thai_date(asked, today=timezone.localdate())
    except ValidationError:
        return next_round()


def _arrange(request: Request, person: Person, form: HandoverForm) -> Handover | None:
    given = form.cleaned_data
    try:
        handover = hand_over(
            request.user,
            person,
            given["last_day"],
            form.steps(),
            closes_account=given.get("closes_account", False),
            note=given["note"],
        )
    except RightRefused as refused:
        form.explain(refused)
        return None
    messages.success(request, _("The handover is arranged."))
    return handover


@require_safe
def handover_detail(request: Request, handover_id: int) -> HttpResponse:
    readable = with_parts(readable_handovers(request.user))
    handover: Any = get_object_or_404(readable, pk=handover_id)  # with a column
    context = {
        "handover": handover,
        "circles": circles_of(handover, request.user),
        "may_manage": handover.may_manage,
        "may_call_off": handover.may_manage and _is_ahead(handover),
    }
    return render(request, "circles/handover_detail.html", context)


def _is_ahead(handover: Handover) -> bool:
    is_over = handover.carried_out_at or handover.last_day < timezone.localdate()
    return not (handover.cancelled_at or is_over)


@require_http_methods(["GET", "HEAD", "POST"])
def handover_cancel(request: Request, handover_id: int) -> HttpResponse:
    handover = get_object_or_404(with_parts(manageable(request.user)), pk=handover_id)
    if request.method == "POST":
        try:
            call_off(request.user, handover)
            messages.success(request, _("The handover is called off."))
        except RightRefused as refused:
            messages.error(request, refused.messages[0])
        return redirect("handover-detail", handover.pk)
    context = {"handover": handover, "may_call_off": _is_ahead(handover)}
    return render(request, "circles/handover_cancel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def circle_handover(request: Request, circle_id: int) -> HttpResponse:
    if request.method == "POST":
        circles = Circle.objects.allowed(request.user, Permission.HAND_OVER)
    else:
        circles = readable_circles(request.user)
    circle = get_object_or_404(circles.select_related("place__parent"), pk=circle_id)
    told = story(circle)
    typed = request.POST if request.method == "POST" else take_kept_form(request)
    initial = {"text": told.note.text if told.note else ""}
    form = WorkingNoteForm(typed, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _keep_note(request, circle, form.cleaned_data["text"], initial["text"])
    context: dict[str, Any] = {
        "circle": circle,
        "told": told,
        "form": form,
        "may_write": may(Permission.HAND_OVER, request.user, circle),
        "may_list": request.user.is_superuser,
    }
    return render(request, "circles/circle_handover.html", context)


def _keep_note(request: Request, circle: Circle, text: str, old: str) -> HttpResponse:
    """Store *text* as the latest version, if it is another."""
    if text != old:
        WorkingNote.objects.create(circle=circle, text=text, author=request.user)
    messages.success(request, _("Written down for whoever comes next."))
    return redirect("circle-handover", circle.pk)
