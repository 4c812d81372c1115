"""Figures beside their goals: ``python -m bench.pages``, ``save``, ``load``.

A line a figure: name, figure, goal, their ratio, ``ok`` or ``short``; the exit code
is 1 when any is short.  ``pages`` and ``save`` are ratios to a floor measured in the
same run, in CPU seconds of this process, the median of many; ``load`` is what a phone
fetches and when it paints.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 60

# Name, figure, the most it may be, and its unit if it is no ratio.
Figure = tuple[str, float, float] | tuple[str, float, float, str]


def demo_province() -> Path:
    """Set Django up on a database of its own with the sample province loaded; return
    its folder."""
    folder = Path(tempfile.mkdtemp(prefix="kmcity-bench-"))
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "kmcity.settings",
        "DEBUG": "0",
        "HTTPS": "0",
        "SECRET_KEY": "bench" * 10,
        "ALLOWED_HOSTS": "testserver",
        "LOG_LEVEL": "ERROR",
        "MAIL_URL": f"file://{folder}/mail",
        "MEDIA_ROOT": f"{folder}/media",
        "SECOND_FACTOR": "0",
    }
    import django  # noqa: PLC0415 -- after the environment is set

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- after setup

    call_command("migrate", verbosity=0)
    with Path(os.devnull).open("w") as nowhere:
        call_command("load_places", stdout=nowhere)
        call_command("load_demo", accounts=folder / "accounts.csv", stdout=nowhere)
    return folder


def cpu_seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median CPU seconds of *work*, after three unmeasured times."""
    spent = []
    for number in range(rounds + 3):
        begin = time.process_time()
        work()
        if number >= 3:
            spent.append(time.process_time() - begin)
    return statistics.median(spent)


def report(figures: list[Figure]) -> None:
    """Print each figure beside the most it may be; exit with 1 if one is short."""
    short = False
    for name, figure, goal, *unit in figures:
        fits = figure <= goal
        short |= not fits
        verdict = "ok" if fits else "short"
        measured = f"{figure:8.2f} ≤ {goal:6.2f} {''.join(unit):2}"
        print(f"{name:32} {measured}  {figure / goal:5.2f}  {verdict}")  # noqa: T201 -- output
    sys.exit(short)
