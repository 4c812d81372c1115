"""Who hands over what to whom, and what a successor has to know.  Reads only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
)
from django.utils import timezone

from circles.models import (
    Assignment,
    Circle,
    Handover,
    LearningSession,
    Membership,
    Person,
    Promise,
    SeatSuccession,
    Succession,
    User,
    WorkingNote,
)
from circles.models.accounts import AssignmentQuerySet
from circles.models.circles import CircleQuerySet
from circles.permissions import (
    HATS,
    ROLE_PERMISSIONS,
    Permission,
    Role,
    circles_allowed,
)
from circles.reports.circle import with_standing
from circles.reports.figures import hat_order

SESSIONS_TOLD = 3
NOTES_KEPT = 10
# Who comes and goes with a circle.
CIRCLE_POSTS = (Role.KHUN_AMNUAY, Role.KHUN_LIKHIT)


def rights_of(person: Person) -> AssignmentQuerySet:
    """Return all rights of *person*, with what they are over, latest first."""
    rights = Assignment.objects.filter(person=person)
    over = ("place__parent__parent", "circle__place__parent", "agency__place")
    return rights.select_related(*over).order_by("-since", "-pk")


def by_time(rights: list[Assignment], today: date) -> dict[str, list[Assignment]]:
    """Return *rights* by ``current``, ``ahead`` (to come) and ``past``."""
    found: dict[str, list[Assignment]] = {"current": [], "ahead": [], "past": []}
    for right in rights:
        is_over = right.until is not None and right.until < today
        when = "past" if is_over else "ahead" if right.since > today else "current"
        found[when].append(right)
    return found


def readable_handovers(user: User) -> QuerySet[Handover]:
    """Return the handovers that *user* may read: of which every right is within the
    own reach (``may_manage`` says so), one's own leaving, and those by which one
    follows somebody."""
    handovers = _with_reach(user)
    if user.person_id is None:
        return handovers.filter(may_manage=True)
    follows = Succession.objects.filter(successor=user.person_id).order_by()
    own = Q(person=user.person_id) | Q(pk__in=follows.values("handover"))
    return handovers.filter(Q(may_manage=True) | own)


def manageable(user: User) -> QuerySet[Handover]:
    """Return the handovers whose rights *user* may all give and take."""
    return _with_reach(user).filter(may_manage=True)


def standing_of(user: User, person: Person) -> QuerySet[Any]:
    """Return the handovers of *person* that stand and whose day is not over, the next
    first; ``may_manage`` says which of them *user* may call off.  One query."""
    ahead = _with_reach(user).filter(
        person=person,
        cancelled_at=None,
        carried_out_at=None,
        last_day__gte=timezone.localdate(),
    )
    return ahead.select_related("author__person").order_by("last_day", "pk")


def _with_reach(user: User) -> QuerySet[Any]:
    within = Assignment.objects.allowed(user, Permission.ASSIGN_ROLE).order_by()
    successions = Succession.objects.filter(handover=OuterRef("pk")).order_by()
    inside = Exists(successions.filter(assignment__in=within.values("pk")))
    outside = Exists(successions.exclude(assignment__in=within.values("pk")))
    return Handover.objects.annotate(
        may_manage=ExpressionWrapper(
            Q(inside) & ~Q(outside), output_field=BooleanField()
        )
    )


def with_parts(handovers: QuerySet[Handover]) -> QuerySet[Handover]:
    """Fetch with each handover who leaves, its rights and its seats."""
    rights = Succession.objects.select_related(
        "successor",
        "follow_up",
        "assignment__place__parent__parent",
        "assignment__circle__place__parent",
        "assignment__agency",
    ).order_by("pk")
    seats = SeatSuccession.objects.select_related(
        "seat__circle__place__parent", "seat__person", "follow_up__person"
    ).order_by("seat__circle__place__code", "pk")
    return handovers.select_related("person", "author__person").prefetch_related(
        Prefetch("successions", rights), Prefetch("seats", seats)
    )


def circles_of(handover: Handover, user: User) -> list[Circle]:
    """Return the circles that change hands by *handover* and whose handover page
    *user* may read: a facilitator's or a note-taker's."""
    found = Q(pk__in=())
    for succession in handover.successions.all():
        if succession.assignment.role in CIRCLE_POSTS:
            found |= _covered(succession.assignment, Permission.VIEW_CIRCLE)
    circles = readable_circles(user).filter(found).open()
    return list(circles.select_related("place__parent").in_order())


def _covered(right: Assignment, permission: Permission) -> Q:
    reach = ROLE_PERMISSIONS[Role(right.role)].get(permission)
    return reach.circles(right) if reach else Q(pk__in=())


def readable_circles(user: User) -> CircleQuerySet:
    """Return the circles whose handover page *user* may read: by HAND_OVER, or as the
    successor to such a right whose first day is still ahead."""
    allowed = circles_allowed(user, Permission.HAND_OVER)
    for succession in _ahead_of(user):
        allowed |= _covered(succession.assignment, Permission.HAND_OVER)
    return Circle.objects.filter(allowed)


def _ahead_of(user: User) -> list[Succession]:
    if user.person_id is None or not user.is_active:
        return []
    ahead = Succession.objects.filter(
        successor=user.person_id,
        handover__cancelled_at=None,
        handover__last_day__gte=timezone.localdate(),
    )
    return list(ahead.select_related("assignment__place", "assignment__circle__place"))


@dataclass
class Story:
    """What whoever takes a circle over has to know."""

    handing: list[Succession]
    people: dict[str, list[Membership]] = field(default_factory=dict)
    sessions: list[LearningSession] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    notes: list[WorkingNote] = field(default_factory=list)
    next: Any = None

    @property
    def leavers(self) -> set[int]:
        return {one.handover.person_id for one in self.handing}

    @property
    def note(self) -> WorkingNote | None:
        """What works here, as it was written last."""
        return self.notes[0] if self.notes else None

    @property
    def rows(self) -> list[str]:
        """The lines of that note."""
        return self.note.text.splitlines() if self.note else []

    @property
    def seat_count(self) -> int:
        return sum(map(len, self.people.values()))


def story(circle: Circle) -> Story:
    """Tell *circle*'s story for its handover page: a constant number of queries."""
    sessions = LearningSession.objects.counted().filter(circle=circle).with_totals()
    promises = Promise.objects.open().of(circle).soonest_first()
    notes = WorkingNote.objects.filter(circle=circle).select_related("author__person")
    return Story(
        handing=handing_of(circle),
        people=_people(circle),
        sessions=list(sessions.latest_first()[:SESSIONS_TOLD]),
        promises=list(with_standing(promises).select_related("owner")),
        notes=list(notes.order_by("-created_at", "-pk")[:NOTES_KEPT]),
        next=circle.appointments.open().soonest_first().first(),
    )


def handing_of(circle: Circle) -> list[Succession]:
    """Return the standing successions of *circle*'s posts, of the latest day."""
    here = Q(assignment__circle=circle)
    codes = [circle.place.code[:length] for length in (4, 6, 8)]
    here |= Q(assignment__place__code__in=codes)
    rows = Succession.objects.filter(
        here,
        handover__cancelled_at=None,
        assignment__role__in=CIRCLE_POSTS,
    )
    rows = rows.select_related(
        "handover__person__agency", "successor__agency", "assignment"
    )
    found = list(rows.order_by("-handover__last_day", "-pk")[:20])
    # Whoever is over the whole tambon or amphoe is told of where nobody is nearer.
    found = [one for one in found if one.assignment.circle_id] or found
    latest = found[0].handover.last_day if found else None
    # A vacant post that was filled afterwards is told of once.
    by_right = {one.assignment_id: one for one in reversed(found)}
    return [one for one in by_right.values() if one.handover.last_day == latest]


def _people(circle: Circle) -> dict[str, list[Membership]]:
    seats = Membership.objects.current().filter(circle=circle).select_related("person")
    by_hat: dict[str, list[Membership]] = {role.value: [] for role in HATS}
    for seat in seats.order_by("-is_lead", "person__sort_key", "pk"):
        by_hat[seat.role].append(seat)
    roles = sorted((role for role in by_hat if by_hat[role]), key=hat_order)
    return {role: by_hat[role] for role in roles}
