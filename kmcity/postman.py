"""One letter out of the house, and what went wrong in a word that hides addresses."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from smtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

_ADDRESS = re.compile(r"[^\s<>@,;:\"']+@")
LONGEST_ANSWER = 200


class Failure(Exception):
    """``code`` is one of ``login``, ``refused``, ``later``, ``secure``, ``connection``
    and ``unusable``; ``answer`` is what the server said, without addresses."""

    def __init__(self, code: str, answer: str = "") -> None:
        super().__init__(code)
        self.code, self.answer = code, answer

    @property
    def is_permanent(self) -> bool:
        """Whether asking again is pointless: the letter itself was refused."""
        return self.code in {"refused", "unusable"}


def post(
    template: str,
    context: Mapping[str, Any],
    address: str,
    language: str,
    message_id: str = "",
) -> None:
    """Send the letter ``<template>.txt`` to *address*.  Raises Failure.

    A letter that may go out twice has a *message_id* of its own (without the "@" and
    what follows), so that a mailbox can know the second copy.
    """
    with translation.override(language):
        subject = render_to_string(f"{template}.subject.txt", dict(context))
        text = render_to_string(f"{template}.txt", dict(context))
    host = urlsplit(settings.SITE_URL).hostname
    headers = {"Message-ID": f"<{message_id}@{host}>"} if message_id else None
    try:
        line = " ".join(subject.split())
        EmailMessage(line, text, None, [address], headers=headers).send()
    except (OSError, SMTPException, ValueError) as error:
        # Not "from": its text may hold the address.
        raise _failure(error) from None


def _failure(error: Exception) -> Failure:
    match error:
        case SMTPRecipientsRefused():
            number, said = max(error.recipients.values(), default=(0, b""))
            return _refusal(number, said)
        case SMTPAuthenticationError():
            return Failure("login", _masked(error.smtp_code, error.smtp_error))
        case SMTPResponseException():
            return _refusal(error.smtp_code, error.smtp_error)
        case ssl.SSLError():
            return Failure("secure")
        case SMTPException() | OSError():
            return Failure("connection", type(error).__name__)
    return Failure("unusable")


def _refusal(number: int, said: str | bytes) -> Failure:
    is_final = 500 <= number < 600
    return Failure("refused" if is_final else "later", _masked(number, said))


def _masked(number: int, said: str | bytes) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    plain = "".join(one for one in " ".join(text.split()) if one.isprintable())
    return f"{number} {_ADDRESS.sub('•••@', plain)}"[:LONGEST_ANSWER]
