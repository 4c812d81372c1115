"""What somebody is told who takes over soon, or leaves.  Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from circles.models import Circle, Handover, Succession, User
from circles.permissions import ROLE_PERMISSIONS, Permission, Role

# From how long before the day to how long after it somebody is told.
TOLD_BEFORE, TOLD_AFTER = timedelta(days=60), timedelta(days=14)


@dataclass(frozen=True)
class Told:
    """One handover, of one's own leaving or by which one follows somebody."""

    handover: Handover
    is_own: bool
    circles: list[Circle]  # whose handover page may be read; of a place none is named
    is_over: bool  # its last day

    @property
    def may_read(self) -> bool:
        """Whether the pages are open: who leaves reads them to the last day."""
        return not (self.is_own and self.is_over)


def told_of(user: User) -> list[Told]:
    """Return the handovers around today that concern *user*, the next first: one
    query, none for an account of nobody."""
    if user.person_id is None:
        return []
    today = timezone.localdate()
    rows = Succession.objects.filter(
        handover__cancelled_at=None,
        handover__last_day__gte=today - TOLD_AFTER,
        handover__last_day__lte=today + TOLD_BEFORE,
    )
    leaving = rows.filter(handover__person=user.person_id)
    found = (leaving | rows.filter(successor=user.person_id)).select_related(
        "handover__person", "assignment__circle__place__parent"
    )
    by_handover: dict[int, list[Succession]] = {}
    for one in found.order_by("handover__last_day", "handover", "pk"):
        by_handover.setdefault(one.handover_id, []).append(one)
    return [_told(several, user) for several in by_handover.values()]


def _told(several: list[Succession], user: User) -> Told:
    handover = several[0].handover
    return Told(
        handover=handover,
        is_own=handover.person_id == user.person_id,
        circles=_circles(several),
        is_over=handover.last_day < timezone.localdate(),
    )


def _circles(several: Iterable[Succession]) -> list[Circle]:
    rights = [one.assignment for one in several]
    return [
        right.circle
        for right in rights
        if right.circle is not None
        and Permission.HAND_OVER in ROLE_PERMISSIONS[Role(right.role)]
    ]
