"""Two rows that were one person: merged into one, and taken apart again.

What may not be is refused in words: a ValidationError with a code.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.actions.doubles_folding import fold
from circles.actions.doubles_journal import Journal
from circles.actions.last_admin import keeping_administrators
from circles.actions.reaching import not_coming_within_reach, people_within_reach
from circles.actions.recording import TRACKED, record, values
from circles.actions.revising import announce
from circles.actions.rising import close_ways_in, reaches_far
from circles.actions.turns import take_turn
from circles.models import (
    Assignment,
    Attendance,
    Circle,
    ContactPoint,
    LearningSession,
    Membership,
    Person,
    PersonMerge,
    Succession,
    User,
)
from circles.permissions import Permission


def doubles_within_reach(author: User) -> QuerySet[Person]:
    """Return the people whom *author* may merge: whom they look after and whose ways
    in they may touch, or who has no account, no right and no seat today or later."""
    rights = Assignment.objects.to_come().order_by()
    seats = Membership.objects.exclude(until__lt=timezone.localdate()).order_by()
    bare = (
        Q(user=None)
        & ~Q(pk__in=rights.values("person"))
        & ~Q(pk__in=seats.values("person"))
    )
    within = Q(pk__in=people_within_reach(author).order_by().values("pk"))
    people = Person.objects.allowed(author, Permission.MANAGE_PERSON).known()
    return people.filter(within | bare).exclude(pk=author.person_id or 0)


@transaction.atomic
def merge_people(author: User, kept: Person, gone: Person) -> PersonMerge:
    """Make *gone* a double of *kept*: what was done, told, promised, held and said
    under that name is *kept*'s from now on.  Repeatable: the same merge again is the
    same row.  Milestones are counted anew in the circles that it touches.

    Raises ValidationError: ``same`` (one row), ``above`` (one of them is not
    *author*'s to merge, or is a double itself), ``two_accounts``, ``account_stays``,
    ``rights`` (that *author* may not give), ``handover`` (arranged between the two),
    ``not_yours`` (``reaching``), ``last_admin``.
    """
    if kept.pk == gone.pk:
        raise _refused("same")
    take_turn(ContactPoint)
    with keeping_administrators([kept.pk, gone.pk]):
        return _merge(author, kept, gone)


def _merge(author: User, kept: Person, gone: Person) -> PersonMerge:
    _lock_circles(kept, gone)
    kept, gone = _lock_people(kept, gone)
    if gone.merged_into_id == kept.pk:
        return PersonMerge.objects.get(kept=kept, gone=gone, undone_at=None)
    _check(author, kept, gone)
    sessions = list(_attended(gone).values_list("session", flat=True))
    journal = Journal()
    was_far = reaches_far(kept)
    with not_coming_within_reach(author, kept):
        fold(author, kept, gone, journal)
    if reaches_far(kept) and not was_far:
        close_ways_in(author, kept.pk)
    before = values(gone)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    record(author, gone, before)
    merge = PersonMerge(kept=kept, gone=gone, author=author)
    merge.moved = journal.as_json() | {"sessions": sessions}
    merge.save()
    record(author, merge, None)
    _recount(sessions)
    return merge


@transaction.atomic
def undo_merge(author: User, merge: PersonMerge) -> PersonMerge:
    """Take a merge back: each row that went over and was not changed since belongs to
    the double again, and what was dropped is there again, as far as the row that said
    the same still stands.  Repeatable.

    Raises ValidationError: ``above`` (one of the two, or a right that changes hands, is
    not *author*'s), ``built_on`` (a later merge rests on this one: that one is undone
    first), ``in_the_way`` (somebody has stored something since that stands in the
    place of a row), ``last_admin``.  Then nothing was changed.
    """
    with keeping_administrators([merge.kept_id, merge.gone_id]):
        return _undo(author, merge)


def _undo(author: User, merge: PersonMerge) -> PersonMerge:
    _lock_circles(merge.kept, merge.gone)
    kept, gone = _lock_people(merge.kept, merge.gone)
    stored = PersonMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if stored.undone_at is not None:
        return stored
    later = PersonMerge.objects.filter(kept=kept, undone_at=None, pk__gt=stored.pk)
    if kept.merged_into_id is not None or later.exists():
        raise _refused("built_on")
    if not doubles_within_reach(author).filter(pk=kept.pk).exists():
        raise _refused("above")
    journal = Journal(stored.moved)
    before = values(gone)
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    record(author, gone, before)
    _put_back(author, kept, gone, journal)
    # Nobody gives or takes by undoing what they may not give.
    _check_rights(author, journal)
    if doubles_within_reach(author).filter(pk__in=[kept.pk, gone.pk]).count() != 2:
        raise _refused("above")
    before = values(stored)
    stored.undone_at = timezone.now()
    stored.save(update_fields=["undone_at"])
    record(author, stored, before)
    _recount(stored.moved.get("sessions", []))
    return stored


def _check_rights(author: User, journal: Journal) -> None:
    touched = Assignment.objects.filter(pk__in=journal.numbers(Assignment)).to_come()
    mine = Assignment.objects.allowed(author, Permission.ASSIGN_ROLE)
    if touched.exclude(pk__in=mine.order_by().values("pk")).exists():
        raise _refused("above")


def _put_back(author: User, kept: Person, gone: Person, journal: Journal) -> None:
    told: dict[tuple[type[Model], Any], tuple[dict[str, Any] | None, Model]] = {}

    def tell(row: Model, is_new: bool) -> None:
        if type(row) in TRACKED:
            was = None if is_new else values(row)
            told.setdefault((type(row), row.pk), (was, row))

    try:
        with transaction.atomic():
            journal.put_back(kept, gone, tell)
    except IntegrityError as error:
        raise _refused("in_the_way") from error
    for was, row in told.values():
        row.refresh_from_db()
        record(author, row, was)


def _lock_circles(*people: Person) -> None:
    """Lock the circles of both in one order, before the people: as whoever logs a
    session there does, so that nobody waits for each other."""
    seats = Membership.objects.filter(person__in=people).order_by()
    came = Attendance.objects.filter(person__in=people).order_by()
    here = Q(pk__in=seats.values("circle")) | Q(pk__in=came.values("session__circle"))
    circles = Circle.objects.select_for_update(no_key=True, of=("self",))
    list(circles.filter(here).order_by("pk"))


def _lock_people(kept: Person, gone: Person) -> tuple[Person, Person]:
    people = Person.objects.select_for_update(of=("self",))
    rows = {
        one.pk: one for one in people.filter(pk__in=[kept.pk, gone.pk]).order_by("pk")
    }
    return rows[kept.pk], rows[gone.pk]


def _check(author: User, kept: Person, gone: Person) -> None:
    both = [kept.pk, gone.pk]
    if doubles_within_reach(author).filter(pk__in=both).count() != len(both):
        raise _refused("above")
    open_accounts = User.objects.filter(person__in=both, is_active=True)
    owners = set(open_accounts.values_list("person", flat=True))
    if len(owners) == len(both):
        raise _refused("two_accounts")
    if gone.pk in owners:
        raise _refused("account_stays")
    rights = Assignment.objects.filter(person=gone).to_come()
    mine = Assignment.objects.allowed(author, Permission.ASSIGN_ROLE)
    if rights.exclude(pk__in=mine.order_by().values("pk")).exists():
        raise _refused("rights")
    arranged = Succession.objects.filter(
        handover__cancelled_at=None, handover__carried_out_at=None
    )
    if arranged.filter(handover__person__in=both, successor__in=both).exists():
        raise _refused("handover")


def _attended(person: Person) -> QuerySet[Attendance]:
    return Attendance.objects.filter(person=person).order_by("session")


def _recount(sessions: list[int]) -> None:
    """Count milestones anew, once a circle, for its latest session of *sessions*; a
    page on which somebody is correcting one of them is out of date now."""
    touched = LearningSession.objects.filter(pk__in=sessions)
    touched.update(version=F("version") + 1)
    latest: dict[int, LearningSession] = {}
    found = touched.counted().select_related("circle__place")
    for session in found.order_by("circle__place__code", "circle", "held_on", "pk"):
        latest[session.circle_id] = session
    for session in latest.values():
        announce(session)


def _refused(code: str) -> ValidationError:
    words = {
        "same": _("Choose two different people."),
        "above": _(
            "At least one of the two is not yours to merge: one's own person, a double,"
            " or somebody whose rights or seats reach beyond yours."
        ),
        "two_accounts": _("Both have an account. Close one of the two first."),
        "account_stays": _("Whoever has an account stays. Choose the other way round."),
        "rights": _(
            "The double has rights that you may not give. Choose the other way round,"
            " or ask an administrator of the province."
        ),
        "handover": _(
            "A handover between the two is arranged. Call it off first, then merge."
        ),
        "built_on": _("A later merge builds on this one. Undo that one first."),
        "in_the_way": _(
            "Somebody has entered something since then that stands in the way. Look at"
            " the seats and rights of both first."
        ),
    }
    return ValidationError(words[code], code=code)
