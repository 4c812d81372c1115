"""My account: what it shows, a new password, and the way out on every device."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.permissions import Role
from tests.kmcity.signing import PASSWORD, account, sign_in, who

pytestmark = pytest.mark.django_db
NEW = "ข้าวปลาอาหาร-2570"
CHANGE = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()


def test_account(client, roles, circle):
    user = roles.user(Role.KHUN_AMNUAY, circle)
    client.force_login(user)

    page = client.get(reverse("account"))

    assertContains(page, circle.name)
    assertContains(page, user.username)
    assertNotContains(page, reverse("slip-create"))
    assertContains(client.get(reverse("circle-list")), reverse("account"))


def test_only_administrators_are_offered_slips(tambon_admin_client, office_client):
    page = reverse("account")

    assertContains(tambon_admin_client.get(page), reverse("slip-create"))
    assertNotContains(office_client.get(page), reverse("slip-create"))


def test_password_change(client, roles):
    user = account()
    elsewhere = roles.signed_in(user)
    sign_in(client, user.username)
    assertContains(client.get(reverse("password-change")), "oldpassword")

    assertRedirects(client.post(reverse("password-change"), CHANGE), reverse("account"))

    user.refresh_from_db()
    assert user.check_password(NEW)
    assert who(client) == str(user.pk)
    assert elsewhere.get(reverse("account")).status_code == 302


@pytest.mark.parametrize(
    "change",
    [
        {"oldpassword": "wrong"},
        {"password2": "another"},
        {"password1": "12345678", "password2": "12345678"},
        {"oldpassword": "\x00"},
    ],
)
def test_a_change_that_will_not_do_is_refused_in_words(client, change):
    user = account()
    sign_in(client, user.username)

    response = client.post(reverse("password-change"), CHANGE | change)

    assertContains(response, "errsum")
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_sign_out_everywhere(client, roles):
    user, other = account(), account()
    phones, neighbour = (
        [roles.signed_in(user) for _n in range(2)],
        roles.signed_in(other),
    )
    sign_in(client, user.username)

    assertRedirects(client.post(reverse("sign-out-everywhere")), reverse("sign-in"))

    for phone in [*phones, client]:
        assert phone.get(reverse("account")).status_code == 302
    assert neighbour.get(reverse("account")).status_code == 200


def test_password_confirm(client):
    user = account()
    client.force_login(user)  # long ago, as far as anybody knows
    page = reverse("totp-create")

    response = client.get(page)
    assertRedirects(response, f"{reverse('password-confirm')}?next={page}")
    wrong = {"password": "wrong", "next": page}
    assertContains(client.post(reverse("password-confirm"), wrong), "errsum")

    right = {"password": PASSWORD, "next": page}
    assertRedirects(client.post(reverse("password-confirm"), right), page)


def test_the_confirmation_leads_nowhere_else(client):
    user = account()
    client.force_login(user)

    form = {"password": PASSWORD, "next": "https://evil.example/"}
    response = client.post(reverse("password-confirm"), form)

    assert response.url == reverse("home")


def test_who_signed_in_just_now_is_not_asked_again(client):
    user = account()
    sign_in(client, user.username)

    assert client.get(reverse("totp-create")).status_code == 200
