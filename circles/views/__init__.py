"""The ground floor's pages, one module a subject."""

from circles.views.calendars import calendar_feed, calendar_list
from circles.views.circles import circle_detail, circle_list
from circles.views.comparing import session_compare
from circles.views.corrections import session_edit
from circles.views.dreams import dream_create
from circles.views.gallery import session_photos
from circles.views.handoffs import handoff_edit, session_handoff
from circles.views.history import revision_confirm, session_history
from circles.views.hub import manage
from circles.views.options import options
from circles.views.photos import attachment_file, photo_create, photo_file
from circles.views.planning import (
    appointment_cancel,
    appointment_postpone,
    circle_plan,
)
from circles.views.promises import promise_keep
from circles.views.records import session_detail, session_saved
from circles.views.sessions import session_create
from circles.views.sheets import circle_sheet
from circles.views.slips import slip_create, slip_use
from circles.views.withdrawals import session_withdraw, withdrawal_list

__all__ = [
    "appointment_cancel",
    "appointment_postpone",
    "attachment_file",
    "calendar_feed",
    "calendar_list",
    "circle_detail",
    "circle_list",
    "circle_plan",
    "circle_sheet",
    "dream_create",
    "handoff_edit",
    "manage",
    "options",
    "photo_create",
    "photo_file",
    "promise_keep",
    "revision_confirm",
    "session_compare",
    "session_create",
    "session_detail",
    "session_edit",
    "session_handoff",
    "session_history",
    "session_photos",
    "session_saved",
    "session_withdraw",
    "slip_create",
    "slip_use",
    "withdrawal_list",
]
