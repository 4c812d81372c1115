"""What is kept of a form through a sign-in, for whom, and what never is."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from circles.http import KEEPING, KEPT_FORM, TYPED_BY
from circles.permissions import Role
from tests.circles.posted import posted
from tests.kmcity.signing import PASSWORD, account, sign_in, with_app

pytestmark = pytest.mark.django_db
TYPED = "พิมพ์ไว้ก่อนหมดเวลา"


def stored():
    """Return all that the database holds of sessions, in clear."""
    return str([session.get_decoded() for session in Session.objects.all()])


@pytest.fixture
def page(circle):
    return reverse("session-create", args=[circle.pk])


@pytest.mark.parametrize(
    "name",
    [
        *("password-change", "password-confirm", "totp-create", "passkey-create"),
        *("home", "account", "slip-create", "notice-list", "admin:index"),
        "admin:circles_user_add",
    ],
)
def test_no_other_page_s_form_is_kept(client, name):
    client.post(reverse(name), {"oldpassword": PASSWORD, "code": "123456"})

    assert KEPT_FORM not in client.session
    assert PASSWORD not in stored()


def test_nor_is_it_kept_for_the_second_factor(client, roles, circle, settings):
    settings.SECOND_FACTOR = True
    client.force_login(roles.user(Role.TAMBON_ADMIN, circle.place.parent))

    client.post(reverse("password-change"), {"oldpassword": PASSWORD})

    assert KEPT_FORM not in client.session
    assert PASSWORD not in stored()


@pytest.mark.parametrize("name", sorted(KEEPING))
def test_the_pages_that_keep_keep_no_secret(client, name):
    names = ["password", "oldPassword1", "code", "credential", "csrfmiddlewaretoken"]
    form = {"summary": TYPED} | {field: [PASSWORD, "x"] for field in names}

    client.post(reverse(name, args=[1]), form)

    kept = client.session[KEPT_FORM]["body"]
    assert kept.startswith("summary=")
    assert "&" not in kept


@pytest.mark.parametrize("is_at_second_step", [False, True])
def test_turning_back_leaves_nothing(client, page, is_at_second_step):
    client.post(page, {"summary": TYPED})
    if is_at_second_step:
        user = account()
        with_app(user)
        assert sign_in(client, user.username).url == reverse("second-factor-check")
    assert KEPT_FORM in client.session

    client.post(reverse("sign-out"))

    assert KEPT_FORM not in client.session


def test_signing_out_leaves_nothing(client, page):
    client.post(page, {"summary": TYPED})
    sign_in(client, account().username)
    assert KEPT_FORM in client.session

    client.post(reverse("sign-out"))

    assert KEPT_FORM not in client.session


@pytest.mark.parametrize("is_own", [True, False])
def test_another_account_on_the_same_phone_does_not_get_it(
    client, facilitator, roles, circle, page, is_own
):
    form = posted(lessons=(TYPED,))
    client.post(page, form | {TYPED_BY: facilitator.pk})
    client.force_login(facilitator if is_own else roles.user(Role.KHUN_AMNUAY, circle))

    assert (TYPED in client.get(page).text) is is_own
    assert KEPT_FORM not in client.session


def test_another_s_form_is_dropped_on_whichever_page_that_keeps(
    client, roles, circle, page
):
    client.post(page, {"summary": TYPED, TYPED_BY: "999999"})
    client.force_login(roles.user(Role.KHUN_AMNUAY, circle))

    client.get(reverse("circle-plan", args=[circle.pk]))

    assert KEPT_FORM not in client.session
