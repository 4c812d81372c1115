from __future__ import annotations

from datetime import date

from circles.models import Promise


def keep_promise(promise: Promise, day: date) -> bool:
    """Say that *promise* was kept on *day*, between two sessions.

    Returns whether that is news: said twice, the first day stays.  Changes the given
    row too.  Needs no transaction.
    """
    kept = Promise.objects.filter(pk=promise.pk, kept_on=None).update(kept_on=day)
    if kept:
        promise.kept_on = day
    return bool(kept)


def reopen_promise(promise: Promise) -> None:
    """Take back what ``keep_promise`` said; what sessions said of it stays.

    Safe to repeat; needs no transaction.
    """
    Promise.objects.filter(pk=promise.pk).update(kept_on=None)
    promise.kept_on = None
