"""Who may open the pages about accounts; rows of ``test_access.TABLE``."""

from circles.models import Circle
from tests.factories import ContactPointFactory, MembershipFactory, UserFactory

ROWS = """\
person-account  GET     login     hidden   hidden  hidden  hidden  hidden  hidden  ok/hidden  ok/hidden
person-account  POST    login     hidden   hidden  hidden  hidden  hidden  hidden  hidden/hidden  hidden/hidden
setup           GET     login     403      403     403     403     403     403     403        ok
setup           POST    login     403      403     403     403     403     403     403        ok
"""  # noqa: E501 -- a table is read in columns


def arguments(circle: Circle) -> dict[str, list]:
    """Return what fills the placeholders of each URL: rows near the inside circle."""
    user = UserFactory()
    MembershipFactory(circle=circle, person=user.person)
    ContactPointFactory(person=user.person)
    return {"person-account": [user.person_id]}
