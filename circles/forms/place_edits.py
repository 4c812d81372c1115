"""The forms that change a place: its facts and codes, its contact, the targets."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.fields import ThaiDateField
from circles.forms.agencies import PhoneField
from circles.forms.picking import PickField
from circles.forms.places import (
    CodeField,
    DegreesField,
    LineField,
    NamesForm,
    in_a_year,
)
from circles.models import Place, User

LONG_AGO = date(1897, 1, 1)  # tambons and villages were first made in 2440 BE


class PlaceForm(NamesForm):
    """What is known about a place; of a tambon also its stage and landscape."""

    stage = forms.ChoiceField(
        label=_("Status"),
        choices=Place.Stage.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    joined_on = ThaiDateField(
        label=_("Joined the project on"), required=False, latest=in_a_year
    )
    landscape = forms.ChoiceField(
        label=_("Landscape"),
        choices=Place.Landscape.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "Chooses the tambon's picture on the overview. Not chosen, it is a plain"
            " road."
        ),
    )
    latitude = DegreesField(label=_("Latitude"), least=5, most=21, example="8.42000")
    longitude = DegreesField(
        label=_("Longitude"), least=97, most=106, example="100.04000"
    )
    code = CodeField(
        label=_("Code"), error_messages={"required": _("The code is missing.")}
    )

    def __init__(self, data: Any = None, *, place: Place) -> None:
        self.level = place.level
        initial = {name: getattr(place, name) for name in self.base_fields}
        super().__init__(data, initial=initial)
        if place.level != Place.Level.TAMBON:
            del self.fields["stage"], self.fields["landscape"]
        if place.parent_id is None:
            del self.fields["code"]

    def given(self) -> dict[str, Any]:
        """Return the columns that were changed, without the code."""
        changed = [name for name in self.changed_data if name != "code"]
        return {name: self.cleaned_data[name] for name in changed}


class FormerCodeForm(forms.Form):
    """A code by which the place was known once."""

    prefix = "former"

    code = CodeField(
        label=_("Former code"), error_messages={"required": _("The code is missing.")}
    )
    until = ThaiDateField(
        label=_("Used until"),
        required=False,
        earliest=LONG_AGO,
        latest=timezone.localdate,
    )


class PlaceContactForm(forms.Form):
    """Whom to ask in a place, and by which telephone."""

    contact_name = LineField(label=_("Whom to ask"), max_length=150, required=False)
    contact_phone = PhoneField(label=_("Telephone"), required=False)

    def __init__(self, data: Any = None, *, place: Place) -> None:
        columns = ("contact_name", "contact_phone")
        super().__init__(data, initial={one: getattr(place, one) for one in columns})


class TargetForm(forms.Form):
    """A tambon to become a target, or to prepare."""

    tambon = PickField(
        "other-tambons",
        label=_("Tambon"),
        placeholder=_("name or code"),
        error_messages={
            "unknown": _("Nothing fits “%(typed)s”, or it is in the list already."),
        },
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        picked: PickField = self.fields["tambon"]  # type: ignore[assignment] # ours
        picked.bind(user)
