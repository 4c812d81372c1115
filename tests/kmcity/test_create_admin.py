"""The first account of an installation, and the file that tells its password."""

import os
import stat
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from circles.models import Assignment, User
from circles.permissions import Role
from kmcity.accounts import Account, read_accounts_file, write_accounts_file
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def run(command, file) -> str:
    output = StringIO()
    call_command(command, accounts=file, stdout=output)
    return output.getvalue()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "accounts.csv"


@pytest.fixture
def places(db):
    call_command("load_places", stdout=StringIO())


def test_the_administrator_can_sign_in_with_what_the_file_says(file, places):
    run("create_admin", file)

    [account] = read_accounts_file(file)
    admin = authenticate(username=account.username, password=account.password)
    [assignment] = Assignment.objects.current().filter(person=admin.person)
    assert admin.is_superuser
    assert (assignment.role, assignment.place.code) == (Role.PROVINCE_ADMIN, "80")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_second_run_keeps_the_account_and_its_file(file, places):
    run("create_admin", file)
    before = file.read_bytes(), User.objects.get().password

    said = run("create_admin", file)

    assert "is there" in said
    assert (file.read_bytes(), User.objects.get().password) == before


def test_a_lost_file_is_written_again_with_a_new_password(file, places):
    run("create_admin", file)
    [old] = read_accounts_file(file)
    file.unlink()

    run("create_admin", file)

    [new] = read_accounts_file(file)
    assert authenticate(username="admin", password=new.password)
    assert not authenticate(username="admin", password=old.password)


@pytest.mark.parametrize("command", ["create_admin", "load_demo"])
def test_without_places_it_says_what_to_do_first(file, command):
    with pytest.raises(CommandError, match="load_places"):
        run(command, file)

    assert not file.exists()


def test_the_demo_does_not_touch_a_database_in_use(file, places):
    UserFactory(username="governor")

    with pytest.raises(CommandError, match="governor"):
        run("load_demo", file)

    assert User.objects.count() == 1
    assert not file.exists()


def test_other_lines_of_the_file_stay(file):
    governor = Account("คุณเอื้อ", "จ.นครศรีธรรมราช", "governor", "abcd-efgh-jkmn")
    write_accounts_file(file, [governor])
    admin = Account("ผู้ดูแลระบบจังหวัด", "จ.นครศรีธรรมราช", "admin", "pqrs-tuvw-xyz2")

    write_accounts_file(file, [admin])

    assert read_accounts_file(file) == [admin, governor]


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"\xff\xfe\x00", b"x\n"])
def test_a_file_of_another_kind_is_not_overwritten(file, places, content):
    file.write_bytes(content)

    with pytest.raises(CommandError, match="not a file of kmcity accounts"):
        run("create_admin", file)

    assert file.read_bytes() == content
    assert not User.objects.exists()


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path):
    file = tmp_path / "missing" / "accounts.csv"

    with pytest.raises(CommandError, match="could not be written"):
        write_accounts_file(file, [])


def test_a_half_written_file_leaves_nothing_behind(file, monkeypatch):
    def full_disk(*paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full_disk)
    with pytest.raises(CommandError, match="No space left"):
        write_accounts_file(file, [])

    assert list(file.parent.iterdir()) == []


def told(**options) -> str:
    output = StringIO()
    call_command("create_admin", stdout=output, **options)
    return output.getvalue()


def test_without_a_file_the_password_is_said_once(places):
    *_words, username, password = told().split()

    assert authenticate(username=username, password=password).is_superuser

    again = told()
    assert "kept as it is" in again
    assert "changepassword admin" in again
    assert authenticate(username=username, password=password)


def test_without_a_file_and_without_places_it_says_what_to_do_first(db):
    with pytest.raises(CommandError, match="load_places"):
        told()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_a_pipe_is_refused_and_not_waited_for(file, places, make):
    make(file)

    with pytest.raises(CommandError, match="not a file of kmcity accounts"):
        told(accounts=file)

    assert not User.objects.exists()
