import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kmcity import supervisor as module
from kmcity.supervisor import Limits, Stopped, Supervisor

CHECKOUT = Path(module.__file__).parent.parent
# Far longer than anything here takes; only a failure waits for it.
PATIENCE_SECONDS = 60
QUICK = Limits(
    first_pause_seconds=0.01,
    longest_pause_seconds=0.04,
    kill_after_seconds=0.5,
    tick_seconds=0.01,
)

SLEEP = "import time; time.sleep(600)"
# Says its own pid and that of a child, and lets nobody end it politely.
STUBBORN_PAIR = f"""
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", {SLEEP!r}])
print(os.getpid(), child.pid, flush=True)
time.sleep(600)
"""
KEEPER = f"""
import sys
from pathlib import Path
from kmcity.supervisor import Supervisor
supervisor = Supervisor({{}}, Path.cwd(), print)
supervisor.keep("sleeper", [sys.executable, "-c", {SLEEP!r}], Path(sys.argv[1]))
print(supervisor.children[0].process.pid, flush=True)
supervisor.watch()
"""


def python(code):
    return [sys.executable, "-c", code]


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A dead process whose parent has not looked yet is dead all the same.
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def wait_for(true):
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < give_up_at, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def told():
    return []


@pytest.fixture
def log(tmp_path):
    return tmp_path / "child.log"


@pytest.fixture
def make(tmp_path, told):
    """Return a function that makes supervisors; all are stopped in the end."""
    made = []

    def make(**changes):
        limits = Limits(**{**vars(QUICK), **changes})
        tell = lambda *words: told.append(words)  # noqa: E731 -- shorter so
        made.append(Supervisor(dict(os.environ), tmp_path, tell, limits))
        return made[-1]

    yield make
    for supervisor in made:
        supervisor.stop()


def test_a_step_runs_to_its_end(make, log):
    supervisor = make()

    assert supervisor.run(python("print('first')"), log) == 0
    assert supervisor.run(python("raise SystemExit('second')"), log) == 1

    assert log.read_text() == "first\nsecond\n"


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_step_ends_when_we_are_asked_to_stop(make, log, name):
    supervisor = make()
    ask = "import os, signal; print(os.getpid(), flush=True); os.kill(os.getppid(), "
    ask += f"signal.{name})"

    with supervisor.listening(), pytest.raises(Stopped):
        supervisor.run(python(f"{ask}; {SLEEP}"), log)

    assert not is_alive(int(log.read_text()))


def test_afterwards_signals_mean_what_they_meant_before(make):
    before = signal.getsignal(signal.SIGINT)

    with make().listening():
        assert signal.getsignal(signal.SIGINT) != before

    assert signal.getsignal(signal.SIGINT) == before


def test_who_keeps_failing_waits_longer_each_time(make, log, told):
    supervisor = make()

    supervisor.keep("worker", python("raise SystemExit(3)"), log)

    assert supervisor.wait_until(lambda: len(told) == 4, PATIENCE_SECONDS)
    assert told == [("worker", 3, pause) for pause in (0.01, 0.02, 0.04, 0.04)]


def test_who_was_healthy_starts_again_soon(make, log, told):
    supervisor = make(healthy_seconds=0)

    supervisor.keep("worker", python(""), log)

    assert supervisor.wait_until(lambda: len(told) == 3, PATIENCE_SECONDS)
    assert told == [("worker", 0, 0.01)] * 3


def test_the_real_pauses_are_those_that_were_promised():
    limits = Limits()

    assert (limits.first_pause_seconds, limits.longest_pause_seconds) == (1, 30)
    assert (limits.healthy_seconds, limits.kill_after_seconds) == (60, 8)


def test_who_is_killed_is_started_again_and_leaves_nobody_behind(make, log, told):
    supervisor = make()
    supervisor.keep("worker", python(STUBBORN_PAIR), log)
    assert supervisor.wait_until(
        lambda: log.read_text().count("\n") == 1, PATIENCE_SECONDS
    )
    first, its_child = map(int, log.read_text().split())

    os.kill(first, signal.SIGKILL)

    assert supervisor.wait_until(
        lambda: log.read_text().count("\n") == 2, PATIENCE_SECONDS
    )
    assert told == [("worker", -signal.SIGKILL, 0.01)]
    wait_for(lambda: not is_alive(its_child))


def test_stopping_ends_the_politely_deaf_and_their_children(make, log):
    supervisor = make()
    supervisor.keep("worker", python(STUBBORN_PAIR), log)
    assert supervisor.wait_until(
        lambda: log.read_text().count("\n") == 1, PATIENCE_SECONDS
    )
    pids = [*map(int, log.read_text().split())]

    supervisor.stop()

    assert supervisor.children == []
    for pid in pids:
        wait_for(lambda pid=pid: not is_alive(pid))


def test_stopping_lets_a_child_finish(make, log):
    supervisor = make(kill_after_seconds=PATIENCE_SECONDS)
    code = "import signal, sys; "
    code += "signal.signal(signal.SIGTERM, lambda *_: sys.exit('finished')); "
    code += f"print('ready', flush=True); {SLEEP}"
    supervisor.keep("worker", python(code), log)
    assert supervisor.wait_until(lambda: "ready" in log.read_text(), PATIENCE_SECONDS)

    supervisor.stop()

    assert log.read_text() == "ready\nfinished\n"


def test_watching_tends_until_it_is_asked_to_stop(make, log, told):
    supervisor = make()
    supervisor.tell = lambda *words: os.kill(os.getpid(), signal.SIGTERM)

    supervisor.keep("worker", python(""), log)

    with supervisor.listening(), pytest.raises(Stopped):
        supervisor.watch()


def test_what_never_becomes_true_is_given_up(make):
    assert not make().wait_until(lambda: False, seconds=0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of it")
def test_kill_minus_nine_of_us_ends_the_children_too(log):
    command = [sys.executable, "-c", KEEPER, str(log)]
    with subprocess.Popen(  # noqa: S603 -- our own command line
        command, cwd=CHECKOUT, stdout=subprocess.PIPE
    ) as keeper:
        sleeper = int(keeper.stdout.readline())
        assert is_alive(sleeper)

        keeper.kill()

    wait_for(lambda: not is_alive(sleeper))


def test_a_log_that_has_grown_large_is_put_aside(make, log, monkeypatch):
    monkeypatch.setattr(module, "LARGEST_LOG_BYTES", 3)
    log.write_text("yesterday")

    make().run(python("print('today')"), log)

    assert log.read_text() == "today\n"
    assert log.with_suffix(".old.log").read_text() == "yesterday"
