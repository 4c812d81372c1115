"""What an administrator chooses to give a right, and to end one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.actions.reaching import FAR_ROLES
from circles.actions.recording import masked
from circles.actions.rights import RightRefused
from circles.actions.rising import ways_in_of
from circles.fields import ThaiDateField, ThaiTextField
from circles.forms.picking import PickField
from circles.forms.sessions import one_line
from circles.models import Person, User
from circles.permissions import (
    Permission,
    Role,
    codes_of,
    is_of_the_province,
    roles_grantable,
)
from circles.thai import fiscal_year, fiscal_year_range

MAX_REASON = 500
LONGEST_AHEAD = timedelta(days=366)
FAR_AHEAD = timedelta(days=3660)
OBJECTS = ("place", "circle", "agency")


def in_a_year() -> date:
    """Return the last day on which a right may begin or somebody may leave."""
    return timezone.localdate() + LONGEST_AHEAD


def _in_ten_years() -> date:
    return timezone.localdate() + FAR_AHEAD


def next_round() -> date:
    """Return the 30 September ahead, the last day of the fiscal year."""
    return fiscal_year_range(fiscal_year(timezone.localdate()))[1]


def _reason(**kwargs: Any) -> ThaiTextField:
    return ThaiTextField(max_length=MAX_REASON, widget=one_line(), **kwargs)


class RightForm(forms.Form):
    """A new right: a role over exactly one place, circle or agency.

    Until when: open, the end of the fiscal year, or another day.
    """

    OPEN, FISCAL, DAY = "open", "fiscal", "day"

    role = forms.ChoiceField(
        label=_("Role"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role.")},
    )
    over = forms.ChoiceField(
        label=_("Over what"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("place", _("a place, with all below it")),
            ("circle", _("one circle")),
            ("agency", _("an agency")),
        ],
    )
    place = PickField("places", required=False, label=_("Over a place"))
    circle = PickField("circles", required=False, label=_("Over one circle"))
    agency = PickField("agencies", required=False, label=_("Over an agency"))
    since = ThaiDateField(label=_("In force from"), latest=in_a_year)
    ends = forms.ChoiceField(
        label=_("In force until"),
        choices=[(OPEN, _("no last day")), (FISCAL, ""), (DAY, _("another day"))],
        widget=forms.RadioSelect,
        required=False,
    )
    until = ThaiDateField(label=_("Last day"), required=False, latest=_in_ten_years)
    is_acting = forms.BooleanField(
        label=_("acts for the office-holder (รักษาราชการแทน)"), required=False
    )
    keeps = forms.MultipleChoiceField(
        label=_("These are surely this person's own"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = _reason(label=_("Order or reason"), required=False)

    def __init__(self, *args: Any, user: User, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ask_for_ways_in(user, person)
        self.round_ends = next_round()
        self.fields["role"].choices = [  # type: ignore[attr-defined] # a choice field
            (one.value, one.label) for one in roles_grantable(user)
        ]
        codes = codes_of(user, Permission.ASSIGN_ROLE)
        if not any(is_of_the_province(code) for code in codes):
            self.fields["place"] = PickField(
                "own-places", required=False, label=_("Over a place")
            )
        for name in OBJECTS:
            self.fields[name].bind(user)  # type: ignore[attr-defined] # pick fields

    def _ask_for_ways_in(self, user: User, person: Person) -> None:
        """List the addresses by which somebody gets in who rises to a role that
        reaches far: whoever gives it looks at them."""
        may_raise = not set(FAR_ROLES).isdisjoint(roles_grantable(user))
        ways = list(ways_in_of(person)) if may_raise else []
        if not ways:
            del self.fields["keeps"]
            return
        self.fields["keeps"].choices = [  # type: ignore[attr-defined] # a choice field
            (one.pk, f"{one.get_channel_display()} {masked(one.address)}")
            for one in ways
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        over = given.get("over")
        # What was chosen below another button does not count.  One that was refused
        # has its own words already.
        asked = [over] if over else OBJECTS
        for hidden in set(OBJECTS) - set(asked):
            self.errors.pop(hidden, None)
        chosen = [one for one in asked if given.get(one) or one in self.errors]
        if len(chosen) != 1:
            message = _("Choose one: a place, a circle or an agency.")
            self.add_error(over or "over", ValidationError(message, code="one_object"))
        elif given.get(chosen[0]):
            given["where"] = given[chosen[0]]
        given["until"] = self._until(given)
        return given

    def _until(self, given: dict[str, Any]) -> date | None:
        ends, day = given.get("ends"), given.get("until")
        if ends == self.FISCAL:
            return self.round_ends
        if ends == self.DAY and day is None and "until" not in self.errors:
            message = _("The last day is missing.")
            self.add_error("until", ValidationError(message, code="required"))
        return day if ends != self.OPEN else None

    def assigned(self) -> dict[str, Any]:
        """Return the arguments of ``assign``, once the form is valid."""
        names = ("where", "since", "until", "is_acting", "reason")
        given = {name: self.cleaned_data[name] for name in names}
        given["keeps"] = [int(one) for one in self.cleaned_data.get("keeps", ())]
        return given | {"role": Role(self.cleaned_data["role"])}

    def explain(self, refused: RightRefused) -> None:
        """Say what the action has refused, beside its field."""
        is_day = refused.code == "order"
        name = "until" if is_day else "role" if refused.code == "object" else None
        self.add_error(name, refused)


class EndForm(forms.Form):
    """The last day of a right, or at once; and why."""

    until = ThaiDateField(label=_("Last day"), latest=_in_ten_years, required=False)
    at_once = forms.BooleanField(
        label=_("at once: the next page they open is closed to them"), required=False
    )
    reason = _reason(
        label=_("Reason (has to be filled in)"),
        error_messages={"required": _("Write why, in a few words.")},
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        is_said = given.get("until") or given.get("at_once") or "until" in self.errors
        if not is_said:
            message = _("The last day is missing.")
            self.add_error("until", ValidationError(message, code="required"))
        return given

    def explain(self, refused: RightRefused) -> None:
        """Say what the action has refused, beside its field."""
        self.add_error("until" if refused.code in {"order", "later"} else None, refused)
