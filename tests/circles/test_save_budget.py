"""What saving costs: the same few statements, however many people came."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.circles.posted import in_days, posted, url
from tests.factories import MembershipFactory, MilestoneFactory

pytestmark = pytest.mark.django_db

MOST = 20
CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def statements(client, circle, form):
    with CaptureQueriesContext(connection) as captured:
        assert client.post(url(circle), form).status_code == 302
    asked = [one["sql"] for one in captured.captured_queries]
    return [sql for sql in asked if not sql.startswith(CONTROL)]


@pytest.mark.parametrize("people", [1, 10, 60])
def test_a_save_takes_at_most_twenty_statements(facilitator_client, circle, people):
    seats = MembershipFactory.create_batch(people, circle=circle)
    MilestoneFactory(circle=circle, target=9)
    MilestoneFactory(circle=None, place=circle.place.parent, target=99)
    form = posted(seats, next_on=in_days(7))

    assert len(statements(facilitator_client, circle, form)) <= MOST


def test_more_parts_cost_a_statement_each(facilitator_client, circle):
    seats = MembershipFactory.create_batch(3, circle=circle)
    plain = len(statements(facilitator_client, circle, posted(seats)))
    parts = {
        "problems-0-text": "ติด",
        "problems-1-text": "ติดอีก",
        "requests-0-text": "ขอ",
        "promises-0-text": "จะทำ",
        "promises-1-text": "จะทำอีก",
    }
    form = posted(seats, act="save-separate", **parts)

    assert len(statements(facilitator_client, circle, form)) <= plain + 3
