"""A real worker, a real broker, a real mail server, and kill -9.

Nothing may be lost.  A mail may come twice only if its worker died between the
server's "accepted" and our "sent", and then with the same Message-ID.
"""

import os
import random
import signal
import time
from collections import Counter

import pytest
import redis
from django.db.models.functions import Now

from milestones.actions.delivery import BATCH_SIZE
from milestones.models import Notice
from tests.chaos.conftest import environment, start_worker, wait_until
from tests.factories import (
    ContactPointFactory,
    MembershipFactory,
    MilestoneFactory,
    NoticeFactory,
    UserFactory,
    logged,
)

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

IS_LONG = os.environ.get("CHAOS_LONG") == "1"
PEOPLE, KILLS = (400, 4) if IS_LONG else (60, 3)
SEEDS = [1, 2, 3] if IS_LONG else [1]


@pytest.fixture
def settings_of_workers(shared_redis, sink, db):
    return environment(shared_redis, sink)


def celebrate(people, facilitator, circle):
    """Take *circle* over a milestone that concerns so many *people*."""
    for user in UserFactory.create_batch(people):
        MembershipFactory(circle=circle, person=user.person)
        ContactPointFactory(person=user.person)
    MilestoneFactory(circle=circle, target=1)
    logged(circle, facilitator)


def by_mail():
    return Notice.objects.filter(contact__channel="email")


def all_sent():
    return not by_mail().filter(sent_at=None).exists()


def forget_leases():
    """Let what dead workers held fall due now, not in two minutes."""
    by_mail().filter(sent_at=None).update(leased_until=Now())


def ring_until_sent(ring, seconds=60):
    give_up_at = time.monotonic() + seconds
    while not all_sent():
        assert time.monotonic() < give_up_at, by_mail().filter(sent_at=None).values()
        ring()  # as beat does, only sooner
        time.sleep(0.5)


@pytest.mark.parametrize("seed", SEEDS)
def test_kills_at_random_lose_nothing(
    seed, programs, settings_of_workers, sink, ring, facilitator, circle
):
    chance = random.Random(seed)  # noqa: S311 -- to be repeatable, not secret
    sink.pause_seconds = 0.01
    worker = start_worker(programs, **settings_of_workers)
    celebrate(PEOPLE, facilitator, circle)

    for after in sorted(chance.sample(range(3, PEOPLE - 5), KILLS)):
        wait_until(lambda count=after: len(sink.received) >= count)
        time.sleep(chance.uniform(0, 0.02))
        programs.kill(worker)
        forget_leases()
        worker = start_worker(programs, **settings_of_workers)
        ring()
    ring_until_sent(ring)

    copies = Counter(sink.addresses)
    doubled = sum(count - 1 for count in copies.values())
    print(f"{PEOPLE} mails, {KILLS} kills: {doubled} doubled")  # noqa: T201 -- figure
    assert len(copies) == PEOPLE, "lost"
    assert max(copies.values()) <= 2
    assert doubled <= KILLS
    ids = {(to, message["Message-ID"]) for to, message in sink.received}
    assert len(ids) == PEOPLE, "another Message-ID"
    inboxes = Notice.objects.filter(contact__channel="inbox")
    assert inboxes.count() == PEOPLE + 1  # and the facilitator
    assert not inboxes.filter(sent_at=None).exists()


def test_no_kill_no_double(
    programs, settings_of_workers, sink, ring, facilitator, circle
):
    start_worker(programs, **settings_of_workers)
    start_worker(programs, **settings_of_workers)  # two of them

    celebrate(PEOPLE, facilitator, circle)
    ring()
    ring()
    ring_until_sent(ring)

    assert sorted(Counter(sink.addresses).values()) == [1] * PEOPLE
    assert set(by_mail().values_list("attempts", flat=True)) == {1}


@pytest.mark.parametrize("is_accepted", [True, False], ids=["after", "before"])
def test_a_kill_at_the_servers_answer_doubles_at_most_that_mail(
    is_accepted, programs, settings_of_workers, sink, ring
):
    notices = NoticeFactory.create_batch(BATCH_SIZE)
    unlucky = notices[3].contact.address
    worker = start_worker(programs, **settings_of_workers)

    def kill(address):
        if address == unlucky:
            sink.before_answer = None
            os.killpg(worker.pid, signal.SIGKILL)
            if not is_accepted:
                raise ConnectionAbortedError

    sink.before_answer = kill
    ring()
    wait_until(lambda: worker.poll() is not None)
    forget_leases()
    start_worker(programs, **settings_of_workers)
    ring_until_sent(ring)

    copies = Counter(sink.addresses)
    assert copies.pop(unlucky) == (2 if is_accepted else 1)
    assert set(copies.values()) == {1}
    attempts = dict(by_mail().values_list("contact__address", "attempts"))
    assert attempts.pop(unlucky) == 2
    assert set(attempts.values()) == {1}


def test_a_killed_child_is_replaced_and_its_notices_follow(
    programs, settings_of_workers, sink, ring
):
    """The kernel kills children that take too much memory; the worker lives on."""
    NoticeFactory.create_batch(BATCH_SIZE)
    worker = start_worker(programs, **settings_of_workers)
    sink.pause_seconds = 0.1
    ring()
    wait_until(lambda: len(sink.received) >= 3)

    os.kill(_child_of(worker.pid), signal.SIGKILL)
    time.sleep(0.2)
    forget_leases()
    ring_until_sent(ring)

    copies = Counter(sink.addresses)
    assert len(copies) == BATCH_SIZE
    assert sum(copies.values()) <= BATCH_SIZE + 1
    assert worker.poll() is None


def test_a_message_that_carries_the_letter_would_lose_it(
    programs, settings_of_workers, sink, ring, shared_redis
):
    """Why the row is the truth: what only a broker knows dies with the broker."""
    NoticeFactory.create_batch(5)
    with redis.Redis.from_url(shared_redis) as broker:
        ring()
        assert broker.llen("notices") == 1
        broker.flushdb()  # a Redis that was restarted empty
    start_worker(programs, **settings_of_workers)
    assert sink.received == []

    ring()  # the sweep

    wait_until(lambda: len(sink.received) == 5)


def _child_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as children:
        return int(children.read().split()[0])
