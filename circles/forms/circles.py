from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from circles.fields import ThaiTextField
from circles.models import Place
from circles.models.circles import CircleQuerySet
from circles.models.finding import each_word
from circles.models.places import CODE


class CircleFilterForm(forms.Form):
    """The query string of the list of circles; what cannot be read filters nothing."""

    q = ThaiTextField(label=_("Search"), required=False, max_length=100)
    place = forms.RegexField(CODE, label=_("Place"), required=False)
    state = forms.ChoiceField(
        label=_("Open or closed"),
        required=False,
        choices=[("", _("open today")), ("closed", _("closed")), ("all", _("all"))],
    )

    def of_state(self, circles: CircleQuerySet) -> CircleQuerySet:
        """Keep the circles that were asked for: without a word those open today."""
        match self.chosen_state:
            case "all":
                return circles
            case "closed":
                return circles.closed()
        return circles.open()

    @property
    def chosen_state(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("state") or "")

    def condition(self) -> Q:
        """Return the filter for circles: every word somewhere, and below the place."""
        self.is_valid()
        found = Q(place__code__startswith=self.cleaned_data.get("place") or "")
        asked = self.cleaned_data.get("q") or ""
        return found & each_word(asked, "name", "topic", place="place")

    def chosen_place(self) -> Place | None:
        """Return the place that the list is narrowed to, if there is one."""
        self.is_valid()
        code = self.cleaned_data.get("place")
        return Place.objects.select_related("parent").filter(code=code).first()
