"""One person's rights: given from a day on, ended on another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circles.actions.rights import RightRefused, assign, end_assignment, end_now
from circles.actions.rising import must_be_invited
from circles.forms.rights import EndForm, RightForm
from circles.http import Request
from circles.models import Assignment, Person
from circles.permissions import Permission
from circles.reports.handing import by_time, rights_of, standing_of

NO_ROW = 0


@require_http_methods(["GET", "HEAD", "POST"])
def person_rights(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(people_of(request), pk=person_id)
    is_self = person.pk == request.user.person_id
    gives, ends = request.POST.get("act") == "give", _ends(request)
    form = RightForm(
        request.POST if gives else None,
        user=request.user,
        person=person,
        initial=_first(),
    )
    end_form = _end_form(ends, request.POST if ends else None)
    is_done = not is_self and (
        (gives and _give(request, person, form))
        or (bool(ends) and _end(request, person, ends, end_form))
    )
    if is_done:
        return redirect("person-rights", person.pk)
    context = {"person": person, "is_self": is_self, "form": form}
    context["standing"] = standing_of(request.user, person)
    context |= _rights(request, person, ends, end_form)
    return render(request, "circles/person_rights.html", context)


def people_of(request: Request) -> QuerySet[Person]:
    """Return the people whom this account looks after."""
    people = Person.objects.allowed(request.user, Permission.MANAGE_PERSON)
    return people.select_related("agency", "village__parent", "user")


def _first() -> dict[str, Any]:
    return {"since": timezone.localdate(), "ends": RightForm.OPEN}


def _end_form(number: int, typed: QueryDict | None = None) -> EndForm:
    last = {"until": timezone.localdate()}
    return EndForm(typed, initial=last, prefix=f"end{number}")


def _ends(request: Request) -> int:
    """Return the number of the right that is to end, 0 for none."""
    typed = request.POST.get("end", "")
    # Nothing longer is a number of a row; databases refuse what is too great.
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 16
    return int(typed) if is_number else NO_ROW


def _give(request: Request, person: Person, form: RightForm) -> bool:
    if not form.is_valid():
        return False
    try:
        assign(request.user, person, **form.assigned())
    except RightRefused as refused:
        form.explain(refused)
        return False
    messages.success(request, _("The right is given."))
    say_who_must_be_invited(request, [person])
    return True


def say_who_must_be_invited(request: Request, people: Iterable[Person]) -> None:
    """Say of those who rose that their account waits for an invitation."""
    for one in people:
        if must_be_invited(one):
            text = _(
                "With this right the account of %(name)s opens only by a new"
                " invitation. Invite this person anew."
            )
            messages.warning(request, text % {"name": one.full_name})


def _end(request: Request, person: Person, number: int, form: EndForm) -> bool:
    within = Assignment.objects.allowed(request.user, Permission.ASSIGN_ROLE)
    right = get_object_or_404(within.filter(person=person), pk=number)
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        if given["at_once"]:
            end_now(request.user, right, given["reason"])
        else:
            end_assignment(request.user, right, given["until"], given["reason"])
    except RightRefused as refused:
        form.explain(refused)
        return False
    messages.success(request, _("The right ends as you said."))
    return True


def _rights(
    request: Request, person: Person, ends: int, end_form: EndForm
) -> dict[str, Any]:
    """Return the person's rights by time; who may end one finds its form there."""
    within = Assignment.objects.allowed(request.user, Permission.ASSIGN_ROLE)
    mine = set(within.filter(person=person).values_list("pk", flat=True))
    rights: list[Any] = list(rights_of(person))
    for right in rights:
        if right.pk in mine and person.pk != request.user.person_id:
            right.end_form = end_form if right.pk == ends else _end_form(right.pk)
    return {"rights": by_time(rights, timezone.localdate())}
