"""Correcting a stored session: who, until when, what is noted, what never changes."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from circles.actions import Newcomer
from circles.actions.corrections import (
    ReasonMissing,
    StaleVersion,
    correct_session,
    role_to_correct,
)
from circles.actions.revising import content_of
from circles.actions.withdrawing import withdraw
from circles.models import Appointment, LearningSession, Lesson, Person, Revision, User
from circles.models.sessions import EDIT_WINDOW
from circles.permissions import Role
from circles.signals import session_changed
from tests.factories import AssignmentFactory, CircleFactory, MembershipFactory, logged

TODAY = timezone.localdate()


@pytest.fixture
def heard():
    """Collect which sessions are announced as changed."""
    sessions = []

    def listen(*, session, **kwargs):
        sessions.append(session.pk)

    session_changed.connect(listen)
    yield sessions
    session_changed.disconnect(listen)


@pytest.fixture
def seats(circle):
    return MembershipFactory.create_batch(2, circle=circle)


@pytest.fixture
def session(circle, facilitator, seats):
    told = {"present": [seats[0].person_id], "lessons": ["ดิน"], "guest_count": 2}
    return logged(circle, facilitator, **told).session


def wait_a_week(session):
    """Let the seven days pass: the row moves, not the clock."""
    long_ago = timezone.now() - EDIT_WINDOW - timedelta(minutes=1)
    session.submission.received_at = long_ago
    session.submission.save()


def corrected(session, author, *, version=None, reason="", typed_by="", **changes):
    stored = LearningSession.objects.get(pk=session.pk)
    content = content_of(stored)
    for name, value in changes.items():
        is_part = hasattr(content, name) and name != "session"
        setattr(content if is_part else content.session, name, value)
    how = {"reason": reason, "typed_by": typed_by}
    version = version or stored.version
    return correct_session(session, content, author=author, version=version, **how)


def test_a_correction_is_stored_noted_and_announced(session, facilitator, seats, heard):
    before = session.submission.digest
    lesson = session.lessons.get()
    lesson.text = "ดินร่วน"
    new = Lesson(text="น้ำ", teller=seats[1].person)

    revision = corrected(
        session,
        facilitator,
        summary="คุยเรื่องดิน",
        present=[seats[1].person_id],
        lessons=[lesson, new],
    )

    session.refresh_from_db()
    assert (session.summary, session.version) == ("คุยเรื่องดิน", 2)
    assert [one.text for one in session.lessons.order_by("pk")] == ["ดินร่วน", "น้ำ"]
    assert session.lessons.filter(pk=lesson.pk).exists()
    came = session.attendances.present().values_list("person_id", flat=True)
    assert list(came) == [seats[1].person_id]
    assert (revision.kind, revision.version) == ("edited", 2)
    assert (revision.author, revision.author_role) == (facilitator, Role.KHUN_AMNUAY)
    assert revision.changes["summary"] == ["", "คุยเรื่องดิน"]
    assert revision.changes["present"] == [
        [seats[0].person_id],
        [seats[1].person_id],
    ]
    assert [one["text"] for one in revision.changes["lessons"][0]] == ["ดิน"]
    assert {"held_on", "guest_count"}.isdisjoint(revision.changes)
    session.submission.refresh_from_db()
    assert session.submission.digest == before
    assert heard == [session.pk]


def test_the_same_content_is_no_change(session, facilitator, heard):
    lesson = session.lessons.get()

    assert corrected(session, facilitator) is None
    assert corrected(session, facilitator, lessons=[Lesson(text="ดิน")]) is None

    session.refresh_from_db()
    assert session.version == 1
    assert list(session.lessons.all()) == [lesson], "nothing was written"
    assert not Revision.objects.exists()
    assert heard == []


def test_the_same_correction_twice_is_one(session, facilitator):
    sent = {"version": 1, "newcomers": [Newcomer("สมใจ", Role.KHUN_KIJ)]}

    first = corrected(session, facilitator, summary="ดิน", **sent)
    again = content_of(LearningSession.objects.get(pk=session.pk))
    again.present = [
        one
        for one in again.present
        if not Person.objects.filter(pk=one, first_name="สมใจ").exists()
    ]
    again.newcomers = sent["newcomers"]
    second = correct_session(session, again, author=facilitator, version=1)

    assert first == second
    assert Person.objects.filter(first_name="สมใจ").count() == 1
    session.refresh_from_db()
    assert session.version == 2


def test_the_second_of_two_is_told_and_changes_nothing(session, facilitator, roles):
    colleague = roles.user(Role.KHUN_AMNUAY, session.circle)
    corrected(session, facilitator, summary="คนแรก")

    with pytest.raises(StaleVersion) as stale:
        corrected(session, colleague, version=1, summary="คนที่สอง")

    assert stale.value.current.summary == "คนแรก"
    session.refresh_from_db()
    assert (session.summary, session.version) == ("คนแรก", 2)
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("role", [Role.KHUN_AMNUAY, Role.KHUN_LIKHIT])
def test_the_circles_own_people_have_seven_days(session, roles, role):
    user = roles.user(role, session.circle)

    assert corrected(session, user, summary="ทัน")
    wait_a_week(session)

    with pytest.raises(PermissionDenied):
        corrected(session, user, summary="ช้าไป")


@pytest.mark.parametrize("role", [Role.TAMBON_ADMIN, Role.PROVINCE_ADMIN])
def test_administrators_correct_at_any_time_with_a_reason(session, roles, role):
    admin = roles.user(role, roles.near(role, session.circle))
    wait_a_week(session)

    with pytest.raises(ReasonMissing):
        corrected(session, admin, summary="แก้")
    revision = corrected(session, admin, summary="แก้", reason="วงทักมา")

    assert (revision.author_role, revision.reason) == (role, "วงทักมา")


def test_a_facilitator_who_is_an_administrator_too_may_after_seven_days(
    session, facilitator
):
    AssignmentFactory(
        person=facilitator.person,
        role=Role.TAMBON_ADMIN,
        place=session.circle.place.parent,
    )
    both = User.objects.get(pk=facilitator.pk)
    stored = LearningSession.objects.get(pk=session.pk)
    assert role_to_correct(stored, both) == Role.KHUN_AMNUAY

    wait_a_week(session)

    stored = LearningSession.objects.get(pk=session.pk)
    assert role_to_correct(stored, both) == Role.TAMBON_ADMIN


@pytest.mark.parametrize(
    "role", [Role.KHUN_KIJ, Role.KHUN_UA, Role.GOVERNOR_OFFICE, None]
)
def test_nobody_else_corrects(session, roles, role):
    if role is None:
        user = roles.user(Role.KHUN_AMNUAY, CircleFactory())
    else:
        user = roles.user(role, roles.near(role, session.circle))

    with pytest.raises(PermissionDenied):
        corrected(session, user, summary="แก้")


def test_a_withdrawn_record_is_not_corrected(session, facilitator, roles):
    admin = roles.user(Role.TAMBON_ADMIN, session.circle.place.parent)
    withdraw(session, admin, "ซ้ำ")

    for user in (facilitator, admin):
        with pytest.raises(PermissionDenied):
            corrected(session, user, summary="แก้", reason="ลอง")


def test_rows_of_another_session_are_refused(session, facilitator, circle):
    other = logged(circle, facilitator, lessons=["ของวันอื่น"]).session

    with pytest.raises(ValueError, match="another session"):
        corrected(session, facilitator, lessons=list(other.lessons.all()))

    assert [one.text for one in other.lessons.all()] == ["ของวันอื่น"]
    assert [one.text for one in session.lessons.all()] == ["ดิน"]


def test_another_day_keeps_another_appointment(session, facilitator, circle):
    week_ago = TODAY - timedelta(days=7)
    kept = Appointment.objects.create(circle=circle, on=week_ago)
    wrong = Appointment.objects.create(circle=circle, on=TODAY, session=session)

    next_on = TODAY + timedelta(days=9)
    corrected(session, facilitator, held_on=week_ago, next_on=next_on)

    kept.refresh_from_db()
    wrong.refresh_from_db()
    assert (kept.session_id, wrong.session_id) == (session.pk, None)
    assert Appointment.objects.open().filter(on=next_on).exists()


def test_a_note_takers_correction_says_who_typed(session, facilitator):
    revision = corrected(session, facilitator, story="เรื่อง", typed_by="น้องฝน")

    assert (revision.author, revision.typed_by) == (facilitator, "น้องฝน")
    assert revision.confirmed_at is None
