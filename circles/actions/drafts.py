from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from circles.actions.uploads import discard_pending
from circles.models import Circle, Draft, Submission, User
from circles.permissions import Permission, may

MAX_DRAFT_LENGTH = 200_000
NOT_KEPT = ("csrfmiddlewaretoken", "act")


class NotKept(Exception):
    """The draft was not stored; ``reason`` is "sent" or "too_long"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def save_draft(circle: Circle, author: User, key: UUID, typed: QueryDict) -> Draft:
    """Store what is typed so far under the form's *key*, instead of what was there.

    Repeatable.  Raises NotKept once the form itself was sent or where it is longer
    than any form, and PermissionDenied where *author* may not log.
    """
    if not may(Permission.LOG_SESSION, author, circle):
        raise PermissionDenied
    kept = typed.copy()
    for name in NOT_KEPT:
        kept.pop(name, None)
    payload = kept.urlencode()
    if len(payload) > MAX_DRAFT_LENGTH:
        raise NotKept("too_long")
    # After a submission of the same form that is being stored right now.
    User.objects.select_for_update(no_key=True).get(pk=author.pk)
    if Submission.objects.filter(author=author, key=key).exists():
        raise NotKept("sent")
    draft, _is_new = Draft.objects.update_or_create(
        author=author,
        key=key,
        defaults={"circle": circle, "payload": payload, "saved_at": timezone.now()},
    )
    return draft


def discard_draft(author: User, key: UUID) -> None:
    """Throw a draft away, for good, with the photos sent for it.  Repeatable."""
    Draft.objects.filter(author=author, key=key).delete()
    discard_pending(author, key)
