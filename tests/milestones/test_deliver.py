"""Delivery: everything due is tried, nothing is tried twice at once, and it ends."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from milestones.actions import deliver_due, delivery
from milestones.channels import DeliveryFailed
from milestones.models import MAX_ATTEMPTS, Notice
from milestones.tasks import deliver_due as deliver_due_task
from tests.factories import NoticeFactory

HOUR = timedelta(hours=1)


def move(notice, **changes):
    """Move the row, not the clock: claims go by the clock of the database."""
    Notice.objects.filter(pk=notice.pk).update(**changes)


def wait_of(notice):
    """Return how long *notice* will still wait, by the clock of the database."""
    rows = Notice.objects.filter(pk=notice.pk).annotate(now=Now())
    due_at, now = rows.values_list("due_at", "now").get()
    return due_at - now


def test_a_due_notice_is_sent_once(notice, post):
    assert deliver_due() is False
    deliver_due()

    notice.refresh_from_db()
    assert len(post.sent) == 1
    assert notice.sent_at is not None
    assert (notice.due_at, notice.lease_token, notice.leased_until) == (None,) * 3
    assert (notice.attempts, notice.last_error) == (1, "")


def test_what_is_not_due_yet_waits(notice, post):
    move(notice, due_at=timezone.now() + HOUR)

    deliver_due()

    assert post.sent == []


def test_one_line_is_used_for_all_and_closed(db, post):
    NoticeFactory.create_batch(25)

    deliver_due()

    assert len(post.sent) == 25
    assert (post.opened, post.closed) == (1, 1)


def test_nothing_is_opened_when_nothing_is_due(db, post):
    deliver_due()

    assert post.opened == 0


def test_a_passing_failure_comes_back_later(notice, post):
    post.trouble["nok@example.org"] = DeliveryFailed("SMTP 451")

    deliver_due()

    notice.refresh_from_db()
    assert (notice.attempts, notice.last_error) == (1, "SMTP 451")
    assert (notice.sent_at, notice.lease_token) == (None, None)
    assert timedelta(seconds=5) < wait_of(notice) <= timedelta(seconds=60)


@pytest.mark.parametrize(
    ("attempt", "longest"),
    [(1, 1), (2, 4), (3, 16), (4, 64), (5, 256), (6, 360), (7, 360)],
)
def test_waits_are_spread_up_to_a_limit_that_grows(notice, post, attempt, longest):
    post.trouble["nok@example.org"] = DeliveryFailed("SMTP 451")
    longest = timedelta(minutes=longest)
    waits = []
    for _again in range(20):
        move(notice, attempts=attempt - 1, due_at=Now(), leased_until=None)
        deliver_due()
        waits.append(wait_of(notice))

    assert all(longest * 0.1 - HOUR / 3600 < wait <= longest for wait in waits)
    assert len(set(waits)) > 10
    assert max(waits) - min(waits) > longest / 10


def test_a_final_failure_is_given_up_at_once(notice, post):
    post.trouble["nok@example.org"] = DeliveryFailed("SMTP 550", permanent=True)

    deliver_due()

    notice.refresh_from_db()
    assert (notice.due_at, notice.sent_at) == (None, None)
    assert (notice.attempts, notice.last_error) == (1, "SMTP 550")


def test_the_last_try_is_the_last(notice, post):
    post.trouble["nok@example.org"] = DeliveryFailed("SMTP 451")
    move(notice, attempts=MAX_ATTEMPTS - 1)

    deliver_due()

    notice.refresh_from_db()
    assert (notice.attempts, notice.due_at) == (MAX_ATTEMPTS, None)


def test_after_22_hours_a_failure_is_the_last(db, post):
    old = NoticeFactory(contact__address="old@example.org")
    young = NoticeFactory(contact__address="young@example.org")
    move(old, created_at=Now() - 22.1 * HOUR)
    move(young, created_at=Now() - 21.9 * HOUR)
    failure = DeliveryFailed("TimeoutError")
    post.trouble = {"old@example.org": failure, "young@example.org": failure}

    deliver_due()

    old.refresh_from_db()
    young.refresh_from_db()
    assert old.due_at is None
    assert young.due_at is not None


def test_an_old_notice_is_still_tried(notice, post):
    """The worker was off for two days: what it finds is sent, not thrown away."""
    move(notice, created_at=Now() - 48 * HOUR)

    deliver_due()

    assert len(post.sent) == 1


def test_a_poisoned_notice_stops_nobody(db, post):
    poisoned = NoticeFactory(contact__address="poison@example.org")
    NoticeFactory.create_batch(3)
    post.trouble["poison@example.org"] = ZeroDivisionError("secret@example.org")

    deliver_due()

    poisoned.refresh_from_db()
    assert len(post.sent) == 3
    assert poisoned.due_at is not None
    assert poisoned.last_error == "ZeroDivisionError"  # no address in it


def test_a_road_switched_off_meanwhile_is_not_used(notice, post):
    notice.contact.blocked_at = timezone.now()
    notice.contact.save()

    deliver_due()

    notice.refresh_from_db()
    assert post.sent == []
    assert (notice.due_at, notice.sent_at) == (None, None)


def test_the_address_is_read_when_it_is_sent(notice, post):
    notice.contact.address = "new@example.org"
    notice.contact.save()

    deliver_due()

    assert post.sent == ["new@example.org"]


def test_what_there_was_no_time_for_is_given_back_untried(db, post):
    NoticeFactory.create_batch(3)

    with mock.patch.object(delivery, "TASK_SECONDS", -1):
        assert deliver_due() is True

    free = {"attempts": 0, "lease_token": None, "leased_until": None}
    assert Notice.objects.due().filter(**free).count() == 3
    assert deliver_due() is False
    assert len(post.sent) == 3


def test_the_task_rings_again_while_anything_is_due(db):
    with (
        mock.patch.object(deliver_due_task, "delay") as delay,
        mock.patch("milestones.actions.deliver_due", side_effect=[True, False]),
    ):
        deliver_due_task()
        assert delay.call_count == 1
        deliver_due_task()
        assert delay.call_count == 1
