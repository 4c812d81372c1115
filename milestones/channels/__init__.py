"""The ways a notice can travel.  To add one: write its module, list it here."""

from collections.abc import Callable

from milestones.channels.base import DeliveryFailed, Letter, Sender
from milestones.channels.email import EmailSender

# By the channel of the contact point.  The inbox is not here: it is a row.
CHANNELS: dict[str, Callable[[], Sender]] = {
    "email": EmailSender,
}

__all__ = ["CHANNELS", "DeliveryFailed", "Letter", "Sender"]
