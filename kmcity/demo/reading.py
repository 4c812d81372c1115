"""The demo's tables as plain records; ``tables/*.toml`` say what the columns mean."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from circles.permissions import HATS

TABLES = Path(__file__).parent / "tables"
CIRCLE_TABLES = ["province", "tharai", "mamuang", "bangchak"]


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


@dataclass(frozen=True)
class SessionRow:
    ago: int  # days
    guests: int = 0
    summary: str = ""
    told: list[Told] = field(default_factory=list)


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


def read_agencies() -> list[tuple[str, str]]:
    """Return name and short name of each agency."""
    return [(name, short) for name, short in _table("people")["agencies"]]


def read_people() -> list[PersonRow]:
    return [_person(row) for row in _table("people")["people"]]


def _person(row: dict[str, Any]) -> PersonRow:
    account = row.pop("account", None)
    return PersonRow(**row, account=AccountRow(**account) if account else None)


def read_accounts() -> dict[str, AccountRow]:
    """Return the accounts by username, which is the key of their person."""
    return {row.key: row.account for row in read_people() if row.account}


def read_circles() -> list[CircleRow]:
    return [_circle(row) for name in CIRCLE_TABLES for row in _table(name)["circles"]]


def _circle(row: dict[str, Any]) -> CircleRow:
    seats = [(role.value, one) for role in HATS for one in row.pop(role.value, [])]
    stones = [Stone(*stone) for stone in row.pop("stones")]
    sessions = [_session(one) for one in row.pop("sessions", [])]
    return CircleRow(**row, seats=seats, stones=stones, sessions=sessions)


def _session(row: dict[str, Any]) -> SessionRow:
    told = [Told(*one) for one in row.pop("told", [])]
    return SessionRow(**row, told=told)


def read_roads() -> dict[str, list[Stone]]:
    """Return the stones of each place by its code."""
    roads = _table("places")["roads"]
    return {row["place"]: [Stone(*stone) for stone in row["stones"]] for row in roads}


def _table(name: str) -> dict[str, Any]:
    with (TABLES / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
