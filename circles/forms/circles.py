from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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
        for word in (self.cleaned_data.get("q") or "").split():
            found &= (
                Q(name__icontains=word)
                | Q(topic__icontains=word)
                | Q(place__name_th__icontains=word)
                | Q(place__parent__name_th__icontains=word)
            )
        return found

    def chosen_place(self) -> Place | None:
        """Return the place that the list is narrowed to, if there is one."""
        self.is_valid()
        code = self.cleaned_data.get("place")
        return Place.objects.select_related("parent").filter(code=code).first()
