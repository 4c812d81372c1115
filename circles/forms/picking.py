"""One row out of many, found by typing.

A text input and a list of radio buttons below it.  htmx fills the list while
somebody types; without it the form itself comes back with the list, and nothing that
was typed is lost.  One fitting row needs no choice.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from circles.fields import ThaiTextField
from circles.models import User
from circles.reports.choices import Choice, choice, choices, found

MAX_TYPED = 100
NOBODY = "0"  # the radio button for "none"


class Picked(NamedTuple):
    """What arrives: the number of the chosen row, and what stands in the input."""

    chosen: str
    typed: str


class PickWidget(forms.Widget):
    """Draws ``circles/_picker.html``; its field tells it what was found."""

    kind = ""
    options: tuple[Choice, ...] = ()
    now: Choice | None = None
    none_label: Any = ""
    placeholder: Any = ""
    has_more = False
    exclude: tuple[int, ...] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Picked:
        return Picked(str(data.get(name, "")), str(data.get(f"{name}_q", "")))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_q" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_q" if id_ else id_

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        picked = value if isinstance(value, Picked) else Picked("", "")
        chosen = picked.chosen or (str(self.now.pk) if self.now else "")
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "typed": picked.typed[:MAX_TYPED],
            "chosen": chosen,
            "now": self.now,
            "none_label": self.none_label,
            "none_value": NOBODY,
            "placeholder": self.placeholder,
            "options": [one for one in self.options if one != self.now],
            "has_more": self.has_more,
            "url": reverse("options", args=[self.kind]),
            "exclude": ",".join(str(number) for number in self.exclude),
            "described": (attrs or {}).get("aria-describedby", ""),
            "is_bad": "aria-invalid" in (attrs or {}),
        }
        return render_to_string("circles/_picker.html", context)


class PickField(forms.Field):
    """One row of *kind* (see ``reports.choices``); cleans to the row, or None.

    Tell it the user with ``bind()`` before the form is cleaned or shown.  Error codes:
    ``required``, ``unknown`` (nothing fits), ``several`` (with the list below).
    """

    widget = PickWidget
    default_error_messages = {
        "required": _("Nothing is chosen yet. Type a part of the name, then choose."),
        "unknown": _("Nothing fits “%(typed)s”. Type a part of the name."),
        "several": _("Several fit “%(typed)s”. Choose one below."),
        "gone": _("This choice is no longer there. Choose again."),
    }

    def __init__(
        self, kind: str, *, none_label: Any = "", placeholder: Any = "", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.kind = kind
        self.user: User | None = None
        self.row: Any = None
        self.widget.kind = kind
        self.widget.placeholder = placeholder
        if not self.required:
            self.widget.none_label = none_label or _("none")
        self.text = ThaiTextField(required=False, max_length=MAX_TYPED)

    def bind(self, user: User, now: Any = None, exclude: Collection[int] = ()) -> None:
        """Say who chooses, which row it is *now*, as ``choices()`` fetches it, and the
        numbers of rows that are not offered."""
        self.user = user
        self.row = now
        self.widget.exclude = tuple(exclude)
        self.widget.now = choice(now) if now is not None else None

    def clean(self, value: Any) -> Any:
        picked = value if isinstance(value, Picked) else Picked("", "")
        typed = str(self.text.clean(picked.typed)).strip()
        now = str(self.widget.now.pk) if self.widget.now else ""
        # Whatever is ticked before anybody chose does not outweigh what was typed.
        if typed and picked.chosen in {"", now or NOBODY}:
            return self._meant(typed)
        if picked.chosen and picked.chosen == now:
            return self.row
        if picked.chosen in {"", NOBODY}:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        return self._chosen(picked.chosen)

    def _meant(self, typed: str) -> Any:
        options, has_more = self._found(typed)
        self.widget.options, self.widget.has_more = tuple(options), has_more
        if len(options) == 1:
            return choices(self.kind, self._asker()).get(pk=options[0].pk)
        code = "several" if options else "unknown"
        raise ValidationError(
            self.error_messages[code], code=code, params={"typed": typed}
        )

    def _found(self, typed: str) -> tuple[list[Choice], bool]:
        return found(self.kind, self._asker(), typed, self.widget.exclude)

    def _chosen(self, number: str) -> Any:
        # Nothing longer is a number of a row; databases refuse what is too great.
        is_number = number.isascii() and number.isdigit() and len(number) < 16
        rows = choices(self.kind, self._asker()).exclude(pk__in=self.widget.exclude)
        row = rows.filter(pk=int(number)).first() if is_number else None
        if row is None:
            raise ValidationError(self.error_messages["gone"], code="gone")
        # Shown again if another field is refused.
        self.widget.options = (choice(row),)
        return row

    def _asker(self) -> User:
        if self.user is None:
            raise RuntimeError("PickField.bind() was not called")
        return self.user
