"""Two rows that were one person: compared, merged, taken apart again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from circles.actions.doubles import merge_people, undo_merge
from circles.actions.people import MOST_ALIKE, people_alike
from circles.forms.people import NumbersForm, OtherPersonForm
from circles.http import Request
from circles.models import Person, PersonMerge
from circles.permissions import Permission
from circles.reports.doubles import compared, met_twice
from circles.views.people import found_person


@require_http_methods(["GET", "HEAD", "POST"])
def person_merge(request: Request, person_id: int) -> HttpResponse:
    """Choose the other, see both side by side, say which one stays."""
    person = found_person(request, person_id)
    if person.pk != person_id:
        return redirect("person-detail", person.pk)
    sent = request.POST if request.method == "POST" else request.GET
    is_asked = "other" in sent or "other_q" in sent
    form = OtherPersonForm(sent if is_asked else None, user=request.user, person=person)
    other = form.cleaned_data["other"] if form.is_valid() else None
    context: dict[str, Any] = {"person": person, "form": form}
    if other is not None:
        if request.method == "POST" and (done := _merge(request, person, other, form)):
            messages.success(request, _("Both are one person now."))
            return redirect("person-detail", done.kept_id)
        context |= _side_by_side(person, other)
        context["stays"] = NumbersForm(sent).chosen()
    names = person.first_name, person.last_name
    alike = people_alike(request.user, *names, person.village).exclude(pk=person.pk)
    context["alike"] = [] if other else alike[:MOST_ALIKE]
    return render(request, "circles/person_merge.html", context)


def _merge(
    request: Request, person: Person, other: Person, form: OtherPersonForm
) -> PersonMerge | None:
    """Merge the two; None if something has to be said first."""
    stays = NumbersForm(request.POST).chosen()
    if stays not in {person.pk, other.pk}:
        words = _("Choose which of the two stays.")
        form.add_error(None, ValidationError(words, code="no_choice"))
        return None
    kept, gone = (person, other) if stays == person.pk else (other, person)
    try:
        return merge_people(request.user, kept, gone)
    except ValidationError as refused:
        form.add_error(None, refused)
        return None


def _side_by_side(person: Person, other: Person) -> dict[str, Any]:
    both = compared(person.pk, other.pk)
    return {"other": other, "both": both, "met_twice": met_twice(person, other)}


@require_POST
def merge_undo(request: Request, merge_id: int) -> HttpResponse:
    people = Person.objects.allowed(request.user, Permission.MANAGE_PERSON).order_by()
    merges = PersonMerge.objects.filter(kept__in=people.values("pk"))
    merge = get_object_or_404(merges.select_related("kept", "gone"), pk=merge_id)
    try:
        undo_merge(request.user, merge)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        words = _("%(name)s is a person of their own again.")
        messages.success(request, words % {"name": merge.gone.full_name})
    return redirect("person-detail", merge.kept_id)
