from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from circles.models import Assignment, Circle, ContactPoint, Membership, Person, User
from circles.permissions import CODE_LENGTHS, TAMBON_CODE_LENGTH, Role
from milestones.channels import CHANNELS
from milestones.models import Event, Notice


def tell(event: Event, circle: Circle) -> None:
    """Store a notice of *event* for everybody it concerns, on each of their roads.

    The inbox is delivered by being written; the other channels fall due at
    once.  Needs the transaction of *event*; may be repeated.
    """
    audience = people_to_tell(circle)
    _open_inboxes(audience)
    now = timezone.now()
    # Locked until the session is stored: one that is erased meanwhile would take
    # the whole entry down with it at COMMIT.  In order, so that none wait in a ring.
    usable = ContactPoint.objects.usable().filter(person__in=audience).values("pk")
    contacts = ContactPoint.objects.select_for_update().filter(pk__in=usable)
    Notice.objects.bulk_create(
        [
            Notice(event=event, contact=contact, due_at=None, sent_at=now)
            if contact.channel == ContactPoint.Channel.INBOX
            else Notice(event=event, contact=contact, due_at=now)
            for contact in contacts.order_by("pk")
            if contact.channel in CHANNELS
            or contact.channel == ContactPoint.Channel.INBOX
        ],
        ignore_conflicts=True,
    )


def people_to_tell(circle: Circle) -> QuerySet[Person]:
    """Return the circle's own people, its facilitators and note-takers, the
    sponsors of its tambon and the governor's office, each once.

    An unconfirmed seat is not told: nobody has said yet who that is.
    """
    code = circle.place.code
    above = {code[:length] for length in CODE_LENGTHS}
    near = [one for one in above if len(one) >= TAMBON_CODE_LENGTH] or [code]
    everywhere = Q(place__code__in=above) | Q(circle=circle)
    nearby = Q(place__code__in=near) | Q(circle=circle)
    held = Assignment.objects.current().filter(person=OuterRef("pk"))
    seats = Membership.objects.current().filter(person=OuterRef("pk"), circle=circle)
    return Person.objects.filter(
        Exists(seats.filter(is_confirmed=True))
        | Exists(held.filter(nearby, role__in=[Role.KHUN_AMNUAY, Role.KHUN_UA]))
        | Exists(held.filter(circle=circle))
        | Exists(held.filter(everywhere, role=Role.GOVERNOR_OFFICE))
    )


def _open_inboxes(audience: QuerySet[Person]) -> None:
    """Give everybody with an account an inbox; they need not ask for one."""
    inbox = ContactPoint.Channel.INBOX
    has_one = ContactPoint.objects.filter(person=OuterRef("pk"), channel=inbox)
    without = audience.filter(~Exists(has_one), user__is_active=True)
    ContactPoint.objects.bulk_create(
        [ContactPoint(person=person, channel=inbox) for person in without],
        ignore_conflicts=True,
    )


def call_off_outdated() -> int:
    """Cancel what is not sent of news that a correction has overtaken; return how
    many.  What stands in an inbox stays.

    Needs a transaction.  May be repeated: every claim does, for what a worker held
    at the time of the correction and could not send.
    """
    # Skipped where a worker is just taking one: it is not waited for.
    rows = Notice.objects.select_for_update(skip_locked=True, of=("self",))
    batch = list(rows.outdated().order_by("pk").values_list("pk", flat=True))
    return (
        Notice.objects.outdated()
        .filter(pk__in=batch)
        .update(
            due_at=None,
            lease_token=None,
            leased_until=None,
            last_error="corrected afterwards",
        )
    )


def mark_read(user: User) -> int:
    """Mark everything in the inbox of *user* as read; return how many were new."""
    return Notice.objects.inbox(user).unread().update(read_at=timezone.now())
