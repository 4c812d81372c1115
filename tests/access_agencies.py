"""Who may open the pages about agencies; rows of ``test_access.TABLE``."""

from circles.models import Circle
from tests.factories_agencies import LocalGovernmentFactory

# Everybody with a role reads; the province manages, by its places; a tambon's
# administrator keeps the telephone number of what has its seat there.
ROWS = """\
agency-list     GET   login  403     ok
agency-list     POST  login  405
cohort-list     GET   login  403     ok
cohort-list     POST  login  403     403     403     403     403     403     403        ok
agency-detail   GET   login  hidden  ok
agency-detail   POST  login  405
agency-create   GET   login  403     403     403     403     403     403     403        ok
agency-create   POST  login  403     403     403     403     403     403     403        ok
agency-edit     GET   login  hidden  hidden  hidden  hidden  hidden  hidden  hidden     ok/hidden
agency-edit     POST  login  hidden  hidden  hidden  hidden  hidden  hidden  hidden     ok/hidden
agency-areas    GET   login  hidden  hidden  hidden  hidden  hidden  hidden  hidden     ok/hidden
agency-areas    POST  login  hidden  hidden  hidden  hidden  hidden  hidden  hidden     ok/hidden
agency-archive  GET   login  hidden  hidden  hidden  hidden  hidden  hidden  hidden     ok/hidden
agency-archive  POST  login  hidden  hidden  hidden  hidden  hidden  hidden  hidden     ok/hidden
agency-contact  GET   login  hidden  hidden  hidden  hidden  hidden  hidden  ok/hidden  ok/hidden
agency-contact  POST  login  hidden  hidden  hidden  hidden  hidden  hidden  ok/hidden  ok/hidden
"""  # noqa: E501 -- a table is read in columns


def arguments(circle: Circle) -> dict[str, list]:
    """Return what fills the placeholders of each URL: rows near the inside circle."""
    agency = LocalGovernmentFactory(place=circle.place.parent)
    pages = ("detail", "edit", "areas", "archive", "contact")
    return {f"agency-{page}": [agency.pk] for page in pages}
