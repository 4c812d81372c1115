"""What the pages about a circle and its sessions say in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext as _

from circles.models import (
    Circle,
    Draft,
    DreamVersion,
    LearningSession,
    Promise,
    PromiseReview,
)
from circles.reports.circle import shown_dream
from circles.reports.home import day_typed
from circles.reports.recap import line_address

register = template.Library()


@register.simple_tag
def dream_of(owner: Any) -> DreamVersion | None:
    """Return the dream at the end of a circle's road: one query; a place has none."""
    return shown_dream(owner) if isinstance(owner, Circle) else None


@register.filter
def typed_day(draft: Draft) -> str:
    """Return the day in *draft* as somebody typed it."""
    return day_typed(draft)


@register.filter
def line_share(text: str) -> str:
    """Return the address that hands *text* to LINE."""
    return line_address(text)


@register.simple_tag
def steps_between(value: int, target: int) -> int:
    """Return how much is missing; 0 or less where nothing is."""
    return target - value


@register.simple_tag
def standing_of(promise: Promise, today: date) -> dict[str, str]:
    """Say how *promise* stands: ``words``, and the ``look`` of its tag.

    Reads ``standing``, which ``with_standing`` sets.
    """
    state, said = PromiseReview.State, getattr(promise, "standing", None)
    if promise.kept_on or said == state.DONE:
        return {"words": _("done"), "look": "good"}
    if promise.due_on and promise.due_on < today:
        return {"words": _("overdue"), "look": "warn"}
    if said:
        return {"words": str(state(said).label), "look": ""}
    return {"words": _("promised"), "look": ""}


@register.simple_tag
def who_promised(promise: Promise, sees_names: bool) -> str:
    """Name who promised, to whoever may read names or if that person agreed to it."""
    if sees_names or (promise.owner and promise.owner.show_consent):
        return promise.who
    return _("a member") if promise.owner or promise.owner_name else ""


@register.simple_tag
def who_logged(session: LearningSession, sees_names: bool) -> str:
    """Say who wrote *session* down: by name to whoever may read names, else by hat."""
    submission = getattr(session, "submission", None)
    if submission is None:
        return ""
    name = (
        str(submission.author) if sees_names else submission.get_author_role_display()
    )
    return _("logged by %(name)s") % {"name": name}
