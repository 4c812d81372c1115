"""What was changed in a stored session, in words.  Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circles import thai
from circles.models import (
    Indicator,
    LearningSession,
    Lesson,
    Person,
    Problem,
    Promise,
    PromiseReview,
    Revision,
    SupportRequest,
)

LABELS = {
    "present": gettext_lazy("Who came"),
    "newcomers": gettext_lazy("Newcomers"),
    "lessons": gettext_lazy("What was learned"),
    "problems": gettext_lazy("Problems and solutions"),
    "promises": gettext_lazy("What was agreed, and who does it"),
    "requests": gettext_lazy("Matters for a Khun Ua"),
    "reviews": gettext_lazy("Last time's promises"),
    "readings": gettext_lazy("Figures"),
    "merged_into": gettext_lazy("merged into"),
    "merged_from": gettext_lazy("merged with"),
}


@dataclass(frozen=True)
class Change:
    """One field that was changed: what stood there, and what stands there since."""

    label: str
    old: list[str]
    new: list[str]


@dataclass(frozen=True)
class Entry:
    revision: Revision
    changes: list[Change]


def revisions_of(session: LearningSession) -> QuerySet[Revision]:
    """Return every change to *session*, latest first, with who made it: one query."""
    people = session.revisions.select_related("author__person", "confirmed_by__person")
    return people.order_by("-created_at", "-pk")


def history(session: LearningSession) -> list[Entry]:
    """Return every change to *session* in words, latest first.

    At most one query more for people, promises, figures and other records each:
    names are looked up today and stored nowhere, so that erasing a person works.
    """
    revisions = list(revisions_of(session))
    described = describe(revision.changes for revision in revisions)
    return [Entry(*one) for one in zip(revisions, described, strict=True)]


def describe(several: Iterable[Mapping[str, Any]]) -> list[list[Change]]:
    """Return each of *several* ``Revision.changes`` in words."""
    everything = [
        {name: pair for name, pair in changes.items() if not name.startswith("_")}
        for changes in several
    ]
    words = _Words(everything)
    return [
        [
            Change(_label(name), words.say(name, pair[0]), words.say(name, pair[1]))
            for name, pair in changes.items()
        ]
        for changes in everything
    ]


def _label(name: str) -> str:
    if name in LABELS:
        return str(LABELS[name])
    try:
        field = LearningSession._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    return str(getattr(field, "verbose_name", name))


# Where ids stand: in a list of ids or pairs by its field, in a row by its column.
_IDS: dict[str, type[Model]] = {
    "present": Person,
    "teller_id": Person,
    "owner_id": Person,
    "reviews": Promise,
    "readings": Indicator,
    "merged_into": LearningSession,
    "merged_from": LearningSession,
}


class _Words:
    """Says stored values; whatever they point to is fetched once."""

    def __init__(self, everything: list[dict[str, Any]]) -> None:
        wanted: dict[type[Model], set[int]] = {}
        for changes in everything:
            for name, pair in changes.items():
                for value in pair:
                    for model, pk in _ids(name, value):
                        wanted.setdefault(model, set()).add(pk)
        self.found: dict[type[Model], dict[int, Any]] = {
            model: model._default_manager.in_bulk(pks) for model, pks in wanted.items()
        }

    def say(self, name: str, value: Any) -> list[str]:
        if value in (None, "", []):
            return []
        if isinstance(value, list):
            return [self._item(name, one) for one in value]
        match name:
            case "held_on" | "next_on":
                return [thai.thai_weekday_date(date.fromisoformat(value))]
            case "starts" | "ends":
                return [thai.thai_time(time.fromisoformat(value))]
            case "state":
                return [str(LearningSession.State(value).label)]
            case "merged_into" | "merged_from":
                return [self._session(value)]
        if isinstance(value, bool):
            return [_("yes") if value else _("no")]
        return [str(value)]

    def _item(self, name: str, one: Any) -> str:
        match name:
            case "present":
                return self._person(one)
            case "reviews":
                promise, state = one
                label = PromiseReview.State(state).label
                return f"{self._promise(promise)}: {label}"
            case "readings":
                indicator, value = one
                found = self.found[Indicator].get(indicator)
                return f"{found.name}: {value} {found.unit}" if found else str(value)
            case _ if isinstance(one, dict):
                return self._row(name, one)
        return str(one)

    def _row(self, name: str, row: dict[str, Any]) -> str:
        said = [row.get("text", "")]
        for column in ("solution", "words"):
            if row.get(column):
                model = Problem if column == "solution" else Lesson
                said.append(f"{_field(model, column)}: {row[column]}")
        if row.get("teller_id"):
            said.append(_("told by") + " " + self._person(row["teller_id"]))
        owner = self._person(row["owner_id"]) if row.get("owner_id") else ""
        if owner or row.get("owner_name"):
            said.append(
                f"{_field(Promise, 'owner_name')}: {owner or row['owner_name']}"
            )
        if row.get("topic"):
            said.append(f"{_field(Lesson, 'topic')}: {row['topic']}")
        if row.get("due_on"):
            due = thai.thai_date(date.fromisoformat(row["due_on"]))
            said.append(f"{_field(Promise, 'due_on')}: {due}")
        if row.get("kind"):
            said.append(str(SupportRequest.Kind(row["kind"]).label))
        if row.get("may_show"):
            said.append(_("other circles may read it"))
        return "\n".join(said)

    def _person(self, pk: int) -> str:
        person = self.found[Person].get(pk)
        return person.short_name if person else _("somebody no longer in the record")

    def _promise(self, pk: int) -> str:
        promise = self.found[Promise].get(pk)
        return promise.text if promise else _("a promise that was taken back")

    def _session(self, pk: int) -> str:
        session = self.found[LearningSession].get(pk)
        return _("session %(n)s") % {"n": session.number} if session else ""


def _ids(name: str, value: Any) -> Iterator[tuple[type[Model], int]]:
    """Yield what *value* points to."""
    if name in ("merged_into", "merged_from") and value:
        yield _IDS[name], value
    if not isinstance(value, list):
        return
    for one in value:
        if isinstance(one, dict):
            for column in ("teller_id", "owner_id"):
                if one.get(column):
                    yield _IDS[column], one[column]
        elif name in _IDS:
            yield _IDS[name], one[0] if isinstance(one, list) else one


def _field(model: type[Model], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "verbose_name", name))


def requests_of(session: LearningSession) -> QuerySet[Revision]:
    """Return who asks that *session* be withdrawn and has no answer yet."""
    return open_requests(LearningSession.objects.filter(pk=session.pk))


def open_requests(sessions: QuerySet[LearningSession]) -> QuerySet[Revision]:
    """Return the unanswered requests to withdraw one of *sessions*, oldest first."""
    asked = Revision.objects.filter(
        kind=Revision.Kind.ASKED, confirmed_at=None, session__in=sessions
    ).exclude(session__state=LearningSession.State.WITHDRAWN)
    return asked.select_related(
        "author__person", "session__circle__place__parent"
    ).order_by("created_at", "pk")


def withdrawn_sessions(
    sessions: QuerySet[LearningSession],
) -> QuerySet[LearningSession]:
    """Return which of *sessions* are withdrawn, the last one first, each with
    ``withdrawn_at`` and ``withdrawn_because``."""
    gone = Revision.objects.filter(
        session=OuterRef("pk"),
        changes__state__1=LearningSession.State.WITHDRAWN,
    ).order_by("-version", "-pk")
    return (
        sessions.filter(state=LearningSession.State.WITHDRAWN)
        .select_related("circle__place__parent", "merged_into")
        .annotate(
            withdrawn_at=Subquery(gone.values("created_at")[:1]),
            withdrawn_because=Subquery(gone.values("reason")[:1]),
        )
        .order_by(F("withdrawn_at").desc(nulls_last=True), "-pk")
    )
