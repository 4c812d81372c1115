"""Agencies: found, read, named, asked, archived."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import FETCH_RAISE
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from circles import thai
from circles.actions import agencies as actions
from circles.forms.agencies import (
    AgencyFilterForm,
    AgencyForm,
    ContactForm,
    FormerNameForm,
    RenamingForm,
)
from circles.http import Request, render_page
from circles.models import Agency
from circles.models.agencies import AgencyQuerySet
from circles.permissions import Permission, codes_of, holds, require
from circles.reports.agencies import (
    areas_of,
    by_tambon,
    led_by,
    lies_within,
    with_counts,
)

PAGE_SIZE = 25
# What an administrator may do with an agency, by the word of its page.
DEEDS = {
    "edit": Permission.MANAGE_AGENCY,
    "contact": Permission.EDIT_CONTACT,
    "history": Permission.VIEW_HISTORY,
}


@require_safe
def agency_list(request: Request) -> HttpResponse:
    require(request.user, Permission.VIEW_CIRCLE)
    form = AgencyFilterForm(request.GET)
    found = with_counts(form.agencies()).select_related("place__parent__parent")
    found = found.prefetch_related("names").order_by("name", "pk")
    page = Paginator(found.fetch_mode(FETCH_RAISE), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    codes = codes_of(request.user, Permission.MANAGE_AGENCY)
    context = {
        "form": form,
        "page": page,
        "rows": [
            (one, lies_within(one, codes), actions.is_archived(one)) for one in page
        ],
        "may_add": bool(codes),
    }
    return render_page(request, "circles/agency_list.html", context, partials=["rows"])


@require_safe
def agency_detail(request: Request, agency_id: int) -> HttpResponse:
    readable = Agency.objects.all()
    if not holds(request.user, Permission.VIEW_CIRCLE):
        readable = readable.none()
    agency: Any = get_object_or_404(  # with annotated columns
        with_counts(readable).select_related("place__parent__parent"), pk=agency_id
    )
    led = led_by(agency)
    context = {
        "agency": agency,
        "names": agency.names.all(),
        "areas": by_tambon(areas_of(agency)),
        "led": by_tambon(led),
        "led_count": len(led),
        "year": thai.fiscal_year(timezone.localdate()),
        "may": {
            word: lies_within(agency, codes_of(request.user, needed))
            for word, needed in DEEDS.items()
        },
        "sees_people": bool(codes_of(request.user, Permission.MANAGE_PERSON)),
        "is_archived": actions.is_archived(agency),
        "phone": thai.show_phone(agency.contact_phone),
    }
    return render(request, "circles/agency_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def agency_create(request: Request) -> HttpResponse:
    require(request.user, Permission.MANAGE_AGENCY)
    form = AgencyForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            agency = actions.add_agency(form.given(), request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            words = _("%(name)s is in the list now.") % {"name": agency.name}
            messages.success(request, words)
            return redirect("agency-detail", agency.pk)
    return render(request, "circles/agency_create.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def agency_edit(request: Request, agency_id: int) -> HttpResponse:
    """An agency and its former names: three forms, told apart by their button."""
    agency = _managed(request, agency_id)
    act = request.POST.get("act", "save") if request.method == "POST" else ""
    form = _renaming_form(request, agency, is_sent=act == "save")
    former = FormerNameForm(request.POST if act == "add-name" else None)
    if done := _edited(request, agency, act, form, former):
        messages.success(request, done)
        to = "agency-detail" if act == "save" else "agency-edit"
        return redirect(to, agency.pk)
    context = {
        "agency": agency,
        "form": form,
        "former": former,
        "names": agency.names.all(),
        "is_archived": actions.is_archived(agency),
    }
    return render(request, "circles/agency_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def agency_contact(request: Request, agency_id: int) -> HttpResponse:
    agencies = Agency.objects.allowed(request.user, Permission.EDIT_CONTACT)
    agency = get_object_or_404(agencies.select_related("place__parent"), pk=agency_id)
    is_sent = request.method == "POST"
    # Of two fields that may both stay empty nothing arrives: that is an answer too.
    form = ContactForm(request.POST if is_sent else None, initial=_columns(agency))
    if is_sent and "contact_name" in request.POST and form.is_valid():
        actions.change_contact(agency, form.cleaned_data, request.user)
        messages.success(request, _("Whom to ask is kept."))
        return redirect("agency-detail", agency.pk)
    context = {"agency": agency, "form": form}
    return render(request, "circles/agency_contact.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def agency_archive(request: Request, agency_id: int) -> HttpResponse:
    """Ask before an agency leaves the lists; the same page brings it back."""
    agency = _managed(request, agency_id)
    act = request.POST.get("act", "")
    refusals: list[str] = []
    try:
        if done := _archived(request, agency, act):
            messages.success(request, done)
            return redirect("agency-detail", agency.pk)
    except ValidationError as refused:
        refusals = refused.messages
    is_archived = actions.is_archived(agency)
    if not is_archived:
        refusals = [
            text for one in actions.why_not_archived(agency) for text in one.messages
        ]
    context = {
        "agency": agency,
        "is_archived": is_archived,
        "refusals": refusals,
        "is_refused": bool(act),
    }
    return render(request, "circles/agency_archive.html", context)


def _managed(request: Request, agency_id: int) -> Any:
    """Return the agency with its counts, if it is the administrator's."""
    mine: AgencyQuerySet = Agency.objects.allowed(
        request.user, Permission.MANAGE_AGENCY
    )
    mine = with_counts(mine).select_related("place__parent__parent")
    return get_object_or_404(mine, pk=agency_id)


def _columns(agency: Agency) -> dict[str, Any]:
    names = ("name", "short_name", "kind", "contact_name", "contact_phone")
    return {name: getattr(agency, name) for name in names}


def _renaming_form(request: Request, agency: Agency, *, is_sent: bool) -> RenamingForm:
    return RenamingForm(
        request.POST if is_sent else None,
        user=request.user,
        seat=agency.place,
        initial=_columns(agency) | {"former_until": timezone.localdate()},
    )


def _edited(
    request: Request, agency: Agency, act: str, form: RenamingForm, former: Form
) -> str:
    """Do what the button says; return it in words, "" if there is more to say first."""
    if act.startswith("remove-name-"):
        number = number_in(act)
        actions.remove_former_name(agency, number, request.user)
        return _("The former name is taken away.")
    sent: Form = former if act == "add-name" else form
    if act not in {"save", "add-name"} or not sent.is_valid():
        return ""
    said = sent.cleaned_data
    try:
        if act == "add-name":
            names = (said["former_name"], said["former_short_name"])
            actions.add_former_name(agency, *names, said["until"], request.user)
            return _("The former name is kept; searches find it.")
        actions.change_agency(
            agency,
            form.given(),
            request.user,
            keep_former=said["keep_former"],
            until=said["former_until"],
        )
    except ValidationError as refused:
        sent.add_error(None, refused)
        return ""
    return _("The agency is kept as you wrote it.")


def number_in(act: str) -> int:
    """Return the number at the end of a button's value, 0 if there is none."""
    last = act.rpartition("-")[2]
    # Nothing longer is a number of a row; databases refuse what is too great.
    is_number = last.isascii() and last.isdigit() and len(last) < 16
    return int(last) if is_number else 0


def _archived(request: Request, agency: Agency, act: str) -> str:
    if act == "archive":
        actions.archive_agency(agency, request.user)
        return _("%(name)s is archived. All that it did stays.") % {"name": agency.name}
    if act == "back":
        actions.bring_agency_back(agency, request.user)
        return _("%(name)s is in use again.") % {"name": agency.name}
    return ""
