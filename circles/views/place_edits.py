"""The pages that change a place.  Its facts are the province's; whom to ask there a
tambon's administrator changes too."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import FETCH_RAISE
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circles.actions import place_codes
from circles.actions.places import (
    archive,
    bring_back,
    change_place,
    is_archived,
    open_below,
    open_circles,
    set_stage,
)
from circles.forms.place_edits import (
    FormerCodeForm,
    PlaceContactForm,
    PlaceForm,
    TargetForm,
)
from circles.http import Request, render_page
from circles.models import Place, User
from circles.permissions import Permission, covers_place, require
from circles.reports.places import kept_of
from circles.views.places import PAGE_SIZE, editable

Stage = Place.Stage


def _place(request: Request, permission: Permission, place_id: int) -> Place:
    places = Place.objects.allowed(request.user, permission)
    return get_object_or_404(places.select_related("parent__parent"), pk=place_id)


def _explain(form: forms.BaseForm, refused: ValidationError, **fields: str) -> None:
    """Say what an action has refused, beside the field that it is about."""
    field = fields.get(refused.code or "", "")
    form.add_error(field if field in form.fields else None, refused)


@require_http_methods(["GET", "HEAD", "POST"])
def place_edit(request: Request, place_id: int) -> HttpResponse:
    place = _place(request, Permission.MANAGE_PLACE, place_id)
    act = request.POST.get("act", "save")
    is_post = request.method == "POST"
    form = PlaceForm(request.POST if is_post and act == "save" else None, place=place)
    former = FormerCodeForm(request.POST if act == "add-code" else None)
    if is_post and (done := _edited(request, place, form, former)):
        messages.success(request, done)
        stays = act != "save"
        return redirect("place-edit" if stays else "place-detail", place.pk)
    context = {
        "place": place,
        "form": form,
        "former": former,
        "codes": list(place.old_codes.all()),
        "is_archived": is_archived(place),
    }
    return render(request, "circles/place_edit.html", context)


def _edited(
    request: Request, place: Place, form: PlaceForm, former: FormerCodeForm
) -> str:
    """Do what the button says; return it in words, "" if something was refused."""
    match request.POST.get("act", "save").partition("-"):
        case "save", _sign, _rest:
            return _saved(form, place, request.user) if form.is_valid() else ""
        case "add", _sign, _rest:
            return _code_added(former, place, request.user) if former.is_valid() else ""
        case "forget", _sign, number if number.isascii() and number.isdigit():
            place_codes.remove_former_code(place, int(number[:15]), request.user)
            return _("The former code is removed.")
    return ""


def _saved(form: PlaceForm, place: Place, author: User) -> str:
    try:
        # The facts and the code, or nothing.
        with transaction.atomic():
            place = change_place(place, form.given(), author)
            code = form.cleaned_data.get("code", place.code)
            place = place_codes.renumber(place, code, author)
    except ValidationError as refused:
        codes = ("bad_code", "no_parent", "not_yours", "archived", "code_taken")
        about = dict.fromkeys((*codes, "moved"), "code")
        _explain(form, refused, half_centre="latitude", **about)
        return ""
    return _("%(name)s is saved.") % {"name": place.full_label}


def _code_added(form: FormerCodeForm, place: Place, author: User) -> str:
    given = form.cleaned_data
    try:
        place_codes.add_former_code(place, given["code"], given["until"], author)
    except ValidationError as refused:
        _explain(form, refused, bad_code="code", current_code="code")
        return ""
    return _("The former code is noted.")


@require_http_methods(["GET", "HEAD", "POST"])
def place_contact(request: Request, place_id: int) -> HttpResponse:
    place = _place(request, Permission.EDIT_CONTACT, place_id)
    form = PlaceContactForm(request.POST or None, place=place)
    if form.is_valid():
        change_place(place, form.cleaned_data, request.user)
        messages.success(request, _("It is saved whom to ask."))
        return redirect("place-detail", place.pk)
    return render(request, "circles/place_contact.html", {"place": place, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def place_targets(request: Request) -> HttpResponse:
    """The tambons of the project; a button each, and one more found by typing."""
    require(request.user, Permission.MANAGE_PLACE)
    picks = request.method == "POST" and "place" not in request.POST
    form = TargetForm(request.POST if picks else None, user=request.user)
    if request.method == "POST" and (done := _staged(request, form, picks=picks)):
        messages.success(request, done)
        return redirect("place-targets")
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
    }
    return render_page(
        request, "circles/place_targets.html", context, partials=["tambons"]
    )


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
        tambon = _place(request, Permission.MANAGE_PLACE, found)
    if tambon is None:
        return ""
    try:
        set_stage(tambon, stage, request.user)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return ""
    return str(words() % {"name": tambon.whole_label})


@require_http_methods(["GET", "HEAD", "POST"])
def place_archive(request: Request, place_id: int) -> HttpResponse:
    """Say what stays; then take the place out of the lists, or bring it back."""
    place = _place(request, Permission.MANAGE_PLACE, place_id)
    refusal = ""
    if request.method == "POST":
        refusal = _archived(request, place)
        if not refusal:
            return redirect("place-detail", place.pk)
    context = {
        "place": place,
        "refusal": refusal,
        "is_archived": is_archived(place),
        "kept": kept_of(place),
        "circles": open_circles(place).count(),
        "places": open_below(place).count(),
    }
    return render(request, "circles/place_archive.html", context)


def _archived(request: Request, place: Place) -> str:
    """Do what the button says; return in words why not."""
    comes_back = request.POST.get("act") == "restore"
    try:
        (bring_back if comes_back else archive)(place, request.user)
    except ValidationError as refused:
        return refused.messages[0]
    words = _("%(name)s is archived.")
    if comes_back:
        words = _("%(name)s is in the lists again.")
    messages.success(request, words % {"name": place.full_label})
    return ""
