"""The forms about agencies: the list's filter, names, whom to ask, villages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles import thai
from circles.actions.areas import Extent
from circles.fields import ThaiDateField, ThaiTextField
from circles.forms.picking import PickField
from circles.models import Agency, Place, User
from circles.models.agencies import AgencyQuerySet

LONGEST_NAME, LONGEST_SHORT_NAME, LONGEST_CONTACT = 200, 50, 150
LONGEST_SEARCH = 100

_LINE = {"class": "inp", "autocomplete": "off"}


class NameField(ThaiTextField):
    """A name on one line; one of blanks, signs or invisible characters is none
    (``no_letter``)."""

    default_error_messages = {
        "no_letter": _("A name has at least one letter that can be seen."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs=dict(_LINE)), **kwargs)

    def clean(self, value: Any) -> str:
        name = thai.clean_name(str(super().clean(value)))
        if name and not any(one.isalnum() for one in name):
            raise ValidationError(self.error_messages["no_letter"], code="no_letter")
        return name


class PhoneField(ThaiTextField):
    """A Thai telephone number, stored as digits, or ""; ``no_phone`` if it is none."""

    default_error_messages = {
        "no_phone": _(
            "This is no telephone number of ours. Type it like 075-356-952 or"
            " 081-234-5678."
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "inp num", "type": "tel", "autocomplete": "off"}
        super().__init__(
            widget=forms.TextInput(attrs=attrs), max_length=LONGEST_SEARCH, **kwargs
        )

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        if not typed.strip():
            return ""
        digits = thai.clean_phone(typed)
        if digits is None:
            raise ValidationError(self.error_messages["no_phone"], code="no_phone")
        return digits

    def prepare_value(self, value: Any) -> Any:
        return thai.show_phone(value) if isinstance(value, str) else value


class AgencyFilterForm(forms.Form):
    """The query string of the list; what cannot be read filters nothing."""

    WHICH = (
        ("", _("in use")),
        ("archived", _("archived")),
        ("all", _("all of them")),
    )

    q = ThaiTextField(label=_("Search"), required=False, max_length=LONGEST_SEARCH)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("every kind")), *Agency.Kind.choices],
        widget=forms.Select(attrs={"class": "inp"}),
    )
    which = forms.ChoiceField(
        label=_("Which ones"),
        required=False,
        choices=WHICH,
        widget=forms.Select(attrs={"class": "inp"}),
    )

    def agencies(self) -> AgencyQuerySet:
        """Return the agencies that the query string asks for."""
        self.is_valid()
        asked = self.cleaned_data
        found = Agency.objects.all()
        if typed := asked.get("q"):
            found = found.matching(typed)
        if kind := asked.get("kind"):
            found = found.filter(kind=kind)
        which = asked.get("which")
        if which == "archived":
            return found.exclude(pk__in=Agency.objects.open().values("pk"))
        return found if which == "all" else found.open()


class ContactForm(forms.Form):
    """Whom to ask at an agency."""

    contact_name = NameField(
        label=_("Whom to ask"), required=False, max_length=LONGEST_CONTACT
    )
    contact_phone = PhoneField(label=_("Telephone"), required=False)


class AgencyForm(ContactForm):
    """An agency as it is now.  Which names and seats may be is the action's to say."""

    name = NameField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("The name is missing.")},
    )
    short_name = NameField(
        label=_("Abbreviation"), required=False, max_length=LONGEST_SHORT_NAME
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Agency.Kind.choices,
        initial=Agency.Kind.STATE,
        error_messages={
            "required": _("Choose a kind."),
            "invalid_choice": _("Choose a kind."),
        },
    )
    place = PickField(
        "places",
        label=_("Seat"),
        required=False,
        none_label=_("of the whole province"),
        placeholder=_("Type a tambon, a village or a code"),
    )
    field_order = ("name", "short_name", "kind", "place")

    def __init__(
        self, data: Any = None, *, user: User, seat: Place | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["place"].bind(user, seat)  # type: ignore[attr-defined] # a PickField

    def given(self) -> dict[str, Any]:
        """Return the agency's columns as typed."""
        names = ("name", "short_name", "kind", "place", *ContactForm.base_fields)
        return {name: self.cleaned_data[name] for name in names}


class RenamingForm(AgencyForm):
    """The same of an agency that is known, and what becomes of the name that goes."""

    keep_former = forms.BooleanField(
        label=_("Keep the old name as a former name, so that people still find it"),
        required=False,
        initial=True,
    )
    former_until = ThaiDateField(
        label=_("The old name was used until"),
        required=False,
        latest=timezone.localdate,
    )


class FormerNameForm(forms.Form):
    """A name that an agency had before."""

    former_name = NameField(
        label=_("Former name"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("The name is missing.")},
    )
    former_short_name = NameField(
        label=_("Abbreviation"), required=False, max_length=LONGEST_SHORT_NAME
    )
    until = ThaiDateField(
        label=_("Used until"), required=False, latest=timezone.localdate
    )


class AreaForm(forms.Form):
    """What a local government gets, whole or in part."""

    extent = forms.ChoiceField(
        label=_("How much of it"),
        choices=[("WHOLE", _("the whole village")), ("PART", _("in part"))],
        initial="WHOLE",
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one.")),
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        for field in self.fields.values():
            if isinstance(field, PickField):
                field.bind(user)

    def clean_extent(self) -> Extent:
        return Extent[self.cleaned_data["extent"]]


class VillageForm(AreaForm):
    """One village."""

    village = PickField(
        "villages",
        label=_("Village or community"),
        placeholder=_("Type a village, a tambon or a code"),
        error_messages={"required": _("Choose a village.")},
    )
    field_order = ("village", "extent")


class TambonForm(AreaForm):
    """All villages of a tambon at once."""

    tambon = PickField(
        "tambons",
        label=_("Tambon"),
        placeholder=_("Type a tambon or a code"),
        error_messages={"required": _("Choose a tambon.")},
    )
    field_order = ("tambon", "extent")

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, user=user)
        extent: Any = self.fields["extent"]
        whole, part = extent.choices
        mixed = ("SHARED_IN_PART", _("whole, and in part where another one is"))
        extent.choices = [whole, mixed, part]
