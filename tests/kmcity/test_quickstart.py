"""The command for real: its steps, its programs, its end.  What it refuses and
prepares is in ``test_quickstart_parts.py``."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from kmcity import quickstart
from kmcity.management.commands import quickstart as module

# Far longer than anything here takes; only a failure waits for it.
PATIENCE_SECONDS = 120
END_WITHIN_SECONDS = 10
PROC = Path("/proc")

needs_proc = pytest.mark.skipif(
    not PROC.exists(), reason="needs /proc to see processes"
)


@pytest.fixture
def port():
    """A free port, of those that the kernel gives to no outgoing connection."""
    for number in range(21_000, 32_000):
        try:
            quickstart.check_port(number)
        except quickstart.Trouble:
            continue
        return number
    raise AssertionError("no free port")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """One folder for all runs, with a name that every address has to quote."""
    return tmp_path_factory.mktemp("quickstart") / "ข้อมูล 100%"


def run(**options):
    """Run the command here; return its exit code and what it said."""
    output = StringIO()
    try:
        call_command("quickstart", demo=False, stdout=output, stderr=output, **options)
    except SystemExit as end:
        return end.code, output.getvalue()
    return 0, output.getvalue()


@contextmanager
def ctrl_c_when_it_answers(port):
    """Press Ctrl-C in this process as soon as the page is there."""
    over = threading.Event()

    def press():
        while not over.wait(0.1):
            if quickstart.answers(port):
                os.kill(os.getpid(), signal.SIGINT)
                return

    thread = threading.Thread(target=press)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def started(port, data):
    """Run the command as a program of its own, with a terminal's process group."""
    command = [sys.executable, "manage.py", "quickstart", "--no-demo"]
    command += ["--port", str(port), "--data", str(data)]
    with subprocess.Popen(  # noqa: S603 -- our own command line
        command,
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()  # no more than a sign of life if the test has failed


def stop(process):
    """Press Ctrl-C; return what was said, and fail if the end took too long."""
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=END_WITHIN_SECONDS)
    return said


def wait_for(true):
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not (found := true()):
        assert time.monotonic() < give_up_at, "waited in vain"
        time.sleep(0.05)
    return found


def processes(**wanted):
    """Return the pids whose parent or group is the wanted one."""
    found = []
    for folder in PROC.glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # ended just now
        facts = {"parent": int(words[1]), "group": int(words[2])}
        if words[0] != "Z" and wanted.items() <= facts.items():
            found.append(int(folder.name))
    return found


def wait_for_the_end_of(*groups):
    wait_for(lambda: not any(processes(group=group) for group in groups))


def child(process, word, *, not_this=None):
    """Return the pid of *process*' child with *word* on its command line."""
    for pid in {*processes(parent=process.pid)} - {not_this}:
        try:
            words = (PROC / str(pid) / "cmdline").read_text().split("\0")
        except OSError:
            continue
        # Not the moment before it has become what it is to be.
        if word in words and "-c" not in words:
            return pid
    return None


def accounts(data):
    with closing(sqlite3.connect(data / "kmcity.sqlite3")) as connection:
        query = "SELECT username, password FROM circles_user"
        return connection.execute(query).fetchall()


def test_it_runs_until_ctrl_c_and_says_what_one_needs(port, data):
    with ctrl_c_when_it_answers(port):
        code, said = run(port=port, data=data)

    assert code == 0
    assert f"http://localhost:{port}" in said
    head, account = (data / "accounts.csv").read_text().splitlines()
    assert head == "role,place,username,password"
    assert account.rpartition(",")[2] in said
    assert str(data / "mail") in said
    assert said.endswith("The data is kept.\n")


def test_keys_and_passwords_are_for_their_owner_only(data):
    for name in ["secret-key", "accounts.csv", "kmcity.sqlite3"]:
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o600


@needs_proc
def test_a_killed_worker_is_replaced_and_ctrl_c_leaves_no_process(port, data):
    before = accounts(data)
    with started(port, data) as process:
        wait_for(lambda: quickstart.answers(port))
        worker = wait_for(lambda: child(process, "worker"))
        web = wait_for(lambda: child(process, "granian"))
        beat = wait_for(lambda: child(process, "beat"))

        os.kill(worker, signal.SIGKILL)
        second = wait_for(lambda: child(process, "worker", not_this=worker))
        said = stop(process)

    assert "worker ended (code -9), starts again in 1 s" in said
    assert process.returncode == 0
    wait_for_the_end_of(process.pid, web, worker, second, beat)
    assert accounts(data) == before


@needs_proc
def test_ctrl_c_during_the_first_steps_leaves_no_process(port, tmp_path):
    with started(port, tmp_path) as process:
        step = wait_for(lambda: child(process, "migrate"))

        said = stop(process)

    assert "Stopped" in said
    wait_for_the_end_of(process.pid, step)


def test_a_step_that_fails_is_told_with_its_reason(port, tmp_path):
    (tmp_path / "accounts.csv").write_text("somebody's own table")

    code, said = run(port=port, data=tmp_path)

    assert code == 1
    assert "is not a file of kmcity accounts" in said
    assert "This step failed" in said


def test_it_does_not_write_into_the_program(port):
    code, said = run(port=port, data=settings.BASE_DIR / "static")

    assert code == 1
    assert "belongs to the program itself" in said


def test_a_page_that_does_not_answer_is_told(port, data, monkeypatch):
    monkeypatch.setattr(module, "ANSWER_WITHIN_SECONDS", 0)

    code, said = run(port=port, data=data)

    assert code == 1
    assert "did not answer" in said
