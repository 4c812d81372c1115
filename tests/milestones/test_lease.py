"""A claim is a lease: who dies loses it, who is late has lost it."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from milestones.actions import deliver_due, delivery
from milestones.models import LEASE, MAX_ATTEMPTS, Notice
from tests.factories import NoticeFactory


def move(notice, **changes):
    """Move the row, not the clock: claims go by the clock of the database."""
    Notice.objects.filter(pk=notice.pk).update(**changes)


def test_a_second_worker_finds_nothing_while_the_first_is_sending(notice, post):
    seen = []
    post.trouble["nok@example.org"] = lambda: seen.extend(delivery._claim())

    deliver_due()

    assert len(post.sent) == 1
    assert seen == []


def test_a_lease_lasts_two_minutes_by_the_clock_of_the_database(notice, post):
    delivery._claim()

    held = Notice.objects.annotate(left=F("leased_until") - Now()).get()
    assert LEASE - timedelta(seconds=5) < held.left <= LEASE


def test_what_a_dead_worker_held_is_sent_when_its_lease_has_run_out(notice, post):
    delivery._claim()  # and then it died
    deliver_due()
    assert post.sent == []

    move(notice, leased_until=Now() - timedelta(seconds=1))
    deliver_due()

    assert len(post.sent) == 1


def test_a_worker_that_comes_back_late_changes_nothing(notice, post):
    (late,) = delivery._claim()
    move(notice, leased_until=Now() - timedelta(seconds=1))
    (other,) = delivery._claim()

    delivery._failed(late, "too late", permanent=True)
    delivery._finish(late, sent_at=Now(), due_at=None)

    notice.refresh_from_db()
    assert notice.lease_token == other.lease_token != late.lease_token
    assert (notice.sent_at, notice.last_error) == (None, "")
    assert notice.due_at is not None


def test_a_worker_whose_lease_ran_out_does_not_send(notice, post):
    (late,) = delivery._claim()
    move(notice, leased_until=Now() - timedelta(seconds=1))

    assert not delivery._begin(late)

    assert not delivery._begin(Notice(pk=notice.pk, lease_token=uuid.uuid4()))


def test_a_notice_that_kills_every_worker_is_given_up(notice, post):
    for _crash in range(MAX_ATTEMPTS):
        (claimed,) = delivery._claim()
        delivery._begin(claimed)  # and then it died
        move(notice, leased_until=Now() - timedelta(seconds=1))

    deliver_due()

    notice.refresh_from_db()
    assert post.sent == []
    assert (notice.due_at, notice.last_error) == (None, "worker died")


def test_a_notice_that_kills_every_worker_delays_only_itself(db, post):
    killer = NoticeFactory(contact__address="killer@example.org")
    NoticeFactory.create_batch(5)
    post.trouble["killer@example.org"] = KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt):
        deliver_due()
    Notice.objects.update(leased_until=Now() - timedelta(seconds=1))

    with pytest.raises(KeyboardInterrupt):
        deliver_due()

    assert len(post.sent) == 5
    tries = dict(Notice.objects.values_list("pk", "attempts"))
    assert tries.pop(killer.pk) == 2
    assert set(tries.values()) == {1}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_never_take_the_same(post):
    NoticeFactory.create_batch(60)
    start = threading.Barrier(4)

    def work():
        start.wait(timeout=10)
        try:
            deliver_due()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _one in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)

    assert len(post.sent) == len(set(post.sent)) == 60
    assert set(Notice.objects.values_list("attempts", flat=True)) == {1}
