from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError

from circles.models import User

UNKNOWN = """\
ไม่มีบัญชีชื่อ {username}
There is no account {username}."""
RESET = """\
บัญชี {username} ตั้งการยืนยันขั้นที่สองใหม่เมื่อเข้าใช้ครั้งหน้า
{username} sets the second factor up anew at the next sign-in."""


class Command(BaseCommand):
    help = (
        "Take the second factor of an account away, for somebody who has lost the "
        "phone and the recovery codes. The password stays. Repeatable."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(UNKNOWN.format(username=username))
        Authenticator.objects.filter(user=user).delete()
        self.stdout.write(RESET.format(username=username))
