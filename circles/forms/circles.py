from __future__ import annotations

import re

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circles import thai
from circles.fields import ThaiTextField
from circles.models import Place


class CircleFilterForm(forms.Form):
    """The query string of the list of circles; what cannot be read filters nothing."""

    q = ThaiTextField(label=_("Search"), required=False, max_length=100)
    place = forms.RegexField(r"^(\d{2}){1,4}$", label=_("Place"), required=False)

    def condition(self) -> Q:
        """Return the filter for circles: every word somewhere, and below the place."""
        self.is_valid()
        found = Q(place__code__startswith=self.cleaned_data.get("place") or "")
        asked = self.cleaned_data.get("q") or ""
        # As typed, or as everybody spells it: names are stored as their circle
        # writes them.
        found &= _all(asked.split()) | _all(thai.search_text(asked).split())
        return found

    def chosen_place(self) -> Place | None:
        """Return the place that the list is narrowed to, if there is one."""
        self.is_valid()
        code = self.cleaned_data.get("place")
        return Place.objects.select_related("parent").filter(code=code).first()


def _all(words: list[str]) -> Q:
    found = Q(pk__isnull=False)
    for word in words:
        found &= _contains(word)
    return found


def _contains(word: str) -> Q:
    """Return the filter for one word as ``search_text`` spells it: "ม.3", "ต.ท่าไร่"."""
    if village := re.fullmatch(r"ม\.(\d{1,2})", word):
        number = f"{int(village[1]):02}"
        return Q(place__level=Place.Level.VILLAGE, place__code__endswith=number)
    bare = re.sub(r"^[ตอจ]\.", "", word)
    return (
        Q(name__icontains=word)
        | Q(topic__icontains=word)
        | Q(place__name_th__icontains=bare)
        | Q(place__name_en__icontains=bare)
        | Q(place__parent__name_th__icontains=bare)
        | Q(place__parent__name_en__icontains=bare)
    )
