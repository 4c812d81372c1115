"""Recognising milestones and getting the news out."""

from milestones.actions.awards import award
from milestones.actions.delivery import deliver_due
from milestones.actions.notices import mark_read, tell
from milestones.actions.recount import recount

__all__ = ["award", "deliver_due", "mark_read", "recount", "tell"]
