"""Who may open the pages about circles; rows of ``test_access.TABLE``."""

from circles.models import Circle

# Administrators alone; within their places.
ROWS = """\
circle-create    GET   login  403     403     403     403     403     403     ok         ok
circle-create    POST  login  403     403     403     403     403     403     ok         ok
circle-edit      GET   login  hidden  hidden  hidden  hidden  hidden  hidden  ok/hidden  ok/hidden
circle-edit      POST  login  hidden  hidden  hidden  hidden  hidden  hidden  ok/hidden  ok/hidden
circle-openings  GET   login  hidden  hidden  hidden  hidden  hidden  hidden  ok/hidden  ok/hidden
circle-openings  POST  login  hidden  hidden  hidden  hidden  hidden  hidden  ok/hidden  ok/hidden
circle-seats     GET   login  hidden  hidden  hidden  hidden  hidden  hidden  ok/hidden  ok/hidden
circle-seats     POST  login  hidden  hidden  hidden  hidden  hidden  hidden  ok/hidden  ok/hidden
"""  # noqa: E501 -- a table is read in columns


def arguments(circle: Circle) -> dict[str, list]:
    """Return what fills the placeholders of each URL: rows near the inside circle."""
    pages = ("circle-edit", "circle-openings", "circle-seats")
    return {page: [circle.pk] for page in pages}
