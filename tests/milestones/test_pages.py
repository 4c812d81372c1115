"""Pages: celebrations and notices."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.models import ContactPoint
from circles.permissions import Role
from milestones.models import Achievement
from tests.factories import (
    AchievementFactory,
    CircleFactory,
    ContactPointFactory,
    EventFactory,
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


def test_a_corrected_stone_is_shown_with_its_date_and_keeps_its_gold(
    facilitator_client, circle
):
    session = furnish(circle)
    Achievement.objects.update(corrected_at=datetime(2026, 10, 5, 3, tzinfo=UTC))
    achievement = session.achievements.get()
    roads = Template(
        "{% load roads %}{% roads_of circles as all %}{% road all circle %}"
        "{% road_mini all circle %}"
    )
    context = Context({"circles": [circle], "circle": circle})

    pages = [
        facilitator_client.get(page).text
        for page in (reverse("celebration-list"), achievement.get_absolute_url())
    ]
    with translation.override("th"):
        road = roads.render(context)
        words = gettext("Reached, corrected afterwards")

    for shown in (*pages, road):
        assert words in shown
        assert "5 ต.ค. 2569" in shown
        assert "stone--reached" in shown or "scene" in shown
    assert road.count("stone--reached") == 2
    assert "is-reached" in road


def test_a_corrected_stone_is_celebrated_on_no_saved_page(facilitator_client, circle):
    session = furnish(circle)
    saved = reverse("session-saved", args=[session.pk])
    EventFactory(achievement=session.achievements.get())
    assertContains(facilitator_client.get(saved), 'class="cheer"')

    Achievement.objects.update(corrected_at=timezone.now())

    assertNotContains(facilitator_client.get(saved), 'class="cheer"')
