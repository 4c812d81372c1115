"""Whether letters leave this machine: how the last one that was tried has gone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from circles.actions.recording import masked

RESULT, RESULT_SECONDS = "setup-mail", 90 * 86_400
IN_A_FOLDER = "kmcity.mail.EmailBackend"
# What reaches nobody: for trying out.
KEPT_HERE = {"django.core.mail.backends.console.EmailBackend", IN_A_FOLDER}


def stays_here() -> bool:
    return backend()["BACKEND"] in KEPT_HERE


def folder() -> str:
    """Return the folder into which letters are written for trying out, by its last two
    names: "data/mail"; "" where they are not."""
    if backend()["BACKEND"] != IN_A_FOLDER:
        return ""
    return "/".join(Path(backend()["OPTIONS"]["folder"]).parts[-2:])


def backend() -> dict[str, Any]:
    found: dict[str, Any] = settings.MAILERS["default"]
    return found


def keep(code: str, answer: str, address: str) -> None:
    """Keep how a letter to *address* has gone: *code* is "" if the server took it."""
    kept = {
        "code": code,
        "answer": answer,
        "address": masked(address),
        "at": timezone.now().isoformat(),
    }
    cache.set(RESULT, kept, RESULT_SECONDS)


def result() -> dict[str, Any]:
    """Return how the last letter went; nothing if there was none."""
    kept: dict[str, Any] | None = cache.get(RESULT)
    if not kept:
        return {}
    at = datetime.fromisoformat(kept["at"])
    return kept | {"at": at, "is_done": not kept["code"]}


def is_done(latest: dict[str, Any] | None = None) -> bool:
    """Return whether there is nothing left to do about mail: a server took a letter
    (the *latest*, if that is known), or all are files in a folder here."""
    if folder():
        return True
    return bool((result() if latest is None else latest).get("is_done"))
