"""Keep a few programs running, and leave no process behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import BinaryIO, NoReturn

Process = subprocess.Popen[bytes]

WINDOWS = os.name == "nt"
LARGEST_LOG_BYTES = 5_000_000
# Asks the kernel to end the program when its parent dies, even by kill -9; the
# parent may have died before that.  Then becomes the program.
TETHER = """\
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
if os.getppid() == int(sys.argv[1]): os.execv(sys.argv[2], sys.argv[2:])
"""


class Stopped(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


@dataclass(frozen=True)
class Limits:
    first_pause_seconds: float = 1
    longest_pause_seconds: float = 30
    # Whoever has lived this long starts with the first pause again.
    healthy_seconds: float = 60
    # Ctrl-C is to have ended everything within 10 seconds.
    kill_after_seconds: float = 8
    tick_seconds: float = 0.1


@dataclass
class Child:
    """A program that is to be running, and how often it has failed of late."""

    name: str
    command: Sequence[str]
    log: Path
    process: Process | None = None
    started_at: float = 0
    due_at: float = 0
    failures: int = 0


class Supervisor:
    """Runs steps to their end and children for ever, until told to stop.

    Every program gets its own session, so that Ctrl-C reaches only us and each
    can be asked to finish what it is doing.  ``tell`` is called with a child's
    name, its exit code and the seconds until it starts again.
    """

    def __init__(
        self,
        env: Mapping[str, str],
        folder: Path,
        tell: Callable[[str, int, float], None],
        limits: Limits = Limits(),
    ) -> None:
        self.env = env
        self.folder = folder
        self.tell = tell
        self.limits = limits
        self.children: list[Child] = []
        self.stopping = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Turn Ctrl-C, SIGTERM and a closed terminal into ``Stopped``."""
        names = ["SIGINT", "SIGTERM", "SIGHUP"]
        wanted = [getattr(signal, name) for name in names if hasattr(signal, name)]
        earlier = {number: signal.signal(number, self._on_signal) for number in wanted}
        try:
            yield
        finally:
            for number, handler in earlier.items():
                signal.signal(number, handler)

    def run(self, command: Sequence[str], log: Path) -> int:
        """Run *command* to its end and return its exit code.  Raises Stopped."""
        process = self._start(command, log)
        try:
            while process.poll() is None:
                self.pause()
        finally:
            self._end([process])
        return process.returncode

    def keep(self, name: str, command: Sequence[str], log: Path) -> None:
        """Start *command* and have ``tend`` start it again whenever it ends."""
        self.children.append(Child(name, command, log))
        self.tend()

    def tend(self) -> None:
        """Notice who has ended; start who is due."""
        for child in self.children:
            if child.process and child.process.poll() is not None:
                self._bury(child, child.process)
            if not child.process and time.monotonic() >= child.due_at:
                child.started_at = time.monotonic()
                child.process = self._start(child.command, child.log)

    def pause(self) -> None:
        """Wait a moment.  Raises Stopped."""
        if self.stopping:
            raise Stopped
        time.sleep(self.limits.tick_seconds)

    def wait_until(self, true: Callable[[], bool], seconds: float) -> bool:
        """Tend the children until *true*; False if that took too long.

        Raises Stopped.
        """
        give_up_at = time.monotonic() + seconds
        while time.monotonic() < give_up_at:
            self.tend()
            if true():
                return True
            self.pause()
        return False

    def watch(self) -> NoReturn:
        """Tend the children for ever.  Raises Stopped."""
        while True:
            self.tend()
            self.pause()

    def stop(self) -> None:
        """End all children and whatever they started.  Repeatable.

        They are asked first; who has not ended after ``kill_after_seconds``
        is killed.
        """
        self._end([child.process for child in self.children if child.process])
        self.children.clear()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        # Only a flag: an exception could come in the middle of starting a child
        # and leave one that nobody knows.
        self.stopping = True

    def _bury(self, child: Child, process: Process) -> None:
        _kill_group(process)  # what it may have left behind
        now = time.monotonic()
        if now - child.started_at >= self.limits.healthy_seconds:
            child.failures = 0
        pause = self.limits.first_pause_seconds * 2**child.failures
        pause = min(pause, self.limits.longest_pause_seconds)
        child.process = None
        child.failures += 1
        child.due_at = now + pause
        self.tell(child.name, process.returncode, pause)

    def _start(self, command: Sequence[str], log: Path) -> Process:
        with _open_log(log) as output:
            return subprocess.Popen(  # noqa: S603 -- our own command line
                _tethered(command),
                cwd=self.folder,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=not WINDOWS,
            )

    def _end(self, processes: Sequence[Process]) -> None:
        # Only the first of each group is asked: it lets its own children finish
        # their task, while SIGTERM would end those at once.
        for process in processes:
            process.terminate()
        kill_at = time.monotonic() + self.limits.kill_after_seconds
        while time.monotonic() < kill_at:
            if all(process.poll() is not None for process in processes):
                break
            time.sleep(self.limits.tick_seconds)
        for process in processes:
            _kill_group(process)


def _kill_group(process: Process) -> None:
    """Kill *process* and everything in its session.  Repeatable."""
    if WINDOWS:
        process.kill()  # pragma: no cover -- Windows
    else:
        with suppress(ProcessLookupError):  # nobody is left
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _tethered(command: Sequence[str]) -> list[str]:
    if sys.platform != "linux":
        return [*command]  # pragma: no cover -- no parent-death signal
    return [sys.executable, "-I", "-S", "-c", TETHER, str(os.getpid()), *command]


def _open_log(log: Path) -> BinaryIO:
    """Open *log* to add to it; one that has grown too large is put aside."""
    if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
        log.replace(log.with_suffix(".old.log"))
    return log.open("ab")
