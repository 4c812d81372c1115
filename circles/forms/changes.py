"""The query string of the history, and the reason for putting something back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circles.fields import PlainSelect, ThaiTextField
from circles.forms.corrections import MAX_REASON
from circles.forms.sessions import one_line
from circles.models import Agency, Change, Circle, Person, Place

BIGGEST = 10**15  # more is no number of a row; databases refuse what is too great
SUBJECTS = [("", _("everything")), *Change.Subject.choices]
NUMBERS = ("place", "person", "circle", "agency", "author")


class ChangeFilterForm(forms.Form):
    """What cannot be read filters nothing."""

    q = ThaiTextField(
        label=_("Whose, or where"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "inp", "type": "search"}),
    )
    subject = forms.ChoiceField(
        label=_("What was changed"),
        required=False,
        choices=SUBJECTS,
        widget=PlainSelect(attrs={"class": "inp"}),
    )
    place = forms.IntegerField(required=False, min_value=1, max_value=BIGGEST)
    person = forms.IntegerField(required=False, min_value=1, max_value=BIGGEST)
    circle = forms.IntegerField(required=False, min_value=1, max_value=BIGGEST)
    agency = forms.IntegerField(required=False, min_value=1, max_value=BIGGEST)
    author = forms.IntegerField(required=False, min_value=1, max_value=BIGGEST)

    def condition(self) -> Q:
        """Return the filter for changes; of a place also what lies below it."""
        asked = self.asked()
        found = Q()
        if number := asked.pop("place", None):
            code = Place.objects.filter(pk=number).values_list("code", flat=True)
            found &= Q(place__code__startswith=code.first() or "-")
        if subject := asked.pop("subject", ""):
            found &= Q(subject=subject)
        if typed := asked.pop("q", ""):
            found &= _about(typed)
        return found & Q(**asked)

    def asked(self) -> dict[str, Any]:
        """Return what was asked for and could be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def numbers(self) -> dict[str, int]:
        """Return the numbers of rows among it: the page's hidden fields."""
        asked = self.asked()
        return {name: asked[name] for name in NUMBERS if name in asked}


def _about(typed: str) -> Q:
    """Return the filter for changes about whatever somebody may mean by *typed*."""
    found = Q()
    for name, model in _FOUND.items():
        rows = model._default_manager.order_by().matching(typed)  # type: ignore[attr-defined] # ours
        found |= Q((f"{name}__in", rows.values("pk")))
    return found


_FOUND = {"place": Place, "person": Person, "circle": Circle, "agency": Agency}


class RestoreForm(forms.Form):
    reason = ThaiTextField(
        label=_("Why, in a few words (may stay empty)"),
        required=False,
        max_length=MAX_REASON,
        widget=one_line(),
    )
