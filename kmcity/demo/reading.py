"""The demo's tables as plain records.

A file a circle, named by its key; days count back from today, and ``next_in`` ahead.
In a list of seats "ลุง ง" is a villager called ลุงตัวอย่าง ง, "ง สกุลใต้" one with a last
name, and a word in Latin letters is somebody of ``people/``.

People are samples and their names say so (ตัวอย่าง): nobody takes the words here for
those of whoever holds the post.  Whoever has ``[people.account]`` signs in under their
key; a right is a role over a place (its code) or over a circle (its key).
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from circles.permissions import HATS

TABLES = Path(__file__).parent / "tables"
CIRCLE_FOLDERS = ["province", "tharai", "mamuang", "bangchak"]
PEOPLE = ["tharai", "mamuang", "bangchak", "mueang", "province"]


@dataclass(frozen=True)
class AccountRow:
    role: str  # in words, for the list of accounts
    place: str
    rights: list[tuple[str, str]]  # role, and a place's code or a circle's key


@dataclass(frozen=True)
class PersonRow:
    key: str
    name: str
    called_as: str = ""
    position: str = ""
    agency: str = ""  # its short name
    village: str = ""
    account: AccountRow | None = None

    @property
    def address(self) -> str:
        # RFC 2606 keeps this domain free of real people.
        return f"{self.key}@sample.example"


@dataclass(frozen=True)
class Stone:
    measure: str
    target: int
    due_in: int | None = None  # days from today


@dataclass(frozen=True)
class Told:
    teller: str  # as in the list of seats; empty: several people
    topic: str
    text: str
    words: str = ""


@dataclass(frozen=True)
class Promised:
    """``answers``: what the sessions after said of it, one word each."""

    owner: str  # as in the list of seats, else a name; empty: the whole circle
    text: str
    answers: str = ""
    due_in: int | None = None  # days from today; else at the next session


@dataclass(frozen=True)
class CalledOff:
    """The meeting agreed on at a session that did not come about."""

    state: str
    ago: int  # the day it should have been
    reason: str
    note: str


@dataclass(frozen=True)
class PhotoRow:
    picture: str  # a function of pictures.py
    caption: str
    may_show: bool


@dataclass(frozen=True)
class SessionRow:
    ago: int
    guests: int = 0
    summary: str = ""
    story: str = ""
    story_may_show: bool = False
    told: list[Told] = field(default_factory=list)
    promised: list[Promised] = field(default_factory=list)
    problems: list[list[str]] = field(default_factory=list)  # problem, solution
    asks: list[list[str]] = field(default_factory=list)  # kind of help, text
    tea: list[str] = field(default_factory=lambda: [""] * 4)  # AAR's four answers
    newcomers: list[str] = field(default_factory=list)
    photos: list[PhotoRow] = field(default_factory=list)
    figure: int | None = None  # of the circle's indicator
    called_off: CalledOff | None = None


@dataclass(frozen=True)
class DreamRow:
    gate: str
    ago: int
    text: str
    agreed_by: str = ""


@dataclass(frozen=True)
class DraftRow:
    """A log form that was begun and not sent."""

    ago: int
    guests: int
    text: str


@dataclass(frozen=True)
class CircleRow:
    key: str
    name: str
    role: str
    place: str
    topic: str
    opened: int | str  # days ago, or a date as it is typed
    seats: list[tuple[str, str]]  # role and person
    stones: list[Stone]
    sessions: list[SessionRow]
    venue: str = ""
    start: str = ""
    end: str = ""
    logged_by: str = ""
    next_in: int | None = None  # days from today
    closed: int | None = None  # days ago
    cadence: int | None = None  # days
    indicator: list[str] = field(default_factory=list)  # name and unit
    dreams: list[DreamRow] = field(default_factory=list)
    draft: DraftRow | None = None


def read_people() -> list[PersonRow]:
    return [
        _person(row) for name in PEOPLE for row in table(f"people/{name}")["people"]
    ]


def _person(row: dict[str, Any]) -> PersonRow:
    account = row.pop("account", None)
    return PersonRow(**row, account=AccountRow(**account) if account else None)


def read_accounts() -> dict[str, AccountRow]:
    """Return the accounts by username, which is the key of their person."""
    return {row.key: row.account for row in read_people() if row.account}


def read_circles() -> list[CircleRow]:
    return [
        _circle(path.stem, table(f"circles/{folder}/{path.stem}"))
        for folder in CIRCLE_FOLDERS
        for path in sorted((TABLES / "circles" / folder).glob("*.toml"))
    ]


def _circle(key: str, row: dict[str, Any]) -> CircleRow:
    draft = row.pop("draft", None)
    return CircleRow(
        key=key,
        seats=[(role.value, one) for role in HATS for one in row.pop(role.value, [])],
        stones=[Stone(*one) for one in row.pop("stones")],
        dreams=[DreamRow(*one) for one in row.pop("dreams", [])],
        sessions=[_session(one) for one in row.pop("sessions", [])],
        draft=DraftRow(**draft) if draft else None,
        **row,
    )


def _session(row: dict[str, Any]) -> SessionRow:
    called_off = row.pop("called_off", None)
    return SessionRow(
        told=[Told(*one) for one in row.pop("told", [])],
        promised=[Promised(*one) for one in row.pop("promised", [])],
        photos=[PhotoRow(*one) for one in row.pop("photos", [])],
        called_off=CalledOff(*called_off) if called_off else None,
        **row,
    )


def read_roads() -> dict[str, list[Stone]]:
    """Return the stones of each place by its code."""
    roads = table("places")["roads"]
    return {row["place"]: [Stone(*stone) for stone in row["stones"]] for row in roads}


def table(name: str) -> dict[str, Any]:
    """Return what is in a file of ``tables/``."""
    with (TABLES / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
