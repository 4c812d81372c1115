"""Whose account and contact points an administrator may touch: never one's own way
up, never above one's own reach."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

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


def is_far() -> Q:
    """Return the filter for rights that reach far."""
    sponsor = Q(role=Role.KHUN_UA, place__level=Place.Level.PROVINCE)
    return Q(role__in=FAR_ROLES) | sponsor


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
    if is_of_a_province(author):
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
    is_province = is_of_a_province(author)
    # Whose duty here is over is somebody else's, or the province's.
    near: Q = reduce(
        or_, (people_below(code, only_today=not is_province) for code in codes)
    )
    return people.filter(near).exclude(_reaches_out(codes, is_province))


def is_of_a_province(author: User) -> bool:
    """Return whether *author* administers a whole province today."""
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
        outside.append(rights.filter(is_far()))
    reaching = Q(pk__in=())
    for rows in outside:
        reaching |= Q(pk__in=rows.values("person"))
    return reaching


@contextmanager
def not_coming_within_reach(
    author: User, *people: Person, refusal: type[ValidationError] = ValidationError
) -> Iterator[None]:
    """Raise *refusal* ``not_yours`` if what is done within brings the ways in of one
    of *people* within *author*'s reach, now or by what begins later: nobody ties an
    account of elsewhere to a place of their own, and then opens it.

    Needs a transaction, which the refusal undoes.  Administrators of a whole province
    and superusers are not concerned, nor is who has neither an account (open or
    closed) nor an address that signs in.
    """
    if author.is_superuser or is_of_a_province(author):
        yield
        return
    numbers = [one.pk for one in people if one.pk is not None]
    before = _reached(author, numbers)
    yield
    came = Person.objects.filter(pk__in=_reached(author, numbers) - before)
    has_ways_in = Q(user__isnull=False) | Q(contact_points__verified_at__isnull=False)
    if came.filter(has_ways_in).exists():
        words = _(
            "This person's account rests outside your places. Ask an administrator of"
            " the province to do this."
        )
        raise refusal(words, code="not_yours")


def _reached(author: User, numbers: list[int]) -> set[int]:
    """Return whom of these *author* reaches today, or by what begins later."""
    people = Person.objects.known().filter(pk__in=numbers)
    people = people.exclude(pk=author.person_id or 0)
    codes = codes_of(author, Permission.MANAGE_PERSON)
    if not numbers or not codes or not author.is_active:
        return set()
    today = timezone.localdate()
    rights = Assignment.objects.to_come(today).order_by()
    seats = Membership.objects.exclude(until__lt=today).order_by()
    near = Q(pk__in=())
    for code in codes:
        near |= people_below(code, only_today=True)
        near |= Q(pk__in=rights.filter(right_below(code)).values("person"))
        here = seats.filter(circle__place__code__startswith=code)
        near |= Q(pk__in=here.values("person"))
    people = people.exclude(user__is_superuser=True).exclude(user__is_staff=True)
    found = people.filter(near).exclude(_reaches_out(codes, is_province=False))
    return set(found.order_by().values_list("pk", flat=True))
