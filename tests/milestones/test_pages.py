"""Pages: celebrations and notices."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.models import ContactPoint
from circles.permissions import Role
from tests.factories import (
    AchievementFactory,
    CircleFactory,
    ContactPointFactory,
    MilestoneFactory,
    NoticeFactory,
)
from tests.furnish import furnish

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_celebration_list(office_client, circle, rows, django_assert_max_num_queries):
    for one in [circle, *CircleFactory.create_batch(rows - 1)]:
        furnish(one)

    with django_assert_max_num_queries(8):
        response = office_client.get(reverse("celebration-list"))

    assert len(response.context["page"].object_list) == rows


def test_celebration_detail_leads_to_the_evidence(facilitator_client, circle):
    session = furnish(circle)
    achievement = session.achievements.get()
    page = reverse("celebration-detail", args=[achievement.pk])

    response = facilitator_client.get(page)

    assertContains(response, session.get_absolute_url())
    assertContains(response, "วันที่ถึง")


def test_a_place_s_celebration_shows_only_evidence_one_may_read(
    facilitator_client, circle
):
    elsewhere = furnish(CircleFactory(place=circle.place))
    stone = MilestoneFactory(circle=None, place=circle.place.parent)
    achievement = AchievementFactory(milestone=stone, session=elsewhere)

    response = facilitator_client.get(achievement.get_absolute_url())

    assert response.status_code == 200
    assertNotContains(response, elsewhere.get_absolute_url())


@pytest.mark.parametrize("rows", [1, 3])
def test_notice_list(roles, circle, rows, django_assert_max_num_queries):
    user = roles.user(Role.KHUN_AMNUAY, circle)
    inbox = ContactPointFactory(
        person=user.person, channel=ContactPoint.Channel.INBOX, address=""
    )
    session = furnish(circle)
    for position in range(3, 3 + rows):
        stone = MilestoneFactory(circle=circle, position=position)
        achievement = AchievementFactory(milestone=stone, session=session)
        NoticeFactory(
            event__achievement=achievement,
            contact=inbox,
            due_at=None,
            sent_at=timezone.now(),
        )
    NoticeFactory()  # somebody else's
    client = roles.signed_in(user)

    with django_assert_max_num_queries(8):
        response = client.get(reverse("notice-list"))
    assert len(response.context["page"].object_list) == rows

    assertRedirects(client.post(reverse("notice-list")), reverse("notice-list"))
    assertNotContains(client.get(reverse("notice-list")), 'class="count"')
