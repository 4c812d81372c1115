import errno
import shutil
import socket
import stat
import subprocess
from collections import namedtuple
from pathlib import Path

import pytest
from django.core.management import get_commands

from kmcity import quickstart, settings
from kmcity.quickstart import Trouble

Usage = namedtuple("Usage", "free")


class NoSocket:
    """Stands for a network that refuses."""

    def __init__(self, *errors):
        self.errors = list(errors)

    def __call__(self, *args):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def setsockopt(self, *args):
        pass

    def bind(self, address):
        if error := self.errors.pop(0):
            raise error


@pytest.mark.parametrize("port", [-1, 0, 65_536])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(Trouble, match="from 1 to 65535"):
        quickstart.check_port(port)


def test_a_port_in_use_is_refused():
    server = socket.create_server((quickstart.HOST, 0))

    with server, pytest.raises(Trouble, match="is in use"):
        quickstart.check_port(server.getsockname()[1])


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "does not allow port 80"),
        (OSError(errno.EADDRINUSE, "Address in use"), "Port 80 is in use"),
    ],
)
def test_a_port_that_the_system_refuses(monkeypatch, error, words):
    monkeypatch.setattr(socket, "socket", NoSocket(None, error))

    with pytest.raises(Trouble, match=words):
        quickstart.check_port(80)


def test_a_machine_without_ipv6_is_no_trouble(monkeypatch):
    no_ipv6 = OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")
    monkeypatch.setattr(socket, "socket", NoSocket(None, no_ipv6))

    quickstart.check_port(8000)


def test_the_data_folder_is_held_against_a_second_run(tmp_path):
    second = quickstart.data_folder(tmp_path)

    with (
        quickstart.data_folder(tmp_path),
        pytest.raises(Trouble, match="Another quickstart is using"),
    ):
        second.__enter__()

    with quickstart.data_folder(tmp_path):
        assert (tmp_path / "mail").is_dir()


def test_a_data_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(Trouble, match=r"Cannot write in .+Not a directory"):
        quickstart.data_folder(tmp_path / "file" / "data").__enter__()


def test_a_full_disk_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(free=1_000_000))

    with pytest.raises(Trouble, match="less than 100 MB left"):
        quickstart.data_folder(tmp_path).__enter__()


def test_the_secret_key_is_made_once_for_its_owner_only(tmp_path):
    key = quickstart.secret_key(tmp_path)

    assert len(key) > 50
    assert quickstart.secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_the_settings_find_every_folder_again(tmp_path):
    data = tmp_path / "ข้อมูล 100%"
    data.mkdir()

    env = quickstart.environment(data, 8000)

    mail = settings.mailer(env["MAIL_URL"])["OPTIONS"]["folder"]
    broker = settings.broker_options(env["BROKER_URL"])
    database = settings.database(env["DATABASE_URL"], settings.BASE_DIR)
    assert database["NAME"] == data / "kmcity.sqlite3"
    assert Path(env["MEDIA_ROOT"]) == data / "media"
    assert Path(mail) == data / "mail"
    for name in ("data_folder_in", "data_folder_out", "control_folder"):
        assert Path(broker[name]).relative_to(data).as_posix() in quickstart.FOLDERS
    # kombu warns where there is no host.
    assert env["BROKER_URL"].startswith("filesystem://localhost/")


def test_the_children_see_nothing_of_another_project(tmp_path, monkeypatch):
    for name in ("LOG_LEVEL", "MAIL_FROM", "HSTS_SUBDOMAINS", "CELERY_BROKER_URL"):
        monkeypatch.setenv(name, "foreign")
    monkeypatch.setenv("PYTHONWARNINGS", "error")

    env = quickstart.environment(tmp_path, 8000)

    assert "foreign" not in env.values()
    assert env["PYTHONWARNINGS"] != "error"
    assert env["PATH"]


@pytest.mark.parametrize("text", ["", "  "])
def test_no_name_is_no_data_folder(text):
    with pytest.raises(Trouble, match="needs the name of a folder"):
        quickstart.data_path(text)


@pytest.mark.parametrize(
    "name", [".", "kmcity", "docs/images", "static/../tests", ".git/data"]
)
def test_a_folder_of_the_program_is_refused(name):
    with pytest.raises(Trouble, match="belongs to the program itself"):
        quickstart.data_path(str(settings.BASE_DIR / name))


def test_a_link_to_a_folder_of_the_program_is_refused(tmp_path):
    (tmp_path / "data").symlink_to(settings.BASE_DIR / "templates")

    with pytest.raises(Trouble, match="belongs to the program itself"):
        quickstart.data_path(str(tmp_path / "data"))


@pytest.mark.parametrize("name", ["data", "documents", "../elsewhere"])
def test_other_folders_are_taken(name):
    folder = settings.BASE_DIR / name

    assert quickstart.data_path(str(folder)) == folder


def test_every_folder_of_the_program_is_known():
    command = ["git", "ls-tree", "-d", "--name-only", "HEAD"]
    if not (settings.BASE_DIR / ".git").exists():
        pytest.skip("needs a git checkout")
    tracked = subprocess.check_output(  # noqa: S603 -- our own command line
        command, cwd=settings.BASE_DIR, text=True
    )

    assert set(tracked.split()) <= quickstart.SOURCES


@pytest.mark.parametrize("content", ["not a database", "SQLite"])
def test_a_foreign_database_is_refused_in_words(tmp_path, content):
    (tmp_path / "kmcity.sqlite3").write_text(content)

    with pytest.raises(Trouble, match="is not a database of kmcity"):
        quickstart.data_folder(tmp_path).__enter__()


def test_a_database_that_cannot_be_read_is_refused_in_words(tmp_path):
    (tmp_path / "kmcity.sqlite3").mkdir()

    with pytest.raises(Trouble, match=r"Cannot write in .+kmcity.sqlite3"):
        quickstart.data_folder(tmp_path).__enter__()


def test_an_empty_database_is_what_an_interrupted_start_leaves(tmp_path):
    (tmp_path / "kmcity.sqlite3").touch()

    with quickstart.data_folder(tmp_path):
        assert (tmp_path / "lock").exists()


@pytest.mark.parametrize(
    ("demo", "last"), [(True, "load_demo"), (False, "create_admin")]
)
def test_every_step_is_a_command_of_ours(tmp_path, demo, last):
    commands = [words[2] for words in quickstart.steps(tmp_path, demo=demo).values()]

    assert commands == ["migrate", "load_places", "collectstatic", last]
    assert set(commands) <= set(get_commands())


def test_the_accounts_line_up_in_thai_too(tmp_path):
    file = tmp_path / "accounts.csv"
    file.write_text("role,username\nคุณเอื้อ,ua\nadmin,boss\n", encoding="utf-8")

    table = quickstart.accounts_table(file)

    # คุณเอื้อ is eight characters in five columns.
    assert table == "    role   username\n    คุณเอื้อ  ua\n    admin  boss"


def test_nothing_answers_on_a_free_port():
    with socket.create_server((quickstart.HOST, 0)) as server:
        port = server.getsockname()[1]

    assert not quickstart.answers(port)
