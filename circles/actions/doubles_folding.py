"""What two rows of one person say about the same thing: one of them counts."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from circles.actions.contacts import OFFERED, is_shared
from circles.actions.doubles_journal import MOVES, Journal
from circles.actions.reaching import people_within_reach
from circles.actions.recording import TRACKED, record, record_removal, values
from circles.models import (
    Assignment,
    Attendance,
    ContactPoint,
    Handover,
    Membership,
    Person,
    SeatSuccession,
    Succession,
    User,
)

# What is empty is taken from the double.
FILLED = ("title", "last_name", "called_as", "position", "agency", "village")
CONSENT = ("keep_consent", "show_consent", "consent_how", "consent_on")


def fold(author: User, kept: Person, gone: Person, journal: Journal) -> None:
    """Give *kept* everything of *gone*.  Both are locked, and nothing is refused."""
    writes = _Writes(author, journal)
    # Before anything of *gone* brings *kept* nearer.
    is_within = people_within_reach(author).filter(pk=kept.pk).exists()
    _fold_attendance(kept, gone, journal)
    _fold_seats(writes, kept, gone)
    _fold_rights(writes, kept, gone)
    _fold_handovers(writes, gone)
    staying = _fold_contacts(writes, kept, gone, is_within=is_within)
    for model, column in MOVES.items():
        rows: Any = model._default_manager.filter(**{column: gone})
        writes.move(rows.exclude(pk__in=staying.get(model, ())), kept)
    writes.finish()
    _fold_person(writes, kept, gone)


class _Writes:
    """The journal, and beside it the history that people read."""

    def __init__(self, author: User, journal: Journal) -> None:
        self.author, self.journal = author, journal
        self.later: list[tuple[Model, dict[str, Any]]] = []

    def move(self, rows: QuerySet, kept: Person) -> None:
        told = rows.model in TRACKED
        before = [(row, values(row)) for row in rows.order_by("pk")] if told else []
        self.journal.move(rows, kept)
        for row, was in before:
            row.refresh_from_db()
            record(self.author, row, was)

    def amend(self, row: Model, **given: Any) -> None:
        before = values(row)
        self.journal.amend(row, **given)
        record(self.author, row, before)

    def amend_later(self, row: Model, given: dict[str, Any]) -> None:
        """Change *row* when all have moved: only then its new state is unique."""
        self.later.append((row, given))

    def finish(self) -> None:
        for row, given in self.later:
            if row.pk is not None:  # not dropped since, for a third
                row.refresh_from_db()
                self.amend(row, **given)

    def drop(self, row: Model, twin: Model) -> None:
        record_removal(self.author, row)
        self.journal.drop(row, twin)


def _fold_attendance(kept: Person, gone: Person, journal: Journal) -> None:
    """Of two answers for one session one stays: came, if either came."""
    came = Attendance.State.PRESENT
    mine = {row.session_id: row for row in Attendance.objects.filter(person=kept)}
    theirs = Attendance.objects.filter(person=gone, session__in=list(mine))
    for row in theirs.order_by("pk"):
        own = mine[row.session_id]
        is_better = row.state == came and own.state != came
        journal.drop(row)
        if is_better:
            journal.amend(own, state=row.state, role=row.role)


def _fold_seats(writes: _Writes, kept: Person, gone: Person) -> None:
    """Of two seats in one circle at one time the stronger stays: confirmed, leading,
    longer there.  Past seats are history and stay as they are."""
    today = timezone.localdate()
    to_come = Q(until=None) | Q(until__gte=today)
    mine = list(Membership.objects.filter(to_come, person=kept).order_by("pk"))
    for row in Membership.objects.filter(to_come, person=gone).order_by("pk"):
        own = next((one for one in mine if _overlap(one, row)), None)
        if own is None:
            continue
        weak, strong = sorted([own, row], key=_strength)
        together = {
            "since": min(weak.since, strong.since),
            "is_lead": strong.is_lead or (weak.is_lead and weak.role == strong.role),
            "is_confirmed": weak.is_confirmed or strong.is_confirmed,
        }
        _repoint(writes.journal, SeatSuccession, "seat", weak, strong)
        writes.drop(weak, strong)
        writes.amend_later(strong, together)
        mine = [strong if one is own else one for one in mine]


def _overlap(one: Membership, other: Membership) -> bool:
    return (
        one.circle_id == other.circle_id
        and (one.until is None or one.until >= other.since)
        and (other.until is None or other.until >= one.since)
    )


def _strength(seat: Membership) -> tuple[bool, bool, bool, int]:
    return (
        seat.is_confirmed,
        seat.is_lead,
        seat.until is None,
        -seat.since.toordinal(),
    )


def _fold_rights(writes: _Writes, kept: Person, gone: Person) -> None:
    """Of two equal rights from one day on the longer stays."""
    own = {_key(one): one for one in Assignment.objects.filter(person=kept)}
    for row in Assignment.objects.filter(person=gone).order_by("pk"):
        same = own.get(_key(row))
        if same is None:
            continue
        until, last = same.until, row.until
        longer = max(until, last) if until and last else None
        _repoint(writes.journal, Succession, "assignment", row, same)
        writes.amend(same, until=longer)
        writes.drop(row, same)


def _key(one: Assignment) -> tuple[Any, ...]:
    return (one.role, one.place_id, one.circle_id, one.agency_id, one.since)


def _repoint(journal: Journal, model: Any, column: str, old: Model, new: Model) -> None:
    """Let handovers that name *old*, which goes, name *new*."""
    for row in model.objects.filter(**{column: old}).order_by("pk"):
        journal.amend(row, **{column: new})
    for row in model.objects.filter(follow_up=old).order_by("pk"):
        taken = model.objects.filter(follow_up=new).exists()
        journal.amend(row, follow_up=None if taken else new)


def _fold_handovers(writes: _Writes, gone: Person) -> None:
    """A handover that is to come closes no account: the one that it meant is not
    *kept*'s."""
    to_come = Handover.objects.standing().filter(person=gone, carried_out_at=None)
    for row in to_come.filter(closes_account=True).order_by("pk"):
        writes.amend(row, closes_account=False)


def _fold_contacts(
    writes: _Writes, kept: Person, gone: Person, *, is_within: bool
) -> dict[type[Model], list[int]]:
    """Return what of *gone* stays there: the same address again, and the inbox of
    somebody who has one.  What was switched off on one is off on both.

    Only somebody whose ways in the author may touch (*is_within*) gets another one
    to sign in by.
    """
    mine = {(p.channel, p.address.lower()): p for p in kept.contact_points.all()}
    staying = []
    for row in gone.contact_points.order_by("pk"):
        same = mine.get((row.channel, row.address.lower()))
        if same is None:
            is_offered = row.channel in OFFERED and row.verified_at is not None
            # Beside an account it would open neither of two.
            if is_offered and (
                not is_within or is_shared(row.channel, row.address, kept, gone)
            ):
                writes.amend(row, verified_at=None)
            continue
        staying.append(row.pk)
        if row.blocked_at and not same.blocked_at:
            writes.amend(same, blocked_at=row.blocked_at)
    return {ContactPoint: staying}


def _fold_person(writes: _Writes, kept: Person, gone: Person) -> None:
    """Fill what *kept* does not say; of two consents the later word counts."""
    given = {
        name: getattr(gone, name)
        for name in FILLED
        if not getattr(kept, name) and getattr(gone, name)
    }
    said, heard = kept.consent_on, gone.consent_on
    if heard and (said is None or heard > said):
        given |= {name: getattr(gone, name) for name in CONSENT}
    writes.amend(kept, **given)
