"""A note-taker's link that opens nothing, comes second, or is typed into badly."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.actions.handoffs import hand_over
from circles.actions.withdrawing import withdraw
from circles.models import Handoff, Promise
from circles.models.sessions import EDIT_WINDOW
from circles.permissions import Role
from tests.circles.filled import fields
from tests.factories import MembershipFactory, logged


@pytest.fixture
def session(circle, facilitator):
    seat = MembershipFactory(circle=circle)
    told = {"present": [seat.person_id], "lessons": ["ดิน"], "guest_count": 2}
    return logged(circle, facilitator, **told).session


@pytest.fixture
def note(session, facilitator):
    return reverse("handoff-edit", args=[hand_over(session, facilitator, "น้องฝน")[1]])


def wait_a_week(session):
    long_ago = timezone.now() - EDIT_WINDOW - timedelta(minutes=1)
    type(session.submission).objects.update(received_at=long_ago)


def nothing(session, facilitator):
    Handoff.objects.all().delete()


def over(session, facilitator):
    Handoff.objects.update(expires_at=timezone.now())


def closed(session, facilitator):
    Handoff.objects.update(closed_at=timezone.now())


def ended(session, facilitator):
    yesterday = timezone.localdate() - timedelta(days=1)
    facilitator.person.assignments.update(until=yesterday)


def a_week(session, facilitator):
    wait_a_week(session)


def withdrawn(session, facilitator):
    type(session).objects.update(state="withdrawn")


def account_closed(session, facilitator):
    type(facilitator).objects.filter(pk=facilitator.pk).update(is_active=False)


@pytest.mark.parametrize(
    "happens", [nothing, over, closed, ended, a_week, withdrawn, account_closed]
)
def test_a_link_that_opens_nothing_says_so_and_keeps_what_was_typed(
    note, session, facilitator, happens
):
    likhit = Client()
    form = fields(likhit.get(note), "note_form") | {"act": "save", "story": "ยาวมาก"}

    happens(session, facilitator)

    got, sent = likhit.get(note), likhit.post(note, form)
    assert (got.status_code, sent.status_code) == (404, 404)
    unknown = likhit.get(reverse("handoff-edit", args=["x" * 43]))
    assertContains(got, "<h1>", status_code=404)
    assert got.context["typed"] == unknown.context["typed"] == []
    assertNotContains(got, session.circle.name, status_code=404)
    assertContains(sent, "ยาวมาก", status_code=404)
    assert not session.revisions.exists()


def test_withdrawing_closes_the_link(note, session, roles):
    admin = roles.user(Role.TAMBON_ADMIN, session.circle.place.parent)

    withdraw(session, admin, "ซ้ำ")

    assert not session.handoffs.valid().exists()


def test_the_note_taker_who_comes_second_sees_both(note, session, facilitator_client):
    likhit, edit = Client(), reverse("session-edit", args=[session.pk])
    form = fields(likhit.get(note), "note_form") | {"act": "save", "story": "ฉันเล่า"}
    theirs = fields(facilitator_client.get(edit), "edit_form") | {"act": "save"}
    facilitator_client.post(edit, theirs | {"story": "เขาเล่า", "guest_count": "9"})

    response = likhit.post(note, form)

    assertContains(response, "เขาเล่า", status_code=409)
    [change] = response.context["stale"]["changes"]
    assert (change.old, change.new) == (["เขาเล่า"], ["ฉันเล่า"])
    again = fields(response, "note_form") | {"act": "save"}
    assertRedirects(likhit.post(note, again), note)
    session.refresh_from_db()
    assert (session.story, session.guest_count) == ("ฉันเล่า", 9)


@pytest.mark.parametrize(
    "bad",
    [
        {"summary": "a\x00b"},
        {"aar_less": "ก" * 5001},
        {"lessons-0-id": "x"},
        {"lessons-0-teller": "999999"},
        {"promises-0-due_on": "31/02/69", "promises-0-text": "ไป"},
    ],
    ids=str,
)
def test_bad_input_is_said_and_kept(note, session, bad):
    likhit = Client()
    form = fields(likhit.get(note), "note_form") | {"act": "save", "story": "เก็บไว้"}

    response = likhit.post(note, form | bad)

    assertContains(response, "เก็บไว้")
    assert not session.revisions.exists()


def test_a_row_of_another_record_is_refused(note, session, circle, facilitator):
    other = logged(circle, facilitator).session
    promise = Promise.objects.create(session=other, text="ของวันอื่น")
    likhit = Client()
    form = fields(likhit.get(note), "note_form") | {"act": "save", "story": "เก็บไว้"}
    form |= {"promises-0-id": str(promise.pk), "promises-0-text": "ยึด"}

    response = likhit.post(note, form)

    assert response.context["is_foreign"]
    promise.refresh_from_db()
    assert (promise.text, promise.session) == ("ของวันอื่น", other)
