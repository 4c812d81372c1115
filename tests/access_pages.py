"""The rows of ``test_access`` about dreams and promises."""

from __future__ import annotations

from circles.models import LearningSession
from tests.factories_told import PromiseFactory

# The columns are those of ``test_access.TABLE``.
DREAMS_AND_PROMISES = """\
dream-create   GET   login  hidden  hidden  ok/hidden    hidden  hidden  hidden  ok/hidden    ok/hidden
dream-create   POST  login  hidden  hidden  ok/hidden    hidden  hidden  hidden  ok/hidden    ok/hidden
promise-keep   GET   login  405
promise-keep   POST  login  hidden  hidden  away/hidden  hidden  hidden  hidden  away/hidden  away/hidden
"""  # noqa: E501 -- a table is read in columns


def pages_arguments(session: LearningSession) -> dict[str, list[int]]:
    """Return what fills the placeholders of these URLs."""
    return {
        "dream-create": [session.circle_id],
        "promise-keep": [PromiseFactory(session=session).pk],
    }
