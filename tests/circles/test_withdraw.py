"""Withdrawing a record, asking for it, restoring it, and who may."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.actions.revising import OutOfStep
from circles.actions.withdrawing import ask_withdrawal, keep, restore, withdraw
from circles.models import Appointment, Circle, LearningSession
from circles.permissions import Role
from circles.signals import session_changed
from tests.factories import CircleFactory, MembershipFactory, TambonFactory, logged

TODAY = timezone.localdate()
HELD, WITHDRAWN = LearningSession.State.HELD, LearningSession.State.WITHDRAWN


@pytest.fixture
def session(circle, facilitator):
    seat = MembershipFactory(circle=circle)
    return logged(circle, facilitator, present=[seat.person_id], lessons=["ดิน"]).session


@pytest.fixture
def admin(circle, roles):
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent)


@pytest.fixture
def url(session):
    return reverse("session-withdraw", args=[session.pk])


def count(circle):
    return Circle.objects.with_totals().get(pk=circle.pk).session_count


def test_a_withdrawn_record_counts_nowhere_and_stays(
    session, circle, admin, tambon_admin_client
):
    other = logged(circle, session.submission.author).session
    overview = reverse("overview")
    tambon = circle.place.parent
    tambon.stage = "target"
    tambon.save()

    def on_the_overview():
        page = tambon_admin_client.get(overview)
        found = [one for one in page.context["columns"] if one.tambon == tambon]
        return (found[0].session_count, found[0].lesson_count, found[0].people_count)

    assert count(circle) == 2
    assert on_the_overview() == (2, 1, 1)

    withdraw(session, admin, "ซ้ำ")

    assert count(circle) == 1
    assert on_the_overview() == (1, 0, 0)
    assert list(circle.sessions.shown()) == [other]
    assert session.lessons.count() == 1
    revision = session.revisions.get()
    assert (revision.kind, revision.reason) == ("withdrawn", "ซ้ำ")
    assert (revision.version, revision.changes) == (2, {"state": [HELD, WITHDRAWN]})


def test_withdrawing_and_restoring_twice_is_once(session, circle, admin):
    heard = []

    def listen(*, session, **kwargs):
        heard.append(session.state)

    session_changed.connect(listen)
    try:
        assert withdraw(session, admin, "ซ้ำ")
        assert withdraw(session, admin, "ซ้ำ") is None
        assert restore(session, admin, "ไม่ซ้ำ")
        assert restore(session, admin, "ไม่ซ้ำ") is None
    finally:
        session_changed.disconnect(listen)

    assert heard == [WITHDRAWN, HELD]
    assert count(circle) == 1
    session.refresh_from_db()
    assert (session.state, session.version) == (HELD, 3)


def test_a_record_in_question_comes_back_in_question(circle, facilitator, admin):
    logged(circle, facilitator)
    second = logged(circle, facilitator, is_separate=False).session
    assert second.state == LearningSession.State.IN_QUESTION

    withdraw(second, admin, "ซ้ำ")
    restore(second, admin, "ดูอีกที")

    second.refresh_from_db()
    assert second.state == LearningSession.State.IN_QUESTION


@pytest.mark.parametrize(("days", "is_open"), [(0, True), (-1, False)])
def test_its_appointment_is_open_again_unless_its_day_has_passed(
    circle, facilitator, admin, days, is_open
):
    day = TODAY + timedelta(days=days)
    appointment = Appointment.objects.create(circle=circle, on=day)
    session = logged(circle, facilitator, held_on=day).session
    appointment.refresh_from_db()
    assert appointment.session_id == session.pk

    withdraw(session, admin, "ซ้ำ")

    assert Appointment.objects.open().filter(pk=appointment.pk).exists() == is_open
    restore(session, admin, "ไม่ซ้ำ")
    appointment.refresh_from_db()
    assert appointment.session_id == session.pk


@pytest.mark.parametrize("role", [Role.KHUN_AMNUAY, Role.KHUN_LIKHIT, Role.KHUN_UA])
@pytest.mark.parametrize("action", [withdraw, restore, keep])
def test_only_administrators_withdraw(session, roles, role, action):
    user = roles.user(role, roles.near(role, session.circle))

    with pytest.raises(PermissionDenied):
        action(session, user, "ซ้ำ")


def test_an_administrator_of_elsewhere_does_not(session, roles):
    stranger = roles.user(Role.TAMBON_ADMIN, TambonFactory())

    with pytest.raises(PermissionDenied):
        withdraw(session, stranger, "ซ้ำ")


def test_a_facilitator_asks_once_and_reads_the_answer(session, facilitator, admin):
    first = ask_withdrawal(session, facilitator, "ลงผิดวง")

    assert ask_withdrawal(session, facilitator, "ลงผิดวง") == first
    assert keep(session, admin, "ไม่ผิด")
    assert keep(session, admin, "ไม่ผิด") is None

    first.refresh_from_db()
    assert (first.confirmed_by, first.version) == (admin, 1)
    assert [one.kind for one in session.revisions.all()] == ["restored", "asked"]
    withdraw(session, admin, "ผิดจริง")
    with pytest.raises(OutOfStep):
        ask_withdrawal(session, facilitator, "ลงผิดวง")


def test_session_withdraw(tambon_admin_client, session, circle, url):
    assertContains(tambon_admin_client.get(url), 'value="withdraw"')

    response = tambon_admin_client.post(url, {"act": "withdraw", "reason": "ซ้ำ"})

    assertRedirects(response, circle.get_absolute_url())
    page = tambon_admin_client.get(url)
    assertContains(page, 'value="restore"')
    response = tambon_admin_client.post(url, {"act": "restore", "reason": "พลาด"})
    assertRedirects(response, session.get_absolute_url())


@pytest.mark.parametrize("reason", ["", "ก" * 501, "a\x00b", "  "])
def test_a_reason_is_needed(tambon_admin_client, session, url, reason):
    response = tambon_admin_client.post(url, {"act": "withdraw", "reason": reason})

    assert response.status_code == 200
    assert response.context["form"].has_error("reason")
    session.refresh_from_db()
    assert session.state == HELD


def test_a_facilitator_can_only_ask(facilitator_client, session, url):
    assertNotContains(facilitator_client.get(url), 'value="withdraw"')

    for act in ("withdraw", "restore", "keep"):
        response = facilitator_client.post(url, {"act": act, "reason": "ซ้ำ"})
        assert response.status_code == 404
    response = facilitator_client.post(url, {"act": "ask", "reason": "ลงผิดวง"})

    assertRedirects(response, session.get_absolute_url())
    session.refresh_from_db()
    assert session.state == HELD


def test_asking_for_what_is_withdrawn_says_so(
    facilitator_client, session, circle, admin, url
):
    withdraw(session, admin, "ซ้ำ")

    response = facilitator_client.post(url, {"act": "ask", "reason": "ลงผิดวง"})

    assertRedirects(response, circle.get_absolute_url())


@pytest.mark.parametrize("rows", [1, 3])
def test_withdrawal_list(
    tambon_admin_client, circle, facilitator, admin, django_assert_num_queries, rows
):
    elsewhere = CircleFactory()
    for number in range(rows):
        asked = logged(circle, facilitator).session
        ask_withdrawal(asked, facilitator, f"ขอถอน {number}")
        gone = logged(circle, facilitator).session
        withdraw(gone, admin, f"ถอนแล้ว {number}")
    LearningSession.objects.create(
        circle=elsewhere, number=1, held_on=TODAY, state=WITHDRAWN
    )

    with django_assert_num_queries(8):
        response = tambon_admin_client.get(reverse("withdrawal-list"))

    assert len(response.context["asked"]) == len(response.context["page"]) == rows
    assertContains(response, "ขอถอน 0")
    assertContains(response, "ถอนแล้ว 0")
    assertNotContains(response, elsewhere.name)


def test_the_list_is_for_administrators(facilitator_client, circle):
    assert facilitator_client.get(reverse("withdrawal-list")).status_code == 403
