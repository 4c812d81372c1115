"""Circles are opened, and change their name, place and habits.

What may not be is refused in words: a ValidationError with a code, for the form.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.actions.recording import record, record_removal, values
from circles.models import Change, Circle, CircleOpening, Place, User
from circles.thai import search_text

# How far ahead the first day of a circle may lie.
OPENS_WITHIN = timedelta(days=365)
# What a circle has from its first moment; anything else means that it has begun.
_FROM_THE_START = (CircleOpening, Change)


@transaction.atomic
def create_circle(author: User, circle: Circle, opened_on: date) -> Circle:
    """Store the unsaved *circle*, open from that day on, and return it.

    Raises ValidationError: ``name_taken`` (of that place, however it is spelt, also
    by somebody at the same moment; so a second press of the button makes no second
    circle), ``too_far``, ``place_closed``.
    """
    if opened_on > timezone.localdate() + OPENS_WITHIN:
        message = _("The first day may be a year ahead at most.")
        raise ValidationError({"opened_on": ValidationError(message, code="too_far")})
    _save(circle)
    opening = circle.openings.create(opened_on=opened_on)
    record(author, circle, None, about={"place": circle.place})
    record(author, opening, None)
    return circle


@transaction.atomic
def change_circle(author: User, circle: Circle, given: dict[str, Any]) -> Circle:
    """Give the stored *circle* what is *given*, by column, and return it.

    Its seats, rights and sessions stay.  Safe to repeat.  Raises ValidationError as
    ``create_circle`` does; then nothing has changed.
    """
    stored = Circle.objects.select_for_update(no_key=True).get(pk=circle.pk)
    before, old_place = values(stored), stored.place_id
    for name, value in given.items():
        setattr(stored, name, value)
    _save(stored)
    is_moved = stored.place_id != old_place
    record(author, stored, before, about={"place": stored.place if is_moved else None})
    return stored


def has_begun(circle: Circle) -> bool:
    """Return whether anything stands in *circle* beside its openings: a seat, a
    session, an appointment, a right.  One query."""
    own = [one.related_model for one in Circle._meta.related_objects]
    begun = Q(pk__in=())
    for model in own:
        if model._meta.app_label == "circles" and model not in _FROM_THE_START:
            rows = model._base_manager.order_by().filter(circle=OuterRef("pk"))
            begun |= Q(Exists(rows))
    return Circle.objects.filter(begun, pk=circle.pk).exists()


@transaction.atomic
def remove_circle(author: User, circle: Circle) -> None:
    """Remove a *circle* that was opened by mistake; what happened to it stays in the
    history of its place.  Safe to repeat.

    Raises ValidationError ``begun`` once anything stands in it: then it is closed.
    """
    stored = Circle.objects.select_for_update().filter(pk=circle.pk).first()
    if stored is None:
        return
    if has_begun(stored):
        message = _("Something is written in this circle already. Close it instead.")
        raise ValidationError(message, code="begun")
    record_removal(author, stored)
    # Before they would go with it.
    Change.objects.filter(circle=stored).update(circle=None, place=stored.place_id)
    stored.delete()


def _save(circle: Circle) -> None:
    # One at a time in a place: who comes second is told in words.
    places = Place.objects.select_for_update(no_key=True)
    place = places.get(pk=circle.place_id)
    others = Circle.objects.filter(place=place).exclude(pk=circle.pk)
    # What stands there already is not asked about again.
    was = Circle.objects.filter(pk=circle.pk, place=place).first()
    if was is None and not Place.objects.open().filter(pk=place.pk).exists():
        message = _("This place is archived. Choose another.")
        raise ValidationError({"place": ValidationError(message, code="place_closed")})
    spelt = search_text(circle.name)
    is_new = was is None or was.name != circle.name
    if is_new and spelt in map(search_text, others.values_list("name", flat=True)):
        raise _name_taken(circle)
    try:
        with transaction.atomic():
            circle.save()
    except IntegrityError:  # by whoever does not come through here
        raise _name_taken(circle) from None


def _name_taken(circle: Circle) -> ValidationError:
    message = _(
        "%(place)s has a circle of this name already. Add what tells them apart."
    )
    params = {"place": circle.place.full_label}
    error = ValidationError(message, code="name_taken", params=params)
    return ValidationError({"name": error})
