"""The ground floor's tables, one module a subject."""

from circles.models.circles import Circle, CircleOpening, Membership
from circles.models.dreams import DreamVersion
from circles.models.people import Agency, Assignment, ContactPoint, Person, User
from circles.models.places import Place
from circles.models.planning import Appointment, CalendarFeed
from circles.models.promises import Promise, PromiseReview
from circles.models.sessions import LearningSession
from circles.models.slips import SignInSlip
from circles.models.submissions import Draft, Handoff, Revision, Submission
from circles.models.told import (
    Attendance,
    Indicator,
    Lesson,
    Problem,
    Reading,
    SupportRequest,
)
from circles.models.uploads import Attachment, Photo

__all__ = [
    "Agency",
    "Appointment",
    "Assignment",
    "Attachment",
    "Attendance",
    "CalendarFeed",
    "Circle",
    "CircleOpening",
    "ContactPoint",
    "Draft",
    "DreamVersion",
    "Handoff",
    "Indicator",
    "LearningSession",
    "Lesson",
    "Membership",
    "Person",
    "Photo",
    "Place",
    "Problem",
    "Promise",
    "PromiseReview",
    "Reading",
    "Revision",
    "SignInSlip",
    "Submission",
    "SupportRequest",
    "User",
]
