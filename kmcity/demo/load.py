"""The demo in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from circles.models import Place, Submission, User
from kmcity.accounts import hash_passwords, make_passwords
from kmcity.demo.beside import make_drafts, make_dreams, make_photos
from kmcity.demo.diary import log_all
from kmcity.demo.posts import make_posts
from kmcity.demo.province import demo_key
from kmcity.demo.reading import read_accounts, read_circles
from kmcity.demo.rows import make_province

NO_PLACES = """\
ยังไม่มีรายชื่อตำบล สั่ง manage.py load_places ก่อน
There are no places yet: run manage.py load_places first."""
TAKEN = """\
มีบัญชีชื่อ {names} อยู่แล้วและไม่ใช่ของตัวอย่าง จังหวัดตัวอย่างใช้กับฐานข้อมูลใหม่เท่านั้น
Accounts named {names} exist and are not the demo's: load it into a new database."""
MADE = "คน {people} วง {circles} | {people} people, {circles} circles"
LOGGED = "การพบกัน {sessions} ครั้ง | {sessions} sessions"
DRAWN = "ภาพ {photos} ภาพ | {photos} pictures"
NOT_DRAWN = """\
เก็บภาพตัวอย่างไม่ได้ จังหวัดตัวอย่างจึงไม่มีภาพ
The sample pictures could not be stored: the province has none."""


def is_loaded() -> bool:
    """Whether the demo is in this database."""
    return Submission.objects.filter(key=demo_key("compost-1")).exists()


@transaction.atomic
def load(say: Callable[[str], object] = lambda text: None) -> dict[str, str]:
    """Put the demo into this database, all or nothing; return password by username.

    Needs the places.  Not repeatable: ask ``is_loaded`` in the same transaction.
    Raises CommandError.
    """
    if not Place.objects.filter(code="80").exists():
        raise CommandError(NO_PLACES)
    passwords = make_passwords(read_accounts())
    if taken := User.objects.filter(username__in=passwords).values_list(
        "username", flat=True
    ):
        raise CommandError(TAKEN.format(names=", ".join(taken)))
    rows = read_circles()
    province = make_province(timezone.localdate(), rows, hash_passwords(passwords))
    people, circles = len(province.people), len(province.circles)
    say(MADE.format(people=people, circles=circles))
    logged = log_all(province, rows)
    say(LOGGED.format(sessions=len(logged)))
    make_dreams(province, rows)
    make_drafts(province, rows)
    make_posts(province, rows)
    try:
        say(DRAWN.format(photos=make_photos(province, rows, logged)))
    except (ValidationError, OSError):
        # All else is worth having without them.
        say(NOT_DRAWN)
    return passwords


def demo_users() -> list[User]:
    """Return the accounts of the demo that are still there.

    By name and sample address: an account that somebody else made is none of them.
    """
    return [
        user
        for user in User.objects.filter(username__in=read_accounts())
        if user.email == f"{user.username}@sample.example"
    ]
