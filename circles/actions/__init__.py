"""What people do to circles that takes more than one row."""

from circles.actions.sessions import SubmissionConflict, log_session

__all__ = ["SubmissionConflict", "log_session"]
