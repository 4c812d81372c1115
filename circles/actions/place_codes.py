"""Codes of places: renumbered by the authorities, known for ever."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.actions.places import (
    CODE_SHAPES,
    PARENT_LEVELS,
    check_code,
    check_shape,
    is_archived,
    locked,
    refuse,
    store,
)
from circles.actions.recording import record, record_removal, values
from circles.models import Change, Place, PlaceCode, User
from circles.permissions import Permission, covers_place

A_DAY = timedelta(days=1)


@transaction.atomic
def renumber(place: Place, code: str, author: User, *, may_move: bool = False) -> Place:
    """Give *place* the new *code*, and all below it theirs; the old ones become former
    codes until today.  Returns the place as it is now.

    A code that never stood a day is not kept as a former one: a slip of the finger
    that is put right at once was never the place's code.

    All or nothing; safe to repeat.  The new code's parent, which exists, may be
    another than before only where *may_move* says that somebody was asked.  Raises
    ValidationError: ``province``, ``bad_code``, ``no_parent``, ``not_yours`` (the new
    parent), ``archived``, ``code_taken``, ``moves`` (it would lie in another parent),
    ``moved`` if somebody renumbered it at the same moment.
    """
    old = place.code
    if code == old:
        return place
    if place.parent is None:
        refuse("province", _("The province keeps its code."))
    check_shape(code, place.level, place.parent)
    # In code order, as whoever counts milestones takes them; parents first.
    around = Q(pk=place.parent_id) | Q(code=code[:-2]) | Q(code__startswith=old)
    rows = Place.objects.select_for_update().filter(around).order_by("code")
    moving = {row.pk: row for row in rows}
    parent = _new_parent(place, code, list(moving.values()), author)
    moving.pop(place.parent_id or 0, None)
    moving.pop(parent.pk, None)
    here = moving.get(place.pk)
    if here is None or here.code != old:
        refuse("moved", _("Somebody renumbered this place just now. Look again."))
    check_code(code, place.level, parent)
    if parent.pk != place.parent_id and not may_move:
        message = _(
            "%(code)s lies in %(to)s; now it lies in %(from)s. A place moves only if"
            " you say so."
        )
        params = {"code": code, "to": parent.label, "from": place.parent.label}
        refuse("moves", message, **params)
    standing = _standing(moving)
    for row in moving.values():
        row_code = code + row.code[len(old) :]
        is_young = row.code not in standing.get(row.pk, {row.code})
        _move(row, row_code, parent if row is here else None, author, is_young)
    return here


def _standing(ids: Collection[int]) -> dict[int, set[object]]:
    """Return the codes that stood a day or longer, by place; only of the places whose
    codes changed within the last day."""
    since = timezone.now() - A_DAY
    subjects = (Change.Subject.PLACE, Change.Subject.FORMER_CODE)
    recent = Change.objects.filter(
        place__in=list(ids), subject__in=subjects, created_at__gt=since
    ).order_by("created_at", "pk")
    first: dict[int, set[object]] = {}
    back: dict[int, set[object]] = {}  # old ones that came back
    for change in recent:
        pair = change.changes.get("code")
        if pair is None or change.place_id is None:
            continue
        if change.subject == Change.Subject.PLACE:
            first.setdefault(change.place_id, {pair[0]})
        elif change.kind == Change.Kind.REMOVED:
            back.setdefault(change.place_id, set()).add(pair[0])
    return {pk: codes | back.get(pk, set()) for pk, codes in first.items()}


def _new_parent(place: Place, code: str, rows: list[Place], author: User) -> Place:
    level = PARENT_LEVELS[Place.Level(place.level)]
    found = [row for row in rows if row.code == code[:-2] and row.level == level]
    if not found:
        if place.parent and len(code) != len(place.code):
            check_code(code, place.level, place.parent)
        message = _(
            "There is no place with the code %(begins)s in which %(code)s lies."
        )
        refuse("no_parent", message, begins=code[:-2], code=code)
    parent = found[0]
    if parent.pk != place.parent_id:
        if not covers_place(author, Permission.MANAGE_PLACE, parent.code):
            message = _("%(name)s is not among the places that you look after.")
            refuse("not_yours", message, name=parent.label)
        if is_archived(parent):
            message = _("%(name)s is archived. Bring it back first.")
            refuse("archived", message, name=parent.label)
    return parent


def _move(
    row: Place, code: str, parent: Place | None, author: User, is_young: bool
) -> None:
    before, old = values(row), row.code
    row.code = code
    row.parent = parent or row.parent
    store(row)
    record(author, row, before)
    # A code that comes back is no former one any more.
    for known in row.old_codes.filter(code=code):
        record_removal(author, known)
        known.delete()
    if is_young:
        return
    former, is_new = PlaceCode.objects.get_or_create(place=row, code=old)
    seen = None if is_new else values(former)
    former.until = timezone.localdate()
    former.save()
    record(author, former, seen)


@transaction.atomic
def add_former_code(
    place: Place, code: str, until: date | None, author: User
) -> PlaceCode:
    """Note that *place* was known by *code* once, and return the row.

    Safe to repeat: what is known keeps its day unless another is given.  Raises
    ValidationError: ``bad_code``, ``current_code``, ``code_in_use`` (another place has
    it now), ``code_known`` (another had it once, and *until* does not tell the two
    apart).
    """
    place = locked(place.pk)
    if len(code) != len(place.code) or not _is_code(code, place):
        message = _("“%(code)s” is not a code of this level. It has %(n)s characters.")
        refuse("bad_code", message, code=code, n=len(place.code))
    if code == place.code:
        refuse("current_code", _("This is the code that it has now."))
    known = place.old_codes.filter(code=code).first()
    if known is None:
        _check_others(code, until)
    before = values(known) if known else None
    former = known or PlaceCode(place=place, code=code)
    former.until = until or former.until
    former.save()
    record(author, former, before)
    return former


def _check_others(code: str, until: date | None) -> None:
    using = Place.objects.filter(code=code).first()
    if using is not None:
        message = _("“%(code)s” is the code of %(name)s now.")
        refuse("code_in_use", message, code=code, name=using.label)
    once = PlaceCode.objects.filter(code=code).select_related("place")
    if until is not None:
        # One code, two places, one after the other: the days tell them apart.
        once = once.filter(until=until)
    if other := once.order_by("pk").first():
        message = _(
            "“%(code)s” was the code of %(name)s. Say until when it was the code of"
            " this place."
        )
        refuse("code_known", message, code=code, name=other.place.label)


def _is_code(code: str, place: Place) -> bool:
    # A ชุมชน may have been a village once.
    shapes = {CODE_SHAPES[Place.Level(place.level)]}
    if place.is_local:
        shapes |= {
            CODE_SHAPES[one] for one in (Place.Level.VILLAGE, Place.Level.COMMUNITY)
        }
    return any(re.fullmatch(shape, code, re.ASCII) for shape in shapes)


@transaction.atomic
def remove_former_code(place: Place, former_id: int, author: User) -> None:
    """Forget that *place* was known by that former code.  Safe to repeat."""
    for former in locked(place.pk).old_codes.filter(pk=former_id):
        record_removal(author, former)
        former.delete()
