"""What a merge of two people did, row by row, so that it can be undone exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from circles.models import (
    Assignment,
    Attendance,
    Change,
    ContactPoint,
    Handover,
    Lesson,
    Membership,
    Person,
    PersonMerge,
    Promise,
    Succession,
    User,
)

# Every column of the database that points to a person is in one of these two; a test
# walks the models and fails when a new one is in neither.
MOVES: dict[type[Model], str] = {
    Change: "person",
    Lesson: "teller",
    Promise: "owner",
    Handover: "person",
    Succession: "successor",
    ContactPoint: "person",
    Assignment: "person",
    Membership: "person",
    Attendance: "person",
}
STAYS: dict[tuple[type[Model], str], str] = {
    (Person, "merged_into"): "a double of the double is one step further away",
    (PersonMerge, "kept"): "tells of an earlier merge",
    (PersonMerge, "gone"): "tells of an earlier merge",
    (User, "person"): "a closed account stays; an open one refuses the merge",
}

Tell = Callable[[Model, bool], None]


class Journal:
    """Writes, and remembers each write as JSON (``PersonMerge.moved``).

    ``moves``: table to numbers of rows that went over; ``amended``: [table, row,
    column, old, new]; ``dropped``: whole rows.
    """

    def __init__(self, told: dict[str, Any] | None = None) -> None:
        told = told or {}
        self.moves: dict[str, list[int]] = told.get("moves", {})
        self.amended: list[list[Any]] = told.get("amended", [])
        self.dropped: list[dict[str, Any]] = told.get("dropped", [])

    def as_json(self) -> dict[str, Any]:
        return {
            "moves": self.moves,
            "amended": self.amended,
            "dropped": self.dropped,
        }

    def move(self, rows: QuerySet, person: Person) -> list[int]:
        """Point *rows* to *person*; return their numbers."""
        model = rows.model
        numbers = sorted(rows.order_by().values_list("pk", flat=True))
        if numbers:
            found = model._default_manager.filter(pk__in=numbers)
            found.update(**{MOVES[model]: person})
            self.moves[_label(model)] = numbers
        return numbers

    def amend(self, row: Model, **given: Any) -> None:
        """Change columns of *row*; what is as it should be is left alone."""
        changed = [name for name in given if getattr(row, name) != given[name]]
        for name in changed:
            field: Any = row._meta.get_field(name)
            old = _plain(getattr(row, field.attname))
            setattr(row, name, given[name])
            new = _plain(getattr(row, field.attname))
            self.amended.append([_label(type(row)), row.pk, field.attname, old, new])
        if changed:
            row.save(update_fields=changed)

    def drop(self, row: Model) -> None:
        """Delete *row*, of which there is another that says the same."""
        columns = {one.attname: one for one in row._meta.concrete_fields}
        told = {name: _plain(getattr(row, name)) for name in columns}
        self.dropped.append({"table": _label(type(row)), "columns": told})
        row.delete()

    def put_back(self, kept: Person, gone: Person, tell: Tell) -> None:
        """Undo everything that still stands as it was left; what somebody has changed
        since stays as they left it.

        *tell* gets each row as it was before, and whether it had been dropped.  Raises
        IntegrityError if something else is in its place now.
        """
        for table, number, column, old, new in reversed(self.amended):
            row = _model(table)._default_manager.filter(pk=number).first()
            if row is not None and _plain(getattr(row, column)) == new:
                tell(copy(row), False)
                _set(row, column, old)
        for table, numbers in self.moves.items():
            model = _model(table)
            column = MOVES[model]
            rows: Any = model._default_manager.filter(pk__in=numbers)
            for row in rows.filter(**{column: kept}).order_by("pk"):
                tell(row, False)
            rows.filter(**{column: kept}).update(**{column: gone})
        for row in self._dropped_rows():
            row.save(force_insert=True)
            tell(row, True)

    def _dropped_rows(self) -> Iterator[Model]:
        for told in self.dropped:
            model = _model(told["table"])
            fields: dict[str, Any] = {
                one.attname: one for one in model._meta.concrete_fields
            }
            columns = {
                name: fields[name].to_python(value)
                for name, value in told["columns"].items()
            }
            if _parents_are_there(model, columns):
                yield model(**columns)


def _set(row: Model, column: str, plain: Any) -> None:
    fields: Any = row._meta.concrete_fields
    field = next(one for one in fields if one.attname == column)
    setattr(row, column, field.to_python(plain))
    row.save(update_fields=[field.name])


def _parents_are_there(model: type[Model], columns: dict[str, Any]) -> bool:
    for field in model._meta.concrete_fields:
        number = columns[field.attname]
        if field.remote_field and number is not None:
            parent: Any = field.remote_field.model
            if not parent._default_manager.filter(pk=number).exists():
                return False
    return True


def _label(model: type[Model]) -> str:
    return str(model._meta.model_name)


def _model(label: str) -> type[Model]:
    model: type[Model] = apps.get_model("circles", label)
    return model


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
