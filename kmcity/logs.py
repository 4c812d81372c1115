"""What no log may show: addresses that open something to whoever reads them."""

from __future__ import annotations

import logging
import re

# A note that was handed on, a slip, a calendar, a link from a letter.
_SECRET = re.compile(r"(/(?:note|slip|calendar|password)/)[^\s\"'<>?#]+")


class MaskingFormatter(logging.Formatter):
    """Mask the secret part of addresses in the message, its arguments and the
    traceback: whatever the line ends up with."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRET.sub(r"\1***", super().format(record))
