"""Letters of invitation: what they say, what they prove, what happens to them."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from circles.actions.accounts import AccountRefused, disable_account
from circles.actions.inviting import WAITS, claimed, invite, print_slip, slip_for
from circles.models import Change, ContactPoint, Invitation, SignInSlip
from circles.permissions import Role
from kmcity import tasks
from kmcity.environment import mailer
from kmcity.schedule import SCHEDULE
from kmcity.tasks import send_invitations
from tests.factories import ContactPointFactory, UserFactory
from tests.factories_accounts import InvitationFactory, seated
from tests.smtp import Sink

pytestmark = pytest.mark.django_db
NEW = "ข้าวปลาอาหาร-2570"
FORM = {"password1": NEW, "password2": NEW}


@pytest.fixture
def sink():
    sink = Sink()
    sink.start()
    with override_settings(MAILERS={"default": mailer(sink.url)}):
        yield sink
    sink.stop()


def link(letter):
    return re.search(r"https?://[^/\s]+(/slip/\S+)", letter.body)[1]


def sweep(row):
    """Let the time of *row* come, and send what is due."""
    Invitation.objects.filter(pk=row.pk).update(
        due_at=timezone.now() - timedelta(minutes=1)
    )
    send_invitations()
    row.refresh_from_db()


def test_a_letter_says_who_invites_what_for_and_how_long(circle, roles):
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent, first_name="มาลี")
    user = seated(circle)
    invite(admin, user, ContactPointFactory(person=user.person, verified_at=None))

    send_invitations()

    letter = mail.outbox[0]
    assert letter.subject.isprintable()
    for words in ("เรียน", "มาลี", "นครศรีธรรมราช"):
        assert words in letter.body
    assert user.username in letter.body
    assert SignInSlip.objects.get().author == admin
    row = Invitation.objects.get()
    assert (row.attempts, row.last_error) == (1, "")
    secret = link(letter).split("/")[2]
    assert secret not in str(Invitation.objects.values()) + str(
        SignInSlip.objects.values()
    )


def test_using_the_link_proves_the_address(client):
    row = InvitationFactory()
    send_invitations()

    client.post(link(mail.outbox[0]), FORM)

    row.contact.refresh_from_db()
    row.user.refresh_from_db()
    assert row.user.check_password(NEW)
    assert row.contact.verified_at
    change = Change.objects.get(subject="contactpoint")
    assert (change.author, change.person) == (row.user, row.user.person)


@pytest.mark.parametrize("change", ["address", "blocked", "moved", "card"])
def test_another_address_is_not_proven(client, change):
    row = InvitationFactory()
    send_invitations()
    path = link(mail.outbox[0])
    points = ContactPoint.objects.filter(pk=row.contact_id)
    if change == "address":
        points.update(address="other@example.org")
    if change == "blocked":
        points.update(blocked_at=timezone.now())
    if change == "moved":
        points.update(person=UserFactory().person)
    if change == "card":
        path = reverse("slip-use", args=[print_slip(row.author, row.user)[1]])

    assert client.post(path, FORM).status_code == 302

    row.contact.refresh_from_db()
    assert row.contact.verified_at is None


def test_one_letter_however_often_it_is_rung(circle, roles):
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    user = seated(circle)
    point = ContactPointFactory(person=user.person)

    first = invite(admin, user, point)
    assert invite(admin, user, point) == first
    for _n in range(3):
        send_invitations()

    assert len(mail.outbox) == 1
    with pytest.raises(AccountRefused) as refused:
        invite(admin, user, point)
    assert refused.value.code == "pause"


def test_another_address_takes_the_place_of_the_first(circle, roles):
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    user = seated(circle)
    wrong, right = ContactPointFactory.create_batch(2, person=user.person)

    old = invite(admin, user, wrong)
    invite(admin, user, right)
    send_invitations()

    assert [one.to for one in mail.outbox] == [[right.address]]
    old.refresh_from_db()
    assert old.last_error == "replaced"


def test_a_printed_card_calls_the_waiting_letter_off(circle, roles):
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    user = seated(circle)
    invite(admin, user, ContactPointFactory(person=user.person))

    print_slip(admin, user)
    send_invitations()

    assert not mail.outbox
    assert SignInSlip.objects.valid().count() == 1


def test_a_server_that_says_later_is_asked_five_times(sink):
    row = InvitationFactory()
    sink.refusals[row.contact.address] = "451 come back"
    for attempt, wait in enumerate(WAITS, 1):
        sweep(row)
        assert (row.attempts, row.failed_at, row.last_error) == (
            attempt,
            None,
            "later",
        )
        assert abs(row.due_at - timezone.now() - wait) < timedelta(seconds=30)

    sweep(row)

    assert row.failed_at
    sweep(row)
    assert row.attempts == 5


def test_a_refusal_for_good_and_a_dead_server(sink):
    refused, other = InvitationFactory(), InvitationFactory()
    sink.refusals[refused.contact.address] = "550 no such user"

    send_invitations()
    refused.refresh_from_db()
    assert (refused.last_error, bool(refused.failed_at)) == ("refused", True)
    assert sink.addresses == [other.contact.address]

    away = InvitationFactory()
    with override_settings(MAILERS={"default": mailer("smtp://127.0.0.1:9")}):
        sweep(away)
    assert (away.last_error, away.failed_at) == ("connection", None)
    sweep(away)
    assert away.sent_at
    assert SignInSlip.objects.valid().filter(user=away.user).count() == 1


@pytest.mark.parametrize("case", ["reach", "address", "closed"])
def test_what_may_not_be_sent_any_more_is_not_sent(circle, roles, case):
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    user = seated(circle)
    row = invite(admin, user, ContactPointFactory(person=user.person))
    if case == "reach":
        admin.person.assignments.update(until=timezone.localdate() - timedelta(days=1))
    if case == "address":
        ContactPoint.objects.update(blocked_at=timezone.now())
    if case == "closed":
        disable_account(admin, user, "ลองดู")

    send_invitations()

    row.refresh_from_db()
    assert not mail.outbox
    assert row.last_error == case
    assert row.failed_at
    assert not SignInSlip.objects.exists()


def test_a_worker_that_died_is_followed_by_another():
    row = InvitationFactory()
    held = next(claimed())
    send_invitations()
    assert not mail.outbox  # leased

    Invitation.objects.update(due_at=F("due_at") - timedelta(minutes=3))
    send_invitations()

    assert len(mail.outbox) == 1
    assert slip_for(held) is None  # the first one comes too late
    Invitation.objects.filter(pk=row.pk).update(sent_at=None, attempts=5)
    sweep(row)
    assert (row.last_error, len(mail.outbox)) == ("crashed", 1)


def test_a_poisoned_letter_holds_up_nobody(monkeypatch, caplog):

    rows = InvitationFactory.create_batch(2)
    real = tasks.post

    def post(template, context, address, *rest):
        if address == rows[0].contact.address:
            raise RuntimeError(address)
        real(template, context, address, *rest)

    monkeypatch.setattr(tasks, "post", post)
    send_invitations()

    assert [one.to for one in mail.outbox] == [[rows[1].contact.address]]
    assert "@" not in caplog.text


def test_beat_sweeps_every_minute():
    entry = SCHEDULE["send-invitations"]

    assert entry["task"] == send_invitations.name
    assert entry["schedule"] == timedelta(seconds=60)
