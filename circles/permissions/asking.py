"""The questions that views ask about circles and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from circles.permissions.roles import (
    CODE_LENGTHS,
    ON_BEHALF,
    ROLE_PERMISSIONS,
    Permission,
    Role,
    home_of,
)

if TYPE_CHECKING:
    from circles.models import Circle, User


def circles_allowed(user: User, permission: Permission) -> Q:
    """Return the filter for the circles on which *user* holds *permission*.

    One query per request, whatever is asked and however often: the current
    assignments are kept on the user object of this request.
    """
    if user.is_superuser:
        return Q()
    allowed = Q(pk__in=())
    for assignment in user.current_assignments:
        reach = ROLE_PERMISSIONS[Role(assignment.role)].get(permission)
        if reach is not None:
            allowed |= reach.circles(assignment)
    return allowed


def places_allowed(user: User, permission: Permission) -> Q:
    """Return the filter for the places about which *user* may read figures: those
    of the assignments, all below them, and those that contain them."""
    if user.is_superuser:
        return Q()
    allowed = Q(pk__in=())
    for assignment in user.current_assignments:
        place = home_of(assignment)
        if place and permission in ROLE_PERMISSIONS[Role(assignment.role)]:
            above = [place.code[:length] for length in CODE_LENGTHS]
            allowed |= Q(code__in=above)
            if assignment.place:
                allowed |= Q(code__startswith=place.code)
    return allowed


def covers_place(user: User, permission: Permission, code: str) -> bool:
    """Return whether *user* holds *permission* on every circle of that place."""
    if user.is_superuser:
        return True
    return any(
        reach.covers_place(assignment, code)
        for assignment in user.current_assignments
        if (reach := ROLE_PERMISSIONS[Role(assignment.role)].get(permission))
    )


def role_to(permission: Permission, user: User, circle: Circle) -> Role | None:
    """Return the role by which *user* holds *permission* on *circle*, or None.

    A role of one's own comes before one that acts on behalf of others.
    """
    held = sorted(user.current_assignments, key=lambda one: one.role in ON_BEHALF)
    for assignment in held:
        role = Role(assignment.role)
        reach = ROLE_PERMISSIONS[role].get(permission)
        if reach and reach.covers(assignment, circle):
            return role
    return Role.PROVINCE_ADMIN if user.is_superuser else None


def may(permission: Permission, user: User, circle: Circle) -> bool:
    """Return whether *user* holds *permission* on *circle*, which was fetched by
    ``allowed()`` with its place: what else on its page is open to them."""
    return role_to(permission, user, circle) is not None


def holds(user: User, permission: Permission) -> bool:
    """Return whether *user* holds *permission* in at least one place."""
    return user.is_superuser or any(
        permission in ROLE_PERMISSIONS[Role(assignment.role)]
        for assignment in user.current_assignments
    )


def require(user: User, permission: Permission) -> None:
    """Refuse a page that is about no single circle; other pages use ``allowed()``.

    Raises PermissionDenied.
    """
    if not holds(user, permission):
        raise PermissionDenied
