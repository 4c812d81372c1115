from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from circles.actions import planning
from circles.forms.planning import (
    BookingForm,
    CadenceForm,
    PostponeForm,
    ReasonForm,
    SeriesForm,
)
from circles.http import Request, render_page, take_kept_form
from circles.models import Appointment, Circle
from circles.permissions import Permission, may
from circles.reports.calendars import proposals
from circles.thai import thai_weekday_date

CALLED_OFF_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def circle_plan(request: Request, circle_id: int) -> HttpResponse:
    """When the circle meets: whoever sees the circle reads, whoever logs it plans."""
    writes = request.method == "POST"
    needed = Permission.LOG_SESSION if writes else Permission.VIEW_CIRCLE
    circles = Circle.objects.allowed(request.user, needed)
    circle = get_object_or_404(circles.select_related("place__parent"), pk=circle_id)
    typed = _typed(request)
    filled = _plan_forms(circle, typed)
    if writes and (done := _plan(request, circle, typed, filled)):
        messages.success(request, done)
        return redirect("circle-plan", circle.pk)
    may_plan = may(Permission.LOG_SESSION, request.user, circle)
    off = circle.appointments.called_off().select_related("moved_to")
    context = {
        **filled,
        "circle": circle,
        "may_plan": may_plan and Circle.objects.open().filter(pk=circle.pk).exists(),
        "today": timezone.localdate(),
        "appointments": circle.appointments.open().soonest_first(),
        "called_off": off.order_by("-on", "-pk")[:CALLED_OFF_SHOWN],
    }
    return render_page(
        request, "circles/circle_plan.html", context, partials=["on_field"]
    )


@require_http_methods(["GET", "HEAD", "POST"])
def appointment_postpone(request: Request, appointment_id: int) -> HttpResponse:
    appointment = _appointment(request, appointment_id)
    typed = _typed(request)
    base = max(appointment.on, timezone.localdate())
    day = _free_day(appointment, base)
    form = PostponeForm(typed, base=base, initial={"on": day})
    if request.method == "POST" and "reason" in request.POST and form.is_valid():
        try:
            moved = planning.postpone(
                appointment,
                form.cleaned_data["on"],
                form.cleaned_data["reason"],
                form.cleaned_data["note"],
                request.user,
            )
        except ValidationError as refused:
            _explain(form, refused)
        else:
            words = _("Moved to %(day)s.") % {"day": thai_weekday_date(moved.on)}
            messages.success(request, words)
            return redirect("circle-plan", appointment.circle_id)
    context = {
        "appointment": appointment,
        "form": form,
        "base": base,
        "taken": _others(appointment).filter(on=form.day).first(),
    }
    return render_page(
        request, "circles/appointment_postpone.html", context, partials=["on_field"]
    )


@require_http_methods(["GET", "HEAD", "POST"])
def appointment_cancel(request: Request, appointment_id: int) -> HttpResponse:
    appointment = _appointment(request, appointment_id)
    typed = _typed(request)
    form = ReasonForm(typed)
    done = ""
    if request.method == "POST":
        undoes = request.POST.get("act") == "again"
        done = (
            _book_again(request, appointment)
            if undoes
            else _cancel(request, appointment, form)
        )
    if done:
        messages.success(request, done)
        return redirect("circle-plan", appointment.circle_id)
    context = {
        "appointment": appointment,
        "form": form,
        "may_undo": appointment.state == Appointment.State.CANCELLED
        and appointment.on >= timezone.localdate(),
    }
    return render(request, "circles/appointment_cancel.html", context)


def _appointment(request: Request, appointment_id: int) -> Appointment:
    mine = Appointment.objects.allowed(request.user, Permission.LOG_SESSION)
    mine = mine.select_related("circle__place__parent", "moved_to")
    return get_object_or_404(mine, pk=appointment_id)


def _typed(request: Request) -> QueryDict | None:
    """Return what was sent, or what the sign-in had interrupted, to be sent again."""
    if request.method == "POST":
        typed = request.POST.copy()
        # A field that is looked at as it is left has no button to say so.
        typed["act"] = request.GET.get("act") or typed.get("act") or "keep"
        return typed
    kept = take_kept_form(request)
    if kept is not None:
        words = _("You had been signed out. What you typed is here; send it again.")
        messages.info(request, words)
    return kept


def _plan_forms(circle: Circle, typed: QueryDict | None) -> dict[str, Any]:
    """Return the page's three forms; bound is the one whose button was pressed."""
    today = timezone.localdate()
    act = typed.get("act") if typed is not None else None
    usual = {"starts": circle.usual_start, "venue": circle.usual_venue}
    is_series, is_cadence = act == "series", act == "cadence"
    proposed = proposals(circle, until=today + planning.BOOK_WITHIN)
    return {
        "form": BookingForm(
            None if is_series or is_cadence else typed, base=today, initial=usual
        ),
        "series": SeriesForm(typed if is_series else None, proposals=proposed),
        "cadence": CadenceForm(
            typed if is_cadence else None,
            initial={"cadence_days": circle.cadence_days or ""},
        ),
    }


def _plan(
    request: Request, circle: Circle, typed: QueryDict | None, filled: dict[str, Any]
) -> str:
    """Do what the button says; return it in words, "" if there is more to say first."""
    doers: dict[str, tuple[str, Callable[..., str]]] = {
        "book": ("form", _book),
        "series": ("series", _book_series),
        "cadence": ("cadence", _set_cadence),
    }
    act = typed.get("act", "") if typed is not None else ""
    if act not in doers:
        return ""
    name, do = doers[act]
    form = filled[name]
    if not form.is_valid():
        return ""
    try:
        return do(request, circle, form.cleaned_data)
    except ValidationError as refused:
        _explain(form, refused)
        return ""


def _book(request: Request, circle: Circle, given: dict[str, Any]) -> str:
    made = planning.book(circle, author=request.user, **given)
    return _("Agreed on %(day)s.") % {"day": thai_weekday_date(made.on)}


def _book_series(request: Request, circle: Circle, given: dict[str, Any]) -> str:
    n = len(planning.book_series(circle, given["days"], request.user))
    return ngettext("%(n)s meeting is planned.", "%(n)s meetings are planned.", n) % {
        "n": n
    }


def _set_cadence(request: Request, circle: Circle, given: dict[str, Any]) -> str:
    planning.set_cadence(circle, given["cadence_days"])
    return _("The rhythm is kept. The days it proposes are below.")


def _cancel(request: Request, appointment: Appointment, form: ReasonForm) -> str:
    """Cancel; return it in words, "" if there is more to say first."""
    if not form.is_valid():
        return ""
    given = form.cleaned_data
    try:
        planning.cancel(appointment, given["reason"], given["note"], request.user)
    except ValidationError as refused:
        _explain(form, refused)
        return ""
    day = thai_weekday_date(appointment.on)
    return _("The meeting of %(day)s is called off.") % {"day": day}


def _book_again(request: Request, appointment: Appointment) -> str:
    """Take the cancelling back; return in words what came of it."""
    try:
        again = planning.book_again(appointment, request.user)
    except ValidationError as refused:
        return refused.messages[0]
    day = thai_weekday_date(again.on)
    return _("The meeting of %(day)s is on again.") % {"day": day}


_FIELDS = {"no_words": "note", "no_reason": "reason"}


def _explain(form: forms.BaseForm, refused: ValidationError) -> None:
    """Say what an action has refused: beside its field, of a day else."""
    days = [name for name in ("on", "days") if name in form.fields]
    form.add_error(_FIELDS.get(refused.code or "", next(iter(days), None)), refused)


def _others(appointment: Appointment) -> Any:
    here = Appointment.objects.filter(circle=appointment.circle_id)
    planned = here.filter(state=Appointment.State.PLANNED)
    return planned.exclude(pk=appointment.pk)


def _free_day(appointment: Appointment, base: date) -> date:
    """Return the day to propose: a week later, the next day where that is taken."""
    week, morrow = base + timedelta(days=7), base + timedelta(days=1)
    taken = set(_others(appointment).filter(on__in=[week, morrow]).values_list("on"))
    return morrow if (week,) in taken and (morrow,) not in taken else week
