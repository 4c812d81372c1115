from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from circles.models import ContactPoint
    from milestones.models import Event


class DeliveryFailed(Exception):
    """The other side refused.  ``permanent`` means: asking again is pointless."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


@dataclass(frozen=True)
class Letter:
    """What to tell, whom, and a name that stays the same when it is sent again."""

    event: Event
    contact: ContactPoint
    message_id: str


class Sender(Protocol):
    """One open line to the other side, used for a batch and then closed.

    ``send`` delivers one letter or raises DeliveryFailed; every call that
    leaves the machine has a time-out.  It may be asked twice for one letter (a
    worker can die after sending), so it passes ``message_id`` on.  Retries,
    logging and rows are ``actions.delivery``'s business.
    """

    def send(self, letter: Letter) -> None: ...

    def close(self) -> None: ...
