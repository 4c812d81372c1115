"""The administrators' pages of ``test_access.TABLE``, one module a subject."""

from circles.models import Circle
from tests import (
    access_accounts,
    access_agencies,
    access_circles,
    access_history,
    access_people,
    access_places,
    access_rights,
)

SUBJECTS = (
    access_places,
    access_agencies,
    access_people,
    access_circles,
    access_rights,
    access_accounts,
    access_history,
)
MANAGING = "".join(subject.ROWS for subject in SUBJECTS)


def manage_arguments(circle: Circle) -> dict[str, list]:
    found: dict[str, list] = {}
    for subject in SUBJECTS:
        found |= subject.arguments(circle)
    return found
