"""Storing a session: once, whole, numbered, and announced."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from circles.actions import SubmissionConflict
from circles.models import Attendance, LearningSession, Lesson, Submission
from circles.permissions import Role
from circles.signals import session_logged
from tests.factories import (
    LearningSessionFactory,
    MembershipFactory,
    TambonFactory,
    logged,
)

TODAY = timezone.localdate()


@pytest.fixture
def announced():
    """Collect what the ground floor announces."""
    heard = []

    def listen(**kwargs):
        heard.append(kwargs)

    session_logged.connect(listen)
    yield heard
    session_logged.disconnect(listen)


def test_everything_that_was_sent_is_stored(circle, facilitator):
    came, missed = MembershipFactory.create_batch(2, circle=circle)

    submission = logged(
        circle,
        facilitator,
        present=[came.person_id],
        lessons=["ปุ๋ยหมัก", "บัญชีครัวเรือน"],
        guest_count=4,
        summary="คุยกันเรื่องดิน",
        next_on=TODAY + timedelta(days=14),
    )

    session = LearningSession.objects.get()
    assert submission.session == session
    assert (session.number, session.guest_count) == (1, 4)
    assert [one.text for one in session.lessons.all()] == ["ปุ๋ยหมัก", "บัญชีครัวเรือน"]
    states = dict(session.attendances.values_list("person_id", "state"))
    assert states == {came.person_id: "present", missed.person_id: "absent"}
    assert (submission.author, submission.author_role) == (
        facilitator,
        Role.KHUN_AMNUAY,
    )
    assert len(submission.receipt) == 8


def test_the_hat_worn_there_is_kept(circle, facilitator):
    seat = MembershipFactory(circle=circle, role=Role.KHUN_LIKHIT)

    logged(circle, facilitator, present=[seat.person_id])
    seat.role = Role.KHUN_KIJ
    seat.save()

    assert Attendance.objects.get().role == Role.KHUN_LIKHIT


def test_only_people_with_a_seat_of_today_are_counted(circle, facilitator):
    seat = MembershipFactory(circle=circle)
    gone = MembershipFactory(circle=circle, until=date(2020, 1, 1))
    foreign = MembershipFactory()
    sent = [seat.person_id, gone.person_id, foreign.person_id]

    logged(circle, facilitator, present=sent)

    assert [one.person for one in Attendance.objects.all()] == [seat.person]


def test_somebody_who_changes_hats_today_comes_once(circle, facilitator):
    today = timezone.localdate()
    before = MembershipFactory(circle=circle, until=today)
    MembershipFactory(
        circle=circle, person=before.person, role=Role.KHUN_LIKHIT, since=today
    )

    logged(circle, facilitator, present=[before.person_id])

    assert Attendance.objects.get().role == Role.KHUN_LIKHIT


def test_numbers_go_on_from_the_highest_and_gaps_stay(circle, facilitator):
    for number in (1, 2, 5):
        LearningSessionFactory(circle=circle, number=number)
    LearningSessionFactory(number=99)  # of another circle
    LearningSession.objects.get(circle=circle, number=2).delete()

    submission = logged(circle, facilitator)

    assert submission.session.number == 6


def test_the_same_form_twice_is_one_session_and_one_receipt(circle, facilitator):
    key = uuid.uuid4()

    first = logged(circle, facilitator, key=key, lessons=["ดิน"], guest_count=3)
    again = logged(circle, facilitator, key=key, lessons=["ดิน"], guest_count=3)

    assert again == first
    assert LearningSession.objects.count() == Lesson.objects.count() == 1


def test_the_second_of_two_equal_forms_announces_nothing(
    circle, facilitator, announced
):
    key = uuid.uuid4()

    logged(circle, facilitator, key=key)
    logged(circle, facilitator, key=key)

    assert len(announced) == 1


def test_people_ticked_in_another_order_are_the_same_content(circle, facilitator):
    key = uuid.uuid4()
    ids = [seat.person_id for seat in MembershipFactory.create_batch(3, circle=circle)]

    first = logged(circle, facilitator, key=key, present=ids)

    assert logged(circle, facilitator, key=key, present=ids[::-1]) == first


@pytest.mark.parametrize(
    "other",
    [
        {"summary": "อีกอย่างหนึ่ง"},
        {"guest_count": 2},
        {"held_on": TODAY - timedelta(days=1)},
        {"lessons": ["อีกเรื่อง"]},
        {"lessons": []},
        {"present": []},
    ],
    ids=str,
)
def test_other_content_under_the_same_key_is_a_conflict(circle, facilitator, other):
    key = uuid.uuid4()
    seat = MembershipFactory(circle=circle)
    sent = {"present": [seat.person_id], "lessons": ["ดิน"]}
    first = logged(circle, facilitator, key=key, **sent)

    with pytest.raises(SubmissionConflict) as conflict:
        logged(circle, facilitator, key=key, **(sent | other))

    assert conflict.value.earlier == first
    session = LearningSession.objects.get()
    assert (session.held_on, session.summary) == (TODAY, "")


def test_a_later_edit_does_not_change_what_was_sent(circle, facilitator):
    key = uuid.uuid4()
    first = logged(circle, facilitator, key=key, summary="อย่างแรก")
    LearningSession.objects.update(summary="แก้แล้ว")

    assert logged(circle, facilitator, key=key, summary="อย่างแรก") == first


def test_a_key_belongs_to_its_author(circle, facilitator, roles):
    key = uuid.uuid4()
    colleague = roles.user(Role.KHUN_AMNUAY, circle)

    logged(circle, facilitator, key=key, summary="ของฉัน")
    logged(circle, colleague, key=key, summary="ของเพื่อน")

    assert Submission.objects.count() == 2


@pytest.mark.parametrize(
    "role", [Role.KHUN_UA, Role.KHUN_KIJ, Role.KHUN_LIKHIT, Role.GOVERNOR_OFFICE]
)
def test_who_may_not_log_here_stores_nothing(circle, roles, role, announced):
    author = roles.user(role, roles.near(role, circle))

    with pytest.raises(PermissionDenied):
        logged(circle, author)

    assert not LearningSession.objects.exists()
    assert announced == []


def test_a_facilitator_of_elsewhere_may_not_log_here(circle, roles):
    author = roles.user(Role.KHUN_AMNUAY, TambonFactory())

    with pytest.raises(PermissionDenied):
        logged(circle, author)


def test_an_administrator_logs_on_behalf_and_the_record_says_so(circle, roles):
    author = roles.user(Role.TAMBON_ADMIN, circle.place.parent)

    submission = logged(circle, author)

    assert submission.on_behalf


def test_a_right_of_ones_own_comes_before_one_on_behalf(circle, facilitator, roles):
    facilitator.person.assignments.create(
        role=Role.PROVINCE_ADMIN, place=roles.near(Role.PROVINCE_ADMIN, circle)
    )

    assert not logged(circle, facilitator).on_behalf


@pytest.mark.parametrize(
    ("days_ago", "is_news"), [(0, True), (60, True), (61, False), (7000, False)]
)
def test_what_was_held_more_than_60_days_ago_is_no_news(
    circle, facilitator, announced, days_ago, is_news
):
    # 01:00 on the 23rd in Bangkok: the day that counts is Thailand's.
    received_at = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
    held_on = date(2026, 11, 23) - timedelta(days=days_ago)

    logged(circle, facilitator, held_on=held_on, received_at=received_at)

    assert [one["is_news"] for one in announced] == [is_news]


def test_an_import_is_no_news(circle, facilitator, announced):
    logged(circle, facilitator, is_news=False)

    assert [one["is_news"] for one in announced] == [False]


def test_the_announcement_comes_when_all_of_it_is_stored(circle, facilitator):
    seat = MembershipFactory(circle=circle)
    then = []

    def look(session, **kwargs):
        then.append((session.attendances.count(), session.lessons.count()))

    session_logged.connect(look)
    logged(circle, facilitator, present=[seat.person_id], lessons=["ดิน"])
    session_logged.disconnect(look)

    assert then == [(1, 1)]
