"""The first floor's tables, one module a subject."""

from milestones.models.milestones import Achievement, Measure, Milestone
from milestones.models.notices import LEASE, MAX_ATTEMPTS, Event, Notice

__all__ = [
    "LEASE",
    "MAX_ATTEMPTS",
    "Achievement",
    "Event",
    "Measure",
    "Milestone",
    "Notice",
]
