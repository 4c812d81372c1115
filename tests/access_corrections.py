"""Who may open the pages about a stored record; rows of ``test_access.TABLE``."""

from circles.actions.handoffs import hand_over
from circles.models import LearningSession, Revision
from tests.factories import AssignmentFactory, LearningSessionFactory, UserFactory

CORRECTIONS = """\
session-edit        GET     login     hidden   hidden         ok/hidden    ok/hidden    hidden         hidden         ok/hidden    ok/hidden
session-edit        POST    login     hidden   hidden         ok/hidden    ok/hidden    hidden         hidden         ok/hidden    ok/hidden
session-history     GET     login     hidden   hidden         ok/hidden    ok/hidden    hidden         hidden         ok/hidden    ok/hidden
session-history     POST    login     405
session-compare     GET     login     hidden   hidden         ok/hidden    ok/hidden    hidden         hidden         ok/hidden    ok/hidden
session-compare     POST    login     hidden   hidden         away/hidden  away/hidden  hidden         hidden         away/hidden  away/hidden
session-withdraw    GET     login     hidden   hidden         ok/hidden    hidden       hidden         hidden         ok/hidden    ok/hidden
session-withdraw    POST    login     hidden   hidden         ok/hidden    hidden       hidden         hidden         ok/hidden    ok/hidden
session-handoff     GET     login     hidden   hidden         ok/hidden    ok/hidden    hidden         hidden         hidden       hidden
session-handoff     POST    login     hidden   hidden         ok/hidden    ok/hidden    hidden         hidden         hidden       hidden
handoff-edit        GET     ok
handoff-edit        POST    409
withdrawal-list     GET     login     403      403            403          403          403            403            ok           ok
withdrawal-list     POST    login     405
revision-confirm    GET     login     405
revision-confirm    POST    login     hidden   hidden         away/hidden  away/hidden  hidden         hidden         away/hidden  away/hidden
"""  # noqa: E501 -- a table is read in columns


def corrections_arguments(session: LearningSession) -> dict[str, list]:
    """Return what fills the placeholders: *session*, received just now, a second
    record of its day, and a link that its facilitator gave to a note-taker."""
    author = UserFactory()
    AssignmentFactory(person=author.person, circle=session.circle)
    second = LearningSessionFactory(
        circle=session.circle, state=LearningSession.State.IN_QUESTION
    )
    typed = Revision.objects.create(
        session=session, kind="edited", version=1, author=author, typed_by="ฝน"
    )
    pages = ["edit", "history", "withdraw", "handoff"]
    return {
        **{f"session-{page}": [session.pk] for page in pages},
        "session-compare": [second.pk],
        "handoff-edit": [hand_over(session, author, "ฝน")[1]],
        "revision-confirm": [typed.pk],
    }
