"""What people do to circles that takes more than one row."""

from circles.actions.content import Content, Newcomer
from circles.actions.dreams import write_dream
from circles.actions.promises import keep_promise, reopen_promise
from circles.actions.sessions import SubmissionConflict, log_session

__all__ = [
    "Content",
    "Newcomer",
    "SubmissionConflict",
    "keep_promise",
    "log_session",
    "reopen_promise",
    "write_dream",
]
