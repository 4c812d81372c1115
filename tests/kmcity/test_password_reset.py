"""A new password by letter: for its owner only, and silent about who has an account."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError
from pytest_django.asserts import assertContains, assertRedirects

from kmcity import postman, tasks
from tests.factories import ContactPointFactory
from tests.kmcity.signing import PASSWORD, account, sign_in, who, with_app

pytestmark = pytest.mark.django_db
NEW = "ข้าวปลาอาหาร-2570"
FORM = {"password1": NEW, "password2": NEW}


@pytest.fixture
def user(db):
    user = account()
    ContactPointFactory(person=user.person, address="mali@example.org")
    return user


def ask(client, email="mali@example.org"):
    return client.post(reverse("password-reset"), {"email": email})


def link(letter):
    return re.search(r"https?://[^/]+(/\S+)", letter.body)[1]


def opened(client, letter):
    """Follow the link; return the address of the form that it leads to."""
    return client.get(link(letter), follow=True).request["PATH_INFO"]


def test_password_reset(client, user):
    assertContains(client.get(reverse("password-reset")), 'name="email"')
    assertRedirects(ask(client, "Mali@Example.org"), reverse("password-reset-sent"))

    [letter] = mail.outbox
    assert letter.to == ["mali@example.org"]
    assert user.username in letter.body
    response = client.post(opened(client, letter), FORM)

    assert who(client) == str(user.pk)
    assert response.url == reverse("home")
    user.refresh_from_db()
    assert user.check_password(NEW)


@pytest.mark.parametrize("email", ["nobody@example.org", "closed@example.org"])
def test_the_answer_tells_nobody_who_has_an_account(client, user, email):
    ContactPointFactory(person=account(is_active=False).person, address=email)

    known, unknown = ask(client), ask(client, email)

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mail.outbox) == 1


def test_the_work_is_done_elsewhere_and_always(client, user, monkeypatch):
    """Else the time that a mail server takes would tell who has an account."""
    rung = []
    monkeypatch.setattr(
        tasks.write_reset_letters, "delay", lambda *args: rung.append(args)
    )

    ask(client)
    ask(client, "nobody@example.org")

    road = user.person.contact_points.get()
    assert rung == [([(user.pk, road.pk)], "th"), ([], "th")]
    assert not mail.outbox


def test_without_a_broker_the_letter_is_written_all_the_same(client, user, monkeypatch):
    def away(*args):
        raise OperationalError

    monkeypatch.setattr(tasks.write_reset_letters, "delay", away)
    ask(client)

    assert len(mail.outbox) == 1


def test_a_mail_server_that_refuses_is_no_error_page(client, user, monkeypatch, caplog):
    def refuse(*args):
        raise OSError("mali@example.org refused")

    monkeypatch.setattr(postman.EmailMessage, "send", refuse)
    assert ask(client).status_code == 302

    assert "mali" not in caplog.text


def test_two_accounts_of_one_address_get_a_letter_each_with_its_user_name(client, user):
    other = account(email="mali@example.org")

    ask(client)

    assert {
        name in letter.body
        for letter, name in zip(
            mail.outbox, [user.username, other.username], strict=True
        )
    } == {True}


@pytest.mark.parametrize(
    "state", [{"verified_at": None}, {"blocked_at": timezone.now()}]
)
def test_no_letter_goes_where_no_road_is_open(client, state):
    ContactPointFactory(person=account().person, address="mali@example.org", **state)

    ask(client)

    assert not mail.outbox


def test_an_address_that_was_switched_off_is_not_taken_from_the_account(client):
    user = account(email="mali@example.org")
    ContactPointFactory(
        person=user.person, address="mali@example.org", blocked_at=timezone.now()
    )

    ask(client)

    assert not mail.outbox


def test_a_link_is_good_once(client, user):
    ask(client)
    client.post(opened(client, mail.outbox[0]), FORM)
    client.post(reverse("sign-out"))

    assertContains(client.get(link(mail.outbox[0]), follow=True), "notice--warn")


@pytest.mark.parametrize("key", ["1-x", "zzzzzzzzzzzzzzzzzz-abc-def", "1-set-password"])
def test_an_invented_link_opens_nothing(client, user, key):
    assertContains(client.get(f"/password/{key}/"), "notice--warn")
    assertContains(client.post(f"/password/{key}/", FORM), "notice--warn")


def test_a_link_expires_after_a_day(client, user):
    ask(client)

    # Of this machine's clock: the tokens count local time.
    with time_machine.travel(datetime.now() + timedelta(hours=25)):  # noqa: DTZ005 -- as they do
        response = client.get(link(mail.outbox[0]), follow=True)

    assertContains(response, "notice--warn")


def test_a_link_opens_no_account_that_was_closed_since(client, user):
    ask(client)
    user.is_active = False
    user.save()

    assertContains(client.get(link(mail.outbox[0]), follow=True), "notice--warn")


def test_a_link_for_one_does_not_touch_the_other_who_is_signed_in_here(client, user):
    other = account()
    sign_in(client, other.username)
    ask(client)

    page = opened(client, mail.outbox[0])
    assert not who(client)
    client.post(page, FORM)

    assert who(client) == str(user.pk)
    other.refresh_from_db()
    assert other.check_password(PASSWORD)


def test_a_new_password_ends_every_other_session(client, user, roles):
    elsewhere = roles.signed_in(user)
    ask(client)
    client.post(opened(client, mail.outbox[0]), FORM)

    assert elsewhere.get(reverse("account")).status_code == 302


def test_a_letter_does_not_replace_the_second_factor(client, user):
    with_app(user)
    ask(client)

    response = client.post(opened(client, mail.outbox[0]), FORM)

    assert response.url == reverse("second-factor-check")
    assert not who(client)


@pytest.mark.parametrize(
    "form",
    [
        {"password1": "12345678", "password2": "12345678"},
        {"password1": NEW, "password2": "another"},
        {"password1": "a\x00bcdefgh", "password2": "a\x00bcdefgh"},
        {},
    ],
)
def test_a_password_that_will_not_do_is_refused_in_words(client, user, form):
    ask(client)

    response = client.post(opened(client, mail.outbox[0]), form)

    assertContains(response, "errsum")
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(
    "email", ["", "mali", "a\x00@b.org", "ก" * 10_000, "\ufffd@example.org", "@"]
)
def test_odd_addresses_are_refused_in_words(client, email):
    assertContains(ask(client, email), "errsum")
