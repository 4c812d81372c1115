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
LONGEST_NAME = 100
YES, NO = "yes", "no"
ANSWERS = [
    ("", _("not asked yet")),
    (YES, _("asked: has agreed")),
    (NO, _("asked: has refused, or took it back")),
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


def _answer(label: Any) -> Any:
    return forms.ChoiceField(
        label=label, choices=ANSWERS, required=False, widget=forms.RadioSelect
    )


class PersonForm(forms.Form):
    """Who somebody is, where they belong, and what they agreed to."""

    title = _name(_("title"), 50)
    first_name = _name(
        _("first name"),
        LONGEST_NAME,
        required=True,
        error_messages={"required": _("The first name is missing.")},
    )
    last_name = _name(_("last name"), LONGEST_NAME)
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
    keep_consent = _answer(_("may be kept in the record"))
    show_consent = _answer(_("may be shown publicly by name"))
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
        known |= _answers_of(self.person)
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
        """Turn the answers into the columns.  Keeping the record rests on a public
        task: whoever was not asked is kept, and shown to nobody."""
        answers = {name: given[name] for name in CONSENT if name in given}
        changed = {n for n, said in answers.items() if said != self.initial[n]}
        given |= {n: s == YES for n, s in answers.items()}
        given["keep_consent"] = answers.get("keep_consent") != NO
        how = given.get("consent_how")
        if not how and any(answers[name] for name in changed):
            words = _("Choose how this person said so.")
            self.add_error("consent_how", ValidationError(words, code="no_how"))
        for name in [name for name in answers if how and not answers[name]]:
            words = _("Choose what this person said, or “not asked yet” below.")
            self.add_error(name, ValidationError(words, code="no_answer"))
        if "consent_on" in given and given["consent_on"] is None and (changed or how):
            given["consent_on"] = timezone.localdate() if how else None

    def given(self) -> dict[str, Any]:
        """Return the person's own columns, cleaned."""
        return {name: self.cleaned_data[name] for name in PersonForm.base_fields}


def _answers_of(person: Person) -> dict[str, str]:
    """Return what *person* has said; the columns of somebody who was not asked hold
    what goes without asking."""
    was_asked = bool(person.consent_how)
    keep = YES if was_asked else ""
    refused = NO if was_asked else ""
    return {
        "keep_consent": keep if person.keep_consent else NO,
        "show_consent": YES if person.show_consent else refused,
    }


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

    def clean(self) -> dict[str, Any]:
        """Take a whole name apart that was typed into the first field."""
        given = super().clean()
        name = thai.split_name(given.get("first_name", ""))
        last = f"{name.last} {given.get('last_name', '')}".strip()
        if name.title and not given.get("title") and len(last) <= LONGEST_NAME:
            title = {"title": name.title, "first_name": name.first}
            given |= title | {"last_name": last}
        return given

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

    def __init__(self, data: QueryDict | None, *, user: User, person: Person) -> None:
        super().__init__(data)
        self.fields["other"].bind(user, exclude=[person.pk])  # type: ignore[attr-defined] # a PickField


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
