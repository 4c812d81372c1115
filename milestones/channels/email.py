from __future__ import annotations

from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.template.loader import render_to_string
from django.utils import translation

from milestones.channels.base import DeliveryFailed, Letter


class EmailSender:
    """SMTP (or whatever ``MAIL_URL`` names) over one connection for a batch."""

    def __init__(self) -> None:
        self.mailer = mailers.default

    def send(self, letter: Letter) -> None:
        message = compose(letter)
        try:
            # Opened by hand, it stays open for the next letter of the batch.
            self.mailer.open()
            self.mailer.send_messages([message])
        except (OSError, SMTPException) as error:
            self.close()
            raise _translated(error) from error
        except ValueError as error:
            # Django refuses to write it into a header; the text would name it.
            raise DeliveryFailed("unusable address", permanent=True) from error

    def close(self) -> None:
        try:
            self.mailer.close()
        except (OSError, SMTPException):
            # The line was already dead; the next letter opens a new one.
            self.mailer = mailers.default


def compose(letter: Letter) -> EmailMultiAlternatives:
    """Return the message: subject, plain text, HTML twin, in Thai."""
    context = {
        "achievement": letter.event.achievement,
        "person": letter.contact.person,
        "site_url": settings.SITE_URL,
    }
    template = f"milestones/email/{letter.event.kind}"
    with translation.override(settings.LANGUAGE_CODE):
        subject = render_to_string(f"{template}.subject.txt", context)
        text = render_to_string(f"{template}.txt", context)
        html = render_to_string(f"{template}.html", context)
    host = urlsplit(settings.SITE_URL).hostname
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text,
        to=[letter.contact.address],
        headers={"Message-ID": f"<{letter.message_id}@{host}>"},
    )
    message.attach_alternative(html, "text/html")
    return message


def _translated(error: Exception) -> DeliveryFailed:
    """Return the failure that *error* is.

    A 5xx about this letter is final.  All else may pass: no connection, a 4xx,
    and a refused login too, which is our fault and not the letter's.
    """
    if isinstance(error, SMTPRecipientsRefused):
        code = max((reply[0] for reply in error.recipients.values()), default=0)
    elif isinstance(error, SMTPSenderRefused | SMTPDataError):
        code = error.smtp_code
    else:
        return DeliveryFailed(type(error).__name__)
    return DeliveryFailed(f"SMTP {code}", permanent=500 <= code < 600)
