"""One field, three kinds of names, and what must never get in."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.models import ContactPoint
from tests.factories import ContactPointFactory, PersonFactory
from tests.kmcity.signing import PASSWORD, account, sign_in, who

pytestmark = pytest.mark.django_db
PHONE = ContactPoint.Channel.PHONE


def reach(user, address, channel=PHONE, **fields):
    return ContactPointFactory(
        person=user.person, channel=channel, address=address, **fields
    )


@pytest.mark.parametrize("typed", ["081-234-5678", "+66 81 234 5678", "๐๘๑ ๒๓๔ ๕๖๗๘"])
def test_by_mobile_number(client, typed):
    user = account()
    reach(user, "0812345678")

    assertRedirects(sign_in(client, typed), "/", fetch_redirect_response=False)
    assert who(client) == str(user.pk)


@pytest.mark.parametrize("typed", ["mali@example.org", " Mali@Example.ORG "])
def test_by_e_mail(client, typed):
    user = account()
    reach(user, "mali@example.org", ContactPoint.Channel.EMAIL)

    sign_in(client, typed)

    assert who(client) == str(user.pk)


def test_by_the_e_mail_of_the_account_itself(client):
    user = account(email="Mali@example.org")

    sign_in(client, "mali@example.org")

    assert who(client) == str(user.pk)


def test_a_number_that_nobody_verified_opens_nothing(client):
    reach(account(), "0812345678", verified_at=None)

    assertContains(sign_in(client, "0812345678"), "errsum")
    assert not who(client)


def test_a_shared_number_opens_nothing_and_says_what_to_do(client):
    first, second = account(), account()
    for user in (first, second):
        reach(user, "0812345678")

    response = sign_in(client, "0812345678")

    assert response.context["form"].has_error("__all__", "shared")
    assert not who(client)
    sign_in(client, second.username)
    assert who(client) == str(second.pk)


def test_a_shared_number_says_nothing_to_whoever_does_not_know_the_password(client):
    for user in (account(), account()):
        reach(user, "0812345678")

    response = sign_in(client, "0812345678", "wrong")

    assert response.context["form"].has_error("__all__", "wrong")


def test_a_villager_or_a_closed_account_of_the_same_number_is_in_nobody_s_way(client):
    user = account()
    reach(user, "0812345678")
    reach(account(is_active=False), "0812345678")
    ContactPointFactory(person=PersonFactory(), channel=PHONE, address="0812345678")

    sign_in(client, "0812345678")

    assert who(client) == str(user.pk)


def test_a_user_name_means_its_account_even_if_it_looks_like_a_number(client):
    user = account(username="0812345678")
    reach(account(), "0812345678")

    sign_in(client, "0812345678")

    assert who(client) == str(user.pk)


def test_a_closed_account_is_told_what_a_wrong_password_is_told(client):
    account(username="closed", is_active=False)
    account(username="open")

    closed, wrong = sign_in(client, "closed"), sign_in(client, "open", "wrong")

    assert [one.context["form"].errors for one in (closed, wrong)] == [
        wrong.context["form"].errors
    ] * 2


def test_an_unknown_name_takes_one_hash_like_a_known_one(client, monkeypatch):
    account(username="known")
    hashed = []
    encode = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher,
        "encode",
        lambda self, *args: hashed.append(args) or encode(self, *args),
    )
    counts = []
    for name in ["known", "unknown", "0899999999", "nobody@example.org"]:
        hashed.clear()
        sign_in(client, name, "wrong")
        counts.append(len(hashed))

    assert counts == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "elsewhere",
    [
        *("https://evil.example/", "//evil.example", "\\\\evil.example", "/\\evil"),
        *("javascript:alert(1)", "https:evil.example", " //evil.example", "\x00//e"),
    ],
)
def test_next_leads_nowhere_else(client, elsewhere):
    user = account()

    response = sign_in(client, user.username, next=elsewhere)

    assert response.url == "/"


def test_the_device_is_remembered_for_30_days_only_if_asked(client):
    user = account()
    assertContains(client.get(reverse("sign-in")), 'name="remember" checked')

    sign_in(client, user.username, remember="on")
    assert client.cookies["sessionid"]["max-age"] == 30 * 24 * 60 * 60

    client.post(reverse("sign-out"))
    sign_in(client, user.username)
    assert client.cookies["sessionid"]["max-age"] == ""


def test_a_session_that_was_foisted_on_the_phone_is_not_the_one_that_signs_in(client):
    user = account()
    client.post(reverse("session-create", args=[1]), {"typed": "something"})
    foisted = client.cookies["sessionid"].value

    sign_in(client, user.username)

    assert client.cookies["sessionid"].value != foisted
    assert not Session.objects.filter(pk=foisted).exists()


def test_who_typed_into_an_expired_sign_in_is_told_that_it_is_kept(
    client, circle, roles
):
    page = reverse("session-create", args=[circle.pk])
    assertNotContains(client.get(reverse("sign-in")), "notice--warn")

    response = client.post(page, {"summary": "ปุ๋ยหมักใช้ได้ใน 30 วัน"}, follow=True)

    assertContains(response, "notice--warn")
    assertContains(response, f'name="next" value="{page}"')


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b",
        "\ufffd",
        b"\xff\xfe",
        "ก" * 10_000,
        "' OR 1=1 --",
        "\u202e",
        " ",
    ],
)
@pytest.mark.parametrize("field", ["username", "password"])
def test_odd_text_is_refused_in_words(client, field, text):
    form = {"username": "amnuay", "password": "x"} | {field: text}
    body = urlencode(form)

    response = client.post(
        reverse("sign-in"), body, content_type="application/x-www-form-urlencoded"
    )

    assertContains(response, "errsum")
    assert not who(client)


def test_the_page_asks_the_browser_for_nothing_it_does_not_need(client):
    page = client.get(reverse("sign-in")).text

    assert page.count("<input") == 6  # language and form: next, token, three fields
    assert "passkey" not in page
    assert PASSWORD not in sign_in(client, "amnuay", PASSWORD).text


@pytest.mark.parametrize(
    "path",
    [
        *("/accounts/signup/", "/signup/", "/account/signup/", "/accounts/login/"),
        *("/accounts/email/", "/accounts/social/login/", "/password/reset/"),
    ],
)
def test_nothing_else_of_allauth_is_there(facilitator_client, path):
    assert facilitator_client.get(path).status_code == 404
