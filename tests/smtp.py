"""A real SMTP server on loopback that remembers what it accepted."""

from __future__ import annotations

import asyncio
import email
import email.policy
import logging
from collections.abc import Callable
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

# It says every line that it hears.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Sink(Controller):
    """Accepts mail for everybody but those in ``refusals`` (address: reply).

    ``pause_seconds`` is waited before each message is accepted, ``data_reply``
    is said instead of "250 OK", ``before_answer`` is called when all has been
    read.  A login needs ``password``.
    """

    def __init__(self, *, password: str = "") -> None:
        self.received: list[tuple[str, EmailMessage]] = []
        self.refusals: dict[str, str] = {}
        self.connection_count = 0
        self.pause_seconds = 0.0
        self.data_reply = ""
        self.before_answer: Callable[[str], None] | None = None
        self.password = password.encode()
        super().__init__(
            self,
            hostname="127.0.0.1",
            port=0,
            auth_require_tls=False,
            authenticator=self._login,
        )

    def _login(self, _server, _session, _envelope, _mechanism, data) -> AuthResult:
        return AuthResult(success=data.password == self.password, handled=False)

    @property
    def addresses(self) -> list[str]:
        return [address for address, _message in self.received]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?timeout=1"

    def factory(self) -> SMTP:
        self.connection_count += 1
        return super().factory()

    def _trigger_server(self) -> None:
        # The base class connects to make the server answer; that is no visitor,
        # and with port 0 it does not know where to knock.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
        self.connection_count = 0

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        await asyncio.sleep(self.pause_seconds)
        if self.data_reply:
            return self.data_reply
        message = email.message_from_bytes(
            envelope.content, policy=email.policy.default
        )
        for address in envelope.rcpt_tos:
            if self.before_answer:
                self.before_answer(address)
            self.received.append((address, message))
        return "250 OK"
