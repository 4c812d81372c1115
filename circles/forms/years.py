"""The forms about the years of villages: which ones, and what is written down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from circles import thai
from circles.actions.years import FIRST_YEAR, last_year, villages
from circles.fields import ThaiTextField
from circles.forms.picking import PickField
from circles.models import Place, User
from circles.models.places import CODE, PlaceQuerySet
from circles.reports.agencies import without_lead

LONGEST_NOTE, LONGEST_SEARCH, MOST_TICKED = 1000, 100, 200
LAST_COHORT = 999
BE_OFFSET_YEARS = 543


class NumberField(forms.IntegerField):
    """A whole number; Thai digits are read too."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "inp num", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> int | None:
        typed = thai.thai_digits_to_arabic(thai.clean_name(str(value or "")))
        # Longer is no number of ours; what is too long is slow to read.
        if len(typed) > 6:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(typed)


class YearFilterForm(forms.Form):
    """Which villages, in which fiscal year: the query string, and what goes with a
    change."""

    year = NumberField(
        label=_("Fiscal year (BE)"),
        required=False,
        error_messages={"invalid": _("Type the fiscal year like 2570.")},
    )
    q = ThaiTextField(label=_("Search"), required=False, max_length=LONGEST_SEARCH)
    place = forms.RegexField(CODE, label=_("Place"), required=False)
    kind = forms.ChoiceField(
        label=_("What to list"),
        required=False,
        choices=[
            ("", _("villages and municipal communities")),
            (Place.Level.VILLAGE, _("villages only")),
            (Place.Level.COMMUNITY, _("municipal communities only")),
        ],
    )
    targets = forms.BooleanField(label=_("only in target tambons"), required=False)
    without = forms.BooleanField(
        label=_("only those without a lead agency"), required=False
    )

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        if year is None:
            return thai.fiscal_year(timezone.localdate())
        if FIRST_YEAR <= year + BE_OFFSET_YEARS <= last_year():
            message = _("%(year)s is a CE year. In BE it is %(be)s.")
            params = {"year": year, "be": year + BE_OFFSET_YEARS}
            raise ValidationError(message, code="ce_year", params=params)
        if not FIRST_YEAR <= year <= last_year():
            message = _("The fiscal year lies between %(first)s and %(last)s.")
            params = {"first": FIRST_YEAR, "last": last_year()}
            raise ValidationError(message, code="bad_year", params=params)
        return int(year)

    @property
    def chosen_year(self) -> int:
        """The year asked for; the current one where that cannot be read."""
        self.is_valid()
        current = thai.fiscal_year(timezone.localdate())
        return int(self.cleaned_data.get("year") or current)

    def places(self) -> PlaceQuerySet:
        """Return the villages and communities that are asked for."""
        self.is_valid()
        asked = self.cleaned_data
        found = villages().matching(asked.get("q") or "")
        if code := asked.get("place"):
            found = found.filter(code__startswith=code)
        if kind := asked.get("kind"):
            found = found.filter(level=kind)
        if asked.get("targets"):
            found = found.filter(parent__stage=Place.Stage.TARGET)
        if asked.get("without"):
            found = found.filter(without_lead(self.chosen_year))
        return found

    def chosen_place(self) -> Place | None:
        """Return the place to which the list is narrowed, if there is one."""
        self.is_valid()
        code = self.cleaned_data.get("place")
        if not code:
            return None
        places = Place.objects.select_related("parent__parent")
        return places.filter(code=code).first()

    def sent_again(self) -> dict[str, str]:
        """Return what a form that changes these villages sends along."""
        self.is_valid()
        asked = {name: self[name].value() or "" for name in ("q", "kind")}
        asked["place"] = self.cleaned_data.get("place", "")
        for name in ("targets", "without"):
            asked[name] = "on" if self.cleaned_data.get(name) else ""
        return {name: str(value) for name, value in asked.items() if value}

    def query(self, **changed: Any) -> str:
        """Return the query string of this filter, with what is *changed*."""
        self.is_valid()
        asked: dict[str, Any] = {"year": self.chosen_year}
        asked |= {name: self.cleaned_data.get(name) for name in ("q", "place", "kind")}
        for name in ("targets", "without"):
            asked[name] = "on" if self.cleaned_data.get(name) else ""
        asked |= changed
        return urlencode({name: value for name, value in asked.items() if value})


class _Numbers(forms.TypedMultipleChoiceField):
    """Numbers of rows.  Which of them may be written is the view's to say."""

    def valid_value(self, value: str) -> bool:
        # Nothing longer is a number of a row; databases refuse what is too great.
        return value.isascii() and value.isdigit() and len(value) < 16


class YearsForm(forms.Form):
    """What is written into the year of many villages; what is left empty stays."""

    SCOPES = (("ticked", _("the ticked ones")), ("all", _("all that fit")))

    villages = _Numbers(
        coerce=int,
        required=False,
        error_messages={
            "invalid_choice": _("A village could not be read. Tick again.")
        },
    )
    scope = forms.ChoiceField(
        choices=SCOPES,
        initial="ticked",
        error_messages={
            "required": _("Choose for which villages."),
            "invalid_choice": _("Choose for which villages."),
        },
    )
    # How many the page said there are; another number is asked about again.
    expected = NumberField(required=False)
    cohort = NumberField(
        label=_("Cohort"),
        required=False,
        min_value=1,
        max_value=LAST_COHORT,
        error_messages={
            "invalid": _("Type the cohort as a number, like 3."),
            "min_value": _("A cohort is a number from 1."),
            "max_value": _("A cohort is at most %(limit_value)s."),
        },
    )
    lead_agency = PickField(
        "agencies",
        label=_("Lead agency"),
        required=False,
        none_label=_("stays as it is"),
        placeholder=_("Type a name or an abbreviation"),
    )
    note = ThaiTextField(
        label=_("Handover note"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"class": "inp", "rows": 3}),
    )
    clear_cohort = forms.BooleanField(label=_("clear the cohort"), required=False)
    clear_lead_agency = forms.BooleanField(
        label=_("clear the lead agency"), required=False
    )
    clear_note = forms.BooleanField(label=_("clear the note"), required=False)

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.fields["lead_agency"].bind(user)  # type: ignore[attr-defined] # a PickField

    def clean_villages(self) -> list[int]:
        ticked: list[int] = self.cleaned_data["villages"]
        if len(ticked) > MOST_TICKED:
            message = _("These are too many ticks. Use “all that fit”.")
            raise ValidationError(message, code="too_many")
        return ticked

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("scope") == "ticked" and not said.get("villages", True):
            message = _("No village is ticked. Tick at least one.")
            self.add_error("villages", ValidationError(message, code="none_ticked"))
        for name, empty in (("cohort", None), ("lead_agency", None), ("note", "")):
            if said.get(f"clear_{name}") and said.get(name) != empty and name in said:
                message = _("Either write something here, or clear it: not both.")
                self.add_error(name, ValidationError(message, code="set_and_clear"))
        if not self.errors and not self.given():
            message = _(
                "Nothing is chosen that would change. Fill in one of the fields."
            )
            self.add_error(None, ValidationError(message, code="nothing"))
        return said

    def given(self) -> dict[str, Any]:
        """Return what is to change: cohort, lead_agency, note; None or "" clears."""
        said, found = self.cleaned_data, {}
        for name, empty in (("cohort", None), ("lead_agency", None), ("note", "")):
            if said.get(f"clear_{name}"):
                found[name] = empty
            elif said.get(name) not in (None, ""):
                found[name] = said[name]
        return found
