"""Accounts: opened for somebody, closed and opened again, signed out everywhere.

Never one's own and never above one's own; see ``reaching``.  What may not be is
refused in words: an AccountRefused with a code, for the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.actions.reaching import all_accounts_within_reach, people_within_reach
from circles.actions.recording import record, values, write_down
from circles.actions.rights import is_last_province_admin, lock_people
from circles.models import Change, ContactPoint, Person, SignInSlip, User
from circles.thai import clean_phone

# Combining vowels and tone marks are no letters to Django's rule for user names.
_NAME = re.compile(r"[\w.@+-]+")
MOST_TRIES = 50
SESSIONS_A_TIME = 500


class AccountRefused(ValidationError):
    """What may not be done to an account; ``code`` says why, ``message`` too."""


@transaction.atomic
def create_account(author: User, person: Person, username: str) -> User:
    """Open an account for *person*, without a password yet, and return it.

    Raises AccountRefused: ``reach``, ``exists``, ``name`` (cannot be one), ``taken``,
    ``address`` (a number or e-mail that is not this person's alone).
    """
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
    if User.objects.filter(username__iexact=name).exists():
        _refuse_taken(name)
    if not _is_own_address(name, person):
        words = _("A number or an e-mail address must be this person's alone.")
        refuse("address", words)
    return name


def _is_own_address(name: str, person: Person) -> bool:
    """Return whether *name* is no address, or one of *person* and nobody else: a user
    name comes before an address at the sign-in page."""
    address = name if "@" in name else clean_phone(name)
    if not address:
        return True
    points = ContactPoint.objects.filter(address__iexact=address)
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
    names = ["".join(one.split()) for one in (person.called_as, person.first_name)]
    yield from filter(None, names)
    phones = person.contact_points.filter(channel=ContactPoint.Channel.PHONE)
    yield from phones.order_by("pk").values_list("address", flat=True)
    plain = next((one for one in names if _NAME.fullmatch(one)), "km")
    yield from (f"{plain}{number}" for number in (person.pk, *range(2, 9)))


@transaction.atomic
def disable_account(author: User, user: User, reason: str) -> None:
    """Close *user*'s account: every session ends at once, no slip opens it again.

    Safe to repeat.  Raises AccountRefused: ``reach``, ``last_admin``.
    """
    # First: it locks the provinces, which come before people and accounts.
    if user.person and is_last_province_admin(user.person):
        words = _(
            "This is the province's last administrator."
            " Give the right to somebody with an account first."
        )
        refuse("last_admin", words)
    locked = _locked(author, user)
    _switch(author, locked, is_active=False, reason=reason)
    SignInSlip.objects.valid().filter(user=locked).update(expires_at=timezone.now())
    end_sessions(locked)


@transaction.atomic
def enable_account(author: User, user: User, reason: str = "") -> None:
    """Open a closed account again; its password holds.  Safe to repeat.  Raises
    AccountRefused ``reach``."""
    _switch(author, _locked(author, user), is_active=True, reason=reason)


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


def end_sessions(user: User) -> None:
    """End every session of *user*, and every sign-in that waits for its second
    factor.  Others are left alone."""
    mine, waiting = str(user.pk), user_pk_to_url_str(user)
    # A session does not know its account but by being read; there are some thousands.
    sessions = Session.objects.filter(expire_date__gt=timezone.now()).order_by("pk")
    keys = []
    for one in sessions.iterator():
        told = one.get_decoded()
        login = told.get("account_login") or {}
        if told.get("_auth_user_id") == mine or login.get("user_pk") == waiting:
            keys.append(one.pk)
    for start in range(0, len(keys), SESSIONS_A_TIME):
        part = keys[start : start + SESSIONS_A_TIME]
        Session.objects.filter(pk__in=part).delete()


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
