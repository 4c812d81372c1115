"""The history of places, people, seats, rights, circles and agencies, in words.
Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from circles.models import Change
from circles.reports.change_words import Words, label_of, pairs_of

ABOUT = ("place", "circle", "agency", "person")
SUBJECT, KIND = Change.Subject, Change.Kind

# What happened, where "added: right" would not say it.
HEADLINES: dict[tuple[str, str], str | Promise] = {
    (SUBJECT.CONTACT, KIND.SEEN): gettext_lazy("looked at a telephone number"),
    (SUBJECT.PERSON, KIND.SEEN): gettext_lazy("looked at a telephone number"),
    (SUBJECT.ACCOUNT, KIND.MADE): gettext_lazy("opened an account"),
    (SUBJECT.ACCOUNT, KIND.DONE): gettext_lazy("did something with an account"),
    (SUBJECT.MERGE, KIND.MADE): gettext_lazy("merged two rows of one person"),
    (SUBJECT.MERGE, KIND.CHANGED): gettext_lazy("took a merge back"),
    (SUBJECT.SEAT, KIND.MADE): gettext_lazy("gave a seat"),
    (SUBJECT.SEAT, KIND.REMOVED): gettext_lazy("took a seat away"),
    (SUBJECT.ASSIGNMENT, KIND.MADE): gettext_lazy("gave a right"),
    (SUBJECT.ASSIGNMENT, KIND.REMOVED): gettext_lazy("took a right away"),
    (SUBJECT.OPENING, KIND.MADE): gettext_lazy("opened the circle"),
    (SUBJECT.HANDOVER, KIND.MADE): gettext_lazy("arranged a handover"),
    (SUBJECT.HANDOVER, KIND.DONE): gettext_lazy("carried a handover out"),
}
OTHERWISE: dict[str, str | Promise] = {
    KIND.MADE: gettext_lazy("added: %(what)s"),
    KIND.CHANGED: gettext_lazy("changed: %(what)s"),
    KIND.REMOVED: gettext_lazy("removed: %(what)s"),
    KIND.SEEN: gettext_lazy("looked at: %(what)s"),
    KIND.DONE: gettext_lazy("done: %(what)s"),
}
# The same by the column that was set or emptied: (subject, column, whether set).
TURNS: dict[tuple[str, str, bool], str | Promise] = {
    (SUBJECT.ACCOUNT, "is_active", True): gettext_lazy("opened an account again"),
    (SUBJECT.ACCOUNT, "is_active", False): gettext_lazy("closed an account"),
    (SUBJECT.SEAT, "is_confirmed", True): gettext_lazy("confirmed a newcomer's seat"),
    (SUBJECT.SEAT, "until", True): gettext_lazy("set the last day of a seat"),
    (SUBJECT.ASSIGNMENT, "until", True): gettext_lazy("set the last day of a right"),
    (SUBJECT.OPENING, "closed_on", True): gettext_lazy("closed the circle"),
    (SUBJECT.OPENING, "closed_on", False): gettext_lazy("opened the circle again"),
    (SUBJECT.HANDOVER, "cancelled_at", True): gettext_lazy("called a handover off"),
    (SUBJECT.PLACE, "closed_on", True): gettext_lazy("archived a place"),
    (SUBJECT.PLACE, "closed_on", False): gettext_lazy("took a place back into use"),
    (SUBJECT.AGENCY, "closed_on", True): gettext_lazy("archived an agency"),
    (SUBJECT.AGENCY, "closed_on", False): gettext_lazy("took an agency back into use"),
}


@dataclass(frozen=True)
class Line:
    """One column: what stood there, and what stands there since; "" is nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class About:
    """One thing in whose history a change stands."""

    kind: str  # of ABOUT
    pk: int
    label: str


@dataclass(frozen=True)
class Entry:
    change: Change
    headline: str
    about: list[About]
    lines: list[Line]
    may_restore: bool


def with_names(changes: QuerySet[Change]) -> QuerySet[Change]:
    """Fetch with each change who made it and what it is about, in the same query."""
    return changes.select_related(
        "author__person",
        "person",
        "place__parent__parent",
        "circle__place__parent__parent",
        "agency__place",
    )


def in_words(
    changes: Sequence[Change], may_restore: Callable[[Change], bool]
) -> list[Entry]:
    """Return *changes*, fetched ``with_names()``, in words: at most one query more for
    places, people, circles and agencies each."""
    words = Words(changes, known=_known(changes))
    return [_entry(change, words, may_restore(change)) for change in changes]


def lines_of(change: Change, words: Words) -> list[Line]:
    subject = change.subject
    return [
        Line(label_of(subject, name), words.say(subject, name, old), new)
        for name, (old, value) in pairs_of(change).items()
        if (new := words.say(subject, name, value)) or old not in (None, "")
    ]


def headline_of(change: Change) -> str:
    """Return what happened: "gave a seat", else "changed: place"."""
    if change.kind == KIND.CHANGED:
        for name, (_old, new) in pairs_of(change).items():
            if turn := TURNS.get((change.subject, name, bool(new))):
                return str(turn)
    if headline := HEADLINES.get((change.subject, change.kind)):
        return str(headline)
    said = OTHERWISE[change.kind]
    return str(said) % {"what": change.get_subject_display()}


def _entry(change: Change, words: Words, may_restore: bool) -> Entry:
    about = [
        About(one, row.pk, words.name(type(row), row.pk))
        for one in ABOUT
        if (row := getattr(change, one))
    ]
    lines = lines_of(change, words)
    return Entry(change, headline_of(change), about, lines, may_restore)


def _known(changes: Sequence[Change]) -> Iterator[Model]:
    for change in changes:
        for row in (change.place, change.person, change.circle, change.agency):
            if row is not None:
                yield row


@dataclass(frozen=True)
class Standing:
    """One column of a change that may be put back."""

    label: str
    now: str
    then: str  # what the change wrote
    old: str  # what stood there before it


def standing(change: Change, present: Mapping[str, Any]) -> list[Standing]:
    """Return for each column of *change* what stands there now, which is *present*,
    what the change wrote, and what stood there before."""
    now = Change(
        subject=change.subject,
        changes={name: [None, present.get(name)] for name in change.changes},
    )
    words, subject = Words([change, now]), change.subject
    return [
        Standing(
            label_of(subject, name),
            words.say(subject, name, present.get(name)),
            words.say(subject, name, new),
            words.say(subject, name, old),
        )
        for name, (old, new) in pairs_of(change).items()
    ]


def narrowed_to(numbers: Mapping[str, int], entries: Sequence[Entry]) -> dict[str, str]:
    """Return by column how each of the *numbers* of the address is called, read from
    the *entries* alone: nothing out of reach is named."""
    found = {}
    for name, number in numbers.items():
        if name == "author":
            made = (one.change.author for one in entries)
            named = [str(user) for user in made if user and user.pk == number]
        else:
            about = (one for entry in entries for one in entry.about)
            named = [one.label for one in about if (one.kind, one.pk) == (name, number)]
        found[name] = named[0] if named else ""
    return found
