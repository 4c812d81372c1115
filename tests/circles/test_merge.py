"""Two phones logged one circle's day: one meeting, or two."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from circles.actions.merging import merge, tell_apart
from circles.actions.revising import OutOfStep
from circles.actions.withdrawing import restore
from circles.models import (
    Circle,
    Indicator,
    LearningSession,
    Lesson,
    Problem,
    Promise,
    PromiseReview,
    Reading,
)
from circles.permissions import Role
from tests.factories import CircleFactory, MembershipFactory, logged
from tests.factories_uploads import AttachmentFactory, PhotoFactory

State = LearningSession.State


@pytest.fixture
def seats(circle):
    return MembershipFactory.create_batch(3, circle=circle)


@pytest.fixture
def first(circle, facilitator, seats):
    told = {"present": [seats[0].person_id], "lessons": ["ดิน"], "guest_count": 5}
    return logged(circle, facilitator, summary="สรุปแรก", **told).session


@pytest.fixture
def second(first, circle, roles, seats):
    colleague = roles.user(Role.KHUN_AMNUAY, circle)
    told = {"present": [seats[1].person_id], "lessons": ["ดิน", "น้ำ"]}
    said = {"guest_count": 2, "summary": "สรุปสอง", "story": "เรื่อง", "venue": "วัด"}
    return logged(circle, colleague, is_separate=False, **told, **said).session


@pytest.fixture
def url(second):
    return reverse("session-compare", args=[second.pk])


def count(circle):
    return Circle.objects.with_totals().get(pk=circle.pk).session_count


def texts(rows):
    return [row.text for row in rows.order_by("pk")]


def test_the_second_record_counts_once_somebody_says_two_meetings(
    second, circle, facilitator
):
    assert (second.state, count(circle)) == (State.IN_QUESTION, 1)

    revision = tell_apart(second, facilitator)
    again = tell_apart(second, facilitator)

    assert again is None
    assert count(circle) == 2
    assert (revision.kind, revision.version) == ("separate", 2)


def test_one_meeting_has_one_record_with_everything(
    first, second, circle, facilitator, seats
):
    Problem.objects.create(session=second, text="ฝนตก")
    Promise.objects.create(session=first, text="ชั่งปุ๋ย")
    Promise.objects.create(session=second, text="ชั่งปุ๋ย")
    photo, paper = PhotoFactory(session=second), AttachmentFactory(session=second)

    merge(second, first, facilitator)

    first.refresh_from_db()
    second.refresh_from_db()
    came = first.attendances.present().values_list("person_id", flat=True)
    assert set(came) == {seats[0].person_id, seats[1].person_id}
    assert first.attendances.count() == 3
    assert (first.guest_count, first.venue, first.story) == (5, "วัด", "เรื่อง")
    assert first.summary == "สรุปแรก\n\nสรุปสอง"
    assert texts(first.lessons) == ["ดิน", "น้ำ"]
    assert (texts(first.problems), texts(first.promises)) == (["ฝนตก"], ["ชั่งปุ๋ย"])
    assert (list(first.photos.all()), list(first.attachments.all())) == (
        [photo],
        [paper],
    )
    assert (second.state, second.merged_into) == (State.WITHDRAWN, first)
    assert texts(second.lessons) == ["ดิน", "น้ำ"], "its own words stay"
    assert (first.version, second.version, count(circle)) == (2, 2, 1)
    assert first.revisions.get().changes["merged_from"] == [None, second.pk]
    assert second.revisions.get().changes["merged_into"] == [None, first.pk]


def test_answers_and_figures_are_filled_where_the_first_has_none(
    first, second, circle, facilitator
):
    before = logged(circle, facilitator, is_separate=True).session
    promises = [Promise.objects.create(session=before, text=text) for text in "กข"]
    baht, rai = (Indicator.objects.create(name=name, unit="") for name in ("บาท", "ไร่"))
    for session, state, value in ((first, "done", 1), (second, "doing", 2)):
        PromiseReview.objects.create(session=session, promise=promises[0], state=state)
        Reading.objects.create(session=session, indicator=baht, value=value)
    PromiseReview.objects.create(session=second, promise=promises[1], state="doing")
    Reading.objects.create(session=second, indicator=rai, value=7)

    merge(second, first, facilitator)

    answers = dict(first.reviews.values_list("promise_id", "state"))
    assert answers == {promises[0].pk: "done", promises[1].pk: "doing"}
    figures = dict(first.readings.values_list("indicator_id", "value"))
    assert figures == {baht.pk: 1, rai.pk: 7}


def test_a_story_that_two_tell_is_shown_only_if_both_may(first, second, facilitator):
    LearningSession.objects.filter(pk=first.pk).update(story="หนึ่ง", story_may_show=True)

    merge(second, first, facilitator)

    first.refresh_from_db()
    assert (first.story, first.story_may_show) == ("หนึ่ง\n\nเรื่อง", False)


def test_merging_twice_is_once(first, second, facilitator):
    merge(second, first, facilitator)
    merge(second, first, facilitator)

    first.refresh_from_db()
    assert first.version == 2
    assert Lesson.objects.filter(session=first).count() == 2
    assert first.revisions.count() == second.revisions.count() == 1


def test_what_was_merged_can_be_restored_and_merged_again(
    first, second, facilitator, roles, circle
):
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    merge(second, first, facilitator)

    restore(second, admin, "คนละครั้ง")

    second.refresh_from_db()
    assert (second.state, second.merged_into) == (State.IN_QUESTION, None)
    assert texts(first.lessons) == ["ดิน", "น้ำ"], "the first keeps what it was given"
    merge(second, first, facilitator)
    first.refresh_from_db()
    assert first.summary == "สรุปแรก\n\nสรุปสอง"
    assert texts(first.lessons) == ["ดิน", "น้ำ"]


def test_only_a_record_in_question_is_merged_into_one_of_its_day(
    first, second, circle, facilitator
):
    other_circle = CircleFactory()
    strange = LearningSession.objects.create(
        circle=other_circle, number=1, held_on=timezone.localdate()
    )
    for one, into in ((second, strange), (second, second), (first, second)):
        with pytest.raises(OutOfStep):
            merge(one, into, facilitator)

    merge(second, first, facilitator)
    with pytest.raises(OutOfStep):
        tell_apart(second, facilitator)
    tell_apart(first, facilitator)
    assert count(circle) == 1


@pytest.mark.parametrize("role", [Role.KHUN_KIJ, Role.KHUN_UA, Role.GOVERNOR_OFFICE])
def test_others_answer_nothing(first, second, roles, role):
    user = roles.user(role, roles.near(role, first.circle))

    with pytest.raises(PermissionDenied):
        tell_apart(second, user)
    with pytest.raises(PermissionDenied):
        merge(second, first, user)


def test_session_compare(facilitator_client, first, second, url):
    response = facilitator_client.get(url)

    for text in ("สรุปแรก", "สรุปสอง", "น้ำ"):
        assertContains(response, text)
    response = facilitator_client.post(url, {"act": "merge", "into": first.pk})
    assertRedirects(response, first.get_absolute_url())
    assertRedirects(facilitator_client.get(url), first.get_absolute_url())
    response = facilitator_client.post(url, {"act": "merge", "into": first.pk})
    assertRedirects(response, first.get_absolute_url())
    response = facilitator_client.post(url, {"act": "apart"})
    assertRedirects(response, url, fetch_redirect_response=False)


def test_two_meetings_by_one_button(facilitator_client, second, circle, url):
    for _twice in range(2):
        response = facilitator_client.post(url, {"act": "apart"})
        assertRedirects(response, second.get_absolute_url())

    assert count(circle) == 2
    assertRedirects(facilitator_client.get(url), second.get_absolute_url())


@pytest.mark.parametrize(
    "typed", [{}, {"act": "x"}, {"act": "merge"}, {"act": "merge", "into": "9" * 40}]
)
def test_a_button_that_makes_no_sense_changes_nothing(
    facilitator_client, second, url, typed
):
    response = facilitator_client.post(url, typed)

    assertRedirects(response, url)
    second.refresh_from_db()
    assert second.state == State.IN_QUESTION


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_for_any_rows(
    facilitator_client, second, url, django_assert_num_queries, rows
):
    for text in "กขค"[:rows]:
        Lesson.objects.create(session=second, text=text)
        Promise.objects.create(session=second, text=text)

    with django_assert_num_queries(19):
        facilitator_client.get(url)
