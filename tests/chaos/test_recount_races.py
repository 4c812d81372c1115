"""Corrections at the same moment as new records: what is shown is what is stored."""

import threading
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from circles.models import LearningSession
from circles.signals import session_changed
from milestones.actions import deliver_due
from milestones.models import Achievement, Event, Notice
from tests.chaos.test_races import PAIRS, Crowd, facilitator_of
from tests.factories import (
    CircleFactory,
    ContactPointFactory,
    LearningSessionFactory,
    MilestoneFactory,
    VillageFactory,
    logged,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def change(session, state):
    with transaction.atomic():
        LearningSession.objects.filter(pk=session.pk).update(state=state)
        session_changed.send(LearningSession, session=session)


@pytest.fixture
def pair(db, roles):
    """Two circles of one village, each with its facilitator."""
    circles = CircleFactory.create_batch(2, place=VillageFactory())
    return [(circle, facilitator_of(circle, roles)) for circle in circles]


def test_one_record_taken_away_while_a_neighbour_adds_one_keeps_the_stone(pair):
    (circle, author), second = pair
    tambon = circle.place.parent
    wrong = []

    with Crowd(2) as crowd:
        for number in range(PAIRS):
            gone = logged(circle, author).session
            counted = LearningSession.objects.counted().count()
            stone = MilestoneFactory(
                circle=None, place=tambon, position=number, target=counted
            )
            change(gone, "held")  # reached

            crowd.at_once(lambda one=gone: change(one, "withdrawn"), _log(second))

            achievement = Achievement.objects.get(milestone=stone)
            wrong += [number] if achievement.corrected_at else []
            achievement.session.refresh_from_db()
            assert achievement.session.is_counted
            stone.target = 10_000  # later rounds are about later stones
            stone.save()

    assert wrong == []
    assert Event.objects.count() == PAIRS


def _log(second):
    return lambda: logged(*second)


def test_two_corrections_that_race_agree_with_the_record(pair):
    """One takes away, one gives back: the stone stands; then both take away."""
    (circle, _author), (other, _author2) = pair
    MilestoneFactory(circle=None, place=circle.place.parent, target=1)
    one = LearningSessionFactory(circle=circle)
    two = LearningSessionFactory(circle=other, state="withdrawn")
    change(one, "held")

    with Crowd(2) as crowd:
        for _round in range(PAIRS):
            crowd.at_once(
                lambda gone=one: change(gone, "withdrawn"),
                lambda back=two: change(back, "held"),
            )
            achievement = Achievement.objects.get()
            assert (achievement.corrected_at, achievement.session) == (None, two)
            one, two = two, one
        crowd.at_once(*[lambda: change(one, "withdrawn")] * 2)

    assert Achievement.objects.get().corrected_at is not None


@contextmanager
def postman():
    """Somebody who delivers all the time."""
    done = threading.Event()

    def work():
        while not done.is_set():
            deliver_due()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=60)
    assert not thread.is_alive()


def test_what_is_called_off_while_letters_go_out_is_either_sent_or_not(pair):
    (circle, author), _second = pair
    ContactPointFactory.create_batch(10, person=author.person)

    with postman():
        for position in range(10):
            MilestoneFactory(circle=circle, position=position, target=position + 1)
            session = logged(circle, author).session
            change(session, "withdrawn")
            change(session, "held")
    deliver_due()

    letters = Notice.objects.filter(contact__channel="email")
    assert letters.count() == 100
    assert not letters.filter(due_at__isnull=False).exists()
    called_off = letters.filter(sent_at=None)
    assert {one.last_error for one in called_off} <= {"corrected afterwards"}
    assert Achievement.objects.standing().count() == 10
