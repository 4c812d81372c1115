"""What is typed to correct, withdraw or hand over a stored session."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from circles.actions.content import CHILDREN
from circles.fields import ThaiTextField
from circles.forms.sessions import one_line
from circles.models import LearningSession

MAX_REASON = 500
MAX_DIGITS = 9


class ReasonForm(forms.Form):
    reason = ThaiTextField(
        label=_("Reason"),
        max_length=MAX_REASON,
        widget=one_line(),
        error_messages={"required": _("Write why, in a few words.")},
    )


class WhyForm(ReasonForm):
    """Beside the log form: why an administrator corrects it; others are not asked."""

    def __init__(self, *args: Any, is_asked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_asked:
            del self.fields["reason"]


class HandoffForm(forms.Form):
    given_to = ThaiTextField(
        label=_("Who will write"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "inp", "list": "names"}),
        error_messages={"required": _("Write the note-taker's name.")},
    )


def version_of(data: QueryDict | None, stored: LearningSession) -> int:
    """Return the version on which *data* was typed: that of *stored* for a form that
    is just opened, 0 where it cannot be read (then both texts are shown)."""
    if data is None:
        return stored.version
    typed = data.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) <= MAX_DIGITS else 0


def go_on_from(data: QueryDict, current: LearningSession) -> None:
    """Change what was typed so that the next press of the button is about *current*:
    its version; a row that somebody else took out meanwhile becomes a new one."""
    data["version"] = str(current.version)
    for prefix in CHILDREN:
        rows = getattr(current, prefix)
        known = {str(pk) for pk in rows.values_list("pk", flat=True)}
        for name in list(data):
            is_id = name.startswith(f"{prefix}-") and name.endswith("-id")
            if is_id and data[name] not in known:
                data[name] = ""
