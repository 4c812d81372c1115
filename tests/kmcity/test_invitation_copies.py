"""A worker dies between sending a letter and saying so: at most two copies arrive,
which a mailbox can tell are one letter, and whichever is opened opens."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from circles.actions import inviting
from circles.models import ContactPoint, Invitation, SignInSlip
from kmcity import tasks
from kmcity.environment import mailer
from kmcity.tasks import send_invitations
from tests.factories_accounts import InvitationFactory
from tests.smtp import Sink

pytestmark = pytest.mark.django_db
NEW = "ข้าวปลาอาหาร-2570"
FORM = {"password1": NEW, "password2": NEW}


class Killed(BaseException):
    """Nothing catches it: a worker that is gone."""


@pytest.fixture
def sink():
    sink = Sink()
    sink.start()
    with override_settings(MAILERS={"default": mailer(sink.url)}):
        yield sink
    sink.stop()


def killed(*_given):
    raise Killed


def sweep(row):
    """Let the time of *row* come, and send what is due."""
    late = timezone.now() - timedelta(minutes=1)
    Invitation.objects.filter(pk=row.pk).update(due_at=late)
    send_invitations()
    row.refresh_from_db()


def die_after_sending(row, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(tasks.inviting, "mark_sent", killed)
        with pytest.raises(Killed):
            sweep(row)
    row.refresh_from_db()


def link(message):
    text = message.body if hasattr(message, "body") else message.get_content()
    return re.search(r"https?://[^/\s]+(/slip/\S+)", text)[1]


def test_two_copies_at_most_of_one_letter_with_one_link(sink, monkeypatch, client):
    row = InvitationFactory()

    for _n in range(2):
        die_after_sending(row, monkeypatch)
    for _n in range(3):
        sweep(row)

    assert (bool(row.failed_at), row.last_error) == (True, "crashed")
    copies = [message for _address, message in sink.received]
    assert len(copies) == 2
    assert len({one["Message-ID"] for one in copies}) == 1
    assert len({link(one) for one in copies}) == 1
    assert client.post(link(copies[0]), FORM).status_code == 302
    row.user.refresh_from_db()
    row.contact.refresh_from_db()
    assert row.user.check_password(NEW)
    assert row.contact.verified_at


def test_the_second_copy_may_be_the_good_one(sink, monkeypatch):
    row = InvitationFactory()
    die_after_sending(row, monkeypatch)
    sweep(row)

    assert row.sent_at
    assert (row.last_error, len(sink.received)) == ("", 2)


def test_an_answer_in_between_makes_no_third_copy(sink, monkeypatch):
    row = InvitationFactory()
    die_after_sending(row, monkeypatch)
    sink.data_reply = "451 come back"
    sweep(row)
    assert row.last_error == "later"
    sink.data_reply = ""
    die_after_sending(row, monkeypatch)

    for _n in range(3):
        sweep(row)

    assert (row.last_error, len(sink.received)) == ("crashed", 2)


def test_a_letter_that_was_opened_is_not_sent_again(sink, monkeypatch, client):
    row = InvitationFactory()
    die_after_sending(row, monkeypatch)
    client.post(link(sink.received[0][1]), FORM)

    sweep(row)

    assert row.sent_at
    assert len(sink.received) == 1


def test_each_invitation_has_a_link_and_a_number_of_its_own(sink):
    rows = InvitationFactory.create_batch(3)
    send_invitations()

    messages = [message for _address, message in sink.received]
    assert len({one["Message-ID"] for one in messages}) == len(rows)
    assert all(one["Message-ID"].startswith("<invitation-") for one in messages)
    assert len({link(one) for one in messages}) == len(rows)


def test_another_address_has_another_link(sink, monkeypatch, client):
    """Whoever has the copy that went astray must not prove the address put right."""
    row = InvitationFactory()
    die_after_sending(row, monkeypatch)
    ContactPoint.objects.filter(pk=row.contact_id).update(address="right@example.org")
    sweep(row)

    astray, right = (link(message) for _address, message in sink.received)
    assert astray != right
    client.post(astray, FORM)
    row.contact.refresh_from_db()
    assert row.contact.verified_at is None
    assert client.post(right, FORM).status_code == 302


def test_the_link_cannot_be_told_without_the_key():
    row = InvitationFactory()
    with override_settings(SECRET_KEY="b" * 60):
        send_invitations()
    foreign = link(mail.outbox[0]).split("/")[2]
    Invitation.objects.update(sent_at=None, failed_at=None, last_error="", attempts=1)
    row.refresh_from_db()

    _slip, own = inviting.slip_for(row)

    assert own != foreign
    assert re.fullmatch(r"([a-hjkmnp-z2-9]{5}-){4}[a-hjkmnp-z2-9]{5}", own)
    assert SignInSlip.objects.valid().count() == 1
