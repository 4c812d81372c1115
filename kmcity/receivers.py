"""Where kmcity listens to circles."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from circles.signals import invited
from kmcity.tasks import send_invitations


@receiver(invited)
def ring(**kwargs: Any) -> None:
    # Robust: the invitation is stored by then; a broker that is down must not become
    # an error page.  The sweep sends it.
    transaction.on_commit(send_invitations.delay, robust=True)
