"""Guessing is slow, and nobody can shut the door for its owner."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from pytest_django.asserts import assertContains

from circles.models import ContactPoint
from kmcity.environment import cache as cache_of
from tests.factories import ContactPointFactory
from tests.kmcity.signing import PASSWORD, account, sign_in, who

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()


def at(client, address):
    """Return *client* as it looks from *address*."""
    client.defaults["REMOTE_ADDR"] = address
    return client


def guess(client, name, times):
    return [sign_in(client, name, "wrong").status_code for _n in range(times)]


def test_the_sixth_guess_from_one_place_is_refused_in_words(client):
    user = account()

    assert guess(client, user.username, 6) == [200] * 5 + [429]
    response = sign_in(client, user.username)

    assert response.status_code == 429
    assert int(response["Retry-After"]) == 300
    assertContains(response, f'value="{user.username}"', status_code=429)
    assert not who(client)


@pytest.fixture
def mali(db):
    user = account(username="mali", email="mali@example.org")
    ContactPointFactory(
        person=user.person, channel=ContactPoint.Channel.PHONE, address="0812345678"
    )
    return user


@pytest.mark.parametrize(
    "names",
    [
        ["0812345678", "+66812345678", "081-234-5678", "๐๘๑ ๒๓๔ ๕๖๗๘"],
        ["0899999999", "+66899999999", "089-999-9999", "๐๘๙ ๙๙๙ ๙๙๙๙"],
        [
            "mali@example.org",
            "Mali@Example.ORG",
            " MALI@example.org",
            "ｍali@example.org",
        ],
        [
            "nobo@example.org",
            "Nobo@Example.ORG",
            " NOBO@example.org",
            "ｎobo@example.org",
        ],
        ["mali", "ｍａｌｉ", " mali", "MALI"],
        ["nobo", "ｎｏｂｏ", " nobo", "NOBO"],
    ],
)
def test_the_count_does_not_tell_a_known_name_from_an_unknown_one(client, mali, names):
    statuses = [sign_in(client, name, "wrong").status_code for name in names * 2]

    assert statuses == [200] * 5 + [429] * 3


@pytest.mark.parametrize("number", ["0812345678", "0899999999"])
def test_the_count_does_not_tell_whose_number_it_is(client, mali, number):
    assert guess(client, number, 6) == [200] * 5 + [429]

    assert guess(client, "mali", 1) == [200]
    assert guess(client, "mali@example.org", 1) == [200]


def test_every_name_of_an_account_counts_for_the_same_account(client, mali, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "sign_in_account": "7/h/key"
    }
    names = ["mali", "mali@example.org", "0812345678", "+66812345678"]

    statuses = [sign_in(client, name, "wrong").status_code for name in names * 2]

    assert statuses == [200] * 7 + [429]


def test_who_is_locked_out_here_comes_in_from_elsewhere(client):
    user = account()
    guess(at(client, "192.0.2.1"), user.username, 6)

    sign_in(at(client, "192.0.2.2"), user.username)

    assert who(client) == str(user.pk)


def test_what_succeeds_does_not_count(client):
    user = account()

    for _n in range(8):
        sign_in(client, user.username)
        assert who(client)
        client.post(reverse("sign-out"))


def test_one_address_cannot_try_names_without_end(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "sign_in_address": "7/10m/ip"
    }

    statuses = [guess(client, f"name{n}", 1)[0] for n in range(9)]

    assert statuses == [200] * 7 + [429] * 2


def test_many_addresses_together_are_stopped_but_not_the_owner_at_home(
    client, settings
):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "sign_in_account": "10/h/key"
    }
    user = account()
    sign_in(at(client, "192.0.2.200"), user.username)
    client.post(reverse("sign-out"))

    crowd = [
        guess(at(client, f"198.51.100.{n}"), user.username, 1)[0] for n in range(12)
    ]
    sign_in(at(client, "192.0.2.200"), user.username)

    assert crowd == [200] * 10 + [429] * 2
    assert who(client) == str(user.pk)


def test_a_forwarded_address_is_not_believed_without_a_proxy(client):
    user = account()

    statuses = [
        sign_in(
            client,
            user.username,
            "wrong",
            headers={"X-Forwarded-For": f"203.0.113.{n}"},
        ).status_code
        for n in range(6)
    ]

    assert statuses[-1] == 429


def test_behind_the_proxy_only_what_the_proxy_wrote_counts(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    user = account()
    forged = [f"203.0.113.{n}, 192.0.2.7" for n in range(6)]

    statuses = [
        sign_in(
            client, user.username, "wrong", headers={"X-Forwarded-For": chain}
        ).status_code
        for chain in forged
    ]
    sign_in(client, user.username, headers={"X-Forwarded-For": "192.0.2.8"})

    assert statuses == [200] * 5 + [429]
    assert who(client) == str(user.pk)


def test_addresses_of_one_ipv6_network_are_one_place(client):
    user = account()

    statuses = [
        guess(at(client, f"2001:db8::{n:x}"), user.username, 1)[0] for n in range(1, 7)
    ]

    assert statuses[-1] == 429


def test_asking_for_letters_without_end_is_refused_in_words(client):
    form = {"email": "mali@example.org"}
    responses = [client.post(reverse("password-reset"), form) for _n in range(6)]

    assert [one.status_code for one in responses] == [302] * 5 + [429]
    assert responses[-1]["Retry-After"]
    assertContains(responses[-1], "errpage", status_code=429)


def test_the_old_password_cannot_be_guessed_on_a_phone_left_lying(client):
    user = account()
    sign_in(client, user.username)
    form = {"oldpassword": "wrong", "password1": "x", "password2": "x"}

    statuses = [
        client.post(reverse("password-change"), form).status_code for _n in range(6)
    ]

    assert statuses == [200] * 5 + [429]
    assert user.check_password(PASSWORD)


def test_a_cache_that_is_away_is_503_in_words(client, settings):
    settings.CACHES = {"default": cache_of("redis://127.0.0.1:1/0")}
    client.raise_request_exception = False

    response = sign_in(client, "amnuay")

    assertContains(response, "errpage", status_code=503)
    assert response["Retry-After"]
