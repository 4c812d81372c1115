"""The villages of a local government."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from circles.actions import areas as actions
from circles.actions.agencies import is_archived
from circles.actions.years import villages
from circles.forms.agencies import AreaForm, TambonForm, VillageForm
from circles.http import Request
from circles.models import Agency
from circles.permissions import Permission
from circles.reports.agencies import amphoes_of, areas_of, by_tambon
from circles.views.agencies import number_in


@require_http_methods(["GET", "HEAD", "POST"])
def agency_areas(request: Request, agency_id: int) -> HttpResponse:
    """The villages that a local government looks after, whole or in part."""
    mine = Agency.objects.allowed(request.user, Permission.MANAGE_AGENCY)
    mine = mine.local_governments().select_related("place__parent__parent")
    agency = get_object_or_404(mine, pk=agency_id)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms: dict[str, AreaForm] = {
        "village": VillageForm(
            request.POST if act == "village" else None, user=request.user
        ),
        "tambon": TambonForm(
            request.POST if act == "tambon" else None, user=request.user
        ),
    }
    refusals: list[str] = []
    try:
        if done := _do(request, agency, act, forms):
            messages.success(request, done)
            return redirect("agency-areas", agency.pk)
    except ValidationError as refused:
        refusals = refused.messages
    context = _shown(agency) | {"forms": forms, "refusals": refusals}
    return render(request, "circles/agency_areas.html", context)


def _shown(agency: Agency) -> dict[str, Any]:
    areas = areas_of(agency)
    others: dict[int, list[Any]] = {}
    for other in actions.others_areas(agency, [one.place for one in areas]):
        others.setdefault(other.place_id, []).append(other)
    for area in areas:
        area.others = others.get(area.place_id, [])  # type: ignore[attr-defined] # for the page
    amphoes = amphoes_of(agency, areas)
    return {
        "agency": agency,
        "count": len(areas),
        "tambons": by_tambon(areas),
        "amphoes": amphoes if len(amphoes) > 1 else [],
        "is_archived": is_archived(agency),
    }


def _do(request: Request, agency: Agency, act: str, forms: dict[str, AreaForm]) -> str:
    """Do what the button says; return it in words, "" if there is more to say first."""
    if act in forms:
        return _add(request, agency, act, forms[act])
    number = number_in(act)
    match act.rpartition("-")[0]:
        case "remove":
            actions.remove_area(agency, number, request.user)
            return _("The village is taken away.")
        case "part":
            actions.set_extent(agency, number, True, request.user)
            return _("The village is in part now.")
        case "whole":
            actions.set_extent(agency, number, False, request.user)
            return _("The whole village now.")
    return ""


def _add(request: Request, agency: Agency, act: str, form: AreaForm) -> str:
    if not form.is_valid():
        return ""
    chosen = form.cleaned_data[act]
    wanted = villages().filter(code__startswith=chosen.code)
    try:
        extent = form.cleaned_data["extent"]
        made = actions.add_areas(agency, wanted, extent, request.user)
    except ValidationError as refused:
        form.add_error("extent" if refused.code == "shared" else act, refused)
        return ""
    if not made:
        return _("All of that was in the list already.")
    said = ngettext("%(n)s village added.", "%(n)s villages added.", len(made))
    return said % {"n": len(made)} + _shared_words(agency, made)


def _shared_words(agency: Agency, made: list[Any]) -> str:
    """Return a warning where another one still has a village whole."""
    beside = actions.others_areas(agency, [one.place for one in made])
    whole = sorted({str(one.agency) for one in beside if not one.is_part})
    if not whole:
        return ""
    words = _("%(names)s still has it whole: set it to “in part” there too.")
    return " " + words % {"names": ", ".join(whole)}
