"""E-mail into a folder, for trying out: one readable file a letter."""

import email.policy
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from kmcity.files import write_whole

# Thai as it is, in headers and text, and no line broken: ``grep`` finds it.
READABLE = email.policy.default.clone(
    utf8=True, cte_type="8bit", max_line_length=1_000_000
)


class EmailBackend(BaseEmailBackend):
    """Writes ``20261122-181757-012345-9f86d081.eml``: Bangkok's day and time.

    Names sort by time and never meet.  A file is complete from its first moment,
    readable by its owner only.
    """

    def __init__(self, *, folder: str, **options: Any) -> None:
        super().__init__(**options)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write *email_messages* and return how many.  Raises OSError."""
        letters = [message for message in email_messages if message.recipients()]
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in letters:
            content = message.message(policy=READABLE).as_bytes()
            write_whole(self.folder / _name(), content)
        return len(letters)


def _name() -> str:
    moment = timezone.localtime()
    return f"{moment:%Y%m%d-%H%M%S-%f}-{secrets.token_hex(4)}.eml"
