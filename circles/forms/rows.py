"""The parts of the log form that may be filled several times: one form a row."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from circles import thai
from circles.actions.content import Newcomer
from circles.fields import PlainSelect, ThaiDateField, ThaiTextField
from circles.forms.sessions import NO_SEAT, later, lines, one_line
from circles.models import Lesson, Membership, Problem, Promise, SupportRequest
from circles.models.circles import HAT_CHOICES
from circles.permissions import Role

Seats = list[Membership]
ABSOLUTE_MOST = 100  # rows of one kind that a form may bring


def seat_field(label: Any, nobody: Any) -> forms.TypedChoiceField:
    """Return the choice of somebody with a seat, or of *nobody* in particular."""
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", nobody)],
        widget=PlainSelect(attrs={"class": "inp"}),
        error_messages={"invalid_choice": NO_SEAT},
    )


class RowForm(forms.Form):
    """One row; empty where its ``main`` field is."""

    main = "text"
    model: type[models.Model]
    columns: tuple[str, ...] = ()
    empty_main = _("Write the text, or clear the rest of this row.")

    # The stored row that this one corrects; empty for a new one.
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, seats: Seats, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = seats
        people = [(seat.person_id, seat.name) for seat in seats]
        for name in ("teller", "owner"):
            if name in self.fields:
                field = cast(forms.ChoiceField, self.fields[name])
                choices = cast(list[tuple[Any, Any]], field.choices)
                field.choices = [choices[0], *people]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_used = any(
            cleaned.get(name) for name in self.fields if self._is_chosen(name)
        )
        if is_used and not cleaned.get(self.main) and self.main not in self.errors:
            error = ValidationError(self.empty_main, code="main_missing")
            self.add_error(self.main, error)
        return cleaned

    def row(self) -> Any:
        """Return the unsaved row, with the pk that it corrects; None if empty."""
        cleaned = self.cleaned_data
        if not cleaned.get(self.main):
            return None
        return self.model(
            pk=cleaned["id"], **{one: cleaned[one] for one in self.columns}
        )

    def _is_chosen(self, name: str) -> bool:
        """Whether a value there is somebody's doing, not the page's."""
        field = self.fields[name]
        given = isinstance(field, forms.BooleanField) or field.initial
        return name not in ("id", self.main) and not given


class LessonForm(RowForm):
    model, columns = Lesson, ("text", "words", "topic", "may_show")
    empty_main = _("Write what was learned, or clear the teller and the topic.")

    text = ThaiTextField(
        label=_("What was learned today"), required=False, widget=lines(4)
    )
    teller = seat_field(_("Who told it"), _("Several people told it"))
    topic = ThaiTextField(
        label=_("Topic"), required=False, max_length=100, widget=one_line()
    )
    words = ThaiTextField(
        label=_("In the teller's own words"), required=False, widget=lines(2)
    )
    may_show = forms.BooleanField(
        label=_("The teller agrees that other circles may read it"), required=False
    )

    def row(self) -> Lesson | None:
        lesson: Lesson | None = super().row()
        if lesson:
            lesson.teller_id = self.cleaned_data["teller"]
        return lesson


class ProblemForm(RowForm):
    model, columns = Problem, ("text", "solution")
    empty_main = _("Write the problem, or clear its solution.")

    text = ThaiTextField(label=_("Problem"), required=False, widget=lines(2))
    solution = ThaiTextField(
        label=_("How it was solved"), required=False, widget=lines(2)
    )


class PromiseForm(RowForm):
    model, columns = Promise, ("text", "owner_name", "due_on")
    empty_main = _("Write what will be done, or clear the rest of this row.")

    text = ThaiTextField(label=_("What will be done"), required=False, widget=lines(2))
    owner = seat_field(_("Who does it"), _("the whole circle, or somebody else"))
    owner_name = ThaiTextField(
        label=_("Somebody else: who"),
        required=False,
        max_length=150,
        widget=one_line(),
    )
    due_on = ThaiDateField(label=_("By when"), required=False, latest=later)

    def row(self) -> Promise | None:
        promise: Promise | None = super().row()
        if promise:
            promise.owner_id = self.cleaned_data["owner"]
        return promise


class RequestForm(RowForm):
    model, columns = SupportRequest, ("text", "kind")

    text = ThaiTextField(
        label=_("What a Khun Ua should help with"), required=False, widget=lines(3)
    )
    kind = forms.ChoiceField(
        label=_("Kind of help"),
        required=False,
        choices=[("", _("not said")), *SupportRequest.Kind.choices],
        widget=PlainSelect(attrs={"class": "inp"}),
    )


class NewcomerForm(RowForm):
    main = "name"

    name = ThaiTextField(
        label=_("Name"), required=False, max_length=150, widget=one_line()
    )
    role = forms.ChoiceField(
        label=_("Hat"),
        required=False,
        choices=HAT_CHOICES,
        initial=Role.KHUN_KIJ,
        widget=PlainSelect(attrs={"class": "inp"}),
    )

    def clean_name(self) -> str:
        name: str = thai.clean_name(self.cleaned_data["name"])
        known = {seat.person.short_name for seat in self.seats}
        # With or without a title it is the same name.
        known |= {thai.split_name(seat.person.full_name).bare for seat in self.seats}
        if {name, thai.split_name(name).bare} & known:
            message = _(
                "%(name)s is in the list already: tick that name. Somebody else of "
                "the same name? Add the last name."
            )
            raise ValidationError(message, code="known", params={"name": name})
        return name

    def row(self) -> Newcomer | None:
        cleaned = self.cleaned_data
        role = cleaned.get("role") or Role.KHUN_KIJ
        return Newcomer(cleaned["name"], role) if cleaned.get("name") else None


class Rows(forms.BaseFormSet):
    """The rows of one part: as many as a page may add, more where two records were
    merged."""

    default_error_messages = {
        "too_many_forms": _(
            "These are too many of one kind to send at once."
            " Send some, then add the rest."
        )
    }


def _several(form: type[RowForm], most: int) -> type[forms.BaseFormSet]:
    return forms.formset_factory(
        form, Rows, extra=0, min_num=1, max_num=most, absolute_max=ABSOLUTE_MOST
    )


# By prefix, which is also the name of the part in ``Content``.
ROWS: dict[str, type[forms.BaseFormSet]] = {
    "lessons": _several(LessonForm, 20),
    "newcomers": _several(NewcomerForm, 20),
    "problems": _several(ProblemForm, 10),
    "promises": _several(PromiseForm, 20),
    "requests": _several(RequestForm, 5),
}
