"""Which tambons belong to the project: chosen, taken off, put back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import FETCH_RAISE
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circles.actions.places import set_stage
from circles.forms.place_edits import TargetForm
from circles.http import Request, render_page
from circles.models import Place
from circles.permissions import Permission, covers_place, require
from circles.views.places import PAGE_SIZE, editable

Stage = Place.Stage


@require_http_methods(["GET", "HEAD", "POST"])
def place_targets(request: Request) -> HttpResponse:
    """The tambons of the project; a button each, and one more found by typing."""
    require(request.user, Permission.MANAGE_PLACE)
    picks = request.method == "POST" and "place" not in request.POST
    form = TargetForm(request.POST if picks else None, user=request.user)
    if request.method == "POST" and (done := _staged(request, form, picks=picks)):
        messages.success(request, done)
        return redirect(reverse("place-targets", query=_undo(request)))
    chosen = Place.objects.tambons().open().exclude(stage=Stage.NONE)
    # "target" comes after "next".
    rows = chosen.select_related("parent").order_by("-stage", "code")
    page = Paginator(rows.fetch_mode(FETCH_RAISE), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "page": page,
        "editable": editable(request.user, page.object_list),
        "taken_off": _taken_off(request),
        "was": request.GET.get("was"),
    }
    return render_page(
        request, "circles/place_targets.html", context, partials=["tambons"]
    )


def _undo(request: Request) -> dict[str, str]:
    """Return in the address which tambon was taken off, so that it can be put back."""
    if request.POST.get("act") != "off":
        return {}
    return {"off": request.POST.get("place", ""), "was": request.POST.get("was", "")}


def _taken_off(request: Request) -> Place | None:
    off = request.GET.get("off", "")
    if not (off.isascii() and off.isdigit() and len(off) < 16):
        return None
    places = Place.objects.allowed(request.user, Permission.MANAGE_PLACE)
    return places.tambons().open().filter(stage=Stage.NONE, pk=int(off)).first()


# What a button says, and what becomes of the tambon.
_STAGES: dict[str, tuple[str, Any]] = {
    "target": (Stage.TARGET, lambda: _("%(name)s is a target tambon now.")),
    "next": (Stage.NEXT, lambda: _("%(name)s is preparing to join now.")),
    "off": (Stage.NONE, lambda: _("%(name)s is not in the project any more.")),
}


def _staged(request: Request, form: TargetForm, *, picks: bool) -> str:
    """Do what the button says; return it in words, "" if something was refused."""
    stage, words = _STAGES.get(request.POST.get("act", ""), _STAGES["target"])
    if picks:
        tambon = form.cleaned_data["tambon"] if form.is_valid() else None
        reach = Permission.MANAGE_PLACE
        if tambon and not covers_place(request.user, reach, tambon.code):
            message = _("%(name)s is not among the places that you look after.")
            params = {"name": tambon.whole_label}
            form.add_error("tambon", ValidationError(message, "not_yours", params))
            return ""
    else:
        number = request.POST["place"]
        is_number = number.isascii() and number.isdigit() and len(number) < 16
        found = int(number) if is_number else 0
        places = Place.objects.allowed(request.user, Permission.MANAGE_PLACE)
        tambon = get_object_or_404(places.select_related("parent__parent"), pk=found)
    if tambon is None:
        return ""
    try:
        set_stage(tambon, stage, request.user)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return ""
    return str(words() % {"name": tambon.whole_label})
