"""What a list of places is narrowed to, and where a new place shall lie."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.fields import ThaiTextField
from circles.forms.picking import PickField
from circles.models import Place, User
from circles.models.finding import each_word

TAMBON, LOCAL, AMPHOE = "tambon", "local", "amphoe"
LEVELS = {
    TAMBON: _("tambons"),
    LOCAL: _("villages and municipal communities"),
    AMPHOE: _("amphoe (districts)"),
}
TARGETS, NEXT, ALL, ARCHIVED = "targets", "next", "all", "archived"
STATUSES = {
    TARGETS: _("target tambons"),
    NEXT: _("preparing to join"),
    ALL: _("all of them"),
    ARCHIVED: _("archived"),
}
_STAGES = {TARGETS: Place.Stage.TARGET, NEXT: Place.Stage.NEXT}


class PlaceFilterForm(forms.Form):
    """The query string of the list of places; what cannot be read filters nothing.

    Without a status the list shows the targets, if some are chosen and nothing else
    is asked.
    """

    q = ThaiTextField(label=_("Search"), required=False, max_length=100)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=list(STATUSES.items())
    )
    level = forms.ChoiceField(
        label=_("What to list"), required=False, choices=list(LEVELS.items())
    )
    amphoe = forms.RegexField(r"^[0-9]{4}\Z", label=_("Amphoe"), required=False)

    @cached_property
    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data

    @property
    def level_now(self) -> str:
        return self.asked.get("level") or TAMBON

    @cached_property
    def status_now(self) -> str:
        """The status that the list shows; one query if none was asked for."""
        if status := self.asked.get("status"):
            return str(status)
        is_plain = not self.asked.get("q") and not self.asked.get("amphoe")
        if is_plain and self.level_now == TAMBON:
            return TARGETS if Place.objects.targets().open().exists() else ALL
        return ALL

    def condition(self) -> Q:
        """Return the filter for places."""
        return (
            each_word(self.asked.get("q") or "", place="")
            & Q(code__startswith=self.asked.get("amphoe") or "")
            & self._of_level()
            & self._of_status()
        )

    def _of_level(self) -> Q:
        local = [Place.Level.VILLAGE, Place.Level.COMMUNITY]
        return Q(level__in=local if self.level_now == LOCAL else [self.level_now])

    def _of_status(self) -> Q:
        today = timezone.localdate()
        if self.status_now == ARCHIVED:
            return Q(closed_on__lte=today)
        found = Q(closed_on=None) | Q(closed_on__gt=today)
        stage = _STAGES.get(self.status_now)
        # A village is asked by its tambon; an amphoe has no stage.
        path = {TAMBON: "stage", LOCAL: "parent__stage"}.get(self.level_now)
        return found & Q((path, stage)) if stage and path else found

    def chosen_amphoe(self) -> Place | None:
        """Return the amphoe that the list is narrowed to, if there is one."""
        code = self.asked.get("amphoe")
        if not code:
            return None
        return Place.objects.filter(code=code, level=Place.Level.AMPHOE).first()


class ParentForm(forms.Form):
    """In which place a new one shall lie: a number in the address, or typed."""

    parent = PickField("parents", label=_("In which place does it lie?"))

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        picked: PickField = self.fields["parent"]  # type: ignore[assignment] # ours
        picked.bind(user)

    @property
    def is_out_of_reach(self) -> bool:
        """Whether a number was given that leads nowhere for this user."""
        return self.has_error("parent", "gone")
