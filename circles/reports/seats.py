"""Who sits in a circle, for its administrators.  Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    When,
)
from django.utils import timezone

from circles.models import Assignment, Circle, Membership
from circles.models.accounts import AssignmentQuerySet
from circles.permissions import CODE_LENGTHS, HATS, Role

# Hats whose people log, or write down, under a right of their own.
LOGGING = (Role.KHUN_AMNUAY, Role.KHUN_LIKHIT)


def newcomers(circle: Circle) -> QuerySet[Membership]:
    """Return the seats that wait until somebody says who that is, oldest first."""
    waiting = _present(circle).filter(is_confirmed=False, until=None)
    return waiting.order_by("since", "pk")


def seats_now(circle: Circle) -> QuerySet[Membership]:
    """Return the seats of *circle* that have not ended, by hat, who leads first; those
    that have not begun after all others.  Each carries ``may_log``: whether a right to
    write stands beside it, ``logged_once``: whether one did that has ended, and
    ``is_ahead``."""
    order = Case(
        *(When(role=role, then=at) for at, role in enumerate(HATS)),
        output_field=IntegerField(),
    )
    confirmed = _present(circle).filter(Q(is_confirmed=True) | Q(until__isnull=False))
    is_ahead = Case(When(since__gt=timezone.localdate(), then=True), default=False)
    rights = _rights(circle)
    over = rights.filter(until__lt=timezone.localdate())
    return confirmed.annotate(
        may_log=Exists(rights.to_come()), logged_once=Exists(over), is_ahead=is_ahead
    ).order_by("is_ahead", order, "-is_lead", "person__sort_key", "pk")


@dataclass(frozen=True)
class Numbers:
    """How many seats are taken today, newcomers' as well (what the circle's own page
    says), how many of those wait to be confirmed, and how many begin later."""

    now: int
    waiting: int
    ahead: int


def numbers_of(circle: Circle) -> Numbers:
    """Count the seats of *circle* that have not ended; one query."""
    today = timezone.localdate()
    begun, waits = Q(since__lte=today), Q(is_confirmed=False, until=None)
    counted = _present(circle).aggregate(
        now=Count("pk", filter=begun),
        waiting=Count("pk", filter=begun & waits),
        ahead=Count("pk", filter=~begun),
    )
    return Numbers(**counted)


def nobody_leads(circle: Circle) -> bool:
    """Return whether *circle* has facilitators and none of them leads it."""
    seats = Membership.objects.filter(circle=circle, role=Role.KHUN_AMNUAY)
    found = seats.exclude(until__lt=timezone.localdate()).aggregate(
        seats=Count("pk"), leads=Count("pk", filter=Q(is_lead=True))
    )
    return bool(found["seats"]) and not found["leads"]


def seats_past(circle: Circle) -> QuerySet[Membership]:
    """Return the seats that have ended, the latest first."""
    seats = Membership.objects.filter(circle=circle, until__lt=timezone.localdate())
    return seats.select_related("person").order_by("-until", "person__sort_key", "pk")


def _present(circle: Circle) -> QuerySet[Membership]:
    seats = Membership.objects.filter(circle=circle)
    present = seats.exclude(until__lt=timezone.localdate())
    return present.select_related("person", "circle__place")


def _rights(circle: Circle) -> AssignmentQuerySet:
    above = [circle.place.code[:length] for length in CODE_LENGTHS]
    rights = Assignment.objects.filter(
        Q(circle=circle) | Q(place__code__in=above),
        person=OuterRef("person"),
        role__in=LOGGING,
    )
    return rights.order_by()
