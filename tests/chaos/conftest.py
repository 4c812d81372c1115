"""Real processes that a test may kill: workers, web servers, a Redis.

Only what a test started itself is ever ended, by its own process id.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from unittest import mock

import pytest
import redis
from celery import Celery
from django.db import connection

from kmcity.settings import BASE_DIR
from milestones.tasks import deliver_due
from tests.smtp import Sink

Process = subprocess.Popen[bytes]


def wait_until(true: Callable[[], object], seconds: float = 30) -> None:
    """Return as soon as *true* is; fail after *seconds*."""
    give_up_at = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up_at, "it did not happen in time"
        time.sleep(0.02)


def free_port() -> int:
    """Return a free port below those that the system gives to connections."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Programs:
    """Programs in sessions of their own, ended at the latest with the test."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.running = folder, []

    def start(self, name: str, *command: str, **environment: str) -> Process:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 -- our own command line
                command,
                cwd=BASE_DIR,
                env=os.environ | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def kill(self, process: Process) -> None:
        """Kill *process* and what it has started, with -9.  Repeatable."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")


@pytest.fixture
def programs(tmp_path) -> Iterator[Programs]:
    started = Programs(tmp_path)
    yield started
    for process in started.running:
        with suppress(ProcessLookupError):  # a stopped one cannot be killed cleanly
            os.killpg(process.pid, signal.SIGCONT)
        started.kill(process)


@pytest.fixture
def sink() -> Iterator[Sink]:
    server = Sink()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def shared_redis() -> str:
    """Return the URL of the Redis that the run was given, emptied."""
    url = os.environ["TEST_REDIS_URL"]
    with closing(redis.Redis.from_url(url)) as server:
        server.flushdb()
    return url


@pytest.fixture
def own_redis(programs) -> Iterator["OwnRedis"]:
    if shutil.which("redis-server") is None:
        required = "chaos" in os.environ.get("KMCITY_REQUIRE", "").split()
        (pytest.fail if required else pytest.skip)("needs redis-server on PATH")
    server = OwnRedis(programs)
    server.start()
    return server


class OwnRedis:
    """A Redis that may be stopped, frozen and started again, empty."""

    def __init__(self, programs: Programs) -> None:
        self.programs, self.port = programs, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: Process | None = None

    def start(self) -> None:
        options = f"--port {self.port} --bind 127.0.0.1 --save".split()
        self.process = self.programs.start("redis", "redis-server", *options, "")
        wait_until(self._answers, 10)

    def stop(self) -> None:
        self.programs.kill(self.process)

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        with (
            suppress(redis.ConnectionError),
            closing(redis.Redis(port=self.port)) as me,
        ):
            return me.ping()
        return False


def environment(broker_url: str, sink: Sink) -> dict[str, str]:
    """Return what every program needs to work on the database of this test."""
    found = connection.settings_dict
    login = f"{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}"
    return {
        "DATABASE_URL": f"postgres://{login}/{found['NAME']}",
        "BROKER_URL": broker_url,
        "MAIL_URL": sink.url.replace("timeout=1", "timeout=5"),
        "DEBUG": "1",
    }


def start_worker(programs: Programs, **environment: str) -> Process:
    """Start a worker with one child and return when it takes tasks."""
    command = "celery -A kmcity worker -Q notices --concurrency 1 --loglevel INFO"
    command += " --without-gossip --without-mingle --without-heartbeat"
    before = _ready(programs)
    worker = programs.start(
        "worker", sys.executable, "-m", *command.split(), **environment
    )
    wait_until(lambda: _ready(programs) > before)
    return worker


def _ready(programs: Programs) -> int:
    log = programs.folder / "worker.log"
    return programs.log("worker").count(" ready.") if log.exists() else 0


@pytest.fixture
def ring(shared_redis) -> Iterator[Callable[[], None]]:
    """Let this process ring at the real broker, not run the task itself."""
    with Celery(broker=shared_redis, set_as_current=False) as app:

        def send() -> None:
            app.send_task("milestones.tasks.deliver_due", queue="notices")

        with mock.patch.object(deliver_due, "delay", send):
            yield send
