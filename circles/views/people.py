"""People: the list, one of them, and the forms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import FETCH_RAISE, Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from circles.actions.people import (
    MOST_ALIKE,
    SameName,
    create_person,
    edit_person,
    people_alike,
)
from circles.actions.reaching import people_within_reach
from circles.actions.seats import LOGGING
from circles.forms.people import (
    FILTERS,
    NewPersonForm,
    NumbersForm,
    PersonFilterForm,
    PersonForm,
)
from circles.http import Request, render_page
from circles.models import Person
from circles.permissions import HATS, Permission, Role, require
from circles.reports.doubles import current_of, merges_of
from circles.reports.handing import standing_of
from circles.reports.nearness import nearest_first
from circles.reports.people import (
    next_steps,
    people_found,
    rights_of,
    rows_of,
    seats_of,
    with_passport,
    with_row,
)

PAGE_SIZE = 25
HOME = ("agency__place__parent__parent", "village__parent__parent")


def found_person(request: Request, person_id: int, rows: Any = None) -> Any:
    """Return that person, of those whom the user looks after, or whose double it is:
    then the old address leads to another page.  Raises Http404."""
    people = Person.objects.all() if rows is None else rows
    people = people.allowed(request.user, Permission.MANAGE_PERSON).known()
    people = people.select_related(*HOME, "user")
    person = people.filter(pk=person_id).first()
    return person or get_object_or_404(people, pk=current_of(person_id))


@require_safe
def person_list(request: Request) -> HttpResponse:
    require(request.user, Permission.MANAGE_PERSON)
    asked = PersonFilterForm(request.GET).asked()
    people = with_row(people_found(request.user, **asked))
    people = nearest_first(people.order_by("sort_key", "pk"), asked["q"])
    people = people.fetch_mode(FETCH_RAISE)
    page = Paginator(people, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "hats": HATS,
        "filters": FILTERS,
        "page": page,
        "rows": rows_of(page.object_list),
    }
    return render_page(
        request, "circles/person_list.html", context, partials=["people"]
    )


@require_safe
def person_detail(request: Request, person_id: int) -> HttpResponse:
    within = people_within_reach(request.user).filter(pk=OuterRef("pk")).order_by()
    people = with_passport(Person.objects.annotate(is_within_reach=Exists(within)))
    person = found_person(request, person_id, people)
    if person.pk != person_id:
        return redirect("person-detail", person.pk)
    seats, rights = list(seats_of(person)), list(rights_of(person))
    contacts = list(person.contact_points.exclude(channel="inbox").order_by("pk"))
    steps = next_steps(person, seats, rights, len(contacts))
    today = timezone.localdate()
    ends = any(one.until and one.until >= today for one in rights)
    context = {
        "person": person,
        "seats": seats,
        "rights": rights,
        "contacts": contacts,
        "merges": list(merges_of(person)),
        "is_own": person.pk == request.user.person_id,
        # Whoever may not take them is not asked to.
        "steps": steps if person.is_within_reach else [],
        # A handover sets the last day of every right that it hands on.
        "standing": standing_of(request.user, person) if ends else [],
    }
    return render(request, "circles/person_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def person_create(request: Request) -> HttpResponse:
    """A name that is known already is shown first, and has to be told apart once."""
    require(request.user, Permission.MANAGE_PERSON)
    is_sent = request.method == "POST"
    is_first = request.GET.get("for") == "facilitator"
    form = NewPersonForm(request.POST if is_sent else None, user=request.user)
    if is_first:
        form.initial["role"] = Role.KHUN_AMNUAY
    context: dict[str, Any] = {"form": form, "is_first": is_first}
    if is_sent and form.is_valid():
        told_apart = NumbersForm(request.POST).shown()
        given = form.cleaned_data
        try:
            person = create_person(
                request.user,
                form.given(),
                circle=given["circle"],
                role=given["role"],
                told_apart=told_apart,
            )
        except SameName as refused:
            form.add_error(None, refused)
            context["alike"] = _alike(request, given)
        except ValidationError as refused:
            form.add_error("circle" if refused.code == "closed" else None, refused)
        else:
            words = _("%(name)s is entered.") % {"name": person.full_name}
            if given["circle"] and given["role"] in LOGGING:
                no_right = _("The right to log for the circle is not given yet.")
                words = f"{words} {no_right}"
            messages.success(request, words)
            return redirect("person-detail", person.pk)
    return render(request, "circles/person_create.html", context)


def _alike(request: Request, given: dict[str, Any]) -> list[Person]:
    near = given["village"] or (given["circle"].place if given["circle"] else None)
    names = given["first_name"], given["last_name"]
    return list(people_alike(request.user, *names, near)[:MOST_ALIKE])


@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: Request, person_id: int) -> HttpResponse:
    person = found_person(request, person_id)
    if person.pk != person_id:
        return redirect("person-detail", person.pk)
    is_sent = request.method == "POST"
    form = PersonForm(
        request.POST if is_sent else None, user=request.user, person=person
    )
    if is_sent and form.is_valid():
        may_leave = request.POST.get("act") == "leave"
        try:
            edit_person(request.user, person, form.given(), may_leave=may_leave)
        except Person.DoesNotExist as gone:
            raise Http404 from gone
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("What you changed is stored."))
            return _after_edit(request, person)
    context = {
        "person": person,
        "form": form,
        "moves_away": form.has_error("__all__", "moves_away"),
    }
    return render(request, "circles/person_edit.html", context)


def _after_edit(request: Request, person: Person) -> HttpResponse:
    mine = Person.objects.allowed(request.user, Permission.MANAGE_PERSON)
    if mine.filter(pk=person.pk).exists():
        return redirect("person-detail", person.pk)
    return redirect("person-list")


def within_reach(request: Request, person: Person) -> bool:
    """Return whether the user may touch this person's ways in."""
    return people_within_reach(request.user).filter(pk=person.pk).exists()
