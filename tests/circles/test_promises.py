"""Pages: promise-keep."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from circles.actions import keep_promise
from circles.models import LearningSession, Promise
from tests.factories import LearningSessionFactory
from tests.factories_told import PromiseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def promise(circle):
    return PromiseFactory(session__circle=circle, due_on=timezone.localdate())


def url(promise):
    return reverse("promise-keep", args=[promise.pk])


def test_a_tick_keeps_the_promise_today_and_goes_back(facilitator_client, promise):
    response = facilitator_client.post(url(promise), {"next": "/?x=1"})

    assertRedirects(response, "/?x=1")
    promise.refresh_from_db()
    assert promise.kept_on == timezone.localdate()
    assert not Promise.objects.open().exists()


def test_the_message_takes_the_tick_back(facilitator_client, promise):
    page = facilitator_client.post(url(promise), {"next": "/"}, follow=True)
    assertContains(page, f'action="{url(promise)}"')
    assertContains(page, 'name="act" value="undo"')

    facilitator_client.post(url(promise), {"next": "/", "act": "undo"})

    promise.refresh_from_db()
    assert promise.kept_on is None
    assert Promise.objects.open().get() == promise


def test_ticking_twice_keeps_the_first_day(facilitator_client, promise):
    first = timezone.localdate() - timedelta(days=2)
    assert keep_promise(promise, first)

    facilitator_client.post(url(promise))

    promise.refresh_from_db()
    assert promise.kept_on == first
    assert not keep_promise(promise, timezone.localdate())


@pytest.mark.parametrize(
    "wanted", ["", "https://evil.example/", "//evil.example", "javascript:x", "\x00"]
)
def test_no_other_site_is_the_way_back(facilitator_client, promise, wanted):
    response = facilitator_client.post(url(promise), {"next": wanted})

    assert response.status_code in {302, 400}
    assert response.get("Location", "/").startswith("/")
    assert not response.get("Location", "").startswith("//")


def test_a_promise_of_a_withdrawn_session_cannot_be_ticked(facilitator_client, circle):
    gone = LearningSessionFactory(circle=circle, state=LearningSession.State.WITHDRAWN)
    promise = PromiseFactory(session=gone)

    assert facilitator_client.post(url(promise)).status_code == 404


def test_a_promise_of_another_circle_is_not_there(facilitator_client, circle):
    promise = PromiseFactory()

    assert facilitator_client.post(url(promise)).status_code == 404
    promise.refresh_from_db()
    assert promise.kept_on is None
