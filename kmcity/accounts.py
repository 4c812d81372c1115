"""Accounts with random passwords, and the file that tells them to the operator."""

import csv
import io
import secrets
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.core.management.base import CommandError

from circles.models import User
from kmcity.files import write_whole

# No letters or digits that look alike.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

NOT_OURS = """\
{file} ไม่ใช่ไฟล์บัญชีของ kmcity เลือกไฟล์อื่นด้วย --accounts
{file} is not a file of kmcity accounts: choose another --accounts."""
NOT_WRITTEN = """\
เขียน {file} ไม่ได้ ({reason}) แก้แล้วสั่งใหม่อีกครั้ง
{file} could not be written ({reason}). Mend that, then run this again."""


@dataclass(frozen=True)
class Account:
    """One line of the file: role and place in words."""

    role: str
    place: str
    username: str
    password: str


HEADER = [column.name for column in fields(Account)]


def make_passwords(usernames: Iterable[str]) -> dict[str, str]:
    """Return a random password for each username: three groups, easy to type."""
    return {username: _password() for username in usernames}


def _password() -> str:
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _n in range(4)) for _group in range(3)
    )


def hash_passwords(passwords: Mapping[str, str]) -> dict[str, str]:
    """Return the hashes by username.  Slow by design, so on all cores at once."""
    with ThreadPoolExecutor() as pool:
        hashes = pool.map(make_password, passwords.values())
        return dict(zip(passwords, hashes, strict=True))


def renew_passwords(users: Iterable[User]) -> dict[str, str]:
    """Give *users* new passwords, which end their sessions; return them by username."""
    by_name = {user.username: user for user in users}
    passwords = make_passwords(by_name)
    for username, hashed in hash_passwords(passwords).items():
        by_name[username].password = hashed
    User.objects.bulk_update(by_name.values(), ["password"])
    return passwords


def read_accounts_file(file: Path) -> list[Account]:
    """Return the lines of *file*, none if it is not there.

    Raises CommandError if it is a file of another kind, so that it is not overwritten;
    a pipe or a terminal is not even opened, which could wait for ever.
    """
    try:
        if not file.exists():
            return []
        if not file.is_file():
            raise CommandError(NOT_OURS.format(file=file))
        rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
        if rows and rows[0] != HEADER:
            raise CommandError(NOT_OURS.format(file=file))
        return [Account(*row) for row in rows[1:]]
    except (OSError, UnicodeDecodeError, TypeError, csv.Error) as error:
        raise CommandError(NOT_OURS.format(file=file)) from error


def write_accounts_file(file: Path, accounts: list[Account]) -> None:
    """Put *accounts* into *file* at once, readable by its owner only.

    Lines of other accounts stay.  Call it after the commit.  Raises CommandError.
    """
    names = {account.username for account in accounts}
    others = [one for one in read_accounts_file(file) if one.username not in names]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [HEADER, *(astuple(one) for one in [*accounts, *others])]
    )
    try:
        write_whole(file, text.getvalue().encode())
    except OSError as error:
        reason = error.strerror
        raise CommandError(NOT_WRITTEN.format(file=file, reason=reason)) from error
