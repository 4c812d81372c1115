"""Letters with a link to a new password, and invitations: written by a worker."""

from __future__ import annotations

import logging
from time import monotonic
from traceback import format_tb

from allauth.account.utils import user_pk_to_url_str
from celery import shared_task
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from kombu.exceptions import OperationalError

from circles.actions import inviting
from circles.models import Invitation, User
from kmcity.identity import address_now
from kmcity.postman import Failure, post

logger = logging.getLogger(__name__)

# One letter may take half a minute (5 seconds a step), the task's hard limit is 60.
TASK_SECONDS = 25


def post_reset_letters(roads: list[tuple[int, int | None]], language: str) -> None:
    """Have a letter written to each of *roads*, also if there is none: it costs the
    same.  Without a broker it is written here and now.  Never fails."""
    try:
        write_reset_letters.delay(roads, language)
    except OperationalError:
        write_reset_letters(roads, language)


@shared_task
def write_reset_letters(roads: list[tuple[int, int | None]], language: str) -> None:
    """Write the letters.  One that fails is logged and skipped: whoever waits for it
    asks again.  Twice is harmless; the second link opens the same door."""
    for account, road in roads:
        user = User.objects.filter(pk=account).first()
        address = address_now(user, road) if user else ""
        if user and address:
            _write(user, address, language)


def _write(user: User, address: str, language: str) -> None:
    uid, key = user_pk_to_url_str(user), default_token_generator.make_token(user)
    path = reverse("password-reset-key", kwargs={"uidb36": uid, "key": key})
    context = {"account": user, "url": f"{settings.SITE_URL}{path}"}
    try:
        post("kmcity/email/password_reset", context, address, language)
    except Failure as failure:
        logger.error("letter for account %s: %s", user.pk, failure.code)


@shared_task
def send_invitations() -> None:
    """Send the invitations that are due: rung after each, and swept every minute.

    May run in any number of workers and be killed at any point.  Begins no letter
    after 25 seconds: the next sweep does.
    """
    deadline = monotonic() + TASK_SECONDS
    for invitation in inviting.claimed():
        try:
            _invite(invitation)
        except Failure as failure:
            inviting.mark_failed(
                invitation, failure.code, permanent=failure.is_permanent
            )
        except Exception as bug:
            # One that is poisoned must not hold up the others.  The log shows where,
            # not what: a message may carry somebody's address.
            kind, where = type(bug).__name__, "".join(format_tb(bug.__traceback__))
            logger.error("invitation %s: %s\n%s", invitation.pk, kind, where)
            inviting.mark_failed(invitation, "bug")
        if monotonic() > deadline:
            break


def _invite(invitation: Invitation) -> None:
    """Send one letter, if it still may go.  Raises Failure."""
    if code := inviting.obstacle(invitation):
        inviting.mark_failed(invitation, code, permanent=True)
        return
    made = inviting.slip_for(invitation)
    if made is None:
        return
    slip, secret = made
    url = settings.SITE_URL + reverse("slip-use", args=[secret])
    context = {
        "account": invitation.user,
        "author": invitation.author,
        "slip": slip,
        "url": url,
    }
    address, language = invitation.contact.address, invitation.language
    number = inviting.message_id(invitation)
    post("kmcity/email/invitation", context, address, language, number)
    inviting.mark_sent(invitation)
