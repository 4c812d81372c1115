"""From the outbox to the world: claim a few, send them one by one, finish each."""

from __future__ import annotations

import logging
import secrets
import uuid
from datetime import timedelta
from time import monotonic
from traceback import format_tb

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Now

from milestones.actions.notices import call_off_outdated
from milestones.channels import CHANNELS, DeliveryFailed, Letter, Sender
from milestones.models import LEASE, MAX_ATTEMPTS, Notice

logger = logging.getLogger(__name__)

# A worker that is killed can double at most what it had in flight: one.  Small
# batches keep the others' wait short when one of them is slow.
BATCH_SIZE = 10
# One letter may take half a minute (5 seconds a step), the task's hard limit is 60.
TASK_SECONDS = 25
FIRST_RETRY = timedelta(minutes=1)
LAST_RETRY = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(hours=22)


def deliver_due() -> bool:
    """Send what is due, in small batches, beginning none after 25 seconds.

    Returns whether anything may be left.  May run in any number of workers at
    once and be killed at any point: a claim is a lease that runs out.  Must
    not run inside a transaction.
    """
    deadline = monotonic() + TASK_SECONDS
    _give_up_exhausted()
    senders: dict[str, Sender] = {}
    try:
        while notices := _claim():
            for at, notice in enumerate(notices):
                if monotonic() > deadline:
                    _release(notices[at:])
                    return True
                if _begin(notice):
                    _deliver(notice, senders)
        return False
    finally:
        for sender in senders.values():
            sender.close()


# What has not been tried comes first: whatever kills its worker delays only itself.
_ORDER = ("attempts", "due_at", "pk")


def _claim() -> list[Notice]:
    """Lease a batch to this call.  Two workers never hold the same notice."""
    token = uuid.uuid4()
    with transaction.atomic():
        call_off_outdated()
        batch = (
            Notice.objects.select_for_update(skip_locked=True, of=("self",))
            .due()
            .order_by(*_ORDER)
            .values_list("pk", flat=True)[:BATCH_SIZE]
        )
        # The condition again: without row locks (SQLite) it is the claim.
        claimed = Notice.objects.due().filter(pk__in=list(batch))
        claimed.update(lease_token=token, leased_until=_from_now(LEASE))
    leased = Notice.objects.filter(lease_token=token).order_by(*_ORDER)
    return list(
        leased.select_related(
            "contact__person__user",
            "event__achievement__milestone__place",
            "event__achievement__milestone__circle__place__parent",
            "event__achievement__session__circle",
        )
    )


def _begin(notice: Notice) -> bool:
    """Count the attempt and renew the lease; False if another worker has it now.

    Counted one by one: those behind a notice that kills the worker lose no try.
    """
    mine = _held(notice).filter(leased_until__gt=Now())
    notice.attempts += 1
    return bool(mine.update(attempts=notice.attempts, leased_until=_from_now(LEASE)))


def _release(notices: list[Notice]) -> None:
    """Give back what there was no time for."""
    for notice in notices:
        _finish(notice)


def _deliver(notice: Notice, senders: dict[str, Sender]) -> None:
    channel = notice.contact.channel
    try:
        if not notice.contact.is_usable:
            raise DeliveryFailed("switched off or not verified", permanent=True)
        if channel not in senders:
            senders[channel] = CHANNELS[channel]()
        senders[channel].send(_letter(notice))
    except DeliveryFailed as failure:
        _failed(notice, str(failure), permanent=failure.permanent)
    except Exception as bug:
        # One poisoned notice must not hold up the others; it comes back, and is
        # given up after its last attempt like any other.  The log shows where, not
        # what: a message may carry somebody's address.
        kind, where = type(bug).__name__, "".join(format_tb(bug.__traceback__))
        logger.error("notice %s could not be sent: %s\n%s", notice.pk, kind, where)
        _failed(notice, kind, permanent=False)
    else:
        _finish(notice, sent_at=Now(), due_at=None, last_error="")


def _letter(notice: Notice) -> Letter:
    message_id = f"notice-{notice.pk}-{notice.event.key}"
    return Letter(notice.event, notice.contact, message_id)


def _failed(notice: Notice, reason: str, *, permanent: bool) -> None:
    final = permanent or notice.attempts >= MAX_ATTEMPTS or _is_old(notice)
    due_at = None if final else _from_now(_jitter(notice.attempts))
    if final:
        logger.warning("notice %s given up: %s", notice.pk, reason)
    _finish(notice, due_at=due_at, last_error=reason[:500])


def _finish(notice: Notice, **changes: object) -> None:
    """Write the outcome, if the lease is still ours: the token is the fence."""
    _held(notice).update(lease_token=None, leased_until=None, **changes)


def _held(notice: Notice) -> QuerySet[Notice]:
    return Notice.objects.filter(pk=notice.pk, lease_token=notice.lease_token)


def _is_old(notice: Notice) -> bool:
    too_old = Q(created_at__lte=_from_now(-GIVE_UP_AFTER))
    return Notice.objects.filter(too_old, pk=notice.pk).exists()


def _jitter(attempts: int) -> timedelta:
    """Return a random wait up to 1 min × 4ⁿ⁻¹, at most 6 h ("full jitter": many
    that failed together do not come back together)."""
    longest: timedelta = min(FIRST_RETRY * 4 ** (attempts - 1), LAST_RETRY)
    return longest * secrets.SystemRandom().uniform(0.1, 1)


def _from_now(wait: timedelta) -> ExpressionWrapper:
    return ExpressionWrapper(Now() + wait, output_field=DateTimeField())


def _give_up_exhausted() -> None:
    Notice.objects.exhausted().update(
        due_at=None, lease_token=None, leased_until=None, last_error="worker died"
    )
