"""What happens between a stored session and the door-bell: nothing may be lost."""

from __future__ import annotations

import logging
from unittest import mock

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from circles.actions import withdrawing
from circles.models import Circle, LearningSession, Lesson, Submission
from circles.permissions import Role
from circles.signals import session_changed
from milestones import receivers
from milestones.actions import recount
from milestones.models import Achievement, Measure, Notice
from milestones.tasks import deliver_due
from tests.factories import (
    AchievementFactory,
    AttendanceFactory,
    ContactPointFactory,
    LearningSessionFactory,
    MembershipFactory,
    MilestoneFactory,
    PersonFactory,
    logged,
)


def _divide_by_zero(session, **kwargs):
    return 1 // 0


def _break_a_constraint(session, **kwargs):
    LearningSessionFactory(circle=session.circle, number=session.number)


@pytest.mark.parametrize(
    ("bug", "error"),
    [(_divide_by_zero, ZeroDivisionError), (_break_a_constraint, IntegrityError)],
)
@pytest.mark.django_db(transaction=True)
def test_a_celebration_that_breaks_loses_no_session(
    circle, facilitator, caplog, bug, error
):
    MilestoneFactory(circle=circle, target=1)

    with (
        mock.patch.object(receivers, "award", bug),
        caplog.at_level(logging.ERROR, "django.dispatch"),
    ):
        submission = logged(circle, facilitator, lessons=["ดิน"])

    assert Submission.objects.get() == submission
    assert Lesson.objects.count() == 1
    assert [record.exc_info[0] for record in caplog.records] == [error]


@pytest.mark.django_db(transaction=True)
def test_a_celebration_that_broke_is_made_up_for_by_the_next_session(
    circle, facilitator, caplog
):
    MilestoneFactory(circle=circle, target=1)
    with mock.patch.object(receivers, "award", _divide_by_zero):
        logged(circle, facilitator)

    logged(circle, facilitator)

    assert Achievement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_costs_nothing(circle, facilitator, caplog):
    ContactPointFactory(person=facilitator.person)
    MilestoneFactory(circle=circle, target=1)
    refusal = ConnectionRefusedError("no broker")

    with (
        mock.patch.object(deliver_due, "delay", side_effect=refusal) as delay,
        caplog.at_level(logging.ERROR, "django.db.backends.base"),
    ):
        logged(circle, facilitator)

    assert delay.call_count == 1
    assert LearningSession.objects.count() == 1
    assert Notice.objects.filter(due_at__isnull=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_there_is_one_ring_for_all_and_nothing_in_it(circle, facilitator):
    ContactPointFactory.create_batch(3, person=facilitator.person)
    MilestoneFactory.create_batch(2, circle=circle, target=1)

    with mock.patch.object(deliver_due, "apply_async") as publish:
        logged(circle, facilitator)

    assert Notice.objects.filter(due_at__isnull=False).count() == 6
    assert [call.args for call in publish.call_args_list] == [((), {})]


@pytest.mark.django_db(transaction=True)
def test_nobody_rings_where_nothing_was_reached_or_it_is_no_news(circle, facilitator):
    MilestoneFactory(circle=circle, target=2)

    with mock.patch.object(deliver_due, "delay") as delay:
        logged(circle, facilitator)
        logged(circle, facilitator, is_news=False)

    assert Achievement.objects.count() == 1
    assert not delay.called


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_rings_nobody(circle, facilitator):
    MilestoneFactory(circle=circle, target=1)

    with mock.patch.object(deliver_due, "delay") as delay, transaction.atomic():
        logged(circle, facilitator)
        transaction.set_rollback(True)

    assert not delay.called
    assert not LearningSession.objects.exists()


def _statements(circle, facilitator, people):
    seats = MembershipFactory.create_batch(people, circle=circle)
    present = [seat.person_id for seat in seats]
    # As the view has it: the circle with its place and the tambon.
    circle = Circle.objects.select_related("place__parent").get(pk=circle.pk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        logged(circle, facilitator, present=present, lessons=["ดิน", "น้ำ"])
    return len(queries)


@pytest.mark.parametrize("people", [1, 12, 60])
def test_a_save_asks_the_database_as_often_for_sixty_as_for_one(
    circle, facilitator, people
):
    MilestoneFactory(circle=circle, target=20)
    MilestoneFactory(circle=None, place=circle.place.parent, target=100)

    # savepoint (2), author, rights, circle, same key?, highest number, session,
    # submission, seats, attendance, lessons; to award: savepoint (2), circle, places,
    # stones, one count an owner (2)
    assert _statements(circle, facilitator, people) <= 20


@pytest.mark.parametrize("people", [1, 12, 60])
def test_a_save_that_celebrates_needs_a_fixed_number_more(circle, facilitator, people):
    MilestoneFactory(circle=circle, measure=Measure.LESSONS, target=2)
    for person in PersonFactory.create_batch(people):
        MembershipFactory(circle=circle, person=person)
        ContactPointFactory(person=person)

    # Those above, and: the day, achievement, event, inboxes (2), contacts, notices.
    assert _statements(circle, facilitator, people) <= 30
    assert Notice.objects.count() >= people


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_a_recount_asks_as_often_for_many_stones_and_people(circle, rows):
    session, other = LearningSessionFactory.create_batch(2, circle=circle)
    for position in range(rows):
        stone = MilestoneFactory(circle=circle, position=position, target=1)
        AchievementFactory(milestone=stone, session=session)
    AttendanceFactory.create_batch(rows, session=session)

    for gone in (session, other):  # the stones stand on the other; then on nothing
        LearningSession.objects.filter(pk=gone.pk).update(state="withdrawn")
        with CaptureQueriesContext(connection) as queries:
            recount(gone)

        # The session; circle, places; stones, days, achievements; what shows them now
        # or the letters to call off; update (in a savepoint).
        assert len(queries) <= 10
        standing = Achievement.objects.standing().filter(session=other)
        assert standing.count() == (rows if gone == session else 0)


@pytest.mark.django_db(transaction=True)
def test_a_recount_that_breaks_costs_no_change(circle, facilitator, caplog):
    session = logged(circle, facilitator).session

    with (
        mock.patch.object(receivers, "recount", _divide_by_zero),
        caplog.at_level(logging.ERROR, "django.dispatch"),
        transaction.atomic(),
    ):
        LearningSession.objects.update(state="withdrawn")
        session_changed.send_robust(LearningSession, session=session)

    assert LearningSession.objects.get().state == "withdrawn"
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]


@pytest.mark.parametrize(("target", "rings"), [(1, 1), (2, 0)])
@pytest.mark.django_db(transaction=True)
def test_a_recount_rings_for_what_is_new(circle, facilitator, target, rings):
    session = logged(circle, facilitator).session
    MilestoneFactory(circle=circle, target=target)

    with mock.patch.object(deliver_due, "delay") as delay, transaction.atomic():
        session_changed.send_robust(LearningSession, session=session)
        session_changed.send_robust(LearningSession, session=session)
        assert not delay.called

    assert delay.call_count == rings


def test_an_administrator_who_withdraws_and_restores_is_heard(
    circle, facilitator, roles
):
    MilestoneFactory(circle=circle, target=1)
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    session = logged(circle, facilitator).session

    withdrawing.withdraw(session, admin, "ทดลองกด")
    assert Achievement.objects.get().corrected_at
    withdrawing.restore(session, admin, "ไม่ใช่การทดลอง")
    assert not Achievement.objects.get().corrected_at
