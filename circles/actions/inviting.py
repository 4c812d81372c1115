"""Invitations by mail: a row first, in the transaction of whoever invites; then a
worker claims it, writes the letter with a slip of its own and says how it went.

The row knows what is left to do, so that a dead worker or broker loses nothing.
Every copy of one letter has the same Message-ID and the same link, and there are two at
most: ``slip`` is set while a copy may be on its way.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from circles.actions.accounts import refuse, write_done
from circles.actions.reaching import accounts_within_reach
from circles.actions.recording import masked
from circles.actions.slips import (
    digest_of,
    hash_of,
    lock_account,
    make_slip,
    secret_from,
)
from circles.models import ContactPoint, Invitation, User
from circles.models.slips import SignInSlip
from circles.signals import invited

# Longer than any letter takes: 5 seconds a step of the conversation.
LEASE = timedelta(seconds=120)
# After the first attempt, the second, the third and the fourth.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
# Between two letters to one account: whoever presses twice wants one.
PAUSE = timedelta(minutes=2)
BATCH_SIZE = 20
# Nobody said what became of a copy.
CRASHED = "crashed"
_SALT = "circles.invitation"


def addresses_of(user: User) -> QuerySet[ContactPoint]:
    """Return where a letter to *user* may go: e-mail that is not switched off,
    proven or not, for using the letter's link proves it."""
    points = ContactPoint.objects.filter(
        channel=ContactPoint.Channel.EMAIL, blocked_at=None, person=user.person_id
    )
    return points.exclude(person=None).order_by("pk")


@transaction.atomic
def invite(
    author: User, user: User, contact: ContactPoint, language: str = "th"
) -> Invitation:
    """Have a letter sent to *user* at *contact*, and return its row.

    Safe to repeat: a letter to that address that still waits is the one returned; to
    another address it takes the waiting one's place.  Raises AccountRefused:
    ``reach``, ``closed``, ``address``, ``pause``.
    """
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not locked.is_active:
        refuse("closed", _("This account is closed. Open it again first."))
    if not accounts_within_reach(author).filter(pk=locked.pk).exists():
        refuse("reach", _("This account is not within your reach."))
    if not addresses_of(locked).filter(pk=contact.pk).exists():
        refuse("address", _("This address is no longer there. Choose again."))
    waiting = open_invitations().filter(user=locked)
    if found := waiting.filter(contact=contact).first():
        return found
    sent = Invitation.objects.filter(user=locked, sent_at__gt=_from_now(-PAUSE))
    if sent.exists():
        words = _("A letter has just been sent. Give it two minutes before the next.")
        refuse("pause", words)
    call_off_invitations(locked)
    row = Invitation.objects.create(
        user=locked, contact=contact, author=author, language=language, due_at=Now()
    )
    write_done(author, locked, "invited", masked(contact.address))
    invited.send(sender=Invitation, invitation=row)
    return row


@transaction.atomic
def print_slip(author: User, user: User) -> tuple[SignInSlip, str]:
    """Return a slip for *user* to be printed, and its secret, and write that down.
    A letter that still waits is called off: its slip would end the printed one."""
    lock_account(user)
    call_off_invitations(user)
    made = make_slip(author, user)
    write_done(author, user, "slip_printed", True)
    return made


def call_off_invitations(user: User) -> None:
    """Send no letter to *user* that still waits."""
    waiting = open_invitations().filter(user=user)
    waiting.update(failed_at=Now(), last_error="replaced")


def open_invitations() -> QuerySet[Invitation]:
    """Return the invitations that were neither sent nor given up."""
    return Invitation.objects.filter(sent_at=None, failed_at=None)


def claimed() -> Iterator[Invitation]:
    """Yield invitations that are due, one after the other, each leased to this call:
    no two workers hold the same.  Must not run inside a transaction.

    The caller ends each by ``mark_sent`` or ``mark_failed``; one that it never ends
    is due again when its lease has run out, once: its letter may have gone out.
    """
    due = open_invitations().filter(due_at__lte=Now())
    exhausted = Q(attempts__gte=Invitation.MOST_ATTEMPTS)
    # Nobody said what became of the first copy, nor of the second.
    twice = Q(last_error=CRASHED, slip__isnull=False)
    due.filter(exhausted | twice).update(failed_at=Now(), last_error=CRASHED)
    found = due.order_by("attempts", "due_at", "pk")
    columns = ("pk", "attempts", "slip", "last_error")
    for pk, attempts, slip, error in list(found.values_list(*columns)[:BATCH_SIZE]):
        # The conditional update is the claim: it reports one row or none.
        row = due.filter(pk=pk, attempts=attempts)
        said = CRASHED if slip else error
        lease = _from_now(LEASE)
        if row.update(attempts=attempts + 1, due_at=lease, last_error=said):
            people = ("user__person", "author__person", "contact")
            yield Invitation.objects.select_related(*people).get(pk=pk)


def obstacle(invitation: Invitation) -> str:
    """Return why this letter must not be sent today, as a code; "" if it may."""
    user = invitation.user
    if not user.is_active:
        return "closed"
    if not accounts_within_reach(invitation.author).filter(pk=user.pk).exists():
        return "reach"
    if not addresses_of(user).filter(pk=invitation.contact_id).exists():
        return "address"
    return ""


@transaction.atomic
def slip_for(invitation: Invitation) -> tuple[SignInSlip, str] | None:
    """Return the slip of this letter, with its secret, which is stored nowhere; None
    if another worker holds the invitation now, it was called off, or a copy of it
    was opened already.

    Each attempt has the same slip: two copies of a letter may arrive, in any order,
    and both have to open.  So the secret is derived from the invitation by the
    installation's key; from its address too, for what is sent elsewhere is another.
    """
    lock_account(invitation.user)
    if _held(invitation).select_for_update(no_key=True).first() is None:
        return None
    digest = digest_of(invitation.contact)
    told = f"{message_id(invitation)} {digest}"
    secret = secret_from(salted_hmac(_SALT, told, algorithm="sha256").digest())
    same = SignInSlip.objects.filter(token_hash=hash_of(secret))
    if same.exclude(used_at=None).exists():
        mark_sent(invitation)
        return None
    slip, secret = make_slip(invitation.author, invitation.user, secret)
    _held(invitation).update(slip=slip, address_digest=digest)
    return slip, secret


def message_id(invitation: Invitation) -> str:
    """Return what tells this letter from all others, the same for each copy of it."""
    made = invitation.created_at.astimezone(UTC)
    return f"invitation-{invitation.pk}-{made:%Y%m%d%H%M%S%f}"


def mark_sent(invitation: Invitation) -> None:
    _held(invitation).update(sent_at=Now(), last_error="")


def mark_failed(invitation: Invitation, code: str, *, permanent: bool = False) -> None:
    """Write down why, a code of at most 20 letters, and when it is tried again: after
    1, 5, 30 and 120 minutes; then it is given up, *permanent* at once."""
    row = _held(invitation)
    if invitation.last_error != CRASHED:
        # This copy did not go out, and there is no other.
        row.update(slip=None)
    if permanent or invitation.attempts >= Invitation.MOST_ATTEMPTS:
        row.update(failed_at=Now(), last_error=code)
    else:
        wait = WAITS[invitation.attempts - 1]
        row.update(due_at=_from_now(wait), last_error=code)


def _held(invitation: Invitation) -> QuerySet[Invitation]:
    """The row, if the claim is still ours: the number of attempts is the fence."""
    return open_invitations().filter(pk=invitation.pk, attempts=invitation.attempts)


def _from_now(wait: timedelta) -> ExpressionWrapper:
    return ExpressionWrapper(Now() + wait, output_field=DateTimeField())
