"""Who may open the pages about people; rows of ``test_access.TABLE``."""

from circles.models import Circle

ROWS = """\
"""


def arguments(circle: Circle) -> dict[str, list]:
    """Return what fills the placeholders of each URL: rows near the inside circle."""
    return {}
