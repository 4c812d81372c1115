"""The log form, as a browser without JavaScript sends it."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from circles import thai
from circles.models import Attendance, LearningSession, Lesson, Submission
from tests.factories import CircleFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seats(circle):
    return MembershipFactory.create_batch(3, circle=circle)


def url(circle):
    return reverse("session-create", args=[circle.pk])


def posted(seats=(), lessons=("กลับกองปุ๋ยทุก 7 วัน",), **changes):
    form = {
        "act": "save",
        "key": str(uuid4()),
        "held_on": thai.thai_date(timezone.localdate()),
        "starts": "13.30",
        "ends": "16.00",
        "venue": "ศาลาอเนกประสงค์",
        "present": [seat.person_id for seat in seats],
        "guest_count": "0",
        "next_on": "",
        "summary": "",
        "lessons-TOTAL_FORMS": str(len(lessons)),
        "lessons-INITIAL_FORMS": "0",
    }
    for number, text in enumerate(lessons):
        form |= {
            f"lessons-{number}-text": text,
            f"lessons-{number}-teller": "",
            f"lessons-{number}-topic": "",
        }
    return form | changes


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
    assert facilitator_client.post(url(circle), again).status_code == 302
    assert LearningSession.objects.count() == 2


def test_lessons_are_optional_and_blank_ones_are_not_stored(
    facilitator_client, circle, seats
):
    facilitator_client.post(url(circle), posted(seats, lessons=("", "  ")))

    assert LearningSession.objects.count() == 1
    assert not Lesson.objects.exists()


def in_days(days):
    return thai.thai_date(timezone.localdate() + timedelta(days=days))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("held_on", "", "required"),
        ("held_on", "31/02/2568", "no_such_day"),
        ("held_on", "22/11/2026", "ce_year"),
        ("held_on", "2569-11-22", "be_in_iso"),
        ("held_on", "31/12/2539", "too_early"),
        ("held_on", "วันไหนก็ได้", "unreadable"),
        ("starts", "25.99", "unreadable_time"),
        ("ends", "09.00", "ends_first"),
        ("guest_count", "1999", "too_many"),
        ("guest_count", "9" * 5000, "invalid"),
        ("guest_count", "-1", "min_value"),
        ("guest_count", "สิบ", "invalid"),
        ("present", ["abc"], "invalid_choice"),
        ("present", ["999999"], "invalid_choice"),
        ("next_on", "1/1/48", "not_later"),
        ("venue", "ก" * 201, "max_length"),
        ("venue", "a\x00b", "control_characters"),
        ("summary", "\ufffd", "broken_text"),
        ("summary", "ก" * 1_000_000, "max_length"),
        ("key", "not-a-key", "invalid"),
    ],
)
def test_explains_a_bad_field_and_keeps_what_was_typed(
    facilitator_client, circle, seats, field, value, code
):
    seated = seats if field != "present" else []
    form = posted(seated, **{field: value})
    response = facilitator_client.post(url(circle), form)

    assert response.status_code == 200
    entry = response.context["entry"]
    assert entry.form.has_error(field, code), entry.form.errors.as_data()
    assert not LearningSession.objects.exists()
    assertContains(response, "ศาลาอเนกประสงค์" if field != "venue" else "16.00")
    assertContains(response, "กลับกองปุ๋ยทุก 7 วัน")


def test_later_than_tomorrow_is_refused(facilitator_client, circle, seats):
    response = facilitator_client.post(url(circle), posted(seats, held_on=in_days(2)))

    assert response.context["entry"].form.has_error("held_on", "too_late")


def test_the_next_session_is_later_than_this_one(facilitator_client, circle, seats):
    form = posted(seats, next_on=in_days(0))
    response = facilitator_client.post(url(circle), form)

    assert response.context["entry"].form.has_error("next_on", "not_later")


def test_nobody_present_is_refused(facilitator_client, circle, seats):
    response = facilitator_client.post(url(circle), posted([]))

    assert response.context["entry"].form.has_error("present", "nobody")


def test_guests_alone_are_people_enough(facilitator_client, circle):
    facilitator_client.post(url(circle), posted([], guest_count="2000"))

    assert LearningSession.objects.get().guest_count == 2000


@pytest.mark.parametrize(
    ("text", "code"), [("\ufffd", "broken_text"), ("ก" * 6000, "max_length")]
)
def test_a_lesson_is_checked_too(facilitator_client, circle, seats, text, code):
    response = facilitator_client.post(url(circle), posted(seats, lessons=(text,)))

    assert response.context["entry"].lessons[0].has_error("text", code)
    assert not LearningSession.objects.exists()


def test_a_topic_without_a_lesson_asks_for_it(facilitator_client, circle, seats):
    form = posted(seats, lessons=("",)) | {"lessons-0-topic": "ปุ๋ย"}
    response = facilitator_client.post(url(circle), form)

    assert response.context["entry"].lessons[0].has_error("text", "topic_only")


def test_the_teller_is_somebody_of_the_circle(facilitator_client, circle, seats):
    stranger = MembershipFactory()
    form = posted(seats) | {"lessons-0-teller": str(stranger.person_id)}
    response = facilitator_client.post(url(circle), form)

    assert response.context["entry"].lessons[0].has_error("teller", "invalid_choice")


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
    response = facilitator_client.post(url(circle), posted(seats, act="add-lesson"))

    assert len(response.context["entry"].lessons.forms) == 2
    assertContains(response, "กลับกองปุ๋ยทุก 7 วัน")


def test_htmx_gets_only_the_form(facilitator_client, circle, seats):
    response = facilitator_client.post(
        url(circle),
        posted(seats, act="guest-more"),
        headers={"HX-Request": "true", "HX-Target": "session_form"},
    )

    assert response.text.lstrip().startswith('<form id="session_form"')


def test_a_circle_of_others_does_not_exist(facilitator_client):
    response = facilitator_client.post(url(CircleFactory()), posted())

    assert response.status_code == 404
    assert not LearningSession.objects.exists()


def test_a_closed_circle_cannot_be_logged(facilitator_client, circle):
    circle.openings.update(closed_on=timezone.localdate() - timedelta(days=1))

    assert facilitator_client.get(url(circle)).status_code == 404


@pytest.mark.parametrize("people", [1, 30])
def test_the_form_asks_the_same_few_questions(
    facilitator_client, circle, people, django_assert_max_num_queries
):
    MembershipFactory.create_batch(people, circle=circle)

    # session, user, person, assignments, circle, seats, unread notices
    with django_assert_max_num_queries(7):
        facilitator_client.get(url(circle))
