"""Whose account and contact points an administrator may touch: never one's own way
up, never above one's own reach."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q
from django.db.models.query import QuerySet
from django.utils import timezone

from circles.models import Assignment, Membership, Person, Place, User
from circles.permissions import (
    Permission,
    Role,
    codes_of,
    is_of_the_province,
    people_below,
    right_below,
)

# Roles that reach far: no tambon administrator may open their account.
FAR_ROLES = (Role.TAMBON_ADMIN, Role.PROVINCE_ADMIN, Role.GOVERNOR_OFFICE)


def accounts_within_reach(author: User) -> QuerySet[User]:
    """Return the open accounts that *author* may open for somebody: never one's own
    and never above one's own.  See ``people_within_reach``."""
    return all_accounts_within_reach(author).filter(is_active=True)


def all_accounts_within_reach(author: User) -> QuerySet[User]:
    """Return the same, closed accounts too: to open them again."""
    others = User.objects.exclude(pk=author.pk)
    if not author.is_active:
        return others.none()
    if author.is_superuser:
        return others
    near = Q(person__in=people_within_reach(author).values("pk"))
    if _is_province(author):
        near |= Q(person=None)
    return others.filter(near, is_superuser=False, is_staff=False)


def people_within_reach(author: User) -> QuerySet[Person]:
    """Return the people whose ways in (contact points, account) *author* may change.

    Superusers: all.  An administrator: whoever has a right or a seat below the own
    place, nothing outside it now or later, and nobody but an administrator of the
    whole province reaches somebody with a role that reaches far.  Never oneself.
    """
    people = Person.objects.known()
    if author.person_id is not None:
        people = people.exclude(pk=author.person_id)
    if not author.is_active:
        return people.none()
    if author.is_superuser:
        return people
    codes = codes_of(author, Permission.MANAGE_PERSON)
    if not codes:
        return people.none()
    # Of a person with a superuser's account the ways in are that account's.
    people = people.exclude(user__is_superuser=True).exclude(user__is_staff=True)
    is_province = _is_province(author)
    # Whose duty here is over is somebody else's, or the province's.
    near: Q = reduce(
        or_, (people_below(code, only_today=not is_province) for code in codes)
    )
    return people.filter(near).exclude(_reaches_out(codes, is_province))


def _is_province(author: User) -> bool:
    return any(
        one.role == Role.PROVINCE_ADMIN
        and one.place is not None
        and is_of_the_province(one.place.code)
        for one in author.current_assignments
    )


def _reaches_out(codes: list[str], is_province: bool) -> Q:
    """Return the filter for people with a right or a seat outside, or a far role.

    Also what begins tomorrow: a slip is good for a week.
    """
    today = timezone.localdate()
    rights = Assignment.objects.to_come(today).order_by()
    seats = Membership.objects.exclude(until__lt=today).order_by()
    inside = rights.filter(reduce(or_, (right_below(code) for code in codes)))
    places = reduce(or_, (Q(circle__place__code__startswith=code) for code in codes))
    # By number of row, not by the opposite condition: a place may be NULL.
    outside = [
        rights.exclude(pk__in=inside.values("pk")),
        seats.exclude(pk__in=seats.filter(places).values("pk")),
    ]
    if not is_province:
        far = Q(role__in=FAR_ROLES) | Q(
            role=Role.KHUN_UA, place__level=Place.Level.PROVINCE
        )
        outside.append(rights.filter(far))
    reaching = Q(pk__in=())
    for rows in outside:
        reaching |= Q(pk__in=rows.values("person"))
    return reaching
