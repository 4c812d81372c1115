"""Somebody leaves, and who takes over; what a circle's successor has to know."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from circles import thai
from circles.actions.carrying import call_off
from circles.actions.handing import hand_over, hand_over_anew
from circles.actions.rights import RightRefused
from circles.forms.handing import HandoverForm, WorkingNoteForm
from circles.forms.initial import name_apart
from circles.forms.rights import next_round
from circles.http import Request, take_kept_form
from circles.models import Circle, Handover, Person, WorkingNote
from circles.permissions import Permission, may
from circles.reports.handing import (
    circles_of,
    manageable,
    readable_circles,
    readable_handovers,
    standing_of,
    story,
    with_parts,
)
from circles.views.rights import people_of, say_who_must_be_invited


@require_http_methods(["GET", "HEAD", "POST"])
def handover_create(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(people_of(request), pk=person_id)
    typed = request.POST if request.method == "POST" else take_kept_form(request)
    instead = _instead(request, person)
    initial = {"last_day": _asked_day(request, instead)}
    form = HandoverForm(
        typed, user=request.user, person=person, initial=initial, instead=instead
    )
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
        "instead": instead,
        "standing": standing_of(request.user, person),
    }
    return render(request, "circles/handover_create.html", context)


def _instead(request: Request, person: Person) -> Handover | None:
    """Return the handover that the address names, to be arranged anew."""
    asked = _number(request.GET.get("instead", ""))
    if not asked:
        return None
    ahead = standing_of(request.user, person).filter(may_manage=True, pk=asked)
    return with_parts(ahead).first()


def _number(typed: str) -> int:
    """Return the number of a row that *typed* is, 0 for none."""
    # Nothing longer is one; databases refuse what is too great.
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 16
    return int(typed) if is_number else 0


def _asked_day(request: Request, instead: Handover | None) -> date:
    """Return the day that the address names, else the last one of *instead*, else the
    next 30 September."""
    try:
        asked = request.GET.get("last_day", "")
        return thai.parse_thai_date(asked, today=timezone.localdate())
    except ValidationError:
        return instead.last_day if instead else next_round()


def _arrange(request: Request, person: Person, form: HandoverForm) -> Handover | None:
    given = form.cleaned_data
    arrange = (
        partial(hand_over_anew, request.user, form.instead)
        if form.instead
        else partial(hand_over, request.user, person)
    )
    try:
        handover = arrange(
            given["last_day"],
            form.steps(),
            closes_account=given.get("closes_account", False),
            note=given["note"],
        )
    except RightRefused as refused:
        form.explain(refused)
        return None
    messages.success(request, _("The handover is arranged."))
    followers = {one.successor for one in form.steps() if one.successor}
    say_who_must_be_invited(request, sorted(followers, key=lambda one: one.pk))
    return handover


@require_safe
def handover_detail(request: Request, handover_id: int) -> HttpResponse:
    readable = with_parts(readable_handovers(request.user))
    handover: Any = get_object_or_404(readable, pk=handover_id)  # with a column
    context = {
        "handover": handover,
        "circles": circles_of(handover, request.user),
        "is_followed": any(one.successor_id for one in handover.successions.all()),
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
    name_apart(seat for seats in told.people.values() for seat in seats)
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
        "back": _back_from(request, circle),
    }
    return render(request, "circles/circle_handover.html", context)


def _back_from(request: Request, circle: Circle) -> tuple[str, str]:
    """Return the address and the name of the page one came from: the handover that
    the address names, else the circle, if one may read it already, else home."""
    came = _number(request.GET.get("handover", ""))
    if came and readable_handovers(request.user).filter(pk=came).exists():
        return reverse("handover-detail", args=[came]), _("Handover")
    if may(Permission.VIEW_CIRCLE, request.user, circle):
        return circle.get_absolute_url(), circle.name
    return reverse("home"), _("Home")


def _keep_note(request: Request, circle: Circle, text: str, old: str) -> HttpResponse:
    """Store *text* as the latest version, if it is another."""
    if text != old:
        WorkingNote.objects.create(circle=circle, text=text, author=request.user)
    messages.success(request, _("Written down for whoever comes next."))
    return redirect("circle-handover", circle.pk)
