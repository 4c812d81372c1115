"""The ground floor's pages, one module a subject."""

from circles.views.circles import circle_detail, circle_list
from circles.views.records import session_detail, session_saved
from circles.views.sessions import session_create

__all__ = [
    "circle_detail",
    "circle_list",
    "session_create",
    "session_detail",
    "session_saved",
]
