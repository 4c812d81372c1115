"""The sample province: loaded once for a file of tests, and never committed."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from circles.models import Circle

COMPOST = "วงปุ๋ยอินทรีย์ ม.3 บ้านบางหลวง"


@pytest.fixture(scope="module")
def _demo(django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    file = folder / "accounts.csv"
    with (
        override_settings(MEDIA_ROOT=folder / "media"),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        call_command("load_places", stdout=StringIO())
        call_command("load_demo", accounts=file, stdout=StringIO())
        yield file
        transaction.set_rollback(True)


@pytest.fixture
def accounts(_demo, db):
    """The file of accounts; each test gives back what it changes."""
    content = _demo.read_bytes()
    yield _demo
    _demo.write_bytes(content)


@pytest.fixture
def compost(accounts):
    return Circle.objects.get(name=COMPOST)
