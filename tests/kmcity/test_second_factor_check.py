"""The second step of signing in."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from circles.permissions import Role
from tests.kmcity.signing import (
    PASSWORD,
    account,
    code_of,
    sign_in,
    who,
    with_app,
)

pytestmark = pytest.mark.django_db
CHECK = "second-factor-check"


@pytest.fixture(autouse=True)
def _switched_on(db, settings):
    settings.SECOND_FACTOR = True
    cache.clear()


@pytest.fixture
def admin(circle, roles):
    user = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    user.set_password(PASSWORD)
    user.save()
    return user


def check(client, code):
    return client.post(reverse(CHECK), {"code": code})


def test_second_factor_check(client, admin):
    secret = with_app(admin)

    response = sign_in(client, admin.username, next=reverse("circle-list"))
    assertRedirects(response, reverse(CHECK))
    assert not who(client)
    assert client.get(reverse("circle-list")).status_code == 302

    assertContains(check(client, "000000"), "errsum")
    assert not who(client)
    assertRedirects(check(client, code_of(secret)), reverse("circle-list"))
    assert who(client) == str(admin.pk)


def test_a_facilitator_who_chose_one_is_asked_too(client):
    user = account()
    with_app(user)

    assertRedirects(sign_in(client, user.username), reverse(CHECK))


def test_the_device_is_remembered_through_both_steps(client, admin):
    secret = with_app(admin)
    sign_in(client, admin.username, remember="on")

    check(client, code_of(secret))

    assert client.cookies["sessionid"]["max-age"] == 30 * 24 * 60 * 60


def test_a_code_opens_once(client, roles, admin):
    secret = with_app(admin)
    code = code_of(secret)
    sign_in(client, admin.username)
    check(client, code)
    client.post(reverse("sign-out"))

    sign_in(client, admin.username)
    response = check(client, code)

    assertContains(response, "errsum")
    assert not who(client)


def test_a_recovery_code_opens_once(client, admin):
    sign_in(client, admin.username)
    secret = client.get(reverse("totp-create")).context["form"].secret
    client.post(reverse("totp-create"), {"code": code_of(secret)})
    code = client.get(reverse("recovery-codes")).context["unused_codes"][0]
    opened = []
    for _n in range(2):
        client.post(reverse("sign-out"))
        sign_in(client, admin.username)
        check(client, code)
        opened.append(bool(who(client)))

    assert opened == [True, False]


def test_codes_cannot_be_guessed(client, admin):
    secret = with_app(admin)
    sign_in(client, admin.username)

    statuses = [check(client, f"{n:06}x").status_code for n in range(6)]

    assert statuses == [200] * 5 + [429]
    assert check(client, code_of(secret)).status_code == 429
    assert not who(client)


def test_one_can_turn_back_at_the_second_step(client, admin):
    with_app(admin)
    sign_in(client, admin.username)

    assertRedirects(client.post(reverse("sign-out")), reverse("sign-in"))


def test_a_stranger_without_a_password_does_not_reach_the_second_step(client):
    assertRedirects(client.get(reverse(CHECK)), reverse("sign-in"))


@pytest.mark.parametrize("code", ["", "\x00", "๑๒๓๔๕๖", "9" * 10_000, "\ufffd"])
def test_odd_codes_are_refused_in_words(client, admin, code):
    with_app(admin)
    sign_in(client, admin.username)

    assertContains(check(client, code), "errsum")
