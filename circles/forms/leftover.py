"""What was typed into the log form, to be copied where it cannot be stored."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict

from circles.forms.rows import ROWS
from circles.forms.sessions import SessionForm

_ROW = re.compile(r"([a-z]+)-[0-9]+-(\w+)", re.ASCII)
# What the page itself fills in, or what is no text: choices by number, ticks.
_NO_TEXT = (forms.ChoiceField, forms.BooleanField, forms.UUIDField)


def typed_texts(data: QueryDict) -> list[tuple[str, str]]:
    """Return the texts among *data*, each with the label of its field, in the order in
    which they were sent.  Asks the database nothing: names are not looked up."""
    found = []
    for name, text in data.items():
        field = _field(name)
        if field is not None and not isinstance(field, _NO_TEXT) and str(text).strip():
            found.append((str(field.label), str(text)))
    return found


def _field(name: str) -> Any:
    if match := _ROW.fullmatch(name):
        prefix, column = match.groups()
        rows = ROWS.get(prefix)
        return rows.form.base_fields.get(column) if rows and column != "id" else None
    return SessionForm.base_fields.get(name)
