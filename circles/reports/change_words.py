"""The values of a ``Change`` in words: fields by their labels, choices by theirs, days
in the Buddhist era, and whatever is a number of a row by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from circles import thai
from circles.models import Agency, Change, Circle, Person, Place, User

# Columns whose own label says too little outside their form.
LABELS: dict[str, str | Promise] = {
    "agency": gettext_lazy("agency"),
    "circle": gettext_lazy("circle"),
    "gone": gettext_lazy("the double"),
    "is_active": gettext_lazy("the account is open"),
    "kept": gettext_lazy("who stays"),
    "lead_agency": gettext_lazy("lead agency"),
    "merged_into": gettext_lazy("is the same as"),
    "parent": gettext_lazy("lies in"),
    "person": gettext_lazy("person"),
    "place": gettext_lazy("place"),
    "username": gettext_lazy("user name"),
    # What is done with an account (``actions.accounts.write_done``).
    "invited": gettext_lazy("invited by mail"),
    "second_factor": gettext_lazy("second factor"),
    "signed_out": gettext_lazy("signed out everywhere"),
    "slip_printed": gettext_lazy("a card was printed"),
    "ways_in_closed": gettext_lazy("password and other ways in were closed"),
    "village": pgettext_lazy("of a person", "lives in"),
}
# Fetched with what their names read.
_WITH: dict[type[Model], tuple[str, ...]] = {
    Place: ("parent__parent",),
    Person: (),
    Circle: ("place__parent__parent",),
    Agency: ("place",),
    User: ("person",),
}


class Words:
    """Says the values of several changes; whatever they point to is fetched once a
    table, and not at all if it is *known*: it came with the changes."""

    def __init__(self, changes: Iterable[Change], known: Iterable[Model] = ()) -> None:
        self.rows: dict[tuple[type[Model], Any], Model] = {
            (type(row), row.pk): row for row in known
        }
        wanted: dict[type[Model], set[int]] = {}
        for model, pk in _pointed_to(changes):
            if (model, pk) not in self.rows:
                wanted.setdefault(model, set()).add(pk)
        for model, pks in wanted.items():
            rows: models.QuerySet[Any] = model._default_manager.order_by()
            if _WITH.get(model):
                rows = rows.select_related(*_WITH[model])
            for row in rows.filter(pk__in=pks):
                self.rows[model, row.pk] = row

    def say(self, subject: str, name: str, value: Any) -> str:
        """Return *value* of the column *name* in words; "" for nothing."""
        field = field_of(subject, name)
        if isinstance(field, models.Field) and field.choices:
            label = dict(field.flatchoices).get(value)
            return "" if value is None else str(value if label is None else label)
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(field, models.ForeignKey):
            return self.name(field.related_model, value)
        if name.endswith("_phone"):
            return thai.show_phone(str(value))
        return _moment(field, value)

    def name(self, model: Any, pk: Any) -> str:
        """Return how the row is called today; names are stored nowhere else, so that
        erasing somebody needs no rewriting."""
        row = self.rows.get((model, pk))
        match row:
            case None:
                return _("no longer in the record")
            case Place():
                return row.whole_label
            case Person():
                return _named(row)
            case Circle():
                return f"{row.name} {row.where}"
        return str(row)


def _named(person: Person) -> str:
    name, called = person.full_name, person.called_as
    return f"{name} ({called})" if called and called not in name else name


def _moment(field: Any, value: Any) -> str:
    try:
        match field:
            case models.DateTimeField():
                return thai.thai_datetime(datetime.fromisoformat(value))
            case models.DateField():
                return thai.thai_date(date.fromisoformat(value))
            case models.TimeField():
                return thai.thai_time(time.fromisoformat(value))
    except (TypeError, ValueError):
        pass  # written down by another version of the program
    return str(value)


def field_of(subject: str, name: str) -> Any:
    """Return the column of that table, or None for what no column holds."""
    try:
        return apps.get_model("circles", subject)._meta.get_field(name)
    except (LookupError, FieldDoesNotExist):
        return None


def label_of(subject: str, name: str) -> str:
    if name in LABELS:
        return str(LABELS[name])
    return str(getattr(field_of(subject, name), "verbose_name", name))


def pairs_of(change: Change) -> Mapping[str, tuple[Any, Any]]:
    """Return old and new value by column; what is stored otherwise is new alone."""
    found = {}
    for name, pair in change.changes.items():
        is_pair = isinstance(pair, list) and len(pair) == 2
        found[name] = (pair[0], pair[1]) if is_pair else (None, pair)
    return found


def _pointed_to(changes: Iterable[Change]) -> Iterator[tuple[Any, int]]:
    for change in changes:
        for name, pair in pairs_of(change).items():
            field = field_of(change.subject, name)
            if isinstance(field, models.ForeignKey):
                for value in pair:
                    if isinstance(value, int):
                        yield field.related_model, value
