"""The questions that administrators' pages ask: which places, agencies, people and
rights does somebody look after?

A place's assignment covers what lies below it; a circle's covers who sits there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Q
from django.db.models.query import QuerySet
from django.utils import timezone

from circles.permissions.roles import (
    CODE_LENGTHS,
    GRANTS,
    ROLE_PERMISSIONS,
    Permission,
    Role,
)

if TYPE_CHECKING:
    from circles.models import Assignment, User

NAMED_FOR = timedelta(days=366)
NOTHING = Q(pk__in=())
EVERYTHING = Q()


def codes_of(user: User, permission: Permission) -> list[str]:
    """Return the codes of the places in which *user* holds *permission* on everything
    below, without asking the database again.  Of a superuser: [""], all places."""
    if user.is_superuser:
        return [""]
    return [code for _assignment, code in _covering(user, permission)]


def _covering(user: User, permission: Permission) -> Iterator[tuple[Assignment, str]]:
    for assignment in user.current_assignments:
        reach = ROLE_PERMISSIONS[Role(assignment.role)].get(permission)
        if reach is not None and assignment.place is not None:
            yield assignment, assignment.place.code


def below(path: str, code: str) -> Q:
    """Return the filter for rows whose place, at *path*, is that place or below it."""
    return Q((f"{path}__code__startswith" if path else "code__startswith", code))


def is_of_the_province(code: str) -> bool:
    """Return whether the place with that code is a whole province (or all of them)."""
    return len(code) <= CODE_LENGTHS[0]


def places_under(user: User, permission: Permission) -> Q:
    """Return the filter for the places that *user* looks after."""
    found = NOTHING
    for code in codes_of(user, permission):
        found |= below("", code)
    return found


def agencies_under(user: User, permission: Permission) -> Q:
    """Return the filter for the agencies that *user* looks after; those without a
    seat are the province's."""
    found = NOTHING
    for code in codes_of(user, permission):
        found |= _agency_under("", code)
    return found


def _agency_under(path: str, code: str) -> Q:
    place = f"{path}__place" if path else "place"
    found = below(place, code)
    if is_of_the_province(code):
        named = Q((f"{path}__isnull", False)) if path else EVERYTHING
        found |= Q((f"{place}__isnull", True)) & named
    return found


def people_under(user: User, permission: Permission) -> Q:
    """Return the filter for the people whom *user* looks after: who live below the
    place, have or had a seat or a right there, or belong to an agency there; by a
    circle's assignment, who has a seat there now.

    Whoever belongs nowhere yet is the province's.
    """
    if user.is_superuser:
        return EVERYTHING
    found = NOTHING
    for assignment in user.current_assignments:
        reach = ROLE_PERMISSIONS[Role(assignment.role)].get(permission)
        if reach is None:
            continue
        if assignment.place is not None:
            found |= people_below(assignment.place.code)
        elif assignment.circle_id is not None:
            seats = _rows("Membership").current()  # type: ignore[attr-defined] # ours
            here = seats.filter(circle=assignment.circle_id)
            found |= Q(pk__in=here.values("person"))
    return found


def people_below(code: str, *, only_today: bool = False) -> Q:
    """Return the filter for the people of the place with that code, and below it: who
    live there, belong to an agency there, have or had a seat or a right there
    (*only_today*: have)."""
    seats, rights = _rows("Membership"), _rows("Assignment")
    if only_today:
        seats, rights = seats.current(), rights.current()  # type: ignore[attr-defined] # ours
    found = (
        below("village", code)
        | below("agency__place", code)
        | Q(pk__in=seats.filter(below("circle__place", code)).values("person"))
        | Q(pk__in=rights.filter(right_below(code)).values("person"))
    )
    return found | _belonging_nowhere() if is_of_the_province(code) else found


def successors_under(user: User) -> Q:
    """Return the filter for the people who may follow somebody in a right that *user*
    gives: whom *user* looks after, and whoever was named for such a right in the last
    year.  Those can be named again, also after a calling off; nothing else of them
    comes into reach."""
    if user.is_superuser:
        return EVERYTHING
    rights = _rows("Assignment").filter(assignments_under(user, Permission.ASSIGN_ROLE))
    named = _rows("Succession").filter(
        assignment__in=rights.values("pk"),
        successor__isnull=False,
        handover__created_at__gt=timezone.now() - NAMED_FOR,
    )
    own = people_under(user, Permission.MANAGE_PERSON)
    return own | Q(pk__in=named.values("successor"))


def _belonging_nowhere() -> Q:
    seats, rights = _rows("Membership"), _rows("Assignment")
    return (
        Q(village=None, agency__place=None)
        & ~Q(pk__in=seats.values("person"))
        & ~Q(pk__in=rights.values("person"))
    )


def right_below(code: str) -> Q:
    """Return the filter for rights over a place, circle or agency of that place."""
    return (
        below("place", code)
        | below("circle__place", code)
        | _agency_under("agency", code)
    )


def assignments_under(user: User, permission: Permission) -> Q:
    """Return the filter for the rights that *user* may give and take: of the roles of
    ``GRANTS``, below the own place, never one's own.  Superusers: all."""
    if user.is_superuser:
        return EVERYTHING
    found = NOTHING
    for assignment, code in _covering(user, permission):
        roles = GRANTS.get(Role(assignment.role), frozenset())
        found |= Q(role__in=[role.value for role in roles]) & right_below(code)
    return found & ~Q(person=user.person_id)


def roles_grantable(user: User) -> list[Role]:
    """Return the roles that *user* may give somewhere, in the order of ``Role``."""
    if user.is_superuser:
        return list(Role)
    held = {Role(one.role) for one in user.current_assignments if one.place is not None}
    granted = {role for one in held for role in GRANTS.get(one, ())}
    return [role for role in Role if role in granted]


def may_grant(user: User, role: Role, code: str | None) -> bool:
    """Return whether *user* may give *role* over something in the place with that
    *code*; None is what belongs to the whole province, as an agency may."""
    if user.is_superuser:
        return True
    return any(
        role in GRANTS.get(Role(assignment.role), ())
        and (code.startswith(own) if code is not None else is_of_the_province(own))
        for assignment, own in _covering(user, Permission.ASSIGN_ROLE)
    )


def changes_under(user: User, permission: Permission) -> Q:
    """Return the filter for the changes that *user* may read: of places, circles and
    agencies below the own place, and of people there where nothing else is named."""
    found = NOTHING
    for code in codes_of(user, permission):
        found |= below("place", code) | below("circle__place", code)
        found |= _agency_under("agency", code)
    people = _rows("Person").filter(people_under(user, permission))
    alone = Q(place=None, circle=None, agency=None)
    return found | (alone & Q(person__in=people.values("pk")))


def _rows(name: str) -> QuerySet:
    # By name: the models stand on this module.
    manager: QuerySet = apps.get_model("circles", name).objects.order_by()
    return manager
