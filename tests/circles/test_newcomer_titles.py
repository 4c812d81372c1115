"""A newcomer's name is written on one line: a title is told apart from it."""

import pytest

from circles.models import Membership
from circles.thai import sort_key
from tests.circles.posted import posted, url
from tests.factories import MembershipFactory


@pytest.fixture
def seats(circle):
    return MembershipFactory.create_batch(2, circle=circle)


def test_a_title_is_no_part_of_a_newcomers_name(facilitator_client, circle, seats):
    form = posted(seats, **{"newcomers-0-name": "น.ส.สมหญิง  ใจงาม"})
    facilitator_client.post(url(circle), form)

    person = Membership.objects.get(is_confirmed=False).person
    names = (person.title, person.first_name, person.last_name)
    assert names == ("น.ส.", "สมหญิง", "ใจงาม")
    assert person.sort_key == sort_key("สมหญิง ใจงาม")
    again = posted(seats, **{"newcomers-0-name": "สมหญิง ใจงาม"})
    response = facilitator_client.post(url(circle), again)
    assert response.context["entry"].rows["newcomers"][0].has_error("name", "known")
