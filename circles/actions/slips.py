"""One-time slips by which people without e-mail set a new password."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from circles.actions.contacts import is_shared
from circles.actions.reaching import FAR_ROLES, accounts_within_reach
from circles.actions.recording import record, values
from circles.actions.turns import take_turn
from circles.models import Assignment, ContactPoint, Invitation, SignInSlip, User
from circles.permissions import CODE_LENGTHS, Role

VALID_FOR = timedelta(days=7)
# 25 letters and digits that do not look alike: 2 to the power of 123 of them.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 5, 5


class SlipSpent(Exception):
    """The slip was used, has expired, or its account is closed."""


def is_privileged(user: User) -> bool:
    """Return whether *user* needs a second factor: administrators, the governor's
    office, a Khun Ua of the province, superusers, whoever enters the admin's pages.
    Asks what the request knows."""
    return (
        user.is_superuser
        or user.is_staff
        or any(
            one.role in FAR_ROLES or _is_of_the_province(one)
            for one in user.current_assignments
        )
    )


def _is_of_the_province(assignment: Assignment) -> bool:
    place = assignment.place
    return (
        assignment.role == Role.KHUN_UA
        and place is not None
        and len(place.code) == CODE_LENGTHS[0]
    )


@transaction.atomic
def make_slip(
    author: User, user: User, secret: str | None = None
) -> tuple[SignInSlip, str]:
    """Store a slip for *user*, chosen from ``accounts_within_reach``; return it with
    its secret, which is stored nowhere.  An older slip of the account ends.

    A *secret* that is given (``secret_from``) and was given before is the same slip
    again, good for seven days from now; it must not have been used.
    """
    lock_account(user)
    end_slips(user)
    now = timezone.now()
    secret = secret or secret_from(secrets.token_bytes(32))
    slip, _is_new = SignInSlip.objects.update_or_create(
        token_hash=hash_of(secret),
        defaults={"expires_at": now + VALID_FOR},
        create_defaults={
            "user": user,
            "author": author,
            "created_at": now,
            "expires_at": now + VALID_FOR,
        },
    )
    return slip, secret


def end_slips(user: User) -> None:
    """Let no slip of *user* open anything any more, also of an account that is closed
    by now and may be opened again."""
    now = timezone.now()
    slips = SignInSlip.objects.filter(user=user, used_at=None, expires_at__gt=now)
    slips.update(expires_at=now)


def lock_account(user: User) -> User:
    """Return the account as it is now, locked, so that one at a time makes, uses and
    ends its slips; before any of its letters is locked."""
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def secret_from(some_bytes: bytes) -> str:
    """Write *some_bytes*, at least 32 that nobody can guess, as a slip's secret."""
    number, letters = int.from_bytes(some_bytes), []
    for _n in range(GROUPS * GROUP_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    text = "".join(letters)
    starts = range(0, len(text), GROUP_LENGTH)
    return "-".join(text[start : start + GROUP_LENGTH] for start in starts)


def hash_of(secret: str) -> str:
    """Return what is stored of a slip's *secret*."""
    return sha256(secret.lower().encode()).hexdigest()


def find_slip(secret: str) -> SignInSlip | None:
    """Return the slip that still opens something, with its account, or None.

    A slip is worth what its author may do today: it ends when the account rises above
    the author, or the author's own duty is over.
    """
    slips = SignInSlip.objects.valid().select_related("user__person", "author")
    slip = slips.filter(token_hash=hash_of(secret)).first()
    if slip and accounts_within_reach(slip.author).filter(pk=slip.user_id).exists():
        return slip
    return None


@transaction.atomic
def use_slip(secret: str, password: str) -> User:
    """Give the slip's account its new *password*, which ends all of its sessions, and
    return the account.

    Of two uses at once one wins.  Raises SlipSpent; then nothing was changed.
    """
    slip = find_slip(secret)
    if slip is None:
        raise SlipSpent
    take_turn(ContactPoint)
    # Whoever closes the account or makes another slip holds this lock: what was found
    # above may be over by now.  No join in the update: PostgreSQL would look at the
    # row as it was before another use, and let all win.
    slip.user = lock_account(slip.user)
    now = timezone.now()
    won = SignInSlip.objects.filter(pk=slip.pk, used_at=None, expires_at__gt=now)
    if not slip.user.is_active or not won.update(used_at=now):
        raise SlipSpent
    slip.user.set_password(password)
    slip.user.save(update_fields=["password"])
    _prove_address(slip)
    return slip.user


def digest_of(contact: ContactPoint) -> str:
    """Return what tells whether the address of *contact* is still the same one."""
    return salted_hmac("invitation", contact.address, algorithm="sha256").hexdigest()


def _prove_address(slip: SignInSlip) -> None:
    """A slip that came by letter proves the address it was sent to, if that is still
    the person's, was neither changed nor switched off since, and opens no account of
    somebody else's."""
    invitation = Invitation.objects.filter(slip=slip).first()
    if invitation is None:
        return
    points = ContactPoint.objects.select_for_update(no_key=True)
    own = points.filter(pk=invitation.contact_id, person=slip.user.person_id)
    contact = own.filter(verified_at=None, blocked_at=None).first()
    if contact is None or slip.user.person is None:
        return
    is_taken = is_shared(contact.channel, contact.address, slip.user.person)
    if not is_taken and digest_of(contact) == invitation.address_digest:
        before = values(contact)
        contact.verified_at = timezone.now()
        contact.save(update_fields=["verified_at"])
        record(slip.user, contact, before)
