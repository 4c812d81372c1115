"""Many people at the same moment: real threads, real connections, real locks."""

import os
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from circles.models import LearningSession, Submission
from circles.permissions import Role
from milestones.models import Achievement, Event, Measure, Notice
from tests.factories import (
    CircleFactory,
    MembershipFactory,
    MilestoneFactory,
    TambonFactory,
    UserFactory,
    VillageFactory,
    logged,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

IN_CI = os.environ.get("CI") == "true"
PAIRS = 150 if IN_CI else 40


class Crowd:
    """Some threads, each with a connection of its own, that act at one moment."""

    def __init__(self, size: int) -> None:
        self.size, self.start = size, threading.Barrier(size)
        self.threads = ThreadPoolExecutor(size)

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *error: object) -> None:
        self.at_once(*[lambda: connection.close()] * self.size)
        self.threads.shutdown()

    def at_once(self, *actions: Callable[[], object]) -> list:
        def act(action: Callable[[], object]) -> object:
            self.start.wait(timeout=30)
            return action()

        return list(self.threads.map(act, actions))


@pytest.fixture
def village(db):
    return VillageFactory()


def facilitator_of(circle, roles):
    return roles.user(Role.KHUN_AMNUAY, circle)


def test_ten_posts_of_one_form_are_one_session(roles, village):
    circle = CircleFactory(place=village)
    author = facilitator_of(circle, roles)
    seat = MembershipFactory(circle=circle)
    MilestoneFactory(circle=circle, target=1)

    for _round in range(5):
        key = uuid.uuid4()

        def post(key=key):
            form = {"present": [seat.person_id], "lessons": ["ดิน"], "guest_count": 2}
            return logged(circle, author, key=key, **form).receipt

        with Crowd(10) as crowd:
            receipts = crowd.at_once(*[post] * 10)
        assert len(set(receipts)) == 1

    assert LearningSession.objects.count() == Submission.objects.count() == 5
    numbers = LearningSession.objects.order_by("number").values_list("number")
    assert [number for (number,) in numbers] == [1, 2, 3, 4, 5]
    assert Achievement.objects.count() == 1


def test_colleagues_who_log_at_once_get_a_number_each(roles, village):
    circle = CircleFactory(place=village)
    authors = [facilitator_of(circle, roles) for _one in range(8)]

    with Crowd(8) as crowd:
        crowd.at_once(*[lambda by=author: logged(circle, by) for author in authors])

    numbers = set(LearningSession.objects.values_list("number", flat=True))
    assert numbers == set(range(1, 9))


def race(first, second, stone):
    """Log in two circles at once; *stone* wants both sessions."""
    with Crowd(2) as crowd:
        for number in range(PAIRS):
            wanted = stone(number)
            crowd.at_once(lambda: logged(*first), lambda: logged(*second))
            yield Achievement.objects.filter(milestone=wanted).count()


def test_pairs_that_race_to_a_tambons_milestone_reach_it_once(roles, village):
    one, other = CircleFactory.create_batch(2, place=village)
    first, second = ((each, facilitator_of(each, roles)) for each in (one, other))

    def stone(number):
        return MilestoneFactory(
            circle=None, place=village.parent, position=number, target=2 * number + 2
        )

    found = list(race(first, second, stone))

    assert (found.count(0), found.count(1)) == (0, PAIRS), "missed, reached once"
    assert Event.objects.count() == PAIRS


def test_pairs_that_race_in_one_circle_reach_its_milestone_once(roles, village):
    circle = CircleFactory(place=village)
    first, second = ((circle, facilitator_of(circle, roles)) for _one in range(2))

    def stone(number):
        return MilestoneFactory(circle=circle, position=number, target=2 * number + 2)

    found = list(race(first, second, stone))

    assert (found.count(0), found.count(1)) == (0, PAIRS), "missed, reached once"


def test_circles_of_many_tambons_celebrate_together_without_a_deadlock(roles, village):
    """They share the province's stone and the people who are told."""
    tambons = TambonFactory.create_batch(4)
    circles = [CircleFactory(place=tambon) for tambon in tambons]
    authors = [facilitator_of(circle, roles) for circle in circles]
    everywhere = UserFactory.create_batch(5)
    for circle in circles:
        MilestoneFactory(circle=circle, target=1)
        for user in everywhere:
            MembershipFactory(circle=circle, person=user.person)
    province = village.parent.parent.parent
    MilestoneFactory(circle=None, place=province, target=4)
    MilestoneFactory(circle=None, place=province, measure=Measure.PEOPLE, target=5)

    with Crowd(4) as crowd:
        crowd.at_once(
            *[
                lambda to=circle, by=author: logged(
                    to, by, present=[user.person_id for user in everywhere]
                )
                for circle, author in zip(circles, authors, strict=True)
            ]
        )

    assert Achievement.objects.count() == 6
    for user in everywhere:
        assert Notice.objects.inbox(user).count() >= 4
