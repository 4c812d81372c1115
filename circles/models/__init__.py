"""The ground floor's tables, one module a subject."""

from circles.models.accounts import Assignment, Invitation, User
from circles.models.agencies import Agency, AgencyName, Area, PlaceYear
from circles.models.changes import Change, PersonMerge
from circles.models.circles import Circle, CircleOpening, Membership
from circles.models.dreams import DreamVersion
from circles.models.handovers import (
    Handover,
    SeatSuccession,
    Succession,
    WorkingNote,
)
from circles.models.people import ContactPoint, Person
from circles.models.places import Place, PlaceCode
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
    "AgencyName",
    "Appointment",
    "Area",
    "Assignment",
    "Attachment",
    "Attendance",
    "CalendarFeed",
    "Change",
    "Circle",
    "CircleOpening",
    "ContactPoint",
    "Draft",
    "DreamVersion",
    "Handoff",
    "Handover",
    "Indicator",
    "Invitation",
    "LearningSession",
    "Lesson",
    "Membership",
    "Person",
    "PersonMerge",
    "Photo",
    "Place",
    "PlaceCode",
    "PlaceYear",
    "Problem",
    "Promise",
    "PromiseReview",
    "Reading",
    "Revision",
    "SeatSuccession",
    "SignInSlip",
    "Submission",
    "Succession",
    "SupportRequest",
    "User",
    "WorkingNote",
]
