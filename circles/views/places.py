"""The pages about places that everybody with a role may read, and a new place."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import FETCH_RAISE
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from circles import thai
from circles.actions.places import add_place, is_archived, levels_below
from circles.forms.place_filters import LEVELS, STATUSES, ParentForm, PlaceFilterForm
from circles.forms.places import NewPlaceForm
from circles.http import Request, render_page
from circles.models import Place, User
from circles.permissions import Permission, covers_place, holds, require
from circles.reports.places import (
    agencies_at,
    circles_in,
    local_governments,
    places_below,
    with_figures,
)

PAGE_SIZE = 25


@require_safe
def place_list(request: Request) -> HttpResponse:
    require(request.user, Permission.VIEW_CIRCLE)
    form = PlaceFilterForm(request.GET)
    places = (
        with_figures(Place.objects.filter(form.condition()))
        .select_related("parent__parent")
        .order_by("code")
        .fetch_mode(FETCH_RAISE)
    )
    page = Paginator(places, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "amphoe": form.chosen_amphoe(),
        "levels": LEVELS,
        "statuses": STATUSES,
        "manages": holds(request.user, Permission.MANAGE_PLACE),
        "editable": editable(request.user, page.object_list),
        "today": timezone.localdate(),
    }
    return render_page(request, "circles/place_list.html", context, partials=["places"])


def editable(user: User, places: Any) -> set[int]:
    """Return the numbers of those of *places* that *user* manages.  No query."""
    needed = Permission.MANAGE_PLACE
    return {one.pk for one in places if covers_place(user, needed, one.code)}


@require_safe
def place_detail(request: Request, place_id: int) -> HttpResponse:
    require(request.user, Permission.VIEW_CIRCLE)
    places = Place.objects.select_related("parent__parent")
    place = get_object_or_404(places, pk=place_id)
    archived = is_archived(place)
    context = {
        "place": place,
        "is_archived": archived,
        "phone": thai.show_phone(place.contact_phone),
        "codes": list(place.old_codes.all()),
        "below": places_below(place) if levels_below(place) else [],
        "may_add": not archived and bool(levels_below(place)),
        "circles": circles_in(place, request.user),
        "governments": local_governments(place),
        "agencies": agencies_at(place),
        "years": place.years.select_related("lead_agency").order_by("-fiscal_year"),
        "may": {
            one.value: covers_place(request.user, one, place.code) for one in Permission
        },
        "today": timezone.localdate(),
    }
    return render(request, "circles/place_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def place_create(request: Request) -> HttpResponse:
    """A place in the one that the address names; without it, ask which."""
    require(request.user, Permission.MANAGE_PLACE)
    asked = ParentForm(request.GET or None, user=request.user)
    if not asked.is_valid():
        if asked.is_out_of_reach:
            raise Http404
        return render(request, "circles/place_create.html", {"asked": asked})
    places = Place.objects.allowed(request.user, Permission.MANAGE_PLACE)
    number = asked.cleaned_data["parent"].pk
    parent = get_object_or_404(places.select_related("parent__parent"), pk=number)
    levels = levels_below(parent)
    form = NewPlaceForm(request.POST or None, parent=parent, levels=levels)
    if form.is_valid() and (made := _added(form, request.user)):
        words = _("%(name)s is added.") % {"name": made.full_label}
        messages.success(request, words)
        return redirect("place-detail", made.pk)
    context = {"form": form, "parent": parent, "levels": levels}
    return render(request, "circles/place_create.html", context)


def _added(form: NewPlaceForm, author: User) -> Place | None:
    """Store what was typed; None if it was refused, which the form then says."""
    try:
        return add_place(form.place(), author)
    except ValidationError as refused:
        field = "moo" if "moo" in form.fields else "code"
        is_about_code = refused.code in {"bad_code", "outside", "code_taken"}
        form.add_error(field if is_about_code else None, refused)
        return None
