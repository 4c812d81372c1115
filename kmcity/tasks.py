"""Letters with a link to a new password, written where nobody measures the time."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from allauth.account.utils import user_pk_to_url_str
from celery import shared_task
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from kombu.exceptions import OperationalError

from circles.models import User
from kmcity.identity import address_now

logger = logging.getLogger(__name__)


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
            with translation.override(language):
                _write(user, address)


def _write(user: User, address: str) -> None:
    uid, key = user_pk_to_url_str(user), default_token_generator.make_token(user)
    path = reverse("password-reset-key", kwargs={"uidb36": uid, "key": key})
    context = {"account": user, "url": f"{settings.SITE_URL}{path}"}
    subject = render_to_string("kmcity/email/password_reset.subject.txt", context)
    text = render_to_string("kmcity/email/password_reset.txt", context)
    try:
        send_mail(" ".join(subject.split()), text, None, [address])
    except (OSError, SMTPException, ValueError) as error:
        # Not its text, which may hold the address.
        logger.error("letter for account %s: %s", user.pk, type(error).__name__)
