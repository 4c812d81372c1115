"""The ground floor's tables, one module a subject."""

from circles.models.circles import Circle, CircleOpening, Membership
from circles.models.people import Agency, Assignment, ContactPoint, Person, User
from circles.models.places import Place
from circles.models.sessions import Attendance, LearningSession, Lesson, Submission

__all__ = [
    "Agency",
    "Assignment",
    "Attendance",
    "Circle",
    "CircleOpening",
    "ContactPoint",
    "LearningSession",
    "Lesson",
    "Membership",
    "Person",
    "Place",
    "Submission",
    "User",
]
