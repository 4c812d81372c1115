"""What is arranged when somebody leaves, and what works in a circle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from circles import thai
from circles.actions.handing import (
    earliest_last_day,
    open_to_handing,
    rights_to_hand,
)
from circles.actions.handing_seats import Step
from circles.actions.reaching import accounts_within_reach
from circles.actions.rights import RightRefused
from circles.fields import ThaiDateField, ThaiTextField
from circles.forms.picking import PickField
from circles.forms.rights import in_a_year, next_round
from circles.forms.sessions import lines
from circles.models import Assignment, Handover, Person, Succession, User

SAME = "same"
Kind = Succession.Kind


def _picked(label: Any) -> PickField:
    return PickField(
        "successors", required=False, label=label, none_label=_("nobody yet")
    )


class HandoverForm(forms.Form):
    """The last day, and who follows: one successor for all rights, or for each right
    somebody else.

    ``data["act"]`` may be the button "30 September", which only fills the day.
    """

    last_day = ThaiDateField(
        label=_("Last day"),
        latest=in_a_year,
        error_messages={"required": _("The last day is missing.")},
    )
    kind = forms.ChoiceField(
        label=_("Who follows"),
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who follows, or that the post is vacant.")},
    )
    successor = _picked(_("Successor"))
    closes_account = forms.BooleanField(
        label=_("close the account on the day after"), required=False
    )
    note = ThaiTextField(
        label=_("Note on the handover"),
        required=False,
        max_length=1000,
        widget=lines(2),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: User,
        person: Person,
        initial: dict[str, Any],
        instead: Handover | None = None,
    ) -> None:
        if data is not None and data.get("act") == "round":
            data = data.copy()
            data["last_day"] = thai.thai_date(next_round())
        super().__init__(data, initial=initial)
        self.user, self.person, self.instead = user, person, instead
        self.fields["last_day"].earliest = earliest_last_day()  # type: ignore[attr-defined] # ours
        self.day = self._typed_day() or initial["last_day"]
        # Also what begins or ends before that day: another day may be chosen.
        self.rights = list(
            rights_to_hand(user, person, self.day, instead).order_by("pk")
        )
        self.left_alone = self._left_alone()
        self._ask_for_each(user)
        if instead is not None:
            self._begin_as(instead)
        accounts = accounts_within_reach(user).filter(person=person)
        if not accounts.exists():
            del self.fields["closes_account"]

    def _typed_day(self) -> date | None:
        field = self.fields["last_day"]
        try:
            return field.clean(self.data.get("last_day")) if self.is_bound else None
        except ValidationError:
            return None

    def _left_alone(self) -> list[Assignment]:
        rights = Assignment.objects.to_come().filter(person=self.person)
        rights = open_to_handing(rights, self.day, self.instead)
        mine = {one.pk for one in self.rights}
        return [one for one in rights.order_by("pk") if one.pk not in mine]

    def _ask_for_each(self, user: User) -> None:
        choices = [(SAME, _("as above")), *Kind.choices]
        for right in self.rights:
            self.fields[f"kind_{right.pk}"] = forms.ChoiceField(
                label=_("Who follows"),
                choices=choices,
                initial=SAME,
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[f"successor_{right.pk}"] = _picked(_("Successor"))
        for field in self.fields.values():
            if isinstance(field, PickField):
                field.bind(user)

    def _begin_as(self, instead: Handover) -> None:
        """Begin with what *instead* says: once for all rights where it is the same."""
        told_once = {"closes_account": instead.closes_account, "note": instead.note}
        self.initial = {**self.initial, **told_once}
        steps = list(instead.successions.all())
        told = {(one.kind, one.successor_id) for one in steps}
        if len(told) == 1:
            self._begin_with(steps[0], "")
            return
        for one in steps:
            if f"kind_{one.assignment_id}" in self.fields:
                self._begin_with(one, f"_{one.assignment_id}")

    def _begin_with(self, step: Succession, suffix: str) -> None:
        self.initial = {**self.initial, f"kind{suffix}": step.kind}
        field = self.fields[f"successor{suffix}"]
        if step.successor is not None and isinstance(field, PickField):
            field.bind(self.user, step.successor)

    @property
    def each(self) -> Iterator[tuple[Assignment, Any, Any]]:
        """Each right with its own two fields."""
        for right in self.rights:
            yield right, self[f"kind_{right.pk}"], self[f"successor_{right.pk}"]

    @property
    def differs(self) -> bool:
        """Whether something of its own is said about a right: then it is unfolded."""
        return any(kind.value() not in {SAME, None, ""} for _r, kind, _s in self.each)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kinds = [given.get(f"kind_{one.pk}") or SAME for one in self.rights]
        if not self.rights:
            message = _("There is no right to hand over on %(day)s.")
            day = {"day": thai.thai_date(self.day)}
            self.add_error(None, ValidationError(message, code="nothing", params=day))
        elif SAME in kinds:
            self._check("kind", "successor", given)
        for right, kind in zip(self.rights, kinds, strict=True):
            if kind != SAME:
                self._check(f"kind_{right.pk}", f"successor_{right.pk}", given)
        return given

    def _check(self, kind: str, successor: str, given: dict[str, Any]) -> None:
        if {kind, successor} & set(self.errors):
            return
        is_vacant, somebody = given[kind] == Kind.VACANT, given.get(successor)
        if is_vacant and somebody:
            message = _("Either the post is vacant, or somebody follows. Choose one.")
            self.add_error(successor, ValidationError(message, code="vacant"))
        elif not is_vacant and not somebody:
            message = _("Choose the person who follows.")
            self.add_error(successor, ValidationError(message, code="required"))

    def steps(self) -> list[Step]:
        """Return who follows in each right, once the form is valid."""
        return [self._step(right) for right in self.rights]

    def _step(self, right: Assignment) -> Step:
        given, suffix = self.cleaned_data, f"_{right.pk}"
        if (given.get(f"kind{suffix}") or SAME) == SAME:
            suffix = ""
        kind = Kind(given[f"kind{suffix}"])
        return Step(right, kind, given.get(f"successor{suffix}"))

    def explain(self, refused: RightRefused) -> None:
        """Say what the action has refused, beside its field."""
        places = {"same": "successor", "double": "successor", "reach": "successor"}
        places |= {"account": "closes_account", "long_ago": "last_day"}
        name = places.get(refused.code or "")
        self.add_error(name if name in self.fields else None, refused)


class WorkingNoteForm(forms.Form):
    """What works in this circle, one thing a line."""

    text = ThaiTextField(
        label=_("What works here"),
        max_length=2000,
        widget=lines(6),
        error_messages={"required": _("Write at least one line.")},
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        rows = (" ".join(row.split()) for row in text.splitlines())
        return "\n".join(row for row in rows if row)
