"""What a reader may do with a stored session."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context

from circles.actions.corrections import is_open, role_to_correct
from circles.actions.handoffs import may_hand_over
from circles.models import LearningSession, Revision, User
from circles.permissions import ON_BEHALF, Permission, may

register = template.Library()


@register.inclusion_tag("circles/_record_tools.html", takes_context=True)
def record_tools(
    context: Context,
    session: LearningSession,
    user: User,
    revisions: Iterable[Revision],
) -> dict[str, Any]:
    """Show the buttons that *user* may press on *session*, and what of its *revisions*
    waits for an answer.  No query, where ``circle__place`` and ``submission`` were
    fetched."""
    may_edit = may(Permission.EDIT_SESSION, user, session.circle)
    role = role_to_correct(session, user)
    waiting = [one for one in revisions if may_edit and one.confirmed_at is None]
    return {
        "csrf_token": context.get("csrf_token"),
        "session": session,
        "may_edit": may_edit,
        "may_correct": role is not None,
        "as_administrator": role in ON_BEHALF,
        "until": session.submission.editable_until if is_open(session) else None,
        "may_withdraw": may(Permission.WITHDRAW_SESSION, user, session.circle),
        "may_ask": may(Permission.LOG_SESSION, user, session.circle),
        "may_hand_over": may_hand_over(session, user),
        "asked": [one for one in waiting if one.kind == Revision.Kind.ASKED],
        # Confirming the last confirms what was typed before it.
        "typed": [one for one in waiting if one.typed_by][:1],
    }
