"""What the pages about people tell.  Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from circles.models import (
    Assignment,
    Attendance,
    Circle,
    ContactPoint,
    LearningSession,
    Lesson,
    Membership,
    Person,
    Promise,
    PromiseReview,
    User,
)
from circles.models.counting import count_per
from circles.permissions import HATS, Permission, Role

COUNTED = LearningSession.State.HELD


@dataclass(frozen=True)
class PersonRow:
    """One line of the list."""

    person: Any  # a Person with annotated columns
    hats: list[Role]
    duties: list[str]  # roles that are no hat, in words
    circle_count: int
    is_unconfirmed: bool

    @property
    def face(self) -> str:
        return self.hats[0] if self.hats else Role.KHUN_KIJ


def people_found(user: User, q: str, role: str, only: Iterable[str]) -> QuerySet:
    """Return the people whom *user* looks after and who fit everything asked for."""
    people = Person.objects.allowed(user, Permission.MANAGE_PERSON).known()
    conditions = {
        "unconfirmed": Exists(_seats().filter(is_confirmed=False)),
        "account": Q(user__isnull=False),
        "no-circle": ~Exists(_seats()),
        "twice": Q(sort_key__in=_names_twice(people)),
    }
    found = people.filter(*(conditions[one] for one in only))
    if role:
        found = found.filter(
            Exists(_seats().filter(role=role)) | Exists(_rights().filter(role=role))
        )
    return found.filter(_called(q)) if q.strip() else found


def _called(q: str) -> Q:
    """Return the filter for people who are meant by *q*, or sit in a circle that is."""
    people = Person.objects.matching(q).order_by()
    circles = Circle.objects.matching(q).order_by()
    seats = Membership.objects.current().filter(circle__in=circles.values("pk"))
    return Q(pk__in=people.values("pk")) | Q(pk__in=seats.order_by().values("person"))


def _names_twice(people: QuerySet[Person]) -> QuerySet:
    # The key by which they are sorted is one spelling of the name without its title.
    names = people.order_by().values("sort_key").annotate(n=Count("pk"))
    twice: QuerySet = names.filter(n__gt=1).values("sort_key")
    return twice


def _seats() -> QuerySet[Membership]:
    return Membership.objects.current().filter(person=OuterRef("pk")).order_by()


def _rights() -> QuerySet[Assignment]:
    return Assignment.objects.current().filter(person=OuterRef("pk")).order_by()


def with_row(people: QuerySet) -> QuerySet:
    """Add what a line tells: ``last_came``, ``has_account``, ``has_phone``,
    ``has_email``, and today's seats and rights.  Three queries in all."""
    came = Attendance.objects.present().filter(
        person=OuterRef("pk"), session__state=COUNTED
    )
    latest = came.order_by("-session__held_on").values("session__held_on")[:1]
    accounts = User.objects.filter(person=OuterRef("pk"), is_active=True)
    roads = ContactPoint.objects.filter(person=OuterRef("pk"), blocked_at=None)
    told: QuerySet = people.annotate(
        last_came=Subquery(latest),
        has_account=Exists(accounts),
        has_phone=Exists(roads.filter(channel=ContactPoint.Channel.PHONE)),
        has_email=Exists(roads.filter(channel=ContactPoint.Channel.EMAIL)),
    )
    return told.prefetch_related(
        Prefetch("memberships", Membership.objects.current(), to_attr="seats_now"),
        Prefetch("assignments", Assignment.objects.current(), to_attr="rights_now"),
    )


def rows_of(people: Iterable[Any]) -> list[PersonRow]:
    """Return the lines for people of ``with_row``; asks nothing."""
    return [_row(person) for person in people]


def _row(person: Any) -> PersonRow:
    roles = {one.role for one in [*person.seats_now, *person.rights_now]}
    duties = [one for one in Role if one.value in roles and one not in HATS]
    return PersonRow(
        person=person,
        hats=[one for one in HATS if one.value in roles],
        duties=[str(one.label) for one in duties],
        circle_count=len({one.circle_id for one in person.seats_now}),
        is_unconfirmed=any(not one.is_confirmed for one in person.seats_now),
    )


def with_passport(people: QuerySet) -> QuerySet:
    """Annotate what somebody has taken part in: ``came_count``, ``told_count``,
    ``kept_count`` and ``last_came``, of sessions that count."""
    here = {"session__state": COUNTED}
    came = Attendance.objects.present().filter(person=OuterRef("pk"), **here)
    told = Lesson.objects.filter(teller=OuterRef("pk"), **here)
    done = PromiseReview.objects.filter(
        promise=OuterRef("pk"), state=PromiseReview.State.DONE, **here
    )
    kept = Promise.objects.filter(
        Q(kept_on__isnull=False) | Exists(done), owner=OuterRef("pk"), **here
    )
    latest = came.order_by("-session__held_on").values("session__held_on")[:1]
    told_of: QuerySet = people.annotate(
        came_count=count_per("person", came),
        told_count=count_per("teller", told),
        kept_count=count_per("owner", kept),
        last_came=Subquery(latest),
    )
    return told_of


def seats_of(person: Person) -> QuerySet[Membership]:
    """Return the seats of *person*, today's first, then the latest.  One query."""
    seats = person.memberships.select_related("circle__place__parent")
    today = Membership.objects.current().filter(pk=OuterRef("pk")).order_by()
    return seats.annotate(is_current=Exists(today)).order_by(
        "-is_current", "-since", "pk"
    )


def work_of(person: Person) -> list[tuple[str, str]]:
    """Return what *person* does here today, as hat or duty and where; a seat beside a
    right over the same circle is not said twice.  Two queries."""
    held: QuerySet[Any] = rights_of(person)
    taken: QuerySet[Any] = seats_of(person)
    rights = [one for one in held if one.is_current]
    told = [(str(one.get_role_display()), str(_where(one))) for one in rights]
    circles = {one.circle_id for one in rights}
    seats = [one for one in taken if one.is_current]
    return told + [
        (str(one.get_role_display()), str(_where(one)))
        for one in seats
        if one.circle_id not in circles
    ]


def _where(held: Any) -> str:
    if held.circle:
        return f"{held.circle.name} {held.circle.where}"
    return str(held.place.whole_label if held.place else held.agency)


def next_steps(
    person: Person, seats: Iterable[Any], rights: Iterable[Any], contact_count: int
) -> list[str]:
    """Return what is missing until *person* can work here: ``contact``, ``right``,
    ``account``, ``invite``, in this order.  Asks nothing.

    Nothing for whoever is a Khun Kij alone: a name in the circle is enough for them.
    *seats* and *rights* are those of ``seats_of`` and ``rights_of``.
    """
    seated = {one.role for one in seats if one.until is None or one.is_current}
    has_right = any(one.until is None or one.is_current for one in rights)
    account = getattr(person, "user", None)
    if seated == {Role.KHUN_KIJ} and not has_right and account is None:
        return []
    missing = {
        "contact": not contact_count,
        "right": not has_right,
        "account": account is None,
        "invite": bool(account and account.is_active and not account.last_login),
    }
    return [name for name, is_missing in missing.items() if is_missing]


def rights_of(person: Person) -> QuerySet[Assignment]:
    """Return the rights of *person*, today's first, then the latest.  One query."""
    rights = person.assignments.select_related(
        "place__parent__parent", "circle__place__parent", "agency"
    )
    today = Assignment.objects.current().filter(pk=OuterRef("pk")).order_by()
    return rights.annotate(is_current=Exists(today)).order_by(
        "-is_current", "-since", "pk"
    )
