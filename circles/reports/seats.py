"""Who sits in a circle, for its administrators.  Reads only."""

from __future__ import annotations

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
from circles.permissions import CODE_LENGTHS, HATS, Role

# Hats whose people log, or write down, under a right of their own.
LOGGING = (Role.KHUN_AMNUAY, Role.KHUN_LIKHIT)


def newcomers(circle: Circle) -> QuerySet[Membership]:
    """Return the seats that wait until somebody says who that is, oldest first."""
    waiting = _present(circle).filter(is_confirmed=False, until=None)
    return waiting.order_by("since", "pk")


def seats_now(circle: Circle) -> QuerySet[Membership]:
    """Return the seats of *circle* that have not ended, begun or not, by hat, who
    leads first, each with ``may_log``: whether a right to write stands beside it."""
    order = Case(
        *(When(role=role, then=at) for at, role in enumerate(HATS)),
        output_field=IntegerField(),
    )
    confirmed = _present(circle).filter(Q(is_confirmed=True) | Q(until__isnull=False))
    return confirmed.annotate(may_log=Exists(_rights(circle))).order_by(
        order, "-is_lead", "person__sort_key", "pk"
    )


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


def _rights(circle: Circle) -> QuerySet[Assignment]:
    above = [circle.place.code[:length] for length in CODE_LENGTHS]
    rights = Assignment.objects.to_come().filter(
        Q(circle=circle) | Q(place__code__in=above),
        person=OuterRef("person"),
        role__in=LOGGING,
    )
    return rights.order_by()
