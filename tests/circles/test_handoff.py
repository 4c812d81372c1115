"""Khun Likhit by a link: given, used without an account, over, closed, confirmed."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.actions.handoffs import find_handoff, hand_over
from circles.models import Lesson
from circles.models.sessions import EDIT_WINDOW
from circles.permissions import Role
from tests.circles.filled import fields
from tests.factories import CircleFactory, MembershipFactory, logged


@pytest.fixture
def seats(circle):
    names = ("น้าแดง", "ผู้ใหญ่สม")
    return [MembershipFactory(circle=circle, person__first_name=one) for one in names]


@pytest.fixture
def session(circle, facilitator, seats):
    told = {"present": [seats[0].person_id], "lessons": ["ดิน"], "guest_count": 2}
    return logged(circle, facilitator, **told).session


@pytest.fixture
def secret(session, facilitator):
    return hand_over(session, facilitator, "น้องฝน")[1]


@pytest.fixture
def note(secret):
    return reverse("handoff-edit", args=[secret])


@pytest.fixture
def page(session):
    return reverse("session-handoff", args=[session.pk])


def wait_a_week(session):
    long_ago = timezone.now() - EDIT_WINDOW - timedelta(minutes=1)
    type(session.submission).objects.update(received_at=long_ago)


def test_session_handoff(facilitator_client, session, page):
    response = facilitator_client.post(page, {"given_to": "น้องฝน"})

    [handoff] = session.handoffs.all()
    message = response.context["message"]
    secret = message.rstrip("/").rsplit("/", 1)[-1]
    assert len(secret) >= 43, "256 bits"
    assert handoff.token_hash == hashlib.sha256(secret.encode()).hexdigest()
    left = handoff.expires_at - timezone.now()
    assert timedelta(hours=23) < left <= timedelta(hours=24)
    assertContains(response, secret)
    assertContains(response, "https://line.me/R/share?text=")
    again = facilitator_client.get(page)
    assertContains(again, "น้องฝน")
    assertNotContains(again, secret)


def test_pressing_twice_leaves_one_link(facilitator_client, session, page):
    for _twice in range(2):
        facilitator_client.post(page, {"given_to": "น้องฝน"})
    facilitator_client.post(page, {"given_to": "พี่นก"})

    assert session.handoffs.valid().count() == 2


def test_a_link_ends_with_the_seven_days(session, facilitator):
    almost = timezone.now() - EDIT_WINDOW + timedelta(hours=1)
    type(session.submission).objects.update(received_at=almost)

    handoff, _secret = hand_over(session, facilitator, "น้องฝน")

    assert handoff.expires_at == almost + EDIT_WINDOW
    wait_a_week(session)
    with pytest.raises(PermissionDenied):
        hand_over(session, facilitator, "น้องฝน")


@pytest.mark.parametrize("name", ["", "ก" * 101, "a\x00"])
def test_a_name_is_needed(facilitator_client, session, page, name):
    response = facilitator_client.post(page, {"given_to": name})

    assert response.context["form"].has_error("given_to")
    assert not session.handoffs.exists()


def test_closing_a_link(facilitator_client, session, page, secret, note):
    handoff = session.handoffs.get()

    for _twice in range(2):
        response = facilitator_client.post(
            page, {"act": "close", "handoff": str(handoff.pk)}
        )
        assertRedirects(response, page)

    assertContains(Client().get(note), "errpage", status_code=404)


@pytest.mark.parametrize("asked", ["", "x", "9" * 30])
def test_closing_nothing_is_hidden(facilitator_client, page, asked):
    response = facilitator_client.post(page, {"act": "close", "handoff": asked})
    assert response.status_code == 404


def test_a_link_of_another_record_is_not_closed(
    facilitator_client, page, roles, facilitator
):
    circle = CircleFactory()
    author = roles.user(Role.KHUN_AMNUAY, circle)
    other, secret = hand_over(logged(circle, author).session, author, "ใคร")

    facilitator_client.post(page, {"act": "close", "handoff": str(other.pk)})

    assert find_handoff(secret) == other


def test_handoff_edit(note, session, seats, facilitator):
    likhit = Client()
    response = likhit.get(note)
    assertContains(response, session.circle.name)
    assertContains(response, "น้าแดง")
    assertNotContains(response, "ผู้ใหญ่สม")
    assertNotContains(response, 'name="present"')
    assertNotContains(response, 'name="guest_count"')
    form = fields(response, "note_form") | {"act": "save"}
    form |= {"story": "เรื่องเล่า", "lessons-0-teller": str(seats[0].person_id)}
    form |= {"lessons-0-words": "ดินดี ปลูกไหรก็ได้"}

    response = likhit.post(note, form)

    assertRedirects(response, note)
    session.refresh_from_db()
    assert (session.story, session.guest_count) == ("เรื่องเล่า", 2)
    assert session.attendances.present().count() == 1
    lesson = session.lessons.get()
    assert (lesson.teller, lesson.words) == (seats[0].person, "ดินดี ปลูกไหรก็ได้")
    revision = session.revisions.get()
    assert (revision.author, revision.typed_by) == (facilitator, "น้องฝน")

    form = fields(likhit.get(note), "note_form") | {"act": "save", "aar_more": "คนมาก"}
    assertRedirects(likhit.post(note, form), note)
    assert session.revisions.count() == 2


def test_what_may_be_shown_stays_as_the_circle_said(note, session):
    Lesson.objects.update(may_show=True)
    type(session).objects.update(story="เก่า", story_may_show=True)
    likhit = Client()
    form = fields(likhit.get(note), "note_form") | {"act": "save", "story": "ใหม่"}
    form |= {"lessons-0-text": "ดินร่วน", "lessons-1-text": "น้ำ"}
    form |= {"lessons-1-may_show": "on", "story_may_show": "", "guest_count": "99"}

    likhit.post(note, form)

    session.refresh_from_db()
    assert (session.story, session.story_may_show) == ("ใหม่", True)
    assert session.guest_count == 2
    shown = dict(session.lessons.values_list("text", "may_show"))
    assert shown == {"ดินร่วน": True, "น้ำ": False}


def test_the_address_is_kept_to_itself(note):
    for path in (note, reverse("handoff-edit", args=["x"])):
        response = Client().get(path)

        assert response["Referrer-Policy"] == "strict-origin"
        assert "noindex" in response["X-Robots-Tag"]
        assert "no-store" in response["Cache-Control"]


def test_a_form_with_a_csrf_check_is_taken(note, session):
    likhit = Client(enforce_csrf_checks=True)
    page = likhit.get(note)
    form = fields(page, "note_form") | {"act": "save", "story": "เรื่อง"}

    assert likhit.post(note, form).status_code == 403
    token = page.context["csrf_token"]
    likhit.post(note, form | {"csrfmiddlewaretoken": str(token)})
    session.refresh_from_db()
    assert session.story == "เรื่อง"


def test_one_more_row_without_javascript(note):
    likhit = Client()
    form = fields(likhit.get(note), "note_form") | {"act": "add-promises"}

    response = likhit.post(note, form | {"story": "ยังไม่ส่ง"})

    assertContains(response, 'name="promises-1-text"')
    assertContains(response, "ยังไม่ส่ง")


@pytest.mark.parametrize("role", [Role.TAMBON_ADMIN, Role.PROVINCE_ADMIN])
def test_administrators_give_no_links(session, page, roles, role):
    client = roles.client(role, roles.near(role, session.circle))

    assert client.get(page).status_code == 404
