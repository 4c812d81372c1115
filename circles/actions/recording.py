"""The history of places, people, seats, rights, circles and agencies.

An action takes ``values(row)`` before it writes, and calls ``record`` afterwards, in
the same transaction: what was not written down did not happen.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Model

from circles.models import (
    Agency,
    AgencyName,
    Area,
    Assignment,
    Change,
    Circle,
    CircleOpening,
    ContactPoint,
    Handover,
    Membership,
    Person,
    PersonMerge,
    Place,
    PlaceCode,
    PlaceYear,
    User,
)
from circles.permissions import Role
from circles.thai import clean_phone

# What of each table is written down, in the order in which it is read.
TRACKED: dict[type[Model], tuple[str, ...]] = {
    Place: (
        *("name_th", "name_en", "code", "parent", "stage", "joined_on"),
        "landscape",
        *("latitude", "longitude", "contact_name", "contact_phone", "closed_on"),
    ),
    PlaceCode: ("code", "until"),
    PlaceYear: ("fiscal_year", "cohort", "lead_agency", "note"),
    Agency: (
        *("name", "short_name", "kind", "place", "contact_name", "contact_phone"),
        "closed_on",
    ),
    AgencyName: ("name", "short_name", "until"),
    Area: ("place", "is_part"),
    Person: (
        *("title", "first_name", "last_name", "called_as", "position", "agency"),
        *("village", "keep_consent", "show_consent", "consent_how", "consent_on"),
        "merged_into",
    ),
    ContactPoint: ("channel", "address", "verified_at", "blocked_at"),
    PersonMerge: ("kept", "gone", "undone_at"),
    User: ("username", "is_active"),
    Circle: (
        *("name", "role", "place", "topic", "usual_venue", "usual_start"),
        *("usual_end", "cadence_days"),
    ),
    CircleOpening: ("opened_on", "closed_on"),
    Membership: ("person", "role", "since", "until", "is_confirmed", "is_lead"),
    Assignment: (
        *("person", "role", "place", "circle", "agency", "is_acting"),
        *("since", "until"),
    ),
    Handover: ("person", "last_day", "closes_account", "cancelled_at"),
}
# Never written down in full: the history outlives an erasure.
MASKED = {(ContactPoint, "address"), (User, "username")}
# Under which of the four histories a row's change stands.
ABOUT = ("place", "person", "circle", "agency")


def values(row: Model) -> dict[str, Any]:
    """Return the tracked columns of *row* as JSON: days in ISO, rows as numbers."""
    kind = type(row)
    found = {}
    for name in TRACKED[kind]:
        value = _plain(getattr(row, row._meta.get_field(name).attname))  # type: ignore[union-attr] # columns only
        found[name] = _hidden(str(value)) if (kind, name) in MASKED else value
    return found


def _hidden(text: str) -> str:
    """A user name is often no address, and is readable then; an address of any kind
    is not."""
    return masked(text) if "@" in text or clean_phone(text) else text


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value.normalize()) if isinstance(value, Decimal) else value


def masked(address: str) -> str:
    """Return *address* so that its owner knows it and nobody else can use it:
    "08x-xxx-5678", "s•••@example.org"."""
    if "@" in address:
        name, _at, domain = address.rpartition("@")
        return f"{name[:1]}•••@{domain}"
    if len(address) < 8:
        return "•••"
    return f"{address[:2]}x-xxx-{address[-4:]}"


def record(
    author: User | None,
    row: Model,
    before: dict[str, Any] | None,
    *,
    reason: str = "",
    about: dict[str, Model | None] | None = None,
) -> Change | None:
    """Write down what became of *row* since *before* was taken by ``values``; None
    says that it is new.  Nothing changed writes nothing and returns None.

    Must run in the transaction of the change.  *about* adds histories in which it
    stands, beside those that the row itself names.
    """
    after = values(row)
    old = before or {}
    changes = {
        name: [old.get(name), value]
        for name, value in after.items()
        if old.get(name) != value and (before is not None or _says(value))
    }
    if before is not None and not changes:
        return None
    kind = Change.Kind.CHANGED if before is not None else Change.Kind.MADE
    return write_down(author, row, kind, changes=changes, reason=reason, about=about)


def record_removal(author: User | None, row: Model, *, reason: str = "") -> Change:
    """Write down that *row* goes; call it before the row is deleted."""
    changes = {name: [old, None] for name, old in values(row).items() if _says(old)}
    return write_down(author, row, Change.Kind.REMOVED, changes=changes, reason=reason)


def write_down(
    author: User | None,
    row: Model,
    kind: Change.Kind,
    *,
    changes: dict[str, Any] | None = None,
    reason: str = "",
    about: dict[str, Model | None] | None = None,
) -> Change:
    """Store one change of *row* as it is; for what no column tells: a telephone
    number looked at, an account signed out everywhere."""
    ids = _about(row) | {f"{k}_id": v.pk for k, v in (about or {}).items() if v}
    return Change.objects.create(
        subject=str(type(row)._meta.model_name),
        subject_id=row.pk,
        kind=kind,
        author=author,
        author_role=administrator_role(author),
        reason=reason,
        changes=changes or {},
        **ids,
    )


def _about(row: Model) -> dict[str, Any]:
    own = type(row)._meta.model_name
    found = {f"{name}_id": getattr(row, f"{name}_id", None) for name in ABOUT}
    if own in ABOUT:
        found = dict.fromkeys(found) | {f"{own}_id": row.pk}
    if isinstance(row, PersonMerge):
        found["person_id"] = row.kept_id
    return found


def _says(value: Any) -> bool:
    return value not in (None, "", False)


def administrator_role(author: User | None) -> str:
    """Return the role under which *author* administers today, "" for nobody's."""
    if author is None:
        return ""
    held = {one.role for one in author.current_assignments}
    for role in (Role.PROVINCE_ADMIN, Role.TAMBON_ADMIN):
        if role in held:
            return role.value
    return Role.PROVINCE_ADMIN.value if author.is_superuser else next(iter(held), "")
