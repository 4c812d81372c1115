"""Somebody rises to a role that reaches far: what opened the account until then may
be in the hands of those who looked after it, and opens it no longer."""

from __future__ import annotations

from collections.abc import Collection

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.utils import timezone

from circles.actions.contacts import OFFERED
from circles.actions.reaching import is_far
from circles.actions.recording import record, values, write_down
from circles.actions.signing_out import end_sessions
from circles.models import (
    Assignment,
    Change,
    ContactPoint,
    Invitation,
    Person,
    SignInSlip,
    User,
)
from circles.permissions import Role


def close_old_ways_in(
    author: User, right: Assignment, keeps: Collection[int] = ()
) -> bool:
    """Close the ways in of somebody whose first role that reaches far is *right*, just
    given; return whether that was done.  See ``close_ways_in``."""
    far = Assignment.objects.to_come().filter(is_far(), person=right.person_id)
    if set(far.order_by().values_list("pk", flat=True)) != {right.pk}:
        return False
    return close_ways_in(author, right.person_id, keeps)


def reaches_far(person: Person) -> bool:
    """Return whether *person* has a role that reaches far, today or to come."""
    rights = Assignment.objects.to_come().filter(is_far(), person=person)
    return rights.exists()


def close_ways_in(author: User, person: int, keeps: Collection[int] = ()) -> bool:
    """Close what opens the account of *person*: password, sessions, slips, letters,
    second factors; and what is known of their addresses but for those (by number)
    that *author* confirms.

    Return whether an account was closed so: of one without a password only the
    addresses that nobody of the province confirmed are forgotten; one of a superuser
    is not touched, which nobody below looks after.  Needs a transaction in which the
    person is locked.
    """
    users = User.objects.select_for_update(no_key=True, of=("self",))
    user = users.filter(person=person).first()
    if user is not None and user.is_superuser:
        return False
    if user is None or not user.has_usable_password():
        # Nothing to close yet; but a letter for a new password would go there.
        _forget_addresses(author, person, {*keeps, *_said_by_the_province(person)})
        return False
    user.set_unusable_password()
    user.save(update_fields=["password"])
    end_sessions(user)
    now = timezone.now()
    slips = SignInSlip.objects.filter(user=user, used_at=None)
    slips.filter(expires_at__gt=now).update(expires_at=now)
    letters = Invitation.objects.filter(user=user, sent_at=None, failed_at=None)
    letters.update(failed_at=now, last_error="replaced")
    Authenticator.objects.filter(user=user).delete()
    told = {"ways_in_closed": [None, True]}
    write_down(author, user, Change.Kind.DONE, changes=told)
    _forget_addresses(author, person, keeps)
    return True


def _forget_addresses(author: User, person: int, keeps: Collection[int]) -> None:
    """They stay listed; that they are this person's own has to be said anew."""
    points = ContactPoint.objects.filter(person=person, channel__in=OFFERED)
    for point in points.exclude(verified_at=None).exclude(pk__in=keeps).order_by("pk"):
        before = values(point)
        point.verified_at = None
        point.save(update_fields=["verified_at"])
        record(author, point, before)


def _said_by_the_province(person: int) -> set[int]:
    """Return the addresses, by number, of which somebody of the province said last
    that they are this person's own."""
    said = Change.objects.filter(
        subject=Change.Subject.CONTACT, person=person, changes__has_key="verified_at"
    )
    last = dict(said.order_by("pk").values_list("subject_id", "author_role"))
    return {point for point, role in last.items() if role == Role.PROVINCE_ADMIN}


def ways_in_of(person: Person) -> QuerySet[ContactPoint]:
    """Return the verified addresses of *person* that a first role that reaches far
    would close, unless its giver confirms them; none of who has such a role already
    or no password to sign in with."""
    points = ContactPoint.objects.filter(person=person, channel__in=OFFERED)
    user = getattr(person, "user", None)
    if user is None or user.is_superuser or not user.has_usable_password():
        return points.none()
    far = Assignment.objects.to_come().filter(is_far(), person=person)
    if far.exists():
        return points.none()
    return points.exclude(verified_at=None).order_by("pk")


def must_be_invited(person: Person) -> bool:
    """Return whether *person* has an open account that nobody can sign in to, and a
    role that reaches far, today or to come."""
    user = User.objects.filter(person=person, is_active=True).first()
    return user is not None and not user.has_usable_password() and reaches_far(person)
