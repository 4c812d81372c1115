from __future__ import annotations

from django.db.models import QuerySet

from circles.models import LearningSession, Revision


def revisions_of(session: LearningSession) -> QuerySet[Revision]:
    """Return every change to *session*, latest first, with who made it: one query."""
    return session.revisions.select_related("author__person", "confirmed_by__person")
