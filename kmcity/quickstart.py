"""What ``manage.py quickstart`` prepares before it starts anything."""

import csv
import errno
import http.client
import os
import secrets
import shutil
import socket
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from kmcity import quickstart_texts as texts
from kmcity.bootstrap_variables import is_foreign
from kmcity.files import write_whole
from kmcity.settings import BASE_DIR

if sys.platform == "win32":  # pragma: no cover
    import msvcrt
else:
    import fcntl

HOST = "127.0.0.1"
FOLDERS = ["mail", "media", "broker/queue", "broker/control", "logs"]
LEAST_FREE_BYTES = 100_000_000
# What belongs to the program, or to its tools, holds no data of anybody.
SOURCES = {
    *("kmcity", "circles", "milestones", "templates", "static", "locale", "docs"),
    *("tests", "bench", "deploy", ".ci", ".git", ".venv"),
}
DATABASE_BEGINS_WITH = b"SQLite format 3\0"
SECRET_BYTES = 50
TAIL_LINES = 12


class Trouble(Exception):
    """What keeps quickstart from running, in words for the person who typed it."""


def check_port(port: int) -> None:
    """Raise Trouble unless the browser would reach us, and only us, on *port*."""
    if not 0 < port < 65536:
        raise Trouble(texts.BAD_PORT.format(port=port))
    for family, host in [(socket.AF_INET, HOST), (socket.AF_INET6, "::1")]:
        try:
            _bind(family, host, port)
        except PermissionError as error:
            raise Trouble(texts.PORT_REFUSED.format(port=port)) from error
        except OSError as error:
            # Others mean that this machine has no such address family.
            if error.errno == errno.EADDRINUSE:
                raise Trouble(texts.PORT_IN_USE.format(port=port)) from error


def _bind(family: socket.AddressFamily, host: str, port: int) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":  # pragma: no branch -- there it admits a second listener
            # Connections that closed a moment ago do not count as use.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def data_path(text: str) -> Path:
    """Return the folder that --data names.  Raises Trouble for one of the program's."""
    if not text.strip():
        raise Trouble(texts.NO_DATA_FOLDER)
    root, folder = Path(os.path.realpath(BASE_DIR)), Path(os.path.realpath(text))
    if folder == root or any(folder.is_relative_to(root / name) for name in SOURCES):
        raise Trouble(texts.DATA_IS_SOURCE.format(data=text))
    return Path(text).absolute()


@contextmanager
def data_folder(data: Path) -> Iterator[None]:
    """Make *data* and what belongs into it, and hold it against a second run.

    Raises Trouble.  Repeatable; the lock ends with the process that holds it.
    """
    try:
        _make(data)
        lock = (data / "lock").open("ab")
    except OSError as error:
        raise _data_trouble(data, error) from error
    with lock:
        try:
            _lock(lock)
        except OSError as error:
            raise Trouble(texts.DATA_IN_USE.format(data=data)) from error
        yield


def _make(data: Path) -> None:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(data).free < LEAST_FREE_BYTES:
        raise OSError(errno.ENOSPC, "disk full")
    for folder in FOLDERS:
        (data / folder).mkdir(parents=True, exist_ok=True)
    secret_key(data)
    _check_database(data / "kmcity.sqlite3")


def _check_database(file: Path) -> None:
    if not file.exists():
        return
    with file.open("r+b") as database:
        begin = database.read(len(DATABASE_BEGINS_WITH))
    # An empty one is what an interrupted first start leaves behind.
    if begin not in (b"", DATABASE_BEGINS_WITH):
        raise Trouble(texts.NOT_A_DATABASE.format(file=file))


def _data_trouble(data: Path, error: OSError) -> Trouble:
    if error.errno == errno.ENOSPC:
        return Trouble(texts.DISK_FULL.format(data=data))
    where = error.filename or data
    return Trouble(texts.DATA_REFUSED.format(data=where, reason=error.strerror))


def _lock(file: BinaryIO) -> None:
    if sys.platform == "win32":  # pragma: no cover
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def secret_key(data: Path) -> str:
    """Return this folder's secret key; made once, readable by its owner only."""
    file = data / "secret-key"
    if not file.exists():
        # Half a key must never be taken for one.
        write_whole(file, secrets.token_urlsafe(SECRET_BYTES).encode())
    return file.read_text()


def environment(data: Path, port: int) -> dict[str, str]:
    """Return what every child finds in its environment: all on this machine."""
    kept = {name: os.environ[name] for name in os.environ if not is_foreign(name)}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "kmcity.settings",
        "DEBUG": "0",
        "HTTPS": "0",
        "BEHIND_PROXY": "0",
        # Only here, and said so at the start: the accounts are for trying out.
        "SECOND_FACTOR": "0",
        "COLLECT": "1",  # hashed and compressed: as light as in production
        # Nothing is ever collected there: the files of the checkout are served.
        "STATIC_ROOT": str(data / "static"),
        "MEDIA_ROOT": str(data / "media"),
        "SECRET_KEY": secret_key(data),
        "DATABASE_URL": f"sqlite:///{_url(data / 'kmcity.sqlite3')}",
        # Without a host every log would begin with a warning of kombu's.
        "BROKER_URL": f"filesystem://localhost{_url(data / 'broker')}",
        "MAIL_URL": f"file://{_url(data / 'mail')}",
        "SITE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost 127.0.0.1 [::1]",
        # Thai in a log must not fail on a console that cannot show it.
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
        # Root tries this out in a container; Celery's sermon helps nobody there.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
    }


def _url(file: Path) -> str:
    return quote(file.as_posix())


def steps(data: Path, *, demo: bool) -> dict[str, list[str]]:
    """Return title and command of each step before the start; all repeatable."""
    manage = [sys.executable, str(BASE_DIR / "manage.py")]
    accounts = ["--accounts", str(data / "accounts.csv")]
    last = (
        (texts.STEP_DEMO, "load_demo") if demo else (texts.STEP_ADMIN, "create_admin")
    )
    return {
        texts.STEP_DATABASE: [*manage, "migrate", "--no-input"],
        texts.STEP_PLACES: [*manage, "load_places"],
        texts.STEP_STATIC: [*manage, "collectstatic", "--no-input"],
        last[0]: [*manage, last[1], *accounts],
    }


def programs(data: Path, port: int) -> dict[str, list[str]]:
    """Return name and command of each program that is kept running."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "kmcity"]
    web = "granian --interface wsgi --workers 1 --blocking-threads 4 --no-ws"
    worker = "worker -Q notices --concurrency 1 --loglevel WARNING"
    worker += " --without-gossip --without-mingle --without-heartbeat"
    if os.name == "nt":
        worker += " --pool solo"  # pragma: no cover -- Windows has no fork
    beat = ["beat", "--loglevel", "WARNING", "-s", str(data / "beat-schedule")]
    where = ["--host", HOST, "--port", str(port), "kmcity.wsgi:application"]
    return {
        "web": [*python, *web.split(), *where],
        "worker": [*celery, *worker.split()],
        "beat": [*celery, *beat],
    }


def log_file(data: Path, name: str) -> Path:
    return data / "logs" / f"{name}.log"


def tail(log: Path) -> str:
    """Return the last lines of *log*, where the reason of a failure stands."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-TAIL_LINES:])


def answers(port: int) -> bool:
    """Whether the sign-in page is there."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/sign-in/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def accounts_table(file: Path) -> str:
    """Return the accounts in *file* as columns that line up, Thai included."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    widths = [max(map(_columns, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(cells: list[str], widths: list[int]) -> str:
    pairs = zip(cells, widths, strict=True)
    padded = [cell + " " * (width - _columns(cell)) for cell, width in pairs]
    return f"    {'  '.join(padded)}".rstrip()


def _columns(text: str) -> int:
    # Thai vowels above and below and tone marks take no column of their own.
    return sum(unicodedata.category(letter) not in {"Mn", "Cf"} for letter in text)
