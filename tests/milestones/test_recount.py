"""A changed session counts anew: corrected, never taken back, never told twice."""

from datetime import timedelta
from unittest import mock

import pytest
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from circles.models import Attendance, LearningSession, Lesson
from circles.signals import session_changed
from milestones import receivers
from milestones.actions import award, deliver_due, recount
from milestones.channels import DeliveryFailed
from milestones.models import Achievement, Event, Measure, Notice
from milestones.tasks import deliver_due as task
from tests.factories import (
    AchievementFactory,
    AttendanceFactory,
    CircleFactory,
    ContactPointFactory,
    LearningSessionFactory,
    LessonFactory,
    MembershipFactory,
    MilestoneFactory,
    logged,
)

State = LearningSession.State
TODAY = timezone.localdate()
MINUTE = timedelta(minutes=1)


def days_ago(days):
    return TODAY - timedelta(days=days)


def change(session, **fields):
    """Change a stored session and say so, as every action on one does."""
    with transaction.atomic():
        LearningSession.objects.filter(pk=session.pk).update(**fields)
        session_changed.send_robust(LearningSession, session=session)


def withdraw(session):
    change(session, state=State.WITHDRAWN)


def restore(session):
    change(session, state=State.HELD)


@pytest.fixture
def letter(facilitator):
    """An e-mail address that hears of every stone."""
    return ContactPointFactory(person=facilitator.person)


def test_a_withdrawn_session_is_shown_as_corrected_and_nothing_is_deleted(
    circle, facilitator
):
    MilestoneFactory(circle=circle, target=2)
    logged(circle, facilitator)
    session = logged(circle, facilitator).session

    withdraw(session)

    achievement = Achievement.objects.get()
    assert timezone.now() - achievement.corrected_at < MINUTE
    assert (achievement.session, achievement.reached_on) == (session, TODAY)
    assert Event.objects.count() == 1


def test_what_is_not_sent_yet_is_called_off_and_what_is_there_stays(
    circle, facilitator, letter
):
    sent, held, late = ContactPointFactory.create_batch(3, person=facilitator.person)
    MilestoneFactory(circle=circle, target=1)
    with mock.patch.object(task, "delay"):
        session = logged(circle, facilitator).session
    notices = Notice.objects.filter
    notices(contact=sent).update(sent_at=Now(), due_at=None)
    notices(contact=held).update(leased_until=Now() + MINUTE)
    notices(contact=late).update(leased_until=Now() - MINUTE)

    withdraw(session)

    for contact in letter, late:
        called_off = Notice.objects.get(contact=contact)
        assert (called_off.due_at, called_off.sent_at) == (None, None)
        assert called_off.last_error == "corrected afterwards"
        assert called_off.leased_until is None
    assert Notice.objects.get(contact=held).due_at is not None
    assert not notices(contact=sent).get().last_error
    assert Notice.objects.inbox(facilitator).get().sent_at


def test_one_that_a_worker_held_and_could_not_send_does_not_come_back(
    circle, facilitator, letter, post
):
    MilestoneFactory(circle=circle, target=1)
    with mock.patch.object(task, "delay"):
        session = logged(circle, facilitator).session

    seen = []

    def correct_meanwhile():
        withdraw(session)
        seen.append(Notice.objects.get(contact=letter).due_at)
        return DeliveryFailed("busy", permanent=False)

    post.trouble[letter.address] = correct_meanwhile
    deliver_due()

    assert None not in seen  # left to the worker, then called off
    assert len(seen) == 1
    assert Notice.objects.get(contact=letter).last_error == "corrected afterwards"
    assert Notice.objects.get(contact=letter).due_at is None


@pytest.mark.parametrize("again", ["restored", "logged"])
def test_true_again_it_stands_without_a_second_notice(
    circle, facilitator, letter, again
):
    MilestoneFactory(circle=circle, target=1)
    session = logged(circle, facilitator, held_on=days_ago(3)).session
    told = list(Notice.objects.order_by("pk").values())
    withdraw(session)

    if again == "restored":
        restore(session)
    else:
        session = logged(circle, facilitator).session

    achievement = Achievement.objects.get()
    assert achievement.corrected_at is None
    assert (achievement.session, achievement.reached_on) == (session, session.held_on)
    assert Event.objects.count() == 1
    assert len(Notice.objects.all()) == len(told)


def test_while_others_qualify_it_stands_on_one_of_them(circle, facilitator):
    MilestoneFactory(circle=circle, target=2)
    LearningSessionFactory(circle=circle, held_on=days_ago(9))
    crossing = logged(circle, facilitator, held_on=days_ago(5)).session
    later = logged(circle, facilitator, held_on=days_ago(1)).session

    withdraw(crossing)

    achievement = Achievement.objects.get()
    assert achievement.corrected_at is None
    assert (achievement.session, achievement.reached_on) == (later, days_ago(1))


def test_a_corrected_date_moves_the_day_reached(circle, facilitator):
    MilestoneFactory(circle=circle, target=2)
    first, second = (logged(circle, facilitator).session for _one in range(2))

    change(second, held_on=days_ago(4))
    assert Achievement.objects.get().reached_on == TODAY
    change(first, held_on=days_ago(2))
    assert Achievement.objects.get().reached_on == days_ago(2)


@pytest.mark.parametrize("measure", [Measure.PEOPLE, Measure.LESSONS])
def test_who_came_and_what_was_told_are_counted_anew(circle, facilitator, measure):
    MilestoneFactory(circle=circle, measure=measure, target=2)
    seat = MembershipFactory(circle=circle)
    session = logged(
        circle, facilitator, present=[seat.person_id], lessons=["ดิน"]
    ).session
    assert not Achievement.objects.exists()

    AttendanceFactory(session=session)
    LessonFactory(session=session)
    change(session)
    assert Achievement.objects.get().session == session

    Attendance.objects.filter(person=seat.person).update(state="absent")
    Lesson.objects.first().delete()
    change(session)
    assert Achievement.objects.get().corrected_at


@pytest.mark.parametrize("days", [0, 61])
def test_what_is_newly_reached_is_told_unless_it_is_long_ago(circle, facilitator, days):
    session = logged(circle, facilitator, held_on=days_ago(days)).session
    change(session, state=State.IN_QUESTION)
    MilestoneFactory(circle=circle, target=1)
    recount(session)
    assert not Achievement.objects.exists()

    with mock.patch.object(receivers.deliver_due, "delay"):
        restore(session)

    assert Achievement.objects.get().session == session
    assert Event.objects.exists() == Notice.objects.exists() == (days == 0)


def test_a_record_in_question_counts_nowhere_and_shows_nothing(circle):
    MilestoneFactory(circle=circle, target=2)
    two = LearningSessionFactory.create_batch(2, circle=circle, held_on=days_ago(8))
    doubt = LearningSessionFactory(circle=circle, state=State.IN_QUESTION)

    award(doubt)  # makes up for what broke before; does not count itself

    achievement = Achievement.objects.get()
    assert achievement.session in two
    assert achievement.reached_on == days_ago(8)
    MilestoneFactory(circle=circle, target=3)
    assert award(doubt) == recount(doubt) == []


def test_the_stones_of_the_places_around_are_counted_anew(circle, facilitator):
    tambon = circle.place.parent
    AchievementFactory(  # somebody else's stone, untouched though nothing supports it
        milestone__circle=CircleFactory(place=circle.place), milestone__target=9
    )
    for place in (tambon, tambon.parent):
        MilestoneFactory(circle=None, place=place, target=3)
    LearningSessionFactory(circle__place=circle.place)
    session = logged(circle, facilitator).session

    withdraw(session)

    corrected = Achievement.objects.filter(corrected_at__isnull=False)
    assert {one.milestone.place for one in corrected} == {tambon, tambon.parent}
    assert Achievement.objects.standing().count() == 1


def test_counting_twice_changes_nothing(circle, facilitator, letter):
    MilestoneFactory(circle=circle, target=1)
    session = logged(circle, facilitator).session
    withdraw(session)
    before = [list(model.objects.values()) for model in (Achievement, Notice)]

    recount(session)

    assert before == [list(model.objects.values()) for model in (Achievement, Notice)]
