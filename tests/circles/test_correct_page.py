"""The page for completing or correcting a record: ``session-edit``."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.models import LearningSession, Lesson, Problem, Promise, SupportRequest
from circles.models.sessions import EDIT_WINDOW
from circles.permissions import Role
from tests.circles.filled import fields
from tests.circles.posted import in_days
from tests.factories import CircleFactory, MembershipFactory, logged


@pytest.fixture
def seats(circle):
    return MembershipFactory.create_batch(2, circle=circle)


@pytest.fixture
def session(circle, facilitator, seats):
    told = {"present": [seats[0].person_id], "lessons": ["ดิน"], "guest_count": 2}
    return logged(circle, facilitator, **told).session


@pytest.fixture
def url(session):
    return reverse("session-edit", args=[session.pk])


def sent_back(client, url, **changes):
    """Return what the page's form holds, but for *changes*, with the save button."""
    form = fields(client.get(url), "edit_form") | {"act": "save"}
    return form | {name.replace("__", "-"): value for name, value in changes.items()}


def wait_a_week(session):
    long_ago = timezone.now() - EDIT_WINDOW - timedelta(minutes=1)
    type(session.submission).objects.update(received_at=long_ago)


def test_session_edit(facilitator_client, session, seats, url):
    problem = Problem.objects.create(session=session, text="ฝนตก", solution="กางผ้าใบ")
    promise = Promise.objects.create(
        session=session, text="ชั่งปุ๋ย", owner=seats[0].person
    )
    asked = SupportRequest.objects.create(session=session, text="เครื่องสับ")
    form = sent_back(facilitator_client, url)
    assert form["present"] == str(seats[0].person_id)

    response = facilitator_client.post(
        url, form | {"summary": "คุยเรื่องดิน", "guest_count": "3"}
    )

    assertRedirects(response, session.get_absolute_url())
    session.refresh_from_db()
    assert (session.summary, session.guest_count) == ("คุยเรื่องดิน", 3)
    assert list(session.problems.all()) == [problem]
    assert list(session.promises.all()) == [promise]
    assert list(session.requests.all()) == [asked]
    changes = session.revisions.get().changes
    assert changes.keys() == {"summary", "guest_count", "_sent"}


def test_pressing_save_without_a_change_leaves_no_trace(
    facilitator_client, session, url
):
    response = facilitator_client.post(url, sent_back(facilitator_client, url))

    assertRedirects(response, session.get_absolute_url())
    assert not session.revisions.exists()


def test_a_lesson_is_corrected_taken_out_and_added(facilitator_client, session, url):
    form = sent_back(facilitator_client, url)
    form |= {"lessons-0-text": "", "lessons-1-text": "น้ำ", "lessons-1-id": ""}

    facilitator_client.post(url, form)

    assert [one.text for one in session.lessons.all()] == ["น้ำ"]


def test_other_buttons_store_nothing(facilitator_client, session, url):
    form = sent_back(facilitator_client, url, summary="ยังไม่เสร็จ")

    response = facilitator_client.post(url, form | {"act": "add-lessons"})

    assertContains(response, "ยังไม่เสร็จ")
    assertContains(response, 'name="lessons-1-text"')
    assert not session.revisions.exists()


def test_the_loser_of_a_race_sees_both_and_loses_nothing(
    facilitator_client, session, url, roles
):
    colleague = roles.client(Role.KHUN_AMNUAY, session.circle)
    mine = sent_back(facilitator_client, url, summary="ของฉัน", lessons__0__text="ดินฉัน")
    colleague.post(url, sent_back(colleague, url, summary="ของเพื่อน"))

    response = facilitator_client.post(url, mine)

    assert response.status_code == 409
    [summary, lessons] = sorted(
        response.context["stale"]["changes"], key=lambda one: one.new
    )[::-1][:2]
    assert {tuple(summary.old), tuple(lessons.old)} == {("ของเพื่อน",), ("ดิน",)}
    again = fields(response, "edit_form") | {"act": "save"}
    assert (again["summary"], again["lessons-0-text"]) == ("ของฉัน", "ดินฉัน")
    assertContains(response, "ของเพื่อน", status_code=409)

    assertRedirects(facilitator_client.post(url, again), session.get_absolute_url())
    session.refresh_from_db()
    assert (session.summary, session.version) == ("ของฉัน", 3)
    assert session.revisions.first().changes["summary"] == ["ของเพื่อน", "ของฉัน"]


def test_a_lesson_that_somebody_took_out_meanwhile_can_be_kept(
    facilitator_client, session, url, roles
):
    mine = sent_back(facilitator_client, url, summary="ของฉัน")
    colleague = roles.client(Role.KHUN_AMNUAY, session.circle)
    colleague.post(url, sent_back(colleague, url, lessons__0__text=""))
    assert not Lesson.objects.exists()

    response = facilitator_client.post(url, mine)
    again = fields(response, "edit_form") | {"act": "save"}
    facilitator_client.post(url, again)

    assert [one.text for one in session.lessons.all()] == ["ดิน"]


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "0"])
def test_a_lost_version_shows_both(facilitator_client, session, url, version):
    form = sent_back(facilitator_client, url, summary="ใหม่", version=version)

    response = facilitator_client.post(url, form)

    assert response.status_code == 409
    assert fields(response, "edit_form")["version"] == "1"
    assertContains(response, "ใหม่", status_code=409)


def test_a_row_of_another_record_is_refused_in_words(
    facilitator_client, facilitator, session, circle, url
):
    other = logged(circle, facilitator, lessons=["ของวันอื่น"]).session
    form = sent_back(facilitator_client, url, lessons__0__text="ยึด")

    response = facilitator_client.post(
        url, form | {"lessons-0-id": str(other.lessons.get().pk)}
    )

    assert response.context["is_foreign"]
    assertContains(response, "ยึด")
    assert [one.text for one in other.lessons.all()] == ["ของวันอื่น"]
    assert not session.revisions.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"summary": "a\x00b"},
        {"summary": "ก" * 5001},
        {"held_on": "31/02/69"},
        {"guest_count": "-1"},
        {"lessons-0-id": "9" * 30},
        {"present": ["999999999"]},
    ],
    ids=str,
)
def test_bad_input_is_said_and_kept(facilitator_client, session, url, bad):
    form = sent_back(facilitator_client, url, story="เก็บไว้") | bad

    response = facilitator_client.post(url, form)

    assertContains(response, "เก็บไว้")
    assert not session.revisions.exists()


def test_a_day_of_another_session_is_said_and_allowed(
    facilitator_client, facilitator, circle, session, url
):
    day = timezone.localdate() - timedelta(days=3)
    logged(circle, facilitator, held_on=day)
    form = sent_back(facilitator_client, url, held_on=in_days(-3))

    shown = facilitator_client.post(url, form | {"act": "keep"})
    facilitator_client.post(url, form)

    assert shown.context["entry"].same_day.held_on == day
    session.refresh_from_db()
    assert session.held_on == day


def test_after_seven_days_the_page_sends_on_and_what_was_typed_is_shown(
    facilitator_client, session, url
):
    form = sent_back(facilitator_client, url, summary="ช้าไป")
    wait_a_week(session)

    assertRedirects(facilitator_client.get(url), session.get_absolute_url())
    response = facilitator_client.post(url, form)

    assertContains(response, "ช้าไป", status_code=409)
    assertNotContains(response, "savebar", status_code=409)
    assert not session.revisions.exists()


@pytest.mark.parametrize("reason", ["", "ก" * 501, "a\x00"])
def test_an_administrator_gives_a_reason(tambon_admin_client, session, url, reason):
    form = sent_back(tambon_admin_client, url, summary="แก้", reason=reason)

    response = tambon_admin_client.post(url, form)
    assertContains(response, "แก้")
    assert response.context["why"].has_error("reason")

    tambon_admin_client.post(url, form | {"reason": "วงทักมา"})
    assert session.revisions.get().reason == "วงทักมา"


def test_a_record_of_another_circle_is_hidden(facilitator_client, roles):
    circle = CircleFactory()
    other = logged(circle, roles.user(Role.KHUN_AMNUAY, circle)).session

    for method in (facilitator_client.get, facilitator_client.post):
        response = method(reverse("session-edit", args=[other.pk]))
        assert response.status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_for_any_number_of_rows(
    facilitator_client, facilitator, circle, django_assert_num_queries, rows
):
    people = MembershipFactory.create_batch(rows, circle=circle)
    told = {"present": [one.person_id for one in people], "lessons": ["ดิน"] * rows}
    session = logged(circle, facilitator, **told).session
    url = reverse("session-edit", args=[session.pk])

    with django_assert_num_queries(19):
        facilitator_client.get(url)
    assert LearningSession.objects.count() == 1
