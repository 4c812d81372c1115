from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from circles.models import Assignment, Person, Place, User
from circles.permissions import Role
from kmcity.demo.accounts import (
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
WRITTEN = "บัญชีอยู่ใน {file} | The account is in {file}"


class Command(BaseCommand):
    help = (
        "Create the administrator of the province and write the password to a file. "
        "Repeatable: if the file was lost, the account gets a new password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", type=Path, required=True, metavar="FILE")

    def handle(self, *, accounts: Path, **options: Any) -> None:
        password = self._password(accounts)
        if password is None:
            self.stdout.write(KEPT)
            return
        write_accounts_file(accounts, [Account(ROLE, PLACE, USERNAME, password)])
        self.stdout.write(WRITTEN.format(file=accounts))

    @transaction.atomic
    def _password(self, file: Path) -> str | None:
        """Return the password that was given now; None if all is in place."""
        listed = {account.username for account in read_accounts_file(file)}
        users = User.objects.filter(username=USERNAME)
        if not users:
            return _create()
        return None if USERNAME in listed else renew_passwords(users)[USERNAME]


def _create() -> str:
    province = Place.objects.filter(code=PROVINCE_CODE).first()
    if province is None:
        raise CommandError(NO_PLACES)
    password = make_passwords([USERNAME])[USERNAME]
    person = Person.objects.create(first_name="ผู้ดูแลระบบ", position=ROLE)
    User.objects.create_superuser(USERNAME, password=password, person=person)
    Assignment.objects.create(person=person, role=Role.PROVINCE_ADMIN, place=province)
    return password
