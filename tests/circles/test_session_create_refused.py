"""The log form, when something is wrong: said in words, and nothing is lost."""

from time import process_time

import pytest
from pytest_django.asserts import assertContains

from circles.models import LearningSession
from tests.circles.posted import in_days, posted, url
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seats(circle):
    return MembershipFactory.create_batch(3, circle=circle)


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

    assert response.context["entry"].rows["lessons"][0].has_error("text", code)
    assert not LearningSession.objects.exists()


def test_a_topic_without_a_lesson_asks_for_it(facilitator_client, circle, seats):
    form = posted(seats, lessons=("",)) | {"lessons-0-topic": "ปุ๋ย"}
    response = facilitator_client.post(url(circle), form)

    assert (
        response.context["entry"].rows["lessons"][0].has_error("text", "main_missing")
    )


def test_the_teller_is_somebody_of_the_circle(facilitator_client, circle, seats):
    stranger = MembershipFactory()
    form = posted(seats) | {"lessons-0-teller": str(stranger.person_id)}
    response = facilitator_client.post(url(circle), form)

    assert (
        response.context["entry"]
        .rows["lessons"][0]
        .has_error("teller", "invalid_choice")
    )


def test_a_hostile_text_is_refused_by_its_length_at_once(
    facilitator_client, circle, seats
):
    # Normalising this takes the square of its length: minutes, for a megabyte.
    marks = "a" + "\u0301\u0316" * 500_000
    began = process_time()
    response = facilitator_client.post(url(circle), posted(seats, venue=marks))

    assert response.context["entry"].form.has_error("venue", "max_length")
    assert process_time() - began < 20  # 23 s for 400 KB before; now well below one


@pytest.mark.parametrize("total", ["0", "-1", "x", "9" * 5000])
def test_the_number_of_lessons_is_counted_not_believed(
    facilitator_client, circle, seats, total
):
    form = posted(seats, lessons=("หนึ่ง", "สอง"))
    facilitator_client.post(url(circle), form | {"lessons-TOTAL_FORMS": total})

    assert LearningSession.objects.get().lessons.count() == 2


def test_more_lessons_than_fit_are_not_dropped(facilitator_client, circle, seats):
    form = posted(seats, lessons=tuple(f"เรื่องที่ {n}" for n in range(21)))
    assert facilitator_client.post(url(circle), form).status_code == 302
    assert LearningSession.objects.get().lessons.count() == 21

    form = posted(seats, lessons=tuple(f"เรื่องที่ {n}" for n in range(101)))
    response = facilitator_client.post(url(circle), form)
    assertContains(response, "ข้อมูลชนิดเดียวกันมากเกินกว่าจะส่งพร้อมกัน")
    assert LearningSession.objects.count() == 1


def test_a_huge_number_of_guests_does_not_stop_the_small_buttons(
    facilitator_client, circle, seats
):
    form = posted(seats, act="guest-more", guest_count="9" * 5000)

    assert facilitator_client.post(url(circle), form).status_code == 200
