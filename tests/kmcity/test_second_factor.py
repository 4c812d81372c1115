"""Who must have a second factor, and how it is set up and taken away."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from circles.actions.slips import is_privileged
from circles.permissions import Role
from tests.factories import UserFactory
from tests.kmcity.signing import (
    PASSWORD,
    account,
    code_of,
    factors,
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


@pytest.mark.parametrize(
    ("role", "level", "expected"),
    [
        (Role.TAMBON_ADMIN, "tambon", True),
        (Role.PROVINCE_ADMIN, "province", True),
        (Role.GOVERNOR_OFFICE, "province", True),
        (Role.KHUN_UA, "province", True),
        (Role.KHUN_UA, "tambon", False),
        (Role.KHUN_UA, "circle", False),
        (Role.KHUN_AMNUAY, "circle", False),
        (Role.KHUN_KIJ, "circle", False),
        (Role.KHUN_LIKHIT, "circle", False),
    ],
)
def test_who_must_have_one(circle, roles, role, level, expected):
    tambon = circle.place.parent
    places = {
        "circle": circle,
        "tambon": tambon,
        "province": tambon.parent.parent,
    }
    user = roles.user(role, places[level])

    assert is_privileged(user) is expected
    home = roles.signed_in(user).get(reverse("circle-list"))
    assert (home.status_code == 302) is expected


@pytest.mark.parametrize("field", ["is_superuser", "is_staff"])
def test_who_enters_the_admin_s_pages_must_have_one(roles, field):
    user = UserFactory(**{field: True})

    assert is_privileged(user)
    response = roles.signed_in(user).get(reverse("admin:index"))
    assertRedirects(response, reverse("second-factor"))


@pytest.mark.parametrize("page", ["home", "account", "notice-list", "admin:index"])
def test_who_has_none_is_led_to_where_it_is_set_up(roles, page):
    client = roles.signed_in(UserFactory(is_superuser=True, is_staff=True))

    assertRedirects(client.get(reverse(page)), reverse("second-factor"))
    response = client.get(reverse(page), headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == reverse("second-factor")


def test_what_stays_open_to_who_has_none(client, admin):
    sign_in(client, admin.username)

    for name in ["second-factor", "totp-create", "passkey-create", "healthz"]:
        assert client.get(reverse(name)).status_code == 200, name
    assert client.post(reverse("language"), {"language": "en"}).status_code == 302
    client.post(reverse("sign-out"))
    assert not who(client)


def test_what_was_typed_before_the_set_up_is_kept(client, admin, circle):
    sign_in(client, admin.username)
    page = reverse("session-create", args=[circle.pk])

    client.post(page, {"summary": "ปุ๋ยหมัก"})

    assert client.session["kept_form"]["path"] == page


def test_the_switch_opens_everything(client, admin, settings):
    settings.SECOND_FACTOR = False
    sign_in(client, admin.username)

    assert client.get(reverse("circle-list")).status_code == 200


def test_totp_create(client, admin):
    sign_in(client, admin.username)
    page = client.get(reverse("totp-create"))
    assertContains(page, "<svg")
    secret = page.context["form"].secret

    wrong = client.post(reverse("totp-create"), {"code": "000000x"})
    assertContains(wrong, "errsum")
    assertContains(wrong, secret)
    response = client.post(reverse("totp-create"), {"code": code_of(secret)})

    assertRedirects(response, reverse("recovery-codes"))
    assert factors(admin) == {"totp", "recovery_codes"}
    assert client.get(reverse("circle-list")).status_code == 200


def test_totp_delete_is_refused_for_the_last_one_of_who_must_have_one(client, admin):
    secret = with_app(admin)
    sign_in(client, admin.username)
    check(client, code_of(secret))

    assertContains(client.post(reverse("totp-delete")), "errsum")

    assert factors(admin) == {"totp"}


def test_who_need_not_have_one_may_disconnect_it(client):
    user = account()
    secret = with_app(user)
    sign_in(client, user.username)
    check(client, code_of(secret))

    assertContains(client.get(reverse("totp-delete")), "btn--bad")
    assertRedirects(client.post(reverse("totp-delete")), reverse("second-factor"))

    assert factors(user) == set()


def test_passkey_delete_is_refused_for_the_last_one(client, admin, monkeypatch):
    key = Authenticator.objects.create(
        user=admin, type=Authenticator.Type.WEBAUTHN, data={"name": "โทรศัพท์"}
    )
    client.force_login(admin)
    monkeypatch.setattr(webauthn, "get_credentials", lambda user: [])
    url = reverse("passkey-delete", args=[key.pk])
    client.post(reverse("password-confirm"), {"password": PASSWORD, "next": url})

    assertContains(client.get(url), "โทรศัพท์")
    assertRedirects(client.post(url), reverse("second-factor"))

    assert factors(admin) == {"webauthn"}


def test_recovery_codes_create(client):
    user = account()
    sign_in(client, user.username)
    secret = client.get(reverse("totp-create")).context["form"].secret
    client.post(reverse("totp-create"), {"code": code_of(secret)})
    old = client.get(reverse("recovery-codes")).context["unused_codes"]

    assertContains(client.get(reverse("recovery-codes-create")), "<form")
    client.post(reverse("recovery-codes-create"))

    new = client.get(reverse("recovery-codes")).context["unused_codes"]
    assert len(new) == 10
    assert not set(old) & set(new)


def test_the_admin_shows_no_secret_and_lets_a_lost_one_be_deleted(client, admin):
    secret = with_app(admin)
    root = account(is_superuser=True, is_staff=True)
    own = with_app(root)
    sign_in(client, root.username)
    check(client, code_of(own))
    row = Authenticator.objects.get(user=admin)

    page = client.get(reverse("admin:mfa_authenticator_change", args=[row.pk]))
    delete = reverse("admin:mfa_authenticator_delete", args=[row.pk])
    client.post(delete, {"post": "yes"})

    assert page.status_code == 200
    assert secret not in page.text
    assert factors(admin) == set()


def test_the_operator_can_take_a_lost_one_away(admin):
    with_app(admin)

    call_command("reset_second_factor", admin.username, stdout=StringIO())
    with pytest.raises(CommandError, match="no account nobody"):
        call_command("reset_second_factor", "nobody")

    assert factors(admin) == set()
