"""A right that ends while its holder is writing the log form."""

from __future__ import annotations

import pytest

from circles.models import Assignment, Draft, LearningSession
from circles.permissions import Role
from tests.circles.posted import posted, url
from tests.factories import AssignmentFactory, CircleFactory, MembershipFactory
from tests.factories_handing import in_days

TYPED = {"summary": "พลิกกองปุ๋ย <b>", "problems-0-text": "ฝนตกหนัก"}


@pytest.fixture
def gone(facilitator):
    """The facilitator, whose right ended yesterday."""
    Assignment.objects.filter(person=facilitator.person).update(until=in_days(-1))
    return facilitator


def test_what_was_typed_is_shown_and_nothing_stored(gone, circle, roles):
    seat = MembershipFactory(circle=circle, person__first_name="ลำดวน")
    client = roles.signed_in(gone)

    response = client.post(url(circle), posted([seat], **TYPED))
    kept = client.post(url(circle), posted(**TYPED, act="draft"))

    assert (response.status_code, kept.status_code) == (409, 409)
    for text in ("พลิกกองปุ๋ย &lt;b&gt;", "ฝนตกหนัก", "กลับกองปุ๋ยทุก 7 วัน", "ศาลาอเนกประสงค์"):
        assert text in response.text
    # Whatever became of the circle since is not for who has left.
    assert "ลำดวน" not in response.text
    assert not LearningSession.objects.exists()
    assert not Draft.objects.exists()


def test_a_page_that_is_only_opened_is_not_there(gone, circle, roles):
    assert roles.signed_in(gone).get(url(circle)).status_code == 404


@pytest.mark.parametrize("days", [-8, 0])
def test_long_ago_is_404_and_today_is_in_time(facilitator, circle, roles, days):
    Assignment.objects.filter(person=facilitator.person).update(until=in_days(days))
    seat = MembershipFactory(circle=circle)

    response = roles.signed_in(facilitator).post(url(circle), posted([seat]))

    assert response.status_code == (404 if days else 302)


def test_another_circle_or_a_role_that_never_logged_is_404(gone, circle, roles):
    sponsor = roles.user(Role.GOVERNOR_OFFICE, circle.place.parent)
    Assignment.objects.filter(person=sponsor.person).update(until=in_days(-1))
    elsewhere = CircleFactory()
    AssignmentFactory(person=gone.person, circle=elsewhere, since=in_days(5))

    for user, where in ((gone, elsewhere), (sponsor, circle)):
        client = roles.signed_in(user)
        assert client.post(url(where), posted()).status_code == 404
