"""Pages: everything round it."""

import sys

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import InterfaceError, OperationalError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from circles.permissions import Role
from kmcity.wsgi import application

pytestmark = pytest.mark.django_db


def test_english_is_a_choice_and_comes_back(facilitator_client):
    home = reverse("home")
    assertContains(facilitator_client.get(home), "วงของฉัน")

    form = {"language": "en", "next": home}
    assertRedirects(facilitator_client.post(reverse("language"), form), home)

    assertContains(facilitator_client.get(home), "My circles")


def test_the_browser_s_language_does_not_decide(facilitator_client):
    response = facilitator_client.get(
        reverse("home"), headers={"Accept-Language": "en"}
    )

    assertContains(response, "วงของฉัน")


def test_the_language_switch_leads_nowhere_else(client):
    for elsewhere in ["https://elsewhere.example/", "//elsewhere.example", "foo", ""]:
        form = {"language": "xx", "next": elsewhere}
        response = client.post(reverse("language"), form)

        assert response.url == reverse("home")
        assert not response.cookies


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/circles/0/", "/sessions/99999999999999999999/"]
)
def test_unknown_addresses_are_404_in_words(facilitator_client, path):
    assertContains(facilitator_client.get(path), "ทางนี้ไปต่อไม่ได้", status_code=404)


def test_signing_in_leads_to_the_page_asked_for(client, roles, circle):
    user = roles.user(Role.KHUN_AMNUAY, circle)
    user.set_password("ปุ๋ยอินทรีย์-2569")
    user.save()
    page = circle.get_absolute_url()

    assertRedirects(client.get(page), f"{reverse('sign-in')}?next={page}")
    form = {"username": user.username, "password": "ปุ๋ยอินทรีย์-2569", "next": page}
    assertRedirects(client.post(reverse("sign-in"), form), page)


@pytest.mark.parametrize(
    ("role", "page"), [(Role.GOVERNOR_OFFICE, "overview"), (Role.KHUN_KIJ, "home")]
)
def test_signing_in_lands_where_the_day_begins(client, roles, circle, role, page):
    user = roles.user(role, roles.near(role, circle))
    user.set_password("ปุ๋ยอินทรีย์-2569")
    user.save()

    form = {"username": user.username, "password": "ปุ๋ยอินทรีย์-2569", "next": "/"}
    response = client.post(reverse("sign-in"), form, follow=True)

    assert response.request["PATH_INFO"] == reverse(page)


def test_a_wrong_password_is_said_in_words_and_keeps_the_name(client):
    form = {"username": "amnuay", "password": "wrong"}
    response = client.post(reverse("sign-in"), form)

    assertContains(response, 'value="amnuay"')
    assertContains(response, "errsum")


def test_signing_out(facilitator_client):
    assertRedirects(facilitator_client.post(reverse("sign-out")), reverse("sign-in"))
    assert facilitator_client.get(reverse("home")).status_code == 302


def test_every_page_is_sent_with_the_strict_policy(facilitator_client):
    policy = facilitator_client.get(reverse("home"))["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_healthz_asks_nobody(client, django_assert_num_queries):
    cache.clear()
    with django_assert_num_queries(0):
        assert client.get(reverse("healthz")).text == "ok\n"


def test_a_form_without_its_token_is_refused_in_words(roles, circle):
    client = roles.client(Role.KHUN_AMNUAY, circle)
    client.handler.enforce_csrf_checks = True

    response = client.post(reverse("sign-out"))

    assertContains(response, "เปิดค้างไว้นานเกินไป", status_code=403)


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "nonsense", "tis-620"])
def test_a_body_in_an_odd_charset_is_never_an_error_page(
    facilitator_client, circle, charset
):
    response = facilitator_client.generic(
        "POST",
        reverse("session-create", args=[circle.pk]),
        b"act=save&summary=%ff%fe\xff",
        content_type=f"application/x-www-form-urlencoded; charset={charset}",
    )

    assert response.status_code in {200, 400}


@pytest.mark.parametrize("charset", ["hex", "rot13", "idna", "undefined", "utf-16"])
def test_everything_is_read_as_utf_8_whatever_a_client_says(rf, charset):
    request = rf.get(f"{reverse('sign-in')}?a=ก")
    environ = request.environ | {"CONTENT_TYPE": f"text/plain; charset={charset}"}
    statuses = []

    body = application(environ, lambda status, headers: statuses.append(status))

    assert statuses == ["200 OK"]
    assert "เข้าสู่ระบบ" in b"".join(body).decode()


def test_a_cookie_with_nul_is_refused(client):
    client.cookies["sessionid"] = "abcdefgh\x00ijkl"

    assert client.get(reverse("sign-in")).status_code == 400


def test_no_page_stays_in_a_shared_phone(facilitator_client, circle):
    for page in [reverse("home"), circle.get_absolute_url(), "/nowhere/"]:
        assert facilitator_client.get(page)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("error", "status"),
    [(OperationalError, 503), (InterfaceError, 503), (ZeroDivisionError, 500)],
)
def test_what_went_wrong_is_said_without_the_database(
    roles, circle, monkeypatch, error, status
):
    client = roles.client(Role.KHUN_AMNUAY, circle)
    client.raise_request_exception = False

    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(sys.modules["kmcity.views.home"], "by_appointment", fail)
    response = client.get(reverse("home"))

    assertContains(response, "ระบบขัดข้องชั่วคราว", status_code=status)
    assert ("Retry-After" in response) == (status == 503)


def test_a_database_that_is_away_is_503_even_before_a_page_is_chosen(
    roles, circle, monkeypatch
):
    client = roles.client(Role.KHUN_AMNUAY, circle)
    client.raise_request_exception = False

    def away(self):
        raise OperationalError

    monkeypatch.setattr(SessionStore, "load", away)
    for response in [client.get(reverse("home")), client.post(reverse("home"))]:
        assertContains(response, "ระบบขัดข้องชั่วคราว", status_code=503)
        assert response["Retry-After"]


def test_too_much_at_once_is_refused_in_words(facilitator_client, circle, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    url = reverse("session-create", args=[circle.pk])

    response = facilitator_client.post(url, {"summary": "ก" * 5000})

    assertContains(response, "มากเกินไปในคราวเดียว", status_code=400)
