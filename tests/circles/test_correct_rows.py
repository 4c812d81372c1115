"""Correcting one word leaves every other row of the record as it was."""

import pytest
from django.urls import reverse

from circles.actions.handoffs import hand_over
from circles.models import Lesson, Problem, Promise, SupportRequest
from tests.circles.filled import fields
from tests.factories import MembershipFactory, logged

MANY = 30  # rows: two full records that were merged


def fill(session, rows):
    for number in range(rows):
        Lesson.objects.create(session=session, text=f"บทเรียน {number}")
        Problem.objects.create(session=session, text=f"ปัญหา {number}")
        Promise.objects.create(session=session, text=f"จะทำ {number}")
        SupportRequest.objects.create(session=session, text=f"ขอ {number}")


def texts(session):
    parts = session.lessons, session.problems, session.promises, session.requests
    return [list(part.order_by("pk").values_list("pk", "text")) for part in parts]


@pytest.fixture
def session(circle, facilitator):
    seat = MembershipFactory(circle=circle)
    return logged(circle, facilitator, present=[seat.person_id]).session


@pytest.mark.parametrize("rows", [1, 2, 3, MANY])
def test_one_word_in_the_summary(facilitator_client, session, rows):
    fill(session, rows)
    before = texts(session)
    url = reverse("session-edit", args=[session.pk])
    form = fields(facilitator_client.get(url), "edit_form")

    sent = form | {"act": "save", "summary": "คำเดียว"}
    assert facilitator_client.post(url, sent).status_code == 302

    session.refresh_from_db()
    assert session.summary == "คำเดียว"
    assert texts(session) == before


def test_one_word_by_a_note_taker(client, facilitator, session):
    fill(session, 3)
    before = texts(session)
    _handoff, token = hand_over(session, facilitator, "น้าลิขิต")
    url = reverse("handoff-edit", args=[token])
    form = fields(client.get(url), "note_form")

    client.post(url, form | {"act": "save", "summary": "คำเดียว"})

    session.refresh_from_db()
    assert session.summary == "คำเดียว"
    assert texts(session) == before


def test_a_row_claimed_twice_is_corrected_once_and_added_once(
    facilitator_client, session
):
    fill(session, 1)
    lesson = session.lessons.get()
    url = reverse("session-edit", args=[session.pk])
    form = fields(facilitator_client.get(url), "edit_form") | {"act": "save"}
    twice = {"lessons-1-id": str(lesson.pk), "lessons-1-text": "อีกเรื่อง"}

    assert facilitator_client.post(url, form | twice).status_code == 302

    told = session.lessons.order_by("pk").values_list("text", flat=True)
    assert list(told) == ["บทเรียน 0", "อีกเรื่อง"]
