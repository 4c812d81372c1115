"""The log form, as a browser without JavaScript sends it: what is stored."""

from datetime import date, time

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles import thai
from circles.models import Attendance, LearningSession, Lesson, Submission
from tests.circles.posted import in_days, posted, url
from tests.factories import CircleFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seats(circle):
    return MembershipFactory.create_batch(3, circle=circle)


def test_everybody_is_ticked_and_today_is_filled_in(facilitator_client, circle, seats):
    response = facilitator_client.get(url(circle))

    entry = response.context["entry"]
    assert entry.present_count == 3
    assertContains(response, f'value="{thai.thai_date(timezone.localdate())}"')


def test_stores_the_session_and_shows_its_receipt(facilitator_client, circle, seats):
    form = posted(seats[:2], guest_count="4", next_on="31/12/69")
    response = facilitator_client.post(url(circle), form)

    session = LearningSession.objects.get()
    submission = Submission.objects.get()
    assertRedirects(response, reverse("session-saved", args=[session.pk]))
    assert (session.number, session.held_on) == (1, timezone.localdate())
    assert (session.starts, session.guest_count) == (time(13, 30), 4)
    assert session.next_on == date(2026, 12, 31)
    assert Attendance.objects.present().count() == 2
    assert Lesson.objects.get().text == "กลับกองปุ๋ยทุก 7 วัน"
    assert str(submission.key) == form["key"]


def test_a_date_as_a_field_officer_types_it(facilitator_client, circle, seats):
    facilitator_client.post(url(circle), posted(seats, held_on="25/8/48"))

    assert LearningSession.objects.get().held_on == date(2005, 8, 25)


def test_sending_the_form_twice_stores_once(facilitator_client, circle, seats):
    form = posted(seats)
    first = facilitator_client.post(url(circle), form)
    second = facilitator_client.post(url(circle), form)

    assert first.url == second.url
    assert LearningSession.objects.count() == 1


def test_other_content_under_the_same_key_shows_both(facilitator_client, circle, seats):
    form = posted(seats, lessons=("ครั้งแรก",))
    facilitator_client.post(url(circle), form)
    changed = form | {"lessons-0-text": "เขียนใหม่"}
    response = facilitator_client.post(url(circle), changed)

    assert response.status_code == 409
    assertContains(response, "ครั้งแรก", status_code=409)
    assertContains(response, "เขียนใหม่", status_code=409)
    assert LearningSession.objects.count() == 1

    # Sent again on purpose, under the new key of the page, it is one of its own.
    again = changed | {"key": response.context["entry"].form["key"].value()}
    separate = again | {"act": "save-separate"}
    assert facilitator_client.post(url(circle), separate).status_code == 302
    assert LearningSession.objects.count() == 2


def test_lessons_are_optional_and_blank_ones_are_not_stored(
    facilitator_client, circle, seats
):
    facilitator_client.post(url(circle), posted(seats, lessons=("", "  ")))

    assert LearningSession.objects.count() == 1
    assert not Lesson.objects.exists()


@pytest.mark.parametrize(
    ("act", "field", "value"),
    [
        ("today", "held_on", lambda: in_days(0)),
        ("yesterday", "held_on", lambda: in_days(-1)),
        ("next-7", "next_on", lambda: in_days(7)),
        ("next-28", "next_on", lambda: in_days(28)),
        ("next-none", "next_on", lambda: ""),
        ("guest-more", "guest_count", lambda: "1"),
        ("guest-less", "guest_count", lambda: "0"),
        ("keep", "venue", lambda: "ศาลาอเนกประสงค์"),
    ],
)
def test_the_small_buttons_work_without_javascript(
    facilitator_client, circle, seats, act, field, value
):
    response = facilitator_client.post(url(circle), posted(seats, act=act))

    assert response.status_code == 200
    assert response.context["entry"].form[field].value() == value()
    assert not LearningSession.objects.exists()


def test_next_week_counts_from_today_while_the_day_cannot_be_read(
    facilitator_client, circle
):
    form = posted([], act="next-14", held_on="เมื่อไรดี")
    response = facilitator_client.post(url(circle), form)

    assert response.context["entry"].form["next_on"].value() == in_days(14)


@pytest.mark.parametrize(("act", "came"), [("all-came", 3), ("nobody-came", 0)])
def test_all_came_and_nobody(facilitator_client, circle, seats, act, came):
    response = facilitator_client.post(url(circle), posted(seats[:1], act=act))

    assert response.context["entry"].present_count == came


def test_one_more_lesson_keeps_the_first(facilitator_client, circle, seats):
    response = facilitator_client.post(url(circle), posted(seats, act="add-lessons"))

    assert len(response.context["entry"].rows["lessons"].forms) == 2
    assertContains(response, "กลับกองปุ๋ยทุก 7 วัน")


def test_htmx_gets_only_the_day_it_asked_about(facilitator_client, circle, seats):
    response = facilitator_client.post(
        url(circle),
        posted(seats, act="keep", held_on="25/8/48"),
        headers={"HX-Request": "true", "HX-Target": "held_on_field"},
    )

    assert response.text.lstrip().startswith('<div id="held_on_field"')
    assert "25 สิงหาคม พ.ศ. 2548" in response.text


def test_a_second_session_on_one_day_is_asked_about_first(
    facilitator_client, circle, seats
):
    facilitator_client.post(url(circle), posted(seats))
    other = posted(seats[:1], lessons=("อีกวงหนึ่ง",))

    response = facilitator_client.post(url(circle), other)

    assert response.status_code == 200
    assertContains(response, "วงนี้มีบันทึกครั้งที่")
    assertContains(response, "อีกวงหนึ่ง")
    assert LearningSession.objects.count() == 1

    facilitator_client.post(url(circle), other | {"act": "save-separate"})
    assert LearningSession.objects.count() == 2


def test_the_form_says_that_today_is_logged_already(facilitator_client, circle, seats):
    facilitator_client.post(url(circle), posted(seats))

    response = facilitator_client.get(url(circle))

    assertContains(response, "วงนี้มีบันทึกครั้งที่")
    assertContains(response, 'value="save"')


def test_nothing_is_cut_without_a_word(facilitator_client, circle):
    assertNotContains(facilitator_client.get(url(circle)), "maxlength")


def test_a_circle_of_others_does_not_exist(facilitator_client):
    response = facilitator_client.post(url(CircleFactory()), posted())

    assert response.status_code == 404
    assert not LearningSession.objects.exists()


@pytest.mark.parametrize("people", [1, 30])
def test_the_form_asks_the_same_few_questions(
    facilitator_client, circle, people, django_assert_max_num_queries
):
    MembershipFactory.create_batch(people, circle=circle)

    # session, user, person, assignments, circle, seats, number, same day, unread
    with django_assert_max_num_queries(12):
        facilitator_client.get(url(circle))


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_was_typed_outlives_an_expired_sign_in(
    client, facilitator, circle, seats, headers
):
    form = posted(seats[:2], lessons=("พิมพ์ไว้ก่อนหมดเวลา",))
    client.post(url(circle), form, headers=headers)
    client.force_login(facilitator)

    response = client.get(url(circle))
    assertContains(response, "พิมพ์ไว้ก่อนหมดเวลา")
    assertContains(response, form["key"])
    assert response.context["entry"].present_count == 2
    assert not LearningSession.objects.exists()

    # Once: the next form is a new one.
    assertNotContains(client.get(url(circle)), "พิมพ์ไว้ก่อนหมดเวลา")


def test_a_kept_form_opens_nothing(client, roles, circle, seats):
    client.post(url(circle), posted(seats))
    client.force_login(roles.user("khun_kij", circle))

    assert client.get(url(circle)).status_code == 404


def test_a_stranger_cannot_leave_a_heap(client, circle):
    client.post(url(circle), {"summary": "ก" * 100_000})

    assert "kept_form" not in client.session
