"""What a village is in one fiscal year: its cohort (รุ่น), the agency that leads, and
the note that one agency leaves to the next."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circles import thai
from circles.actions.recording import record, values
from circles.models import Agency, Place, PlaceYear, User
from circles.models.places import PlaceQuerySet
from circles.permissions import Permission

FIRST_YEAR = 2540
LOCAL = (Place.Level.VILLAGE, Place.Level.COMMUNITY)
# What is copied from year to year; the note stays with the year in which it was left.
COPIED = ("cohort", "lead_agency")


def last_year() -> int:
    """Return the last fiscal year that may be planned: the next one."""
    return thai.fiscal_year(timezone.localdate()) + 1


def villages() -> PlaceQuerySet:
    """Return what has years: villages and municipal communities, not archived."""
    return Place.objects.open().filter(level__in=LOCAL)


def editable(places: PlaceQuerySet, author: User) -> PlaceQuerySet:
    """Keep the places whose years *author* may write."""
    return places.allowed(author, Permission.MANAGE_PLACE)


@transaction.atomic
def set_years(
    places: PlaceQuerySet, year: int, given: dict[str, Any], author: User
) -> int:
    """Write *given* (of ``cohort``, ``lead_agency``, ``note`` what is to change; None
    or "" clears it) into that fiscal *year* of *places*; return how many changed.

    Only places within the author's reach.  All or nothing; safe to repeat.  Raises
    ValidationError: ``bad_year``, ``lead_archived``.
    """
    _check_year(year)
    _check_lead(given.get("lead_agency"))
    changed = 0
    for row in _rows(_locked(editable(places, author)), year):
        changed += _write(row, given, author)
    return changed


@transaction.atomic
def copy_last_year(places: PlaceQuerySet, year: int, author: User) -> tuple[int, int]:
    """Fill the cohort and the lead agency of *year* from the year before, only where
    they are empty; return how many places changed, and of how many the lead agency
    was left out because it is archived.

    Only places within the author's reach.  Safe to repeat.  Raises ``bad_year``.
    """
    _check_year(year)
    here = _locked(editable(places, author))
    before = {one.place_id: one for one in _stored(here, year - 1)}
    open_ones = set(Agency.objects.open().values_list("pk", flat=True))
    copied = left_out = 0
    for row in _rows([one for one in here if one.pk in before], year):
        last = before[row.place_id]
        given = {
            name: getattr(last, name)
            for name in COPIED
            if getattr(row, name) is None and getattr(last, name) is not None
        }
        if "lead_agency" in given and last.lead_agency_id not in open_ones:
            left_out += 1
            del given["lead_agency"]
        copied += _write(row, given, author)
    return copied, left_out


def _locked(places: PlaceQuerySet) -> list[Place]:
    # In the order of their codes, as everybody locks them.
    rows = places.order_by("code").select_for_update(of=("self",), no_key=True)
    return list(rows)


def _stored(places: list[Place], year: int) -> QuerySet[PlaceYear]:
    rows = PlaceYear.objects.filter(place__in=places, fiscal_year=year)
    return rows.select_related("lead_agency").order_by("pk")


def _rows(places: list[Place], year: int) -> list[PlaceYear]:
    """Return the year of each place, new (and not saved) where there is none."""
    stored = {one.place_id: one for one in _stored(places, year)}
    return [
        stored.get(one.pk) or PlaceYear(place=one, fiscal_year=year) for one in places
    ]


def _write(row: PlaceYear, given: dict[str, Any], author: User) -> bool:
    """Save what *given* changes; return whether it changed anything."""
    if all(getattr(row, name) == value for name, value in given.items()):
        return False
    before = values(row) if row.pk else None
    for name, value in given.items():
        setattr(row, name, value)
    row.save()
    record(author, row, before)
    return True


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= last_year():
        message = _("The fiscal year lies between %(first)s and %(last)s.")
        params = {"first": FIRST_YEAR, "last": last_year()}
        raise ValidationError(message, code="bad_year", params=params)


def _check_lead(agency: Agency | None) -> None:
    if agency is None:
        return
    # Locked, so that it is not archived meanwhile.
    rows = Agency.objects.open().filter(pk=agency.pk).order_by("pk")
    if not rows.select_for_update(no_key=True):
        message = _("This agency is archived. Choose another one.")
        raise ValidationError(message, code="lead_archived")
