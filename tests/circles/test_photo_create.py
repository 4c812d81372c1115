"""What the script of a phone says to the server, and hears from it."""

import uuid

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertRedirects

from circles.http import KEPT_FORM
from circles.models import Photo
from circles.permissions import Role
from tests.factories import CircleFactory, LearningSessionFactory, logged
from tests.factories_uploads import picture, sent

JSON = {"Accept": "application/json"}


@pytest.fixture
def post(facilitator_client, circle):
    def post(client=facilitator_client, where=circle, headers=JSON, **given):
        form = {"key": str(uuid.uuid4()), "form_key": str(uuid.uuid4())} | given
        form = {name: value for name, value in form.items() if value is not None}
        form.setdefault("photo", sent())
        url = reverse("photo-create", args=[where.pk])
        return client.post(url, form, headers=headers)

    return post


def test_a_photo_is_stored(post, facilitator, circle):
    key, form_key = uuid.uuid4(), uuid.uuid4()

    response = post(key=key, form_key=form_key, caption="กองปุ๋ย", may_show="true")

    photo = Photo.objects.get()
    answer = {"key": str(key), "state": "stored", "id": photo.pk}
    assert (response.status_code, response.json()) == (200, answer)
    assert (photo.author, photo.circle, photo.session) == (facilitator, circle, None)
    assert (photo.key, photo.form_key) == (key, form_key)
    assert (photo.caption, photo.is_recognisable, photo.may_show) == (
        "กองปุ๋ย",
        True,
        True,
    )


def test_sent_again_it_is_answered_alike(post):
    key = uuid.uuid4()

    first, again = post(key=key), post(key=key)

    assert first.json() == again.json()
    assert Photo.objects.count() == 1


def test_what_is_not_said_is_the_more_private(post):
    post()
    post(is_recognisable="false", may_show="false")

    said = Photo.objects.order_by("pk").values_list("is_recognisable", "may_show")
    assert list(said) == [(True, False), (False, False)]


def test_it_goes_to_the_session_that_is_named(post, circle):
    session = LearningSessionFactory(circle=circle)

    assert post(session=session.pk, form_key=None).status_code == 200

    assert Photo.objects.get().session == session


def test_it_goes_to_the_session_of_its_form(post, circle, facilitator):
    session = logged(circle, facilitator, key=(form_key := uuid.uuid4())).session

    post(form_key=form_key)

    assert Photo.objects.get().session == session


def test_a_session_of_another_circle_is_hidden(post):
    elsewhere = LearningSessionFactory(circle=CircleFactory())

    for number in (elsewhere.pk, 999_999, 2**62):
        assert post(session=number).status_code == 404
    assert not Photo.objects.exists()


def test_what_is_said_later_counts(post):
    key = uuid.uuid4()
    post(key=key)

    response = post(key=key, act="describe", photo="", caption="ใหม่", may_show="true")

    assert response.json()["state"] == "stored"
    photo = Photo.objects.get()
    assert (photo.caption, photo.may_show) == ("ใหม่", True)


def test_taken_back_it_is_gone_and_again_is_no_error(post, roles, circle):
    key = uuid.uuid4()
    post(key=key)
    colleague = roles.client(Role.KHUN_AMNUAY, circle)

    # A key is its author's own: the colleague removes nothing by it.
    assert post(colleague, key=key, act="remove", photo="").json()["state"] == "removed"
    assert Photo.objects.count() == 1
    for _time in range(2):
        response = post(key=key, act="remove", photo="")
        assert (response.status_code, response.json()["state"]) == (200, "removed")
    assert not Photo.objects.exists()


@pytest.mark.parametrize("act", ["remove", "describe"])
def test_what_an_administrator_hid_stays_as_it_is(post, circle, act):
    key, session = uuid.uuid4(), LearningSessionFactory(circle=circle)
    post(key=key, session=session.pk, caption="เดิม")
    Photo.objects.update(hidden_at=timezone.now())

    response = post(key=key, act=act, photo="", caption="ใหม่")

    # A refusal in words: the script lets go of it instead of asking for ever.
    assert (response.status_code, response.json()["code"]) == (400, "hidden")
    assert Photo.objects.get().caption == "เดิม"


REFUSED = {
    "no file": ({"photo": ""}, 400, "no_file"),
    "no key": ({"key": None}, 400, "required"),
    "no readable key": ({"key": "1"}, 400, "invalid"),
    "no form": ({"form_key": None}, 400, "no_session"),
    "NUL in the caption": ({"caption": "ก\x00"}, 400, "control_characters"),
    "a long caption": ({"caption": "ก" * 201}, 400, "max_length"),
    "a page": ({"photo": b"<html>"}, 400, "web_page"),
    "nothing": ({"photo": b""}, 400, "empty"),
    "somebody else's": ({"user": "999999"}, 409, "other_user"),
    "half": ({"photo": picture()[:300]}, 400, "damaged"),
}


@pytest.mark.parametrize(("given", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_is_in_words(post, given, status, code):
    if isinstance(given.get("photo"), bytes):
        given = given | {"photo": sent(given["photo"])}

    response = post(**given)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.json()["error"]
    assert not Photo.objects.exists()


def test_the_seventh_is_refused_in_words(post):
    form_key = uuid.uuid4()

    answers = [post(form_key=form_key) for _one in range(7)]

    assert [one.status_code for one in answers] == [200] * 6 + [400]
    assert answers[-1].json()["code"] == "too_many"


def test_a_browser_is_sent_on(post, circle):
    session = LearningSessionFactory(circle=circle)

    stored = post(session=session.pk, headers={})
    refused = post(photo=sent(b"<html>"), headers={})

    assertRedirects(stored, reverse("session-photos", args=[session.pk]))
    assertRedirects(refused, circle.get_absolute_url(), fetch_redirect_response=False)
    assert [str(one) for one in get_messages(refused.wsgi_request)]


class Unread:
    """A body that must not be read."""

    def read(self, *size):
        raise AssertionError("it was read")

    readline = read


@pytest.mark.parametrize("is_script", [True, False])
@pytest.mark.parametrize("size", [13_107_201, 60 * 1024 * 1024])
def test_what_is_too_large_is_refused_unread(size, is_script, facilitator_client):
    response = facilitator_client.generic(
        "POST",
        reverse("photo-create", args=[1]),
        headers=JSON if is_script else {},
        content_type="multipart/form-data; boundary=x",
        **{"wsgi.input": Unread(), "CONTENT_LENGTH": str(size)},
    )

    assert response.status_code == 413
    assert "12 MB" in response.content.decode()
    assert is_script == (response["Content-Type"] == "application/json")


def test_a_photo_that_was_signed_out_pushes_out_no_kept_form(post, circle):
    client = Client()
    url = reverse("session-create", args=[circle.pk])
    client.post(url, {"summary": "พิมพ์ไว้นาน"})

    response = post(client, headers=JSON)

    assert response.status_code == 302
    assert client.session[KEPT_FORM]["path"] == url


def test_a_photo_of_an_ended_assignment_is_hidden(post, roles, circle):
    gone = roles.client(Role.KHUN_AMNUAY, circle, until="2020-01-01")

    assert post(gone).status_code == 404
