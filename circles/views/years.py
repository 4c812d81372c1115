"""The years of villages: cohort, lead agency, handover note, many at a time."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from circles.actions.years import (
    FIRST_YEAR,
    copy_last_year,
    editable,
    last_year,
    set_years,
)
from circles.forms.years import YearFilterForm, YearsForm
from circles.http import Request, render_page
from circles.models.places import PlaceQuerySet
from circles.permissions import Permission, holds, require
from circles.reports.agencies import sizes, village_years, with_years

PAGE_SIZE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def cohort_list(request: Request) -> HttpResponse:
    """What each village is in one fiscal year; who looks after it writes, many at a
    time."""
    is_sent = request.method == "POST"
    require(
        request.user, Permission.MANAGE_PLACE if is_sent else Permission.VIEW_CIRCLE
    )
    given = request.POST if is_sent else request.GET
    asked = YearFilterForm(given)
    act = request.POST.get("act", "keep") if is_sent else ""
    form = YearsForm(
        request.POST if act in {"keep", "apply"} else None, user=request.user
    )
    if act and (done := _do(request, act, asked, form)):
        messages.success(request, done)
        query = asked.query(page=request.POST.get("page", "")[:6])
        return redirect(f"{reverse('cohort-list')}?{query}")
    year, places = asked.chosen_year, asked.places()
    found = sizes(places, year, request.user)
    paginator = Paginator(with_years(places, year), PAGE_SIZE)
    paginator.count = found.all
    page = paginator.get_page(given.get("page"))
    context = {
        "asked": asked,
        "form": form,
        "page": page,
        "rows": village_years(page, year, request.user),
        "sizes": found,
        "year": year,
        "last_year": year - 1,
        "next_year": year + 1,
        "place": asked.chosen_place(),
        "may_write": holds(request.user, Permission.MANAGE_PLACE),
        "before": asked.query(year=year - 1) if year > FIRST_YEAR else "",
        "after": asked.query(year=year + 1) if year < last_year() else "",
        "everywhere": asked.query(place=""),
        "ticked": {str(one) for one in form["villages"].value() or ()},
    }
    return render_page(request, "circles/cohort_list.html", context, partials=["rows"])


def _do(request: Request, act: str, asked: YearFilterForm, form: YearsForm) -> str:
    """Do what the button says; return it in words, "" if there is more to say first."""
    # In a year that cannot be read nothing is written, not even in the current one.
    if not asked.is_valid():
        return ""
    if act == "copy":
        return _copy(request, asked)
    if act != "apply" or not form.is_valid():
        return ""
    try:
        places = _chosen(request, asked, form)
        n = set_years(places, asked.chosen_year, form.given(), request.user)
    except ValidationError as refused:
        form.add_error(
            "lead_agency" if refused.code == "lead_archived" else None, refused
        )
        return ""
    if not n:
        return _("It was so already. Nothing has changed.")
    return ngettext("%(n)s village changed.", "%(n)s villages changed.", n) % {"n": n}


def _chosen(request: Request, asked: YearFilterForm, form: YearsForm) -> PlaceQuerySet:
    """Return the places that the form means.  Raises ValidationError where they are
    not what the page had said."""
    said = form.cleaned_data
    if said["scope"] == "all":
        places = editable(asked.places(), request.user)
        n = places.count()
        if said["expected"] != n:
            message = _(
                "%(n)s villages fit now, not as many as the page had said. Look again,"
                " then apply."
            )
            raise ValidationError(message, code="count_changed", params={"n": n})
        return places
    everything = YearFilterForm({"year": str(asked.chosen_year)}).places()
    places = editable(everything, request.user).filter(pk__in=said["villages"])
    if places.count() < len(set(said["villages"])):
        message = _("A ticked village is no longer there. Tick again.")
        raise ValidationError(message, code="gone")
    return places


def _copy(request: Request, asked: YearFilterForm) -> str:
    n, left_out = copy_last_year(asked.places(), asked.chosen_year, request.user)
    said = ngettext(
        "Copied from the year before: %(n)s village.",
        "Copied from the year before: %(n)s villages.",
        n,
    ) % {"n": n}
    if not left_out:
        return said
    words = ngettext(
        "Of %(n)s the lead agency is archived; choose another.",
        "Of %(n)s the lead agencies are archived; choose others.",
        left_out,
    )
    return f"{said} {words % {'n': left_out}}"
