"""The pages that change a place.  Its facts are the province's; whom to ask there a
tambon's administrator changes too."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
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
)
from circles.forms.place_edits import (
    FormerCodeForm,
    PlaceContactForm,
    PlaceForm,
)
from circles.http import Request
from circles.models import Place, User
from circles.permissions import Permission
from circles.reports.places import Move, kept_of, move_of, numbered_circles


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
    is_facts = is_post and act.partition("-")[0] in {"save", "move"}
    form = PlaceForm(request.POST if is_facts else None, place=place)
    former = FormerCodeForm(request.POST if act == "add-code" else None)
    if is_post and (done := _edited(request, place, form, former)):
        messages.success(request, done)
        return redirect("place-detail" if is_facts else "place-edit", place.pk)
    context = {
        "place": place,
        "form": form,
        "move": _asked_move(form, place),
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
        case (("save" | "move"), _sign, agreed):
            return _saved(request, form, place, agreed) if form.is_valid() else ""
        case "add", _sign, _rest:
            return _code_added(former, place, request.user) if former.is_valid() else ""
        case "forget", _sign, number if number.isascii() and number.isdigit():
            place_codes.remove_former_code(place, int(number[:15]), request.user)
            return _("The former code is removed.")
    return ""


def _asked_move(form: PlaceForm, place: Place) -> Move | None:
    """Return what the page asks about: whether the place lies in another one now."""
    errors = form.errors.as_data().get("code", ())
    asked = [one.params or {} for one in errors if one.code == "moves"]
    return move_of(place, asked[0]["code"]) if asked else None


def _saved(request: Request, form: PlaceForm, place: Place, agreed: str) -> str:
    """Store it; into another parent only under the code to which somebody *agreed*."""
    author = request.user
    code = form.cleaned_data.get("code", place.code)
    numbered = numbered_circles(place) if code[-2:] != place.code[-2:] else []
    try:
        # The facts and the code, or nothing.
        with transaction.atomic():
            now = change_place(place, form.given(), author)
            now = place_codes.renumber(now, code, author, may_move=agreed == code)
    except ValidationError as refused:
        codes = ("bad_code", "no_parent", "not_yours", "archived", "code_taken")
        about = dict.fromkeys((*codes, "moved", "moves"), "code")
        _explain(form, refused, half_centre="latitude", **about)
        return ""
    if numbered:
        words = _(
            "Circles still carry the old number in their names: %(names)s. Rename them."
        )
        names = ", ".join(one.name for one in numbered)
        messages.warning(request, words % {"names": names})
    return _("%(name)s is saved.") % {"name": now.full_label}


def _code_added(form: FormerCodeForm, place: Place, author: User) -> str:
    given = form.cleaned_data
    try:
        place_codes.add_former_code(place, given["code"], given["until"], author)
    except ValidationError as refused:
        codes = ("bad_code", "current_code", "code_in_use", "code_known")
        _explain(form, refused, **dict.fromkeys(codes, "code"))
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
