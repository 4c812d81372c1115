"""The tables about places, agencies and posts as plain records."""

from __future__ import annotations

from dataclasses import dataclass, field

from kmcity.demo.reading import table


@dataclass(frozen=True)
class AgencyRow:
    name: str
    short_name: str  # what pages show, and what other tables call it
    kind: str
    seat: str  # a place's code; empty: of the whole province


@dataclass(frozen=True)
class FormerNameRow:
    agency: str
    name: str
    short_name: str
    until: str  # a date as it is typed


@dataclass(frozen=True)
class AreaRow:
    agency: str
    whole: str  # codes
    in_part: str


@dataclass(frozen=True)
class YearRow:
    """All villages of a tambon in one fiscal year, counted from this one."""

    tambon: str
    year: int
    cohort: int
    lead: str
    note: str = ""


@dataclass(frozen=True)
class PostRow:
    """A post that ends on 30 September, with its rights beside those of an account."""

    person: str
    follows: str  # of Succession.Kind; empty: nobody has said so yet
    rights: list[tuple[str, str]] = field(default_factory=list)
    by: str = ""  # who follows
    note: str = ""


@dataclass(frozen=True)
class NoteRow:
    circle: str
    author: str
    ago: int
    text: str


def read_agencies() -> list[AgencyRow]:
    return [AgencyRow(*row) for row in table("agencies")["agencies"]]


def read_former_names() -> list[FormerNameRow]:
    return [FormerNameRow(*row) for row in table("agencies")["former"]]


def read_areas() -> list[AreaRow]:
    return [AreaRow(*row) for row in table("agencies")["areas"]]


def read_communities() -> list[tuple[str, str]]:
    """Return code and name of each municipal ชุมชน."""
    return [(code, name) for code, name in table("land")["communities"]]


def read_landscapes() -> dict[str, str]:
    found: dict[str, str] = table("land")["landscapes"]
    return found


def read_contacts() -> dict[str, tuple[str, int]]:
    """Return whom to ask and the last digits of the number, by code or agency."""
    contacts = table("land")["contacts"]
    return {key: (name, number) for key, (name, number) in contacts.items()}


def read_years() -> list[YearRow]:
    return [YearRow(**row) for row in table("land")["years"]]


def read_posts() -> list[PostRow]:
    return [PostRow(**row) for row in table("posts")["posts"]]


def read_notes() -> list[NoteRow]:
    return [NoteRow(**row) for row in table("posts")["notes"]]
