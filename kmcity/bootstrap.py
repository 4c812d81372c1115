"""Find or make the environment that kmcity runs in.

Needs a Python and pip, nothing else: standard library only, and written so
that Python 3.6 can still read it and say in words that it is too old.
"""

import glob
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WINDOWS = os.name == "nt"
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "Scripts/python.exe" if WINDOWS else "bin/python")
CONFIG = os.path.join(VENV, "pyvenv.cfg")
STAMP = os.path.join(VENV, "kmcity-stamp")
UNFINISHED = "unfinished"
OLDEST = (3, 12)
OLDEST_PIP = (22, 3)
NEWER = ["python3.13", "python3.14", "python3.12"]  # the tested one first
CONTROL_C_EXIT = 130

MAKING = "กำลังเตรียมโปรแกรมใน {venv}  |  Preparing the environment in {venv}"
READY = "เตรียมโปรแกรมเสร็จแล้ว  |  The environment is ready"
STOPPED = "หยุดแล้ว สั่งอีกครั้งเพื่อทำต่อ  |  Stopped. Run it again to go on."
TOO_OLD = """\
เครื่องนี้ใช้ Python {here} แต่ kmcity ต้องใช้ Python 3.12 ขึ้นไป
ติดตั้ง Python 3.13 จาก python.org หรือจากที่ติดตั้งโปรแกรมของเครื่อง แล้วสั่งใหม่ด้วย python3.13
This is Python {here}; kmcity needs Python 3.12 or later.
Install Python 3.13 (python.org, apt, pyenv, uv) and run this with python3.13."""
NO_PIP = """\
ไม่พบ pip รุ่น 22.3 ขึ้นไปของ {python}
ติดตั้งด้วย apt install python3-pip หรือ python -m ensurepip --upgrade แล้วสั่งใหม่
{python} has no pip, or one older than 22.3. Install it (apt install python3-pip,
or python -m ensurepip --upgrade), then run the same command again."""
FAILED = """\
เตรียมโปรแกรมใน {venv} ไม่สำเร็จ (สาเหตุอยู่ด้านบน)
ตรวจอินเทอร์เน็ต พื้นที่ดิสก์ และสิทธิ์เขียน แล้วสั่งใหม่อีกครั้ง
The environment in {venv} could not be made; the reason is above. Check the network,
the free disk space and the right to write, then run the same command again."""


def prepare(arguments: "list[str]") -> None:
    """Return when this interpreter has what *arguments* need; else become one.

    Makes or repairs ``.venv`` where needed and replaces this process by its
    Python.  ``test`` never returns: it becomes pytest, with ``COVERAGE=1``
    measured.  Exits with 1 and a message when that cannot be done.  Safe to
    repeat, also after a crash and by two at the same time.
    """
    testing = arguments[:1] == ["test"]
    try:
        settle("requirements-dev.txt" if testing else "requirements.txt")
    except OSError as error:  # a full disk, a folder that cannot be written
        sys.exit(str(error) + "\n" + FAILED.format(venv=VENV))
    except KeyboardInterrupt:
        say(STOPPED)
        sys.exit(CONTROL_C_EXIT)
    if testing:
        measured = os.environ.get("COVERAGE") == "1"
        runner = ["-m", "coverage", "run"] if measured else []
        become([sys.executable, *runner, "-m", "pytest", *arguments[1:]])


def settle(requirements: str) -> None:
    """Return if this interpreter has *requirements*, else become one that has."""
    inside = os.path.isdir(VENV) and os.path.samefile(sys.prefix, VENV)
    complete = is_ready(requirements) if inside else has_pins(sys.path, requirements)
    if complete and sys.version_info >= OLDEST:
        return
    if inside:
        # .venv cannot repair itself: the Python that it was made from can.
        restart(getattr(sys, "_base_executable", sys.executable))
    with open(path(requirements), "rb") as lock:
        if fcntl:  # two first starts at once would spoil each other's work
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_ready(requirements):
            if sys.version_info < OLDEST:
                restart(newer_python())
            build(requirements)
    restart(PYTHON)


def newer_python() -> str:
    """Return a Python that is new enough and really runs, or exit in words."""
    for python in filter(None, map(shutil.which, NEWER)):
        # pyenv leaves a shim on PATH for every version that it has ever had.
        if version([python]) >= OLDEST:
            return python
    sys.exit(TOO_OLD.format(here=sys.version.split()[0]))


def build(requirements: str) -> None:
    """Make ``.venv`` or bring it up to date, or exit in words.

    The stamp is written last: what was interrupted is made anew the next time.
    """
    pip = [sys.executable, "-m", "pip"]
    if version(pip) < OLDEST_PIP:
        sys.exit(NO_PIP.format(python=sys.executable))
    say(MAKING.format(venv=VENV))
    if read_stamp() == [UNFINISHED] or venv_version() < OLDEST:
        # Half cleared it must not look like one, nor pip take it for another.
        if os.path.exists(CONFIG):
            os.remove(CONFIG)
        follow([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV])
    write_stamp([UNFINISHED])
    pip += ["--python", PYTHON, "--require-virtualenv", "--retries=2", "--no-input"]
    pip += ["--disable-pip-version-check", "install", "--no-user", "--require-hashes"]
    follow([*pip, "--requirement", path(requirements)])
    # requirements-dev.txt contains the other one.
    write_stamp([fingerprint(name) for name in (requirements, "requirements.txt")])
    say(READY)


def follow(command: "list[str]") -> None:
    """Run *command*, telling which packages pip names.

    A failure ends us with its last lines.  Leaves no process when stopped.
    """
    earlier = signal.signal(signal.SIGTERM, signal.default_int_handler)
    process = subprocess.Popen(  # noqa: S603 -- our own command line
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        errors="replace",
        # A group of its own, so that pip's helper is ended together with pip.
        start_new_session=not WINDOWS,
    )
    lines = []  # type: list[str]
    try:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            for name in re.findall(r"^Collecting ([\w.-]+)", line):
                say("  " + name)
        process.wait()
    finally:
        end(process)
        signal.signal(signal.SIGTERM, earlier)
    if process.returncode:
        sys.exit("\n".join([*lines[-12:], FAILED.format(venv=VENV)]))


def end(process: "subprocess.Popen[str]") -> None:
    """Kill what is left of *process* and its group.  Repeatable."""
    with process:  # closes its pipe and waits
        if process.poll() is None:
            process.kill() if WINDOWS else os.killpg(process.pid, signal.SIGKILL)


def restart(python: str) -> None:
    """Run the same command again with *python*.  Never returns."""
    become([python, os.path.join(ROOT, "manage.py"), *sys.argv[1:]])


def become(command: "list[str]") -> None:
    """Replace this process by *command*.  Never returns."""
    sys.stdout.flush()
    if WINDOWS:  # pragma: no cover -- its exec hands the prompt back at once
        sys.exit(subprocess.call(command))  # noqa: S603 -- our own command line
    os.execv(command[0], command)  # noqa: S606 -- no shell is wanted


def is_ready(requirements: str) -> bool:
    """Whether ``.venv`` runs and holds *requirements*, by its stamp.

    One without a stamp was made by hand (with uv, say): look at its packages.
    """
    if venv_version() < OLDEST:
        return False
    if os.path.exists(STAMP):
        return fingerprint(requirements) in read_stamp()
    folders = glob.glob(os.path.join(VENV, "lib", "*", "site-packages"))
    return has_pins(folders, requirements)


def has_pins(folders: "list[str]", requirements: str) -> bool:
    """Whether *folders* hold every package in exactly its locked version."""
    found = set()
    for folder in filter(os.path.isdir, folders):
        for name in os.listdir(folder):
            if name.endswith(".dist-info"):
                found.add(normal(name[: -len(".dist-info")]))
    return found.issuperset(pins(requirements))


def pins(requirements: str) -> "set[str]":
    """Return the ``name-version`` that every system needs."""
    with open(path(requirements), encoding="utf-8") as file:
        locked = re.findall(r"^(\S+)==(\S+) \\$", file.read(), re.MULTILINE)
    return {normal("-".join(pair)) for pair in locked}


def normal(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


def fingerprint(requirements: str) -> str:
    with open(path(requirements), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def path(name: str) -> str:
    return os.path.join(ROOT, name)


def read_stamp() -> "list[str]":
    if not os.path.exists(STAMP):
        return []
    with open(STAMP, encoding="ascii") as file:
        return file.read().split()


def write_stamp(words: "list[str]") -> None:
    with open(STAMP, "w", encoding="ascii") as file:
        file.write("\n".join(words))


def venv_version() -> "tuple[int, ...]":
    return version([PYTHON]) if os.path.exists(CONFIG) else ()


def version(program: "list[str]") -> "tuple[int, ...]":
    """Return the (major, minor) that *program* tells; nothing if it does not run."""
    try:
        told = subprocess.check_output(  # noqa: S603 -- our own command line
            [*program, "--version"], stderr=subprocess.DEVNULL, universal_newlines=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(map(int, re.findall(r"\d+", told)[:2]))


def say(text: str) -> None:
    """Print *text*, on any console: what it cannot show becomes a ``?``."""
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    sys.stdout.flush()
