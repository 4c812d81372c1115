"""Who may open the pages about history; rows of ``test_access.TABLE``."""

from circles.models import Circle
from tests.factories_changes import changed

ROWS = """\
change-list     GET   login  403     403     403     403     403     403     ok           ok
change-list     POST  login  405
change-restore  GET   login  hidden  hidden  hidden  hidden  hidden  hidden  ok/hidden    ok/hidden
change-restore  POST  login  hidden  hidden  hidden  hidden  hidden  hidden  away/hidden  away/hidden
"""  # noqa: E501 -- a table is read in columns


def arguments(circle: Circle) -> dict[str, list]:
    """Return what fills the placeholders of each URL: rows near the inside circle."""
    return {"change-restore": [changed(circle, topic="ปุ๋ย").pk]}
