from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from circles.models import Assignment, Person, Place, User
from circles.permissions import Role
from kmcity.accounts import (
    Account,
    make_passwords,
    read_accounts_file,
    renew_passwords,
    write_accounts_file,
)

USERNAME = "admin"
ROLE, PLACE = "ผู้ดูแลระบบจังหวัด", "จ.นครศรีธรรมราช"
PROVINCE_CODE = "80"

NO_PLACES = """\
ยังไม่มีจังหวัดในระบบ สั่ง manage.py load_places ก่อน
The province is not there yet: run manage.py load_places first."""
KEPT = "บัญชี admin มีอยู่แล้ว | The account admin is there; kept as it is"
FORGOTTEN = "ลืมรหัสผ่าน | Password lost: manage.py changepassword admin"
WRITTEN = "บัญชีอยู่ใน {file} | The account is in {file}"
SAID_ONCE = """\
บัญชีผู้ดูแล รหัสผ่านแสดงครั้งเดียว จดไว้
The administrator's account. The password is shown once: write it down.
    {username}  {password}"""


class Command(BaseCommand):
    help = (
        "Create the administrator of the province and print the password, or write it "
        "to a file. Repeatable: an account that is there is kept; one that is not in "
        "the file that was named gets a new password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", type=Path, metavar="FILE")

    def handle(self, *, accounts: Path | None = None, **options: Any) -> None:
        if accounts is None:
            self._say()
        else:
            self._write(accounts)

    def _say(self) -> None:
        if User.objects.filter(username=USERNAME).exists():
            self.stdout.write(f"{KEPT}\n{FORGOTTEN}")
            return
        password = _create()
        self.stdout.write(SAID_ONCE.format(username=USERNAME, password=password))

    def _write(self, file: Path) -> None:
        password = _password(file)
        if password is None:
            self.stdout.write(KEPT)
            return
        write_accounts_file(file, [Account(ROLE, PLACE, USERNAME, password)])
        self.stdout.write(WRITTEN.format(file=file))


@transaction.atomic
def _password(file: Path) -> str | None:
    """Return the password that was given now; None if all is in place."""
    listed = {account.username for account in read_accounts_file(file)}
    users = User.objects.filter(username=USERNAME)
    if not users:
        return _create()
    return None if USERNAME in listed else renew_passwords(users)[USERNAME]


@transaction.atomic
def _create() -> str:
    province = Place.objects.filter(code=PROVINCE_CODE).first()
    if province is None:
        raise CommandError(NO_PLACES)
    password = make_passwords([USERNAME])[USERNAME]
    person = Person.objects.create(first_name="ผู้ดูแลระบบ", position=ROLE)
    User.objects.create_superuser(USERNAME, password=password, person=person)
    Assignment.objects.create(person=person, role=Role.PROVINCE_ADMIN, place=province)
    return password
