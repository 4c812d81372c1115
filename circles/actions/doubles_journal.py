"""What a merge of two people did, row by row, so that it can be undone exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils import timezone

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
    column, old, new]; ``dropped``: whole rows, each with its ``twin``, the row that
    says the same, and the last day that the twin was left with.
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

    def drop(self, row: Model, twin: Model | None = None) -> None:
        """Delete *row*, of which there is another that says the same: *twin*, as it is
        left, if both are for a time."""
        columns = {one.attname: one for one in row._meta.concrete_fields}
        told = {name: _plain(getattr(row, name)) for name in columns}
        entry: dict[str, Any] = {"table": _label(type(row)), "columns": told}
        if twin is not None:
            entry["twin"] = [twin.pk, _plain(_until(twin))]
        self.dropped.append(entry)
        row.delete()

    def numbers(self, model: type[Model]) -> set[int]:
        """Return the numbers of all rows of *model* that were touched."""
        label = _label(model)
        dropped = [one["columns"] for one in self.dropped if one["table"] == label]
        return {
            *self.moves.get(label, ()),
            *(number for table, number, *_rest in self.amended if table == label),
            *(columns["id"] for columns in dropped),
        }

    def put_back(self, kept: Person, gone: Person, tell: Tell) -> None:
        """Undo everything that still stands as it was left; what somebody has changed
        since stays as they left it, and what somebody has ended is not there twice.

        *tell* gets each row as it was before, and whether it had been dropped.  Raises
        IntegrityError if something else is in its place now.
        """
        coming = list(self._dropped_rows())
        back = {(type(row), row.pk) for row in coming}
        for table, number, column, old, new in reversed(self.amended):
            row = _model(table)._default_manager.filter(pk=number).first()
            if row is None or self._is_lost(row, column, old, back):
                continue
            if _plain(getattr(row, column)) == new:
                tell(copy(row), False)
                _set(row, column, old)
        for table, numbers in self.moves.items():
            model = _model(table)
            column = MOVES[model]
            rows: Any = model._default_manager.filter(pk__in=numbers)
            for row in rows.filter(**{column: kept}).order_by("pk"):
                tell(row, False)
            rows.filter(**{column: kept}).update(**{column: gone})
        for row in coming:
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
            row = model(**columns)
            if _parents_are_there(model, columns) and self._still_holds(row):
                yield row

    def _still_holds(self, row: Model) -> bool:
        """Return whether a dropped *row* comes back; as far as its twin still stands,
        for whoever ended the one meant both."""
        table = _label(type(row))
        same = [one for one in self.dropped if one["table"] == table]
        twins: dict[Any, Any] = {one["columns"]["id"]: one.get("twin") for one in same}
        twin = twins[row.pk]
        if twin is None:
            return True
        while twin[0] in twins:  # dropped in its turn
            twin = twins[twin[0]]
        number, left = twin
        manager = type(row)._default_manager
        found = list(manager.filter(pk=number).values_list("until", flat=True))
        if not found:
            return False
        until, own = found[0], _until(row)
        if until is None or _plain(until) == left or (own and own <= until):
            return True
        row.until = until  # type: ignore[attr-defined] # it has a twin, and so an end
        return bool(until >= max(timezone.localdate(), row.since))  # type: ignore[attr-defined] # as above

    def _is_lost(
        self, row: Model, column: str, old: Any, back: set[tuple[type[Model], Any]]
    ) -> bool:
        """Return whether *column* pointed to a dropped row that does not come back."""
        field: Any = next(one for one in row._meta.fields if one.attname == column)
        model = field.related_model
        if model is None or old is None:
            return False
        gone = {
            one["columns"]["id"]
            for one in self.dropped
            if one["table"] == _label(model)
        }
        return old in gone and (model, old) not in back


def _until(row: Model) -> date | None:
    last: date | None = getattr(row, "until", None)
    return last


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
