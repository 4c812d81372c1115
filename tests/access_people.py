"""Who may open the pages about people; rows of ``test_access.TABLE``."""

from circles.models import Circle
from tests.factories import MembershipFactory, PersonFactory
from tests.factories_people import MobileFactory, PersonMergeFactory

# Facilitators look at the numbers of whoever sits in their circle, one at a time; a
# province administrator sees them masked only.
ROWS = """\
person-list      GET   login  403     403     403        403     403     403     ok         ok
person-list      POST  login  405
person-create    GET   login  403     403     403        403     403     403     ok         ok
person-create    POST  login  403     403     403        403     403     403     ok         ok
person-detail    GET   login  hidden  hidden  hidden     hidden  hidden  hidden  ok/hidden  ok/hidden
person-detail    POST  login  405
person-edit      GET   login  hidden  hidden  hidden     hidden  hidden  hidden  ok/hidden  ok/hidden
person-edit      POST  login  hidden  hidden  hidden     hidden  hidden  hidden  ok/hidden  ok/hidden
person-contacts  GET   login  hidden  hidden  ok/hidden  hidden  hidden  hidden  ok/hidden  ok/hidden
person-contacts  POST  login  hidden  hidden  hidden     hidden  hidden  hidden  ok/hidden  ok/hidden
contact-reveal   GET   login  405
contact-reveal   POST  login  hidden  hidden  ok/hidden  hidden  hidden  hidden  ok/hidden  hidden
person-merge     GET   login  hidden  hidden  hidden     hidden  hidden  hidden  ok/hidden  ok/hidden
person-merge     POST  login  hidden  hidden  hidden     hidden  hidden  hidden  ok/hidden  ok/hidden
merge-undo       GET   login  405
merge-undo       POST  login  hidden  hidden  hidden     hidden  hidden  hidden  away/hidden  away/hidden
"""  # noqa: E501 -- a table is read in columns


def arguments(circle: Circle) -> dict[str, list]:
    """Return what fills the placeholders of each URL: rows near the inside circle."""
    person = MembershipFactory(circle=circle).person
    contact = MobileFactory(person=person)
    merge = PersonMergeFactory(kept=person, gone=PersonFactory(merged_into=person))
    pages = ("person-detail", "person-edit", "person-contacts", "person-merge")
    return {
        **{page: [person.pk] for page in pages},
        "contact-reveal": [contact.pk],
        "merge-undo": [merge.pk],
    }
