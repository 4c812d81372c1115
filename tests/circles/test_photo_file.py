"""Who gets a photo's or a document's bytes, and with which headers."""

import io

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from circles.models import LearningSession
from circles.permissions import Role
from circles.reports.photos import photos_shown
from tests.factories import CircleFactory, LearningSessionFactory, UserFactory
from tests.factories_uploads import PDF, AttachmentFactory, PhotoFactory

OWN = {"amnuay", "likhit", "tambon", "province"}
EVERYBODY = OWN | {"kij", "ua", "office"}
ROLES = {
    "amnuay": Role.KHUN_AMNUAY,
    "likhit": Role.KHUN_LIKHIT,
    "kij": Role.KHUN_KIJ,
    "ua": Role.KHUN_UA,
    "office": Role.GOVERNOR_OFFICE,
    "tambon": Role.TAMBON_ADMIN,
    "province": Role.PROVINCE_ADMIN,
}


@pytest.fixture
def session(circle):
    return LearningSessionFactory(circle=circle)


@pytest.fixture
def readers(roles, circle):
    """Return who gets an address: the names of the roles, of this circle only."""
    elsewhere = CircleFactory()

    def clients(of):
        return {
            name: roles.client(role, roles.near(role, of))
            for name, role in ROLES.items()
        }

    inside, outside = clients(circle), clients(elsewhere)
    # The whole province is everybody's place who has it.
    strangers = {name: outside[name] for name in EVERYBODY - {"office", "province"}}

    def readers(address):
        for client in (*strangers.values(), roles.signed_in(UserFactory())):
            assert client.get(address).status_code == 404
        answers = {
            name: client.get(address).status_code for name, client in inside.items()
        }
        assert set(answers.values()) <= {200, 404}
        return {name for name, status in answers.items() if status == 200}

    return readers


@pytest.mark.parametrize(
    ("is_recognisable", "may_show", "expected"),
    [
        (True, False, OWN),
        (False, False, OWN | {"kij"}),
        (True, True, EVERYBODY),
        (False, True, EVERYBODY),
    ],
)
def test_who_sees_a_photo(readers, session, is_recognisable, may_show, expected):
    said = {"is_recognisable": is_recognisable, "may_show": may_show}
    photo = PhotoFactory(session=session, **said)

    assert readers(reverse("photo-file", args=[photo.pk])) == expected


@pytest.mark.parametrize("is_recognisable", [True, False])
def test_of_a_withdrawn_session_others_see_nothing(readers, session, is_recognisable):
    said = {"is_recognisable": is_recognisable, "may_show": True}
    photo, paper = (
        PhotoFactory(session=session, **said),
        AttachmentFactory(session=session),
    )
    state = LearningSession.State.WITHDRAWN
    LearningSession.objects.filter(pk=session.pk).update(state=state)

    assert readers(reverse("photo-file", args=[photo.pk])) == OWN
    assert readers(reverse("attachment-file", args=[paper.pk])) == OWN


def test_a_pending_photo_is_its_authors_alone(
    readers, roles, circle, facilitator, facilitator_client
):
    photo = PhotoFactory(session=None, circle=circle, author=facilitator, may_show=True)
    address = reverse("photo-file", args=[photo.pk])

    assert readers(address) == set()
    assert facilitator_client.get(address).status_code == 200
    facilitator.person.assignments.update(until="2020-01-01")
    assert facilitator_client.get(address).status_code == 404


def test_who_opens_a_document(readers, session):
    document = AttachmentFactory(session=session)

    assert readers(reverse("attachment-file", args=[document.pk])) == OWN


def test_a_photo_comes_as_a_picture_and_nothing_else(facilitator_client, session):
    address = reverse("photo-file", args=[PhotoFactory(session=session).pk])

    response = facilitator_client.get(address, headers={"Accept-Encoding": "gzip"})

    assert Image.open(io.BytesIO(response.content)).format == "JPEG"
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"].startswith("private, max-age=")
    assert "Cookie" in response["Vary"]


def test_the_same_photo_is_not_sent_twice(facilitator_client, session):
    address = reverse("photo-file", args=[PhotoFactory(session=session).pk])
    etag = facilitator_client.get(address)["ETag"]

    again = facilitator_client.get(address, headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == etag


def test_the_right_is_asked_for_before_the_etag_is_told(kij_client, session):
    photo = PhotoFactory(session=session)
    address = reverse("photo-file", args=[photo.pk])

    response = kij_client.get(address, headers={"If-None-Match": "*"})

    assert response.status_code == 404


def test_a_document_is_saved_never_shown(facilitator_client, session):
    document = AttachmentFactory(session=session, name='ใบ"ลงชื่อ.pdf')

    response = facilitator_client.get(reverse("attachment-file", args=[document.pk]))

    assert response.content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("kind", ["photo", "attachment"])
def test_a_file_that_is_gone_is_hidden(facilitator_client, session, kind):
    photo, document = PhotoFactory(session=session), AttachmentFactory(session=session)
    default_storage.delete(photo.image.name)
    default_storage.delete(document.file.name)
    upload = photo if kind == "photo" else document

    response = facilitator_client.get(reverse(f"{kind}-file", args=[upload.pk]))

    assert response.status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/photos/../../etc/passwd.jpg",
        "/photos/..%2f..%2fetc%2fpasswd.jpg",
        "/photos/%2e%2e/settings.py",
        "/attachments/..%2fdb.sqlite3/",
        "/media/photos/1.jpg",
        "/photos/99999999999999999999999999.jpg",
        "/photos/1%00.jpg",
    ],
)
def test_no_path_leads_to_another_file(facilitator_client, path):
    assert facilitator_client.get(path).status_code in {400, 404}


def test_a_gallery_holds_what_each_may_see(session, roles, circle):
    """The gallery's query and the files' agree."""
    PhotoFactory(session=session)
    PhotoFactory(session=session, is_recognisable=False)
    PhotoFactory(session=session, may_show=True)
    pages = {"amnuay": 3, "kij": 2, "ua": 1, "office": 1, "tambon": 3}

    for name, expected in pages.items():
        user = roles.user(ROLES[name], roles.near(ROLES[name], circle))
        assert photos_shown(session, user).count() == expected, name
