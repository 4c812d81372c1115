"""Who may open the pages about rights; rows of ``test_access.TABLE``."""

from circles.models import Circle
from tests.factories import AssignmentFactory
from tests.factories_handing import SuccessionFactory

ROWS = """\
person-rights    GET   login  hidden  hidden  hidden     hidden  hidden  hidden  ok/hidden    ok/hidden
person-rights    POST  login  hidden  hidden  hidden     hidden  hidden  hidden  ok/hidden    ok/hidden
handover-create  GET   login  hidden  hidden  hidden     hidden  hidden  hidden  ok/hidden    ok/hidden
handover-create  POST  login  hidden  hidden  hidden     hidden  hidden  hidden  ok/hidden    ok/hidden
handover-detail  GET   login  hidden  hidden  hidden     hidden  hidden  hidden  ok/hidden    ok/hidden
handover-detail  POST  login  405
handover-cancel  GET   login  hidden  hidden  hidden     hidden  hidden  hidden  ok/hidden    ok/hidden
handover-cancel  POST  login  hidden  hidden  hidden     hidden  hidden  hidden  away/hidden  away/hidden
handover-list    GET   login  403     403     403        403     403     403     ok           ok
handover-list    POST  login  405
circle-handover  GET   login  hidden  hidden  ok/hidden  hidden  hidden  hidden  ok/hidden    ok/hidden
circle-handover  POST  login  hidden  hidden  ok/hidden  hidden  hidden  hidden  ok/hidden    ok/hidden
"""  # noqa: E501 -- a table is read in columns


def arguments(circle: Circle) -> dict[str, list]:
    """Return what fills the placeholders of each URL: rows near the inside circle."""
    right = AssignmentFactory(circle=circle)
    handover = SuccessionFactory(assignment=right).handover
    return {
        "person-rights": [right.person_id],
        "handover-create": [right.person_id],
        "handover-detail": [handover.pk],
        "handover-cancel": [handover.pk],
        "circle-handover": [circle.pk],
    }
