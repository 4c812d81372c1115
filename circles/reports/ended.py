"""Whose right over a circle ended a moment ago.  Reads only."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from circles.models import Assignment, Circle, User
from circles.permissions import ROLE_PERMISSIONS, Permission, Role

LATELY = timedelta(days=7)


class Ended(NamedTuple):
    """A right over *circle*: its last day."""

    circle: Circle
    right: Assignment


def ended_right(user: User, permission: Permission, circle_id: int) -> Ended | None:
    """Return the right by which *user* held *permission* on that circle until at most
    a week ago, the last one; None if there was none."""
    today = timezone.localdate()
    if user.person_id is None or not user.is_active:
        return None
    rights = Assignment.objects.filter(
        person=user.person_id, until__lt=today, until__gte=today - LATELY
    ).select_related("place", "circle__place", "agency")
    circles = Circle.objects.select_related("place__parent")
    for right in rights.order_by("-until", "pk"):
        reach = ROLE_PERMISSIONS[Role(right.role)].get(permission)
        held = circles.filter(reach.circles(right), pk=circle_id) if reach else None
        if held is not None and (circle := held.first()):
            return Ended(circle, right)
    return None
