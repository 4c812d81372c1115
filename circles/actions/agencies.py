"""Agencies: named, renamed, asked, archived.

What may not be is refused in words: a ValidationError with a code, under the name of
the form's field where it is about one.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circles import thai
from circles.actions.recording import record, record_removal, values
from circles.models import Agency, AgencyName, Area, Assignment, Place, PlaceYear, User
from circles.permissions import Permission, codes_of, is_of_the_province


def is_archived(agency: Agency) -> bool:
    """Return whether *agency* is out of the lists today."""
    return agency.closed_on is not None and agency.closed_on <= timezone.localdate()


@transaction.atomic
def add_agency(given: dict[str, Any], author: User) -> Agency:
    """Return a new agency with the columns *given*.

    Of two with one name the second is refused.  Raises ValidationError: ``name_taken``,
    ``name_archived``, ``seat_missing``, ``seat_out_of_reach``.
    """
    agency = Agency(**given)
    _check_seat(agency.place, author)
    _save_named(agency)
    record(author, agency, None)
    return agency


@transaction.atomic
def change_agency(
    agency: Agency,
    given: dict[str, Any],
    author: User,
    *,
    keep_former: bool = True,
    until: date | None = None,
) -> Agency:
    """Return *agency* with the columns *given*; with *keep_former* a name that goes is
    kept as a former one, used *until* that day.

    Safe to repeat.  Raises ValidationError as ``add_agency`` does, and ``has_areas``
    where a local government with villages would become another kind.
    """
    stored = locked(agency.pk)
    old, before = Agency(name=stored.name, short_name=stored.short_name), values(stored)
    had_seat = stored.place_id
    for name, value in given.items():
        setattr(stored, name, value)
    if stored.place_id != had_seat:
        _check_seat(stored.place, author)
    _check_kind(stored)
    _save_named(stored)
    record(author, stored, before)
    if keep_former and _is_renamed(old, stored):
        _keep(stored, old.name, old.short_name, until, author)
    return stored


def _is_renamed(old: Agency, now: Agency) -> bool:
    lost_short = old.short_name and old.short_name != now.short_name
    return bool(old.name != now.name or lost_short)


@transaction.atomic
def change_contact(agency: Agency, given: dict[str, str], author: User) -> None:
    """Store whom to ask at *agency*, and nothing else of it.  Safe to repeat."""
    stored = locked(agency.pk)
    before = values(stored)
    stored.contact_name = given["contact_name"]
    stored.contact_phone = given["contact_phone"]
    stored.save(update_fields=["contact_name", "contact_phone"])
    record(author, stored, before)


@transaction.atomic
def add_former_name(
    agency: Agency, name: str, short_name: str, until: date | None, author: User
) -> AgencyName:
    """Return the former name of *agency*, by which it is found from now on.

    Raises ValidationError ``former_known`` where it has that one already.
    """
    stored = locked(agency.pk)
    if stored.names.filter(name=name).exists():
        _refuse("former_known", _("This former name is known already."), "former_name")
    if stored.name == name and stored.short_name == short_name:
        message = _("This is the name that it has now.")
        _refuse("former_is_now", message, "former_name")
    return _keep(stored, name, short_name, until, author)


@transaction.atomic
def remove_former_name(agency: Agency, name_id: int, author: User) -> None:
    """Take a former name away from *agency*.  Safe to repeat."""
    stored = locked(agency.pk)
    former = stored.names.filter(pk=name_id).first()
    if former is not None:
        record_removal(author, former)
        former.delete()


@transaction.atomic
def archive_agency(agency: Agency, author: User) -> None:
    """Take *agency* out of the lists from today on; nothing of it is deleted.

    Safe to repeat.  Raises ValidationError: ``holds_rights`` while somebody has a right
    over it, now or later; ``leads`` while it leads a village in this fiscal year or a
    later one.
    """
    stored = locked(agency.pk)
    if is_archived(stored):
        return
    if why := why_not_archived(stored):
        raise why[0]
    _close(stored, timezone.localdate(), author)


def why_not_archived(agency: Agency) -> list[ValidationError]:
    """Return what stands against archiving *agency*, in words."""
    found = []
    holders = list(
        Assignment.objects.filter(agency=agency)
        .to_come()
        .select_related("person")
        .order_by("person__sort_key", "pk")
    )
    if holders:
        names = ", ".join(dict.fromkeys(str(one.person) for one in holders[:5]))
        message = _("Somebody holds a right over it: %(names)s. End it first.")
        found.append(
            ValidationError(message, code="holds_rights", params={"names": names})
        )
    year = thai.fiscal_year(timezone.localdate())
    led = PlaceYear.objects.filter(lead_agency=agency, fiscal_year__gte=year).count()
    if led:
        message = _(
            "It leads villages in fiscal year %(year)s or later, %(n)s in all."
            " Choose another lead agency for them first."
        )
        params = {"year": year, "n": led}
        found.append(ValidationError(message, code="leads", params=params))
    return found


@transaction.atomic
def bring_agency_back(agency: Agency, author: User) -> None:
    """Put *agency* back into the lists, with all it had.  Safe to repeat.

    Raises ValidationError ``areas_taken`` where another local government has a village
    of it whole since.
    """
    stored = locked(agency.pk)
    whole = Area.objects.filter(agency=stored, is_part=False).values("place")
    others = Area.objects.filter(place__in=whole, agency__in=Agency.objects.open())
    taken = others.exclude(agency=stored).select_related("place__parent").first()
    if is_archived(stored) and taken:
        message = _(
            "Another local government looks after %(place)s since."
            " Set it here to “in part” first."
        )
        params = {"place": taken.place.full_label}
        raise ValidationError(message, code="areas_taken", params=params)
    _close(stored, None, author)


def locked(agency_id: int) -> Agency:
    """Return the agency, locked: one change at a time."""
    return (
        Agency.objects.select_related("place")
        .select_for_update(of=("self",))
        .get(pk=agency_id)
    )


def _close(agency: Agency, day: date | None, author: User) -> None:
    before = values(agency)
    agency.closed_on = day
    agency.save(update_fields=["closed_on"])
    record(author, agency, before)


def _keep(
    agency: Agency, name: str, short_name: str, until: date | None, author: User
) -> AgencyName:
    former = agency.names.filter(name=name).first() or AgencyName(
        agency=agency, name=name
    )
    before = values(former) if former.pk else None
    former.short_name, former.until = short_name, until
    former.save()
    record(author, former, before)
    return former


def _save_named(agency: Agency) -> None:
    """Save; a name is taken once, by whoever is quicker."""
    others = Agency.objects.filter(name__iexact=agency.name).exclude(pk=agency.pk)
    if other := others.first():
        _refuse_name(is_archived(other))
    try:
        with transaction.atomic():
            agency.save()
    except IntegrityError:
        _refuse_name(False)


def _refuse_name(is_of_an_archived_one: bool) -> NoReturn:
    if is_of_an_archived_one:
        message = _(
            "An archived agency has this name. Bring that one back, or choose another"
            " name."
        )
        _refuse("name_archived", message, "name")
    _refuse("name_taken", _("There is an agency of this name already."), "name")


def _check_seat(place: Place | None, author: User) -> None:
    needed = Permission.MANAGE_AGENCY
    if place is None:
        if not any(is_of_the_province(code) for code in codes_of(author, needed)):
            message = _("Choose its seat, in the places that you look after.")
            _refuse("seat_missing", message, "place")
    elif not Place.objects.allowed(author, needed).filter(pk=place.pk).exists():
        message = _("This seat lies outside the places that you look after.")
        _refuse("seat_out_of_reach", message, "place")


def _check_kind(agency: Agency) -> None:
    if agency.kind != Agency.Kind.LOCAL_GOVERNMENT and agency.areas.exists():
        message = _("It has villages. Take them away before it becomes another kind.")
        _refuse("has_areas", message, "kind")


def _refuse(code: str, message: str, field: str) -> NoReturn:
    raise ValidationError({field: ValidationError(message, code=code)})
