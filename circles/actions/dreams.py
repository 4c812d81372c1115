from __future__ import annotations

from django.db import transaction

from circles.models import Circle, DreamVersion

_SAID = ("text", "gate", "agreed_on", "agreed_by")


@transaction.atomic
def write_dream(dream: DreamVersion) -> DreamVersion:
    """Store the unsaved *dream* as the newest version of its circle's shared dream.

    Earlier versions stay.  Safe to repeat: what the newest version says already is
    not stored again, and that version is returned.
    """
    # One at a time per circle: a double tap finds what the first tap stored.
    Circle.objects.select_for_update(no_key=True).get(pk=dream.circle_id)
    newest = DreamVersion.objects.filter(circle=dream.circle_id).latest_first().first()
    if newest and all(getattr(newest, one) == getattr(dream, one) for one in _SAID):
        return newest
    dream.save(force_insert=True)
    return dream
