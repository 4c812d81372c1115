"""One-time slips by which people without e-mail set a new password."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from circles.actions.reaching import FAR_ROLES, accounts_within_reach
from circles.actions.recording import record, values
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
def make_slip(author: User, user: User) -> tuple[SignInSlip, str]:
    """Store a slip for *user*, chosen from ``accounts_within_reach``; return it with
    its secret, which is stored nowhere.  An older slip of the account ends."""
    now = timezone.now()
    SignInSlip.objects.valid().filter(user=user).update(expires_at=now)
    groups = (_group() for _n in range(GROUPS))
    secret = "-".join(groups)
    slip = SignInSlip.objects.create(
        user=user,
        author=author,
        token_hash=_hashed(secret),
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    return slip, secret


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _n in range(GROUP_LENGTH))


def _hashed(secret: str) -> str:
    return sha256(secret.lower().encode()).hexdigest()


def find_slip(secret: str) -> SignInSlip | None:
    """Return the slip that still opens something, with its account, or None.

    A slip is worth what its author may do today: it ends when the account rises above
    the author, or the author's own duty is over.
    """
    slips = SignInSlip.objects.valid().select_related("user__person", "author")
    slip = slips.filter(token_hash=_hashed(secret)).first()
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
    # The conditional update is the lock: it reports one row or none.  No join in it:
    # PostgreSQL would look at the row as it was before another use, and let all win.
    won = SignInSlip.objects.filter(pk=slip.pk, used_at=None)
    if not won.update(used_at=timezone.now()):
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
    the person's and was neither changed nor switched off since."""
    invitation = Invitation.objects.filter(slip=slip).first()
    if invitation is None:
        return
    points = ContactPoint.objects.select_for_update(no_key=True)
    own = points.filter(pk=invitation.contact_id, person=slip.user.person_id)
    contact = own.filter(verified_at=None, blocked_at=None).first()
    if contact and digest_of(contact) == invitation.address_digest:
        before = values(contact)
        contact.verified_at = timezone.now()
        contact.save(update_fields=["verified_at"])
        record(slip.user, contact, before)
