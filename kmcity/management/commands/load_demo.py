from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from kmcity.accounts import (
    Account,
    read_accounts_file,
    renew_passwords,
    write_accounts_file,
)
from kmcity.demo import is_loaded, load
from kmcity.demo.load import demo_users
from kmcity.demo.reading import read_accounts

KEPT = "จังหวัดตัวอย่างมีอยู่แล้ว เก็บไว้ตามเดิม | The sample province is there; kept as it is"
RENEWED = (
    "ไม่พบบัญชีใน {file} จึงตั้งรหัสผ่านใหม่ | "
    "The accounts were not in {file}: they have new passwords"
)
WRITTEN = "บัญชีอยู่ใน {file} | Accounts are in {file}"


class Command(BaseCommand):
    help = (
        "Load the sample province and write its accounts to a file. Repeatable: what "
        "is there is kept; if the file was lost, the accounts get new passwords."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", type=Path, required=True, metavar="FILE")

    def handle(self, *, accounts: Path, **options: Any) -> None:
        passwords = self._passwords(accounts)
        if not passwords:
            self.stdout.write(KEPT)
            return
        write_accounts_file(accounts, _lines(passwords))
        self.stdout.write(WRITTEN.format(file=accounts))

    @transaction.atomic
    def _passwords(self, file: Path) -> dict[str, str]:
        """Return the passwords that were given now; none if all is in place."""
        listed = {account.username for account in read_accounts_file(file)}
        if not is_loaded():
            return load(self.stdout.write)
        users = demo_users()
        if listed.issuperset(user.username for user in users):
            return {}
        self.stdout.write(RENEWED.format(file=file))
        return renew_passwords(users)


def _lines(passwords: Mapping[str, str]) -> list[Account]:
    return [
        Account(row.role, row.place, username, passwords[username])
        for username, row in read_accounts().items()
        if username in passwords
    ]
