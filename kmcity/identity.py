"""Whose account is meant by what somebody typed."""

from __future__ import annotations

import unicodedata

from django.db.models import Q

from circles.models import ContactPoint, User
from circles.thai import clean_phone

Channel = ContactPoint.Channel
# Many people may be given one number, but nobody reads a long list of them.
MOST_ACCOUNTS = 5


def accounts_called(typed: str) -> list[User]:
    """Return the open accounts that *typed* may mean, at most five.

    A user name means its own account, whatever else it looks like.  A number or an
    e-mail counts once an administrator has entered it as verified.
    """
    accounts = User.objects.filter(is_active=True)
    by_name = accounts.filter(username=User.normalize_username(typed)).first()
    if by_name is not None:
        return [by_name]
    if "@" in typed:
        return _first(_reached_by(Channel.EMAIL, typed) | Q(email__iexact=typed))
    number = clean_phone(typed)
    return _first(_reached_by(Channel.PHONE, number)) if number else []


def canonical(typed: str) -> str:
    """Return one word for every way to type the same name, known or unknown: a number
    as it is stored, anything else as small letters."""
    name = unicodedata.normalize("NFKC", typed).strip().lower()
    return clean_phone(name) or name


def roads_for_letters(email: str) -> list[tuple[int, int | None]]:
    """Return where a letter may go if *email* asks for one: accounts, each with the
    contact point to write to, or None for the account's own address.

    Numbers of rows, so that no address leaves the database before the letter.
    """
    roads = ContactPoint.objects.usable().filter(
        channel=Channel.EMAIL, address__iexact=email, person__user__is_active=True
    )
    found: dict[int, int | None] = dict(roads.values_list("person__user", "pk"))
    # The account's own address, unless that road was switched off.
    switched_off = ContactPoint.objects.filter(
        channel=Channel.EMAIL, address__iexact=email, blocked_at__isnull=False
    )
    own = User.objects.filter(is_active=True, email__iexact=email)
    own = own.exclude(person__in=switched_off.values("person"))
    for user in own:
        found.setdefault(user.pk, None)
    return list(found.items())[:MOST_ACCOUNTS]


def address_now(user: User, road: int | None) -> str:
    """Return the address of that *road* as it stands now; empty if it is closed."""
    if not user.is_active:
        return ""
    if road is None:
        return user.email
    points = ContactPoint.objects.usable().filter(pk=road, person=user.person_id)
    return points.values_list("address", flat=True).first() or ""


def _reached_by(channel: str, address: str) -> Q:
    roads = ContactPoint.objects.filter(
        channel=channel, address__iexact=address, verified_at__isnull=False
    )
    return Q(person__in=roads.values("person"))


def _first(meant: Q) -> list[User]:
    accounts = User.objects.filter(meant, is_active=True)
    return list(accounts.order_by("pk")[:MOST_ACCOUNTS])
