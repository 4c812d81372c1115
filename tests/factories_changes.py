"""Changes as actions write them down."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from circles.actions.recording import record, values
from circles.models import Change, User


def changed(row: Model, author: User | None = None, **fields: Any) -> Change:
    """Change *fields* of *row*, store it, and return what was written down."""
    before = values(row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    change = record(author, row, before)
    assert change is not None
    return change


def made(row: Model, author: User | None = None, **told: Any) -> Change:
    """Write down that *row* is new."""
    change = record(author, row, None, **told)
    assert change is not None
    return change
