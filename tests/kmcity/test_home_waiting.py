"""Pages: home, what waits there and what others tell."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from circles.models import LearningSession
from tests.factories import (
    LearningSessionFactory,
    LessonFactory,
    PersonFactory,
    SubmissionFactory,
    logged,
)
from tests.factories_planning import AppointmentFactory
from tests.factories_told import DraftFactory, PromiseFactory

pytestmark = pytest.mark.django_db
HOME = "/"


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def news_from(**session):
    """Return a session of a circle elsewhere in the province."""
    return LearningSessionFactory(held_on=in_days(-2), **session)


def test_a_draft_shows_the_day_as_typed_and_leads_back_to_its_form(
    facilitator, facilitator_client, circle
):
    draft = DraftFactory(author=facilitator, circle=circle, day="20/11/ <b>")
    DraftFactory(circle=circle, day="ของคนอื่น")

    response = facilitator_client.get(HOME)

    assert list(response.context["drafts"]) == [draft]
    assertContains(response, "20/11/ &lt;b&gt;")
    create = reverse("session-create", args=[circle.pk])
    assertContains(response, f"{create}?draft={draft.key}")


@pytest.mark.parametrize("payload", ["", "%ff%fe", "a=1&b", "held_on=%00%ef%bf%bd"])
def test_a_draft_that_cannot_be_read_is_still_listed(
    facilitator, facilitator_client, circle, payload
):
    DraftFactory(author=facilitator, circle=circle, payload=payload)

    assertContains(facilitator_client.get(HOME), "?draft=")


def test_a_draft_of_a_circle_that_is_no_longer_theirs_is_not_listed(
    facilitator, facilitator_client, circle
):
    DraftFactory(author=facilitator)

    assert not facilitator_client.get(HOME).context["drafts"]


@pytest.mark.parametrize(
    ("lessons", "next_in", "days_ago", "listed"),
    [
        ([], None, 0, True),
        (["ดิน"], None, 0, True),
        ([], 7, 0, True),
        (["ดิน"], 7, 0, False),
        ([], None, 8, False),
    ],
)
def test_what_lacks_a_lesson_or_a_day_can_be_completed_for_a_week(
    facilitator, facilitator_client, circle, lessons, next_in, days_ago, listed
):
    received = timezone.now() - timedelta(days=days_ago)
    next_on = next_in and in_days(next_in)
    session = logged(
        circle, facilitator, lessons=lessons, next_on=next_on, received_at=received
    ).session

    response = facilitator_client.get(HOME)

    edit = reverse("session-edit", args=[session.pk])
    assert (edit in response.text) is listed


def test_a_day_that_was_booked_later_is_no_longer_missing(
    facilitator, facilitator_client, circle
):
    logged(circle, facilitator, lessons=["ดิน"])
    AppointmentFactory(circle=circle)

    assert facilitator_client.get(HOME).context["unfinished"] == []


def test_what_others_logged_or_was_withdrawn_is_not_theirs_to_complete(
    facilitator_client, facilitator, circle
):
    SubmissionFactory(session__circle=circle)
    gone = LearningSessionFactory(circle=circle, state=LearningSession.State.WITHDRAWN)
    SubmissionFactory(session=gone, author=facilitator)

    assert facilitator_client.get(HOME).context["unfinished"] == []


def test_good_news_is_what_another_circle_lets_others_read(facilitator_client, circle):
    for secret in ("เรื่องภายใน", "เรื่องถอน"):
        news_from(story=secret)
    withdrawn, doubted = (
        LearningSession.State.WITHDRAWN,
        LearningSession.State.IN_QUESTION,
    )
    for state in (withdrawn, doubted):
        news_from(story="ไม่นับ", story_may_show=True, state=state)
    LearningSessionFactory(circle=circle, story="ของวงเราเอง", story_may_show=True)
    assert facilitator_client.get(HOME).context["news"] is None

    told = news_from(story="ปลาโตครึ่งฝ่ามือ", story_may_show=True)

    response = facilitator_client.get(HOME)
    assertContains(response, "ปลาโตครึ่งฝ่ามือ")
    assertContains(response, told.circle.name)


@pytest.mark.parametrize("agreed", [True, False])
def test_good_news_names_only_a_teller_who_agreed(facilitator_client, circle, agreed):
    teller = PersonFactory(first_name="ป้าผู้เล่า", show_consent=agreed)
    LessonFactory(session=news_from(), text="กองปุ๋ยร้อน", may_show=True, teller=teller)

    response = facilitator_client.get(HOME)

    assertContains(response, "กองปุ๋ยร้อน")
    assert ("ป้าผู้เล่า" in response.text) is agreed


def test_promises_stand_on_the_page_when_their_day_is_near(facilitator_client, circle):
    session = LearningSessionFactory(circle=circle)
    late, soon, far = (
        PromiseFactory(session=session, due_on=in_days(days)) for days in (-3, 10, 30)
    )
    PromiseFactory(due_on=in_days(0))
    PromiseFactory(session=session)

    response = facilitator_client.get(HOME)

    assert list(response.context["promises"]) == [late, soon]
    assert far.kept_on is None
    assertContains(response, reverse("promise-keep", args=[late.pk]))
