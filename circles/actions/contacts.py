"""Contact points: who may see one, who may change one.

A verified e-mail or number opens the account: only an administrator within whose reach
the account lies adds or verifies one, and never where two would share it.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.actions.reaching import people_within_reach
from circles.actions.recording import (
    masked,
    record,
    record_removal,
    values,
    write_down,
)
from circles.actions.turns import take_turn
from circles.models import Change, Circle, ContactPoint, Membership, Person, User
from circles.permissions import Permission, codes_of, people_below

Channel = ContactPoint.Channel
# The inbox is made with the account and has no address.
OFFERED = (Channel.PHONE, Channel.EMAIL)


def people_revealed_to(user: User) -> QuerySet[Person]:
    """Return the people whose numbers *user* may see one by one: who has a seat now
    in a circle of theirs, and whom a tambon administrator looks after."""
    people = Person.objects.known()
    if user.is_superuser:
        return people
    circles = Circle.objects.allowed(user, Permission.REVEAL_CONTACT).order_by()
    seats = Membership.objects.current().filter(circle__in=circles).order_by()
    revealed = Q(pk__in=seats.values("person"))
    looked_after = set(codes_of(user, Permission.MANAGE_PERSON))
    for code in looked_after & set(codes_of(user, Permission.REVEAL_CONTACT)):
        # Whose duty here is over is not theirs to telephone any more.
        revealed |= people_below(code, only_today=True)
    return people.filter(revealed)


@transaction.atomic
def see_contact(author: User, contact: ContactPoint) -> str:
    """Write down that *author* looks at *contact* and return its address in full.

    Call it for a contact of ``people_revealed_to(author)``; each call is one look.
    """
    seen = [None, masked(contact.address)]
    write_down(author, contact, Change.Kind.SEEN, changes={"address": seen})
    return contact.address


@transaction.atomic
def add_contact(
    author: User, person: Person, channel: str, address: str, *, is_verified: bool
) -> ContactPoint:
    """Give *person* another way to be reached; *is_verified* also signs in.

    Raises Person.DoesNotExist if *person* is not within reach of *author*, and
    ValidationError: ``known`` (it is there), ``shared`` (somebody else signs in with
    it).
    """
    # Before the rest: it is asked whether somebody else has this address.
    take_turn(ContactPoint)
    stored = _locked(author, person.pk)
    if is_verified:
        _check_shared(stored, channel, address)
    contact = ContactPoint(person=stored, channel=channel, address=address)
    contact.verified_at = timezone.now() if is_verified else None
    same = ContactPoint.objects.filter(person=stored, channel=channel)
    if same.filter(address__iexact=address).exists():
        raise _known()
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError as error:
        raise _known() from error
    record(author, contact, None)
    return contact


@transaction.atomic
def remove_contact(author: User, contact: ContactPoint) -> None:
    """Delete *contact* with what was sent there.  Raises Person.DoesNotExist if it is
    not within reach, and ContactPoint.DoesNotExist if it is gone already."""
    _locked(author, contact.person_id)
    stored = _stored(contact)
    record_removal(author, stored)
    stored.delete()


@transaction.atomic
def verify_contact(author: User, contact: ContactPoint, *, is_on: bool) -> None:
    """Say that *contact* is that person's own, which lets it sign in; or that it is
    not known to be.  Repeatable.  Raises as ``add_contact`` does."""
    take_turn(ContactPoint)
    person = _locked(author, contact.person_id)
    stored = _stored(contact)
    if is_on == (stored.verified_at is not None):
        return
    if is_on:
        _check_shared(person, stored.channel, stored.address)
    _set(author, stored, "verified_at", is_on=is_on)


@transaction.atomic
def block_contact(author: User, contact: ContactPoint, *, is_on: bool) -> None:
    """Send nothing to *contact* from now on; or send again.  Repeatable.  Raises as
    ``remove_contact`` does."""
    _locked(author, contact.person_id)
    stored = _stored(contact)
    if is_on != (stored.blocked_at is not None):
        _set(author, stored, "blocked_at", is_on=is_on)


def is_shared(channel: str, address: str, *own: Person) -> bool:
    """Return whether an account of others than *own* is reached by that address: who
    signs in with it would then be unclear, so that it opened neither."""
    others = User.objects.exclude(person__in=own)
    roads = ContactPoint.objects.filter(
        channel=channel, address__iexact=address, verified_at__isnull=False
    )
    used = Q(person__in=roads.order_by().values("person"))
    used |= Q(username__iexact=address)
    if channel == Channel.EMAIL:
        used |= Q(email__iexact=address)
    return others.filter(used).exists()


def _check_shared(person: Person, channel: str, address: str) -> None:
    if is_shared(channel, address, person):
        raise ValidationError(
            _(
                "Somebody else signs in with this number or e-mail. It can be kept as"
                " shared, without signing in: leave the tick out."
            ),
            code="shared",
        )


def _known() -> ValidationError:
    return ValidationError(_("This number or e-mail is there already."), code="known")


def _locked(author: User, person_id: int) -> Person:
    within = people_within_reach(author).filter(pk=person_id).order_by()
    people = Person.objects.select_for_update(of=("self",), no_key=True)
    return people.get(pk__in=within.values("pk"))


def _stored(contact: ContactPoint) -> ContactPoint:
    offered = ContactPoint.objects.filter(channel__in=OFFERED)
    return offered.get(pk=contact.pk, person=contact.person_id)


def _set(author: User, contact: ContactPoint, column: str, *, is_on: bool) -> None:
    before = values(contact)
    setattr(contact, column, timezone.now() if is_on else None)
    contact.save(update_fields=[column])
    record(author, contact, before)
