"""Putting back what stood there before a change, where that makes sense.

Not here: rights, accounts, contact points, handovers and merges, which have ways back
of their own; codes; consents, which only their giver gives again; and archiving, which
has its own questions to answer.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ForeignKey, Model, QuerySet

from circles.actions.agencies import bring_agency_back, change_agency
from circles.actions.circles import change_circle
from circles.actions.openings import correct_opening
from circles.actions.people import edit_person
from circles.actions.places import bring_back, change_place
from circles.actions.recording import TRACKED, values
from circles.actions.restoring_seats import (
    Refused,
    check_not_by_handover,
    put_seat_back,
)
from circles.models import (
    Agency,
    Change,
    Circle,
    CircleOpening,
    Membership,
    Person,
    Place,
    User,
)
from circles.permissions import (
    Permission,
    codes_of,
    covers_place,
    holds,
    is_of_the_province,
)

SUBJECT = Change.Subject
# By table: whose right it takes, and over which of the things that it is about.
RESTORABLE: dict[str, tuple[type[Model], Permission, str]] = {
    SUBJECT.PLACE: (Place, Permission.MANAGE_PLACE, "place"),
    SUBJECT.AGENCY: (Agency, Permission.MANAGE_AGENCY, "agency"),
    SUBJECT.PERSON: (Person, Permission.MANAGE_PERSON, "person"),
    SUBJECT.CIRCLE: (Circle, Permission.MANAGE_CIRCLE, "circle"),
    SUBJECT.OPENING: (CircleOpening, Permission.MANAGE_CIRCLE, "circle"),
    SUBJECT.SEAT: (Membership, Permission.MANAGE_CIRCLE, "circle"),
}
NEVER = frozenset(
    {
        *("code", "parent", "merged_into", "person", "fiscal_year"),
        *("keep_consent", "show_consent", "consent_how", "consent_on"),
    }
)


def is_restorable(change: Change) -> bool:
    """Return whether a way back is offered here at all, whoever asks."""
    if change.kind != Change.Kind.CHANGED or change.subject not in RESTORABLE:
        return False
    model = RESTORABLE[change.subject][0]
    names = set(change.changes)
    if model is not CircleOpening and "closed_on" in names:
        # Out of the archive; into it leads its own page, which has its questions.
        return names == {"closed_on"} and change.changes["closed_on"][0] is None
    return bool(names) and names <= set(TRACKED[model]) - NEVER


def may_restore(change: Change, user: User, moved: Collection[int] = ()) -> bool:
    """Return whether a list shows the button: ``rows_of`` decides.  *moved* is what
    ``moved_by_handovers`` found.  Asks the database nothing, if *change* was fetched
    with what it is about."""
    if change.pk in moved or not is_restorable(change):
        return False
    _model, permission, about = RESTORABLE[change.subject]
    owner: Any = getattr(change, about)
    if owner is None:
        return False  # a circle that is removed
    if isinstance(owner, Person):
        return owner.merged_into_id is None and holds(user, permission)
    place = owner.place if isinstance(owner, Agency | Circle) else owner
    if place is None:
        return any(map(is_of_the_province, codes_of(user, permission)))
    return covers_place(user, permission, place.code)


def rows_of(change: Change, user: User) -> QuerySet[Any]:
    """Return the row that *change* changed, if *user* may put it back; else none."""
    if not is_restorable(change):
        return Place.objects.none()
    model, permission, _about = RESTORABLE[change.subject]
    here = model._default_manager.filter(pk=change.subject_id)
    if model in {CircleOpening, Membership}:
        circles = Circle.objects.allowed(user, permission)
        return here.filter(circle__in=circles).select_related("circle__place__parent")
    rows: Any = here
    if model is Person:
        rows = rows.known()
    found: QuerySet[Any] = rows.allowed(user, permission)
    return found


def state_of(change: Change, row: Model) -> str:
    """Return "new" while what *change* wrote still stands, "old" if it is back
    already, else "other"."""
    now = values(row)
    for state, at in (("new", 1), ("old", 0)):
        if all(now[name] == pair[at] for name, pair in change.changes.items()):
            return state
    return "other"


def restore(change: Change, author: User, reason: str = "") -> bool:
    """Put back what stood there before *change*, and write that down; False if it is
    back already, so that pressing twice does it once.

    By the same actions as the pages: what they refuse is refused here.  All or
    nothing, in its own transaction.  The caller has asked ``rows_of``.  Raises
    ``Refused``, and ValidationError or Person.DoesNotExist as those actions do.
    """
    try:
        with transaction.atomic():
            row = _locked(change)
            state = state_of(change, row)
            if state == "old":
                return False
            if state == "other":
                raise Refused("changed_since")
            given = _given(change, row)
            _check_targets(change, given, author)
            _put_back(change, row, given, author, reason)
    except IntegrityError as error:  # another writer was quicker
        raise Refused("taken") from error
    return True


def _locked(change: Change) -> Any:
    """Return the row as it is now; nobody else writes it in this transaction."""
    model = RESTORABLE[change.subject][0]
    if model in {CircleOpening, Membership}:
        # One writer at a time in a circle's openings and seats.
        circles: Any = Circle.objects.select_for_update(no_key=True)
        circles.filter(pk=change.circle_id).first()
    rows: Any = model._default_manager.select_for_update(no_key=True)
    row = rows.filter(pk=change.subject_id).first()
    if row is None:
        raise Refused("gone")
    return row


def _given(change: Change, row: Model) -> dict[str, Any]:
    """Return by column what stood there before: rows as rows, days as days."""
    given: dict[str, Any] = {}
    for name, (old, _new) in change.changes.items():
        field: Any = row._meta.get_field(name)
        if old is None:
            given[name] = None if field.null else ""
        elif isinstance(field, ForeignKey):
            given[name] = _target(field, old)
        else:
            given[name] = field.to_python(old)
    return given


def _target(field: Any, number: int) -> Model:
    targets: Any = field.related_model._default_manager
    target: Model | None = targets.open().filter(pk=number).first()
    if target is None:
        raise Refused("target_gone")
    return target


def _check_targets(change: Change, given: dict[str, Any], author: User) -> None:
    """A circle never leaves what the author looks after."""
    place = given.get("place")
    if change.subject != SUBJECT.CIRCLE or place is None:
        return
    if not covers_place(author, Permission.MANAGE_CIRCLE, place.code):
        raise Refused("out_of_reach")


def _put_back(
    change: Change, row: Any, given: dict[str, Any], author: User, reason: str
) -> None:
    is_archive = "closed_on" in given
    match row:
        case Place():
            bring_back(row, author) if is_archive else change_place(row, given, author)
        case Agency() if is_archive:
            bring_agency_back(row, author)
        case Agency():
            change_agency(row, given, author, keep_former=False)
        case Person():
            edit_person(author, row, given)
        case Circle():
            change_circle(author, row, given)
        case CircleOpening():
            days = {"opened_on": row.opened_on, "closed_on": row.closed_on} | given
            correct_opening(author, row, days["opened_on"], days["closed_on"], reason)
        case Membership():
            check_not_by_handover(change)
            put_seat_back(row, given, author)
    _say_why(change, author, reason)


def _say_why(change: Change, author: User, reason: str) -> None:
    """Add the *reason* to what was written down just now."""
    said = Change.objects.filter(subject=change.subject, subject_id=change.subject_id)
    last = said.filter(author=author, pk__gt=change.pk).latest_first().first()
    if last is not None and not last.reason:
        last.reason = reason
        last.save(update_fields=["reason"])
