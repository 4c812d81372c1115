"""The page about a session's photos and documents, without a script."""

import gzip
import re
import uuid

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.models import Attachment, LearningSession, Photo
from circles.permissions import Role
from tests.factories import CircleFactory, LearningSessionFactory
from tests.factories_uploads import (
    PDF,
    AttachmentFactory,
    PhotoFactory,
    picture,
    sent,
    workbook,
)


@pytest.fixture
def session(circle):
    return LearningSessionFactory(circle=circle)


@pytest.fixture
def url(session):
    return reverse("session-photos", args=[session.pk])


def form(act, *files, **given):
    return {"act": act, "key": str(uuid.uuid4()), "sent": list(files)} | given


def test_photos_are_sent_several_at_once(facilitator_client, session, url):
    files = [sent(), sent(picture("PNG"), "สอง.png")]

    response = facilitator_client.post(url, form("photos", *files))

    assertRedirects(response, url)
    assert session.photos.count() == 2
    page = facilitator_client.get(url)
    for photo in session.photos.all():
        assertContains(page, reverse("photo-file", args=[photo.pk]))


def test_the_same_page_sent_twice_stores_once(facilitator_client, session, url):
    key = str(uuid.uuid4())
    for _time in range(2):
        facilitator_client.post(url, form("photos", sent(), sent(), key=key))

    assert session.photos.count() == 2


def test_one_refused_file_does_not_cost_the_others(facilitator_client, session, url):
    files = [sent(), sent(b"<html>", "<b>page.jpg"), sent(name="three.jpg")]

    response = facilitator_client.post(url, form("photos", *files))

    assert response.status_code == 200
    assert [name for name, _words in response.context["refused"]] == ["<b>page.jpg"]
    assertContains(response, "&lt;b&gt;page.jpg")
    assert session.photos.count() == 2


@pytest.mark.parametrize("act", ["photos", "attachments"])
def test_no_file_is_said_in_words(facilitator_client, url, act):
    response = facilitator_client.post(url, form(act))

    assert response.context["refused"]
    assertContains(response, 'class="errsum"')


def test_of_seven_the_last_is_refused(facilitator_client, session, url):
    response = facilitator_client.post(
        url, form("photos", *[sent() for _n in range(7)])
    )

    assert len(response.context["refused"]) == 1
    assert session.photos.count() == 6


def test_a_photo_is_described(facilitator_client, session, url):
    photo = PhotoFactory(session=session)
    said = {"photo": photo.pk, "caption": "กองปุ๋ย", "may_show": "on"}

    assertRedirects(facilitator_client.post(url, form("describe", **said)), url)

    photo.refresh_from_db()
    assert (photo.caption, photo.is_recognisable, photo.may_show) == (
        "กองปุ๋ย",
        False,
        True,
    )


def test_a_caption_that_is_wrong_is_kept_and_said(facilitator_client, session, url):
    photo = PhotoFactory(session=session, caption="เดิม")
    said = {"photo": photo.pk, "caption": "ย" * 201, "may_show": "on"}

    response = facilitator_client.post(url, form("describe", **said))

    [(_photo, shown, _removable)] = response.context["cards"]
    assert shown.has_error("caption", "max_length")
    assertContains(response, "ย" * 201)
    photo.refresh_from_db()
    assert (photo.caption, photo.may_show) == ("เดิม", False)


def test_removing_deletes_row_and_file(
    facilitator_client, session, url, django_capture_on_commit_callbacks
):
    photo, document = (
        PhotoFactory(session=session),
        AttachmentFactory(session=session),
    )

    with django_capture_on_commit_callbacks(execute=True):
        facilitator_client.post(url, form("remove", photo=photo.pk))
        facilitator_client.post(url, form("remove", attachment=document.pk))

    assert not session.photos.exists()
    assert not session.attachments.exists()
    assert not default_storage.exists(photo.image.name)
    assert not default_storage.exists(document.file.name)


def test_a_note_taker_removes_only_what_they_sent(roles, session, circle, url):
    likhit = roles.user(Role.KHUN_LIKHIT, circle)
    client = roles.signed_in(likhit)
    own = PhotoFactory(session=session, author=likhit)
    others = PhotoFactory(session=session)

    page = client.get(url)
    removable = {card[0].pk: card[2] for card in page.context["cards"]}
    assert removable == {own.pk: True, others.pk: False}
    assert client.post(url, form("remove", photo=others.pk)).status_code == 404
    assert client.post(url, form("remove", photo=own.pk)).status_code == 302
    assert list(session.photos.all()) == [others]


def test_an_administrator_hides_and_shows(
    tambon_admin_client, facilitator_client, session, url
):
    photo = PhotoFactory(session=session, may_show=True)
    file = reverse("photo-file", args=[photo.pk])

    tambon_admin_client.post(url, form("hide", photo=photo.pk))

    assert facilitator_client.get(file).status_code == 404
    assert not facilitator_client.get(url).context["cards"]
    assert tambon_admin_client.get(file).status_code == 200
    for act in ("hide", "unhide", "remove", "describe"):
        response = facilitator_client.post(url, form(act, photo=photo.pk))
        assert response.status_code == 404

    assert tambon_admin_client.post(url, form("remove", photo=photo.pk)).status_code
    tambon_admin_client.post(url, form("unhide", photo=photo.pk))
    assert facilitator_client.get(file).status_code == 200


def test_a_hidden_seventh_stays_hidden(tambon_admin_client, session, url):
    hidden = PhotoFactory(session=session)
    tambon_admin_client.post(url, form("hide", photo=hidden.pk))
    PhotoFactory.create_batch(6, session=session)

    response = tambon_admin_client.post(url, form("unhide", photo=hidden.pk))

    assert response.context["refused"]
    assert Photo.objects.shown().count() == 6


def test_documents_are_kept_as_they_came(facilitator_client, session, url):
    files = [sent(PDF, "../ใบลงชื่อ.PDF"), sent(workbook(), "รายชื่อ.xlsx")]

    facilitator_client.post(url, form("attachments", *files))

    names = list(session.attachments.order_by("pk").values_list("name", flat=True))
    assert names == ["ใบลงชื่อ.pdf", "รายชื่อ.xlsx"]
    with session.attachments.get(name="ใบลงชื่อ.pdf").file.open() as kept:
        assert kept.read() == PDF


def test_a_macro_is_refused_in_words(facilitator_client, session, url):
    macros = sent(workbook(**{"xl/vbaProject.bin": "x"}), "a.xlsx")

    response = facilitator_client.post(url, form("attachments", macros))

    assertContains(response, "a.xlsx")
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("number", ["", "0", "x", "9" * 30, "1\x00"])
@pytest.mark.parametrize("kind", ["photo", "attachment"])
def test_what_is_not_here_is_hidden(facilitator_client, url, number, kind):
    elsewhere = PhotoFactory(session__circle=CircleFactory())
    for asked in (number, str(elsewhere.pk)):
        response = facilitator_client.post(url, form("remove", **{kind: asked}))
        assert response.status_code == 404
    assert Photo.objects.exists()


def test_a_withdrawn_session_has_no_such_page(facilitator_client, session, url):
    state = LearningSession.State.WITHDRAWN
    LearningSession.objects.filter(pk=session.pk).update(state=state)

    assert facilitator_client.get(url).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_no_more_for_more(
    facilitator_client, session, url, rows, django_assert_num_queries
):
    PhotoFactory.create_batch(rows, session=session)
    AttachmentFactory.create_batch(rows, session=session)

    # session, user, rights, session, photos, documents, unread news, person
    with django_assert_num_queries(8):
        page = facilitator_client.get(url)

    assert len(page.context["cards"]) == len(page.context["documents"]) == rows


def test_what_the_script_needs_is_there(facilitator_client, facilitator, session, url):
    page = facilitator_client.get(url).content.decode()

    picker = re.search(r'<div id="photo_picker".*?>', page, re.DOTALL)[0]
    assert f'data-user="{facilitator.pk}"' in picker
    assert f'data-session="{session.pk}"' in picker
    post = reverse("photo-create", args=[session.circle_id])
    assert f'data-post="{post}"' in picker
    assertNotContains(facilitator_client.get(url), " capture")


def test_the_script_is_light():
    script = settings.BASE_DIR / "static/js/photos.js"

    assert len(gzip.compress(script.read_bytes())) <= 6 * 1024
