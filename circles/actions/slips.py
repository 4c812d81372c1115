"""One-time slips by which people without e-mail set a new password."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.db.models.query import QuerySet
from django.utils import timezone

from circles.models import Assignment, Membership, Place, SignInSlip, User
from circles.permissions import CODE_LENGTHS, Role

VALID_FOR = timedelta(days=7)
# 25 letters and digits that do not look alike: 2 to the power of 123 of them.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 5, 5

# Roles that reach far: they sign in with a second factor, and no tambon
# administrator may open their account.
_FAR_ROLES = (Role.TAMBON_ADMIN, Role.PROVINCE_ADMIN, Role.GOVERNOR_OFFICE)


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
            one.role in _FAR_ROLES or _is_of_the_province(one)
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


def accounts_within_reach(author: User) -> QuerySet[User]:
    """Return the open accounts for which *author* may make a slip: never one's own
    and never above one's own.

    Superusers: all.  A province administrator: all but superusers.  A tambon
    administrator: whoever has a right or a seat in the tambon today, nothing outside
    it now or later, and none of the roles that reach further.
    """
    others = User.objects.filter(is_active=True).exclude(pk=author.pk)
    if not author.is_active:
        return others.none()
    if author.is_superuser:
        return others
    others = others.filter(is_superuser=False)
    held = author.current_assignments
    if any(one.role == Role.PROVINCE_ADMIN for one in held):
        return others
    codes = [
        one.place.code
        for one in held
        if one.role == Role.TAMBON_ADMIN and one.place is not None
    ]
    if not codes:
        return others.none()
    return others.filter(_near(codes), is_staff=False).exclude(_reaches_out(codes))


def _near(codes: list[str]) -> Q:
    """Return the filter for who has a right or a seat there today."""
    rights = Assignment.objects.current().filter(_rights_inside(codes))
    seats = Membership.objects.current().filter(_below("circle__place", codes))
    return Q(person__in=rights.values("person")) | Q(person__in=seats.values("person"))


def _reaches_out(codes: list[str]) -> Q:
    """Return the filter for who has a right or a seat outside, or a far role.

    Also what begins tomorrow: a slip is good for a week.  What names no place, as an
    agency's right, lies outside.
    """
    today = timezone.localdate()
    rights = Assignment.objects.exclude(until__lt=today)
    seats = Membership.objects.exclude(until__lt=today)
    far = Q(role__in=_FAR_ROLES) | Q(
        role=Role.KHUN_UA, place__level=Place.Level.PROVINCE
    )
    inside = rights.filter(_rights_inside(codes))
    seated = seats.filter(_below("circle__place", codes))
    # By number of row, not by the opposite condition: a place may be NULL.
    outside = (
        rights.filter(far),
        rights.exclude(pk__in=inside.values("pk")),
        seats.exclude(pk__in=seated.values("pk")),
    )
    reaching = Q(pk__in=())
    for rows in outside:
        reaching |= Q(person__in=rows.values("person"))
    return reaching


def _rights_inside(codes: list[str]) -> Q:
    return _below("place", codes) | _below("circle__place", codes)


def _below(place: str, codes: list[str]) -> Q:
    below = Q(pk__in=())
    for code in codes:
        below |= Q((f"{place}__code__startswith", code))
    return below


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
    return slip.user
