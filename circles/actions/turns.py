"""One at a time, where no row of its own could be locked: it is not there yet."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model


def take_turn(model: type[Model]) -> None:
    """Wait until nobody else is adding to *model*, and hold the others up until the
    transaction ends, in which this must run: what was looked for and not found is
    still not there then.

    Come here before any other lock.  The lock is the table's own row among Django's
    content types, which nobody else locks.
    """
    named = model._meta
    rows = ContentType.objects.select_for_update(no_key=True)
    own = rows.filter(app_label=named.app_label, model=named.model_name)
    list(own.order_by("pk"))
