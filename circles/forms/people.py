"""The forms about people: found, entered, corrected, merged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles import thai
from circles.fields import ThaiDateField, ThaiTextField
from circles.forms.picking import PickField
from circles.models import Person, User
from circles.models.circles import HAT_CHOICES
from circles.permissions import Role

FILTERS = [
    ("unconfirmed", _("seat to be confirmed")),
    ("twice", _("same name twice")),
    ("account", _("has an account")),
    ("no-circle", _("in no circle")),
]
CONSENT = ("keep_consent", "show_consent")


class PersonFilterForm(forms.Form):
    """The query string of the list.  What makes no sense is left out."""

    q = ThaiTextField(required=False, max_length=100)
    role = forms.ChoiceField(required=False, choices=HAT_CHOICES)
    only = forms.MultipleChoiceField(required=False, choices=FILTERS)

    def asked(self) -> dict[str, Any]:
        self.is_valid()
        given = self.cleaned_data
        return {name: given.get(name) or "" for name in ("q", "role", "only")}


def _name(label: Any, length: int, *, required: bool = False, **more: Any) -> Any:
    widget = forms.TextInput(attrs={"class": "inp", "autocomplete": "off"})
    return ThaiTextField(
        label=label, max_length=length, required=required, widget=widget, **more
    )


class PersonForm(forms.Form):
    """Who somebody is, where they belong, and what they agreed to."""

    title = _name(_("title"), 50)
    first_name = _name(
        _("first name"),
        100,
        required=True,
        error_messages={"required": _("The first name is missing.")},
    )
    last_name = _name(_("last name"), 100)
    called_as = _name(_("called"), 100, help_text=_("What the circle calls them."))
    position = _name(_("position"), 150)
    agency = PickField(
        "agencies",
        required=False,
        label=_("agency"),
        placeholder=_("A part of the name, such as กศน."),
        none_label=_("No agency"),
    )
    village = PickField(
        "villages",
        required=False,
        label=_("village or community"),
        placeholder=_("Such as ม.3 ท่าไร่"),
        none_label=_("Not known"),
    )
    keep_consent = forms.BooleanField(
        required=False, label=_("may be kept in the record")
    )
    show_consent = forms.BooleanField(
        required=False, label=_("may be shown publicly by name")
    )
    consent_how = forms.ChoiceField(
        required=False,
        label=_("how it was said"),
        choices=[("", _("not asked yet")), *Person.Consent.choices],
        widget=forms.RadioSelect,
    )
    consent_on = ThaiDateField(
        required=False,
        label=_("said on"),
        latest=timezone.localdate,
        help_text=_("Left empty it is today."),
    )

    def __init__(
        self, data: QueryDict | None, *, user: User, person: Person | None = None
    ) -> None:
        self.person = person or Person()
        names = list(type(self).base_fields)
        known = {name: getattr(self.person, name, None) for name in names}
        super().__init__(data, initial=known)
        self.fields["agency"].bind(user, self.person.agency)  # type: ignore[attr-defined] # a PickField
        self.fields["village"].bind(user, self.person.village)  # type: ignore[attr-defined] # a PickField

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("title", "first_name", "last_name", "called_as", "position"):
            if name in given:
                given[name] = thai.clean_name(given[name])
        self._clean_consent(given)
        return given

    def _clean_consent(self, given: dict[str, Any]) -> None:
        changed = [n for n in CONSENT if given.get(n) != getattr(self.person, n)]
        how = given.get("consent_how")
        if given.get("show_consent") and "show_consent" in changed and not how:
            words = _("Choose how this person agreed to be shown.")
            self.add_error("consent_how", ValidationError(words, code="no_how"))
        if "consent_on" in given and given["consent_on"] is None and (changed or how):
            given["consent_on"] = timezone.localdate()

    def given(self) -> dict[str, Any]:
        """Return the person's own columns, cleaned."""
        return {name: self.cleaned_data[name] for name in PersonForm.base_fields}


class NewPersonForm(PersonForm):
    """The same, and a first seat: without one, a home or an agency says who looks
    after this person."""

    circle = PickField(
        "circles",
        required=False,
        label=_("circle"),
        placeholder=_("A part of the circle's name or place"),
        none_label=_("No circle yet"),
    )
    role = forms.ChoiceField(
        label=_("hat in this circle"),
        choices=HAT_CHOICES,
        widget=forms.RadioSelect,
        required=False,
        initial=Role.KHUN_KIJ,
    )

    def __init__(self, data: QueryDict | None, *, user: User) -> None:
        super().__init__(data, user=user)
        self.fields["circle"].bind(user)  # type: ignore[attr-defined] # a PickField
        self.initial["role"] = Role.KHUN_KIJ

    def clean_role(self) -> str:
        return str(self.cleaned_data["role"] or Role.KHUN_KIJ)


class OtherPersonForm(forms.Form):
    """Whom somebody may be the same as."""

    other = PickField(
        "people",
        label=_("The other row of the same person"),
        placeholder=_("A part of the name"),
        error_messages={"required": _("Type a part of the name, then choose.")},
    )

    def __init__(self, data: QueryDict | None, *, user: User) -> None:
        super().__init__(data)
        self.fields["other"].bind(user)  # type: ignore[attr-defined] # a PickField


class NumbersForm(forms.Form):
    """Numbers of people that a page sends back: whom it has shown, who stays."""

    alike = forms.CharField(required=False, max_length=400)
    stays = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def shown(self) -> set[int]:
        self.is_valid()
        typed = str(self.cleaned_data.get("alike") or "").split(",")
        return {int(one) for one in typed if one.isascii() and one.isdigit()}

    def chosen(self) -> int | None:
        self.is_valid()
        return self.cleaned_data.get("stays")
