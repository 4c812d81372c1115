"""A merge changes the record that stands: for seven days its own people may, then an
administrator, who says why."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.actions.corrections import ReasonMissing
from circles.actions.merging import merge
from circles.models import LearningSession, Submission
from circles.permissions import Role
from tests.factories import MembershipFactory, logged

State = LearningSession.State
LATE = (
    "Session %(n)s was received more than seven days ago, so the circle's own people"
    " can no longer change it. An administrator of the tambon can merge the two."
)
BUTTON = 'value="merge"'


@pytest.fixture
def first(circle, facilitator):
    MembershipFactory(circle=circle)
    return logged(circle, facilitator, summary="สรุปแรก").session


@pytest.fixture
def second(first, circle, roles):
    colleague = roles.user(Role.KHUN_AMNUAY, circle)
    told = {"is_separate": False, "summary": "สรุปสอง"}
    return logged(circle, colleague, **told).session


@pytest.fixture
def late(first):
    received = timezone.now() - timedelta(days=8)
    Submission.objects.filter(session=first).update(received_at=received)


@pytest.fixture
def url(second):
    return reverse("session-compare", args=[second.pk])


@pytest.fixture
def admin(roles, circle):
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent)


def is_merged(first, second):
    first.refresh_from_db()
    second.refresh_from_db()
    assert (second.state == State.WITHDRAWN) == ("สรุปสอง" in first.summary)
    return second.state == State.WITHDRAWN


@pytest.mark.parametrize("role", [Role.KHUN_AMNUAY, Role.KHUN_LIKHIT])
def test_after_seven_days_its_people_merge_nothing_into_it(
    first, second, late, roles, role
):
    with pytest.raises(PermissionDenied):
        merge(second, first, roles.user(role, first.circle), "อยากแก้")

    assert not is_merged(first, second)


def test_what_counts_are_the_days_of_the_record_that_stands(first, second, facilitator):
    received = timezone.now() - timedelta(days=8)
    Submission.objects.filter(session=second).update(received_at=received)

    merge(second, first, facilitator)

    assert is_merged(first, second)


def test_the_page_says_why_the_button_is_missing(
    facilitator_client, first, second, url
):
    assertContains(facilitator_client.get(url), BUTTON)
    received = timezone.now() - timedelta(days=8)
    Submission.objects.filter(session=first).update(received_at=received)

    page = facilitator_client.get(url)
    response = facilitator_client.post(url, {"act": "merge", "into": first.pk})

    assertNotContains(page, BUTTON)
    assertContains(page, 'value="apart"')
    assertContains(page, gettext(LATE) % {"n": first.number})
    assertRedirects(response, url)
    assert not is_merged(first, second)


def test_an_administrator_says_why(first, second, late, admin):
    with pytest.raises(ReasonMissing):
        merge(second, first, admin)
    assert not is_merged(first, second)

    for _twice in range(2):
        merge(second, first, admin, "จดวันเดียวกันสองเครื่อง")

    assert is_merged(first, second)
    for session in (first, second):
        revision = session.revisions.get()
        assert (revision.author_role, revision.reason) == (
            Role.TAMBON_ADMIN,
            "จดวันเดียวกันสองเครื่อง",
        )


@pytest.mark.parametrize("is_late", [True, False])
def test_the_page_asks_an_administrator_for_the_reason(
    roles, admin, first, second, url, is_late, request
):
    if is_late:
        request.getfixturevalue("late")
    client = roles.signed_in(admin)
    typed = {"act": "merge", "into": first.pk}
    field = f'id="id_{first.pk}_reason"'

    assertContains(client.get(url), field)
    for reason in ({}, {"reason": " "}, {"reason": "ก\x00ข"}, {"reason": "ก" * 501}):
        response = client.post(url, typed | reason)
        assertContains(response, 'class="err"')
        assertContains(response, field)
    assertContains(response, "ก" * 501)
    assert not is_merged(first, second)

    response = client.post(url, typed | {"reason": "จดซ้ำ"})
    assertRedirects(response, first.get_absolute_url())
    assert is_merged(first, second)
    assert first.revisions.get().reason == "จดซ้ำ"


def test_its_own_people_are_asked_for_no_reason(facilitator_client, first, url):
    assertNotContains(facilitator_client.get(url), "_reason")


def test_both_texts_come_before_the_buttons(facilitator_client, url):
    page = facilitator_client.get(url).content.decode()

    texts = [page.index("สรุปแรก"), page.index("สรุปสอง")]
    buttons = [page.index('value="apart"'), page.index(BUTTON)]
    assert max(texts) < min(buttons)
