from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.fields import ThaiDateField, ThaiTextField
from circles.models import DreamVersion

LONGEST_DREAM = 1000


class DreamForm(forms.Form):
    """A circle's shared dream in its own words, being drafted or agreed."""

    text = ThaiTextField(
        label=_("The shared dream, in the circle's own words"),
        max_length=LONGEST_DREAM,
        widget=forms.Textarea(attrs={"class": "inp", "rows": 4}),
        error_messages={"required": _("Write the dream in a sentence or two.")},
    )
    gate = forms.ChoiceField(
        label=_("How far is it?"),
        choices=DreamVersion.Gate.choices,
        initial=DreamVersion.Gate.DRAFTING,
        error_messages={"invalid_choice": _("Choose one: being drafted, or agreed.")},
    )
    agreed_on = ThaiDateField(
        label=_("On which day did the circle agree?"),
        required=False,
        latest=timezone.localdate,
    )
    agreed_by = ThaiTextField(
        label=_("Who agreed?"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "inp"}),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("gate") == DreamVersion.Gate.AGREED:
            if "agreed_on" in said and said["agreed_on"] is None:
                ask = _("An agreed dream has a day on which the circle agreed.")
                self.add_error("agreed_on", forms.ValidationError(ask, code="no_day"))
        elif "gate" in said:
            # Nobody has agreed on what is still being drafted.
            said |= {"agreed_on": None, "agreed_by": ""}
        return said
