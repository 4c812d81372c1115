"""The page about a session's photos: what is not opened, and what is not removed."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from circles.actions import uploads
from circles.models import Photo
from circles.permissions import Role
from tests.factories import LearningSessionFactory, SubmissionFactory
from tests.factories_uploads import PDF, AttachmentFactory, PhotoFactory, sent


@pytest.fixture
def session(circle):
    return LearningSessionFactory(circle=circle)


@pytest.fixture
def url(session):
    return reverse("session-photos", args=[session.pk])


@pytest.fixture
def opened(monkeypatch):
    """Return the files that were decoded, one entry each."""
    opened, decode = [], uploads.clean_photo

    def clean_photo(file):
        opened.append(file)
        return decode(file)

    monkeypatch.setattr(uploads, "clean_photo", clean_photo)
    return opened


def form(act, *files, **given):
    return {"act": act, "key": str(uuid.uuid4()), "sent": list(files)} | given


@pytest.mark.parametrize(("before", "room"), [(0, 6), (4, 2), (6, 0)])
def test_no_more_are_opened_than_there_are_places(
    facilitator_client, session, url, opened, before, room
):
    PhotoFactory.create_batch(before, session=session)

    response = facilitator_client.post(
        url, form("photos", *[sent() for _one in range(100)])
    )

    assert (len(opened), session.photos.count()) == (room, 6)
    [(_name, words)] = response.context["refused"]
    assert str(100 - room) in words
    assertContains(response, words)


def test_a_hundred_pages_are_not_opened_either(facilitator_client, url, opened):
    pages = [sent(b"<html>") for _one in range(100)]

    response = facilitator_client.post(url, form("photos", *pages))

    assert len(opened) == 6
    assert len(response.context["refused"]) == 7


def test_documents_have_places_of_their_own(facilitator_client, session, url):
    PhotoFactory.create_batch(6, session=session)
    AttachmentFactory.create_batch(5, session=session)

    papers = [sent(PDF, "a.pdf"), sent(PDF, "b.pdf")]
    response = facilitator_client.post(url, form("attachments", *papers))

    assert session.attachments.count() == 6
    assert len(response.context["refused"]) == 1


def test_six_sent_twice_are_six_and_nothing_is_refused(
    facilitator_client, session, url, opened
):
    key = str(uuid.uuid4())
    for _time in range(2):
        files = [sent() for _one in range(6)]
        response = facilitator_client.post(url, form("photos", *files, key=key))
        assert response.status_code == 302

    assert (session.photos.count(), len(opened)) == (6, 6)


@pytest.mark.parametrize("kind", ["photo", "attachment"])
def test_a_hidden_one_is_removed_by_nobody(
    facilitator_client, facilitator, tambon_admin_client, session, url, kind
):
    factory = PhotoFactory if kind == "photo" else AttachmentFactory
    upload = factory(session=session, author=facilitator, hidden_at=timezone.now())

    for client in (facilitator_client, tambon_admin_client):
        response = client.post(url, form("remove", **{kind: upload.pk}))
        assert response.status_code == 404
        assert type(upload).objects.filter(pk=upload.pk).exists()


def test_an_administrators_own_is_shown_again_before_it_is_removed(roles, session, url):
    admin = roles.user(Role.TAMBON_ADMIN, session.circle.place.parent)
    client = roles.signed_in(admin)
    photo = PhotoFactory(session=session, author=admin, hidden_at=timezone.now())

    assert [card[2] for card in client.get(url).context["cards"]] == [False]
    client.post(url, form("unhide", photo=photo.pk))
    client.post(url, form("remove", photo=photo.pk))

    assert not Photo.objects.exists()


def test_the_script_knows_the_form_of_the_record(facilitator_client, session, url):
    key = SubmissionFactory(session=session).key

    assertContains(facilitator_client.get(url), f'data-form-key="{key}"')
