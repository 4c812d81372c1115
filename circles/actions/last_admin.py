"""A province keeps an administrator: on every day from today on, and in the end.

Whatever may end a right, close an account or bring a right to somebody else is done
within ``keeping_administrators``, which looks before and after.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.models import Assignment, Place
from circles.models.accounts import AssignmentQuerySet
from circles.permissions import Role

A_DAY = timedelta(days=1)


@contextmanager
def keeping_administrators(
    people: Collection[int], refusal: type[ValidationError] = ValidationError
) -> Iterator[None]:
    """Raise *refusal* ``last_admin`` if what is done within leaves a province that
    any of *people* (by number) administers without an administrator earlier than
    before, or in the end.

    Needs a transaction, which the refusal undoes.  It locks those provinces: enter it
    before anything else is locked, so that two who end each other's rights do not both
    go through.
    """
    rights = _rights().to_come().filter(person__in=people)
    places = set(rights.order_by().values_list("place", flat=True))
    lock_places({pk for pk in places if pk is not None})
    before = {pk: _cover(pk) for pk in places}
    yield
    if any(_cover(pk).is_less_than(cover) for pk, cover in before.items()):
        words = _(
            "This is the province's last administrator."
            " Give the right to somebody with an account first."
        )
        raise refusal(words, code="last_admin")


def lock_places(places: Collection[int]) -> None:
    """Lock these places, in order."""
    rows = Place.objects.select_for_update(no_key=True).filter(pk__in=places)
    list(rows.order_by("pk"))


@dataclass(frozen=True)
class _Cover:
    """How long somebody with an open account administers a province."""

    gap: date | None  # the first day from today on without anybody
    has_end: bool  # somebody does so in the end, without a last day

    def is_less_than(self, before: _Cover) -> bool:
        if before.has_end and not self.has_end:
            return True
        if self.gap is None:
            return False
        return before.gap is None or self.gap < before.gap


def _rights() -> AssignmentQuerySet:
    return Assignment.objects.filter(
        role=Role.PROVINCE_ADMIN, place__level=Place.Level.PROVINCE
    )


def _cover(place: int | None) -> _Cover:
    rights = _rights().to_come().filter(place=place, person__user__is_active=True)
    days = list(rights.order_by("since", "pk").values_list("since", "until"))
    has_end = any(until is None for _since, until in days)
    gap = timezone.localdate()
    for since, until in days:
        if since > gap:
            break
        if until is None:
            return _Cover(None, has_end)
        gap = max(gap, until + A_DAY)
    return _Cover(gap, has_end)
