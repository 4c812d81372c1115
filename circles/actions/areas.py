"""The villages of a local government, whole or in part.

Two of them may share a village only in part.  What may not be is refused in words: a
ValidationError with a code.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from circles.actions.agencies import is_archived, locked
from circles.actions.recording import record, record_removal, values
from circles.models import Agency, Area, Place, User
from circles.permissions import Permission

MOST_NAMED = 5


class Extent(Enum):
    """How much of the villages: all of each, a part of each, or all where nobody else
    is and a part where somebody is."""

    WHOLE = auto()
    PART = auto()
    SHARED_IN_PART = auto()


@transaction.atomic
def add_areas(
    agency: Agency, places: QuerySet[Place], extent: Extent, author: User
) -> list[Area]:
    """Return the areas that *agency* got: *places* (villages, communities) that it did
    not have yet.  All or nothing; safe to repeat.

    Raises ValidationError: ``archived``, ``out_of_reach``, ``shared`` where another
    local government has one of them and all of it is asked for.
    """
    stored = locked(agency.pk)
    if is_archived(stored):
        _refuse("archived", _("It is archived. Bring it back first."))
    own = Area.objects.filter(agency=stored)
    villages = _locked_places(places.exclude(pk__in=own.values("place")))
    _check_reach(villages, author)
    shared = others_areas(stored, villages)
    if extent is Extent.WHOLE:
        _check_alone(shared)
    taken = {one.place_id for one in shared}
    in_part = extent is Extent.PART
    made = [
        Area(agency=stored, place=one, is_part=in_part or one.pk in taken)
        for one in villages
    ]
    for area in made:
        area.save()
        record(author, area, None)
    return made


@transaction.atomic
def set_extent(agency: Agency, area_id: int, is_part: bool, author: User) -> None:
    """Say that *agency* has a village whole or in part.  Safe to repeat.

    Raises ValidationError: ``gone``, ``shared`` where it is to be whole and another
    local government has it too.
    """
    stored = locked(agency.pk)
    area = _area(stored, area_id)
    if area is None:
        _refuse("gone", _("This village is no longer in the list."))
    if not is_part and not is_archived(stored):
        villages = _locked_places(Place.objects.filter(pk=area.place_id))
        _check_alone(others_areas(stored, villages))
    before = values(area)
    area.is_part = is_part
    area.save(update_fields=["is_part"])
    record(author, area, before)


@transaction.atomic
def remove_area(agency: Agency, area_id: int, author: User) -> None:
    """Take a village away from *agency*.  Safe to repeat."""
    stored = locked(agency.pk)
    if area := _area(stored, area_id):
        record_removal(author, area)
        area.delete()


def others_areas(agency: Agency, places: list[Place]) -> list[Area]:
    """Return what other local governments, not archived, have of *places*."""
    open_ones = Agency.objects.open().exclude(pk=agency.pk).values("pk")
    found = Area.objects.filter(place__in=places, agency__in=open_ones)
    found = found.select_related("agency", "place__parent")
    return list(found.order_by("place__code", "agency__name", "pk"))


def _area(agency: Agency, area_id: int) -> Area | None:
    return Area.objects.filter(agency=agency, pk=area_id).first()


def _locked_places(places: QuerySet[Place]) -> list[Place]:
    # In the order of their codes, as everybody locks them: two local governments that
    # take the same village at once see each other.
    rows = places.select_related("parent").order_by("code")
    return list(rows.select_for_update(of=("self",), no_key=True))


def _check_reach(villages: list[Place], author: User) -> None:
    own = Place.objects.allowed(author, Permission.MANAGE_AGENCY)
    inside = own.filter(pk__in=[one.pk for one in villages]).count()
    if inside < len(villages):
        message = _("This lies outside the places that you look after.")
        _refuse("out_of_reach", message)


def _check_alone(shared: list[Area]) -> None:
    if not shared:
        return
    named = [f"{one.place.full_label} ({one.agency})" for one in shared[:MOST_NAMED]]
    more = "…" if len(shared) > MOST_NAMED else ""
    message = _(
        "Another local government looks after %(places)s already, so it cannot be"
        " whole here too. Choose “in part”."
    )
    raise ValidationError(
        message, code="shared", params={"places": ", ".join(named) + more}
    )


def _refuse(code: str, message: str) -> NoReturn:
    raise ValidationError(message, code=code)
