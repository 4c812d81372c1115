"""Accounts: opened for somebody, closed and opened again, signed out everywhere.

Never one's own and never above one's own; see ``reaching``.  What may not be is
refused in words: an AccountRefused with a code, for the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.actions.last_admin import keeping_administrators
from circles.actions.reaching import (
    all_accounts_within_reach,
    is_of_a_province,
    people_within_reach,
)
from circles.actions.recording import record, values, write_down
from circles.actions.rights import lock_people
from circles.actions.signing_out import end_sessions
from circles.actions.slips import end_slips
from circles.actions.turns import take_turn
from circles.models import (
    Assignment,
    Change,
    ContactPoint,
    Person,
    Place,
    User,
)
from circles.permissions import Role
from circles.thai import romanised

# Combining vowels and tone marks are no letters to Django's rule for user names.
_NAME = re.compile(r"[\w.@+-]+")
MOST_TRIES = 50
DIGITS_OF_A_PHONE = 8
NAMELESS = "account"  # whoever's name has no letters


class AccountRefused(ValidationError):
    """What may not be done to an account; ``code`` says why, ``message`` too."""


@transaction.atomic
def create_account(author: User, person: Person, username: str) -> User:
    """Open an account for *person*, without a password yet, and return it.

    Raises AccountRefused: ``reach``, ``exists``, ``name`` (cannot be one), ``phone``
    (looks like a number), ``taken``, ``address`` (an e-mail that is not this
    person's alone).
    """
    # Before the rest: a user name may be an address, which nobody else may have.
    take_turn(ContactPoint)
    locked = lock_people([person.pk])[person.pk]
    if not people_within_reach(author).filter(pk=locked.pk).exists():
        _refuse_reach()
    if User.objects.filter(person=locked).exists():
        refuse("exists", _("This person has an account already."))
    name = checked_name(username, locked)
    user = User(username=name, person=locked)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        # Somebody else took it between the look and the save.
        _refuse_taken(name)
    record(author, user, None)
    return user


def checked_name(typed: str, person: Person) -> str:
    """Return the user name that *typed* stands for, in small letters.  Raises
    AccountRefused as ``create_account`` does."""
    name = User.normalize_username(typed.strip()).lower()
    if len(name) > 150 or not _NAME.fullmatch(name):
        words = _(
            "Letters, digits and @ . + - _ only, without blanks. Thai letters may be"
            " used, but no tone marks and no vowels above or below."
        )
        refuse("name", words)
    if len(re.findall(r"\d", name)) >= DIGITS_OF_A_PHONE:
        words = _(
            "A telephone number is no user name: everybody would read it. Once it is"
            " checked, it opens the account at the sign-in page as well."
        )
        refuse("phone", words)
    if User.objects.filter(username__iexact=name).exists():
        _refuse_taken(name)
    if not _is_own_address(name, person):
        words = _("An e-mail address must be this person's alone.")
        refuse("address", words)
    return name


def _is_own_address(name: str, person: Person) -> bool:
    """Return whether *name* is no address, or one of *person* and nobody else: a user
    name comes before an address at the sign-in page."""
    if "@" not in name:
        return True
    points = ContactPoint.objects.filter(address__iexact=name)
    return {person.pk} == set(points.values_list("person", flat=True))


def suggest_username(person: Person) -> str:
    """Return a user name that *person* could have today; "" if none comes to mind."""
    for number, name in enumerate(_ideas(person)):
        if number >= MOST_TRIES:
            break
        try:
            return checked_name(name, person)
        except AccountRefused:
            continue
    return ""


def _ideas(person: Person) -> Iterator[str]:
    """Names as they are where they can be one, else in Latin letters; no number."""
    names = ["".join(one.split()) for one in (person.called_as, person.first_name)]
    yield from filter(None, names)
    whole = romanised(f"{person.first_name} {person.last_name}").split()
    first, initial = "".join(whole[:1]), "".join(whole[1:])[:1]
    yield from filter(None, [first, f"{first}.{initial}" if initial else ""])
    plain = first or romanised(person.called_as).replace(" ", "") or NAMELESS
    yield from (f"{plain}{number}" for number in range(2, MOST_TRIES))


@transaction.atomic
def disable_account(author: User, user: User, reason: str) -> None:
    """Close *user*'s account: every session ends at once, no slip opens it again.

    Safe to repeat.  Raises AccountRefused: ``reach``, ``last_admin``.
    """
    # First: it locks the provinces, which come before people and accounts.
    with keeping_administrators([user.person_id or 0], AccountRefused):
        locked = _locked(author, user)
        _switch(author, locked, is_active=False, reason=reason)
    end_slips(locked)
    end_sessions(locked)


@transaction.atomic
def enable_account(author: User, user: User, reason: str = "") -> None:
    """Open a closed account again; its password holds.  Safe to repeat.  Raises
    AccountRefused: ``reach``, ``province`` (which closed it, and opens it again)."""
    locked = _locked(author, user)
    is_above = author.is_superuser or is_of_a_province(author)
    if not is_above and _was_closed_by_the_province(locked):
        words = _(
            "The province closed this account. An administrator of the province opens"
            " it again."
        )
        refuse("province", words)
    _switch(author, locked, is_active=True, reason=reason)


def _was_closed_by_the_province(user: User) -> bool:
    subject = Change.Subject.ACCOUNT
    told = Change.objects.filter(subject=subject, subject_id=user.pk)
    told = told.filter(changes__has_key="is_active").select_related("author")
    last = told.latest_first().first()
    if user.is_active or last is None or last.author is None:
        return False
    if last.author.is_superuser or last.author_role != Role.PROVINCE_ADMIN:
        return last.author.is_superuser
    # The role may be one over an amphoe; what it was on that day counts.
    held = Assignment.objects.current(timezone.localdate(last.created_at))
    held = held.filter(person=last.author.person_id, role=Role.PROVINCE_ADMIN)
    levels = set(held.order_by().values_list("place__level", flat=True))
    return not levels or Place.Level.PROVINCE in levels


def _switch(author: User, user: User, *, is_active: bool, reason: str) -> None:
    before = values(user)
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    if user.person_id is not None:
        record(author, user, before, reason=reason)


@transaction.atomic
def sign_out_account(author: User, user: User) -> None:
    """End every session of *user*, which is written down.  Raises AccountRefused
    ``reach``."""
    locked = _locked(author, user)
    end_sessions(locked)
    write_done(author, locked, "signed_out", True)


@transaction.atomic
def remove_second_factor(author: User, user: User, reason: str) -> None:
    """Take every second factor of *user* away, for somebody who lost the phone, and
    end every session: whoever has the phone has those.

    Raises AccountRefused: ``reach``, ``none`` if there is none.
    """
    locked = _locked(author, user)
    count, _kinds = Authenticator.objects.filter(user=locked).delete()
    if not count:
        refuse("none", _("This account has no second factor."))
    end_sessions(locked)
    write_done(author, locked, "second_factor", False, reason=reason)


def write_done(
    author: User, user: User, what: str, now: object, *, reason: str = ""
) -> None:
    """Write down what no column of the account tells, in its person's history; an
    account of nobody has none."""
    if user.person_id is not None:
        kind = Change.Kind.DONE
        write_down(author, user, kind, changes={what: [None, now]}, reason=reason)


def _locked(author: User, user: User) -> User:
    """Return the account, locked.  Raises AccountRefused ``reach``."""
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not all_accounts_within_reach(author).filter(pk=user.pk).exists():
        _refuse_reach()
    return locked


def _refuse_reach() -> NoReturn:
    refuse("reach", _("This account is not within your reach."))


def _refuse_taken(name: str) -> NoReturn:
    words = _("The user name %(name)s is taken. Choose another one.")
    refuse("taken", words % {"name": name})


def refuse(code: str, message: str) -> NoReturn:
    """Raise AccountRefused."""
    raise AccountRefused(message, code=code)
