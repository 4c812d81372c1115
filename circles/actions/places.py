"""Places: added, changed, chosen as targets, archived and brought back.

What may not be is refused in words: a ValidationError with a code, for the form.
"""

from __future__ import annotations

import re
from string import ascii_uppercase
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.actions.recording import record, values
from circles.models import Circle, CircleOpening, Place, PlaceCode, User

Level = Place.Level

# What lies in what, and how a code of each level looks.
PARENT_LEVELS = {
    Level.AMPHOE: Level.PROVINCE,
    Level.TAMBON: Level.AMPHOE,
    Level.VILLAGE: Level.TAMBON,
    Level.COMMUNITY: Level.TAMBON,
}
CODE_SHAPES = {
    Level.PROVINCE: r"\d{2}",
    Level.AMPHOE: r"\d{2}(?!00)\d{2}",
    Level.TAMBON: r"\d{4}(?!00)\d{2}",
    Level.VILLAGE: r"\d{6}(?!00)\d{2}",
    Level.COMMUNITY: r"\d{6}[A-Z]\d",
}
# What a ชุมชน's code ends in, given in this order: A1 … Z9.
COMMUNITY_ENDS = [f"{letter}{n}" for letter in ascii_uppercase for n in range(1, 10)]


def levels_below(place: Place) -> list[Place.Level]:
    """Return what may lie directly in *place*: of a tambon villages and ชุมชน."""
    return [below for below, above in PARENT_LEVELS.items() if above == place.level]


@transaction.atomic
def add_place(place: Place, author: User) -> Place:
    """Store the new *place* below its parent; a ชุมชน without a code is given one.

    Raises ValidationError: ``wrong_level``, ``archived``, ``bad_code``, ``outside``
    (not below its parent), ``code_taken``, ``codes_used_up``.  Of two at one moment
    with one code one wins.
    """
    # One newcomer at a time below a place: the next code is free when it is taken.
    parent = Place.objects.select_for_update(no_key=True).get(pk=place.parent_id or 0)
    if place.level not in levels_below(parent):
        refuse("wrong_level", _("A place of this kind cannot lie there."))
    if is_archived(parent):
        message = _("%(name)s is archived. Bring it back first.")
        refuse("archived", message, name=parent.full_label)
    if place.level == Level.COMMUNITY and not place.code:
        place.code = _free_community_code(parent)
    check_code(place.code, place.level, parent)
    store(place)
    record(author, place, None)
    return place


def _free_community_code(tambon: Place) -> str:
    # Nor one that somebody may still look for.
    below = Q(code__startswith=tambon.code)
    used = set(Place.objects.filter(below).values_list("code", flat=True))
    used |= set(PlaceCode.objects.filter(below).values_list("code", flat=True))
    free = (tambon.code + end for end in COMMUNITY_ENDS)
    code = next((one for one in free if one not in used), None)
    if code is None:
        refuse("codes_used_up", _("This tambon has no free code for a community left."))
    return code


def check_code(code: str, level: str, parent: Place) -> None:
    """Refuse a *code* that is no code of that *level*, does not lie in *parent*, or
    has an owner: ``bad_code``, ``outside``, ``code_taken``."""
    check_shape(code, level, parent)
    if not code.startswith(parent.code):
        message = _(
            "%(code)s lies outside %(parent)s: a code there begins with %(begins)s."
        )
        params = {"code": code, "parent": parent.label, "begins": parent.code}
        refuse("outside", message, **params)
    taken = Place.objects.select_related("parent").filter(code=code).first()
    if taken and is_archived(taken):
        message = _("%(code)s is the code of %(name)s, which is archived.")
        refuse("code_taken", message, code=code, name=taken.full_label)
    if taken:
        message = _("%(code)s is the code of %(name)s already.")
        refuse("code_taken", message, code=code, name=taken.full_label)


def check_shape(code: str, level: str, parent: Place) -> None:
    """Refuse a *code* that is no code of that *level*: ``bad_code``."""
    if re.fullmatch(CODE_SHAPES[Place.Level(level)], code, re.ASCII):
        return
    message = _(
        "“%(code)s” is not a code of this level. It is the code of %(parent)s"
        " (%(begins)s) with two more digits, not 00."
    )
    params = {"code": code, "parent": parent.label, "begins": parent.code}
    refuse("bad_code", message, **params)


def store(place: Place) -> None:
    """Save *place*; whoever took its code in between wins.  Raises ValidationError
    ``code_taken``."""
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError:
        message = _("%(code)s was taken at this moment. Choose another code.")
        refuse("code_taken", message, code=place.code)


@transaction.atomic
def change_place(place: Place, given: dict[str, Any], author: User) -> Place:
    """Store the columns *given* of *place* (not its code: see ``renumber``) and return
    it as it is now.  Safe to repeat.

    Raises ValidationError: ``half_centre``, ``not_a_tambon`` (only those have a
    stage and a landscape).
    """
    place = locked(place.pk)
    before = values(place)
    for name, value in given.items():
        setattr(place, name, value)
    if (place.latitude is None) != (place.longitude is None):
        message = _("Give both figures of the centre, or neither.")
        refuse("half_centre", message)
    if place.level != Level.TAMBON and (place.stage or place.landscape):
        refuse("not_a_tambon", _("Only a tambon can be a target or have a landscape."))
    place.save(update_fields=list(given))
    record(author, place, before)
    return place


def set_stage(tambon: Place, stage: str, author: User) -> Place:
    """Make *tambon* a target, one that prepares, or neither; returns it as it is now.

    Safe to repeat.  Raises ValidationError: ``archived``, ``not_a_tambon``.
    """
    if stage and is_archived(tambon):
        message = _("%(name)s is archived. Bring it back first.")
        refuse("archived", message, name=tambon.full_label)
    return change_place(tambon, {"stage": stage}, author)


@transaction.atomic
def archive(place: Place, author: User) -> None:
    """Take *place* out of the lists from today on; what is written about it stays.

    Safe to repeat.  Raises ValidationError: ``province``, or ``in_use`` while circles
    are open in it or places below it are.
    """
    # Not even a row that refers to it may come in between.
    place = Place.objects.select_for_update().get(pk=place.pk)
    if is_archived(place):
        return
    if place.level == Level.PROVINCE:
        refuse("province", _("The province itself cannot be archived."))
    circles = open_circles(place).count()
    places = open_below(place).count()
    if circles or places:
        message = _(
            "%(name)s still has open circles: %(circles)s, and open places below it:"
            " %(places)s. Close and archive those first."
        )
        params = {"name": place.full_label, "circles": circles, "places": places}
        refuse("in_use", message, **params)
    before = values(place)
    place.closed_on = timezone.localdate()
    place.save(update_fields=["closed_on"])
    record(author, place, before)


@transaction.atomic
def bring_back(place: Place, author: User) -> None:
    """Put *place* into the lists again.  Safe to repeat.

    Raises ValidationError ``archived`` while the place in which it lies is archived.
    """
    place = locked(place.pk)
    if place.closed_on is None:
        return
    if place.parent and is_archived(place.parent):
        message = _("%(name)s is archived. Bring it back first.")
        refuse("archived", message, name=place.parent.full_label)
    before = values(place)
    place.closed_on = None
    place.save(update_fields=["closed_on"])
    record(author, place, before)


def open_circles(place: Place) -> QuerySet[Circle]:
    """Return the circles of *place* and below it that are open, or will open."""
    today = timezone.localdate()
    openings = CircleOpening.objects.filter(
        Q(closed_on=None) | Q(closed_on__gte=today),
        circle__place__code__startswith=place.code,
    )
    return Circle.objects.filter(pk__in=openings.order_by().values("circle"))


def open_below(place: Place) -> QuerySet[Place]:
    """Return the places below *place* that are not archived."""
    below = Place.objects.open().filter(code__startswith=place.code)
    return below.exclude(pk=place.pk)


def is_archived(place: Place) -> bool:
    """Return whether *place* is out of the lists today, as ``open()`` has it."""
    return place.closed_on is not None and place.closed_on <= timezone.localdate()


def locked(place_id: int) -> Place:
    """Return the place as it is now, locked; with its parent, which is not."""
    rows = Place.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("parent__parent").get(pk=place_id)


def refuse(code: str, message: str, /, **params: object) -> NoReturn:
    raise ValidationError(message, code=code, params=params or None)
