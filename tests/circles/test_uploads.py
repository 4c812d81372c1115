"""Photos and documents as rows and files: once, whole, with the right session."""

import resource
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError

from circles.actions.uploads import (
    attach_pending,
    describe_photo,
    discard_pending,
    remove_upload,
    store_attachment,
    store_photo,
)
from circles.models import Attachment, LearningSession, Photo
from circles.permissions import Role
from tests.factories import CircleFactory, LearningSessionFactory, UserFactory, logged
from tests.factories_uploads import PDF, PhotoFactory, picture

pytestmark = pytest.mark.django_db


def files():
    root = Path(settings.MEDIA_ROOT)
    return sorted(path for path in root.rglob("*") if path.is_file())


@pytest.fixture
def session(circle):
    return LearningSessionFactory(circle=circle)


@pytest.fixture
def store(facilitator, circle):
    def store(content=None, **given):
        given = {"circle": circle, "author": facilitator, "key": uuid.uuid4()} | given
        return store_photo(content or picture(), **given)

    return store


def refusal(act, *args, **given):
    with pytest.raises(ValidationError) as refused:
        act(*args, **given)
    return refused.value.code


def test_a_photo_is_stored_with_its_session(store, session, circle):
    photo = store(picture("PNG", (2000, 1000)), session=session, caption="กองปุ๋ย")

    photo.refresh_from_db()
    assert (photo.session, photo.circle, photo.caption) == (session, circle, "กองปุ๋ย")
    assert (photo.width, photo.height) == (1600, 800)
    assert photo.size_bytes == photo.image.size
    assert (photo.is_recognisable, photo.may_show) == (True, False)
    assert photo.image.name.startswith("photos/")


def test_only_its_owner_may_read_a_file_on_the_disk(store, session):
    path = Path(store(session=session).image.path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_sent_again_it_is_stored_once(store, session):
    key, before = uuid.uuid4(), len(files())

    first = store(session=session, key=key)
    again = store(session=session, key=key, caption="อีกครั้ง")

    assert (again.pk, Photo.objects.count()) == (first.pk, 1)
    assert len(files()) == before + 1


def test_two_people_may_choose_one_key(store, session, circle, roles):
    key = uuid.uuid4()
    colleague = roles.user(Role.KHUN_LIKHIT, circle)

    store(session=session, key=key)
    store(session=session, key=key, author=colleague)

    assert Photo.objects.filter(key=key).count() == 2


def test_a_photo_that_came_first_finds_its_session(store, circle, facilitator):
    form_key = uuid.uuid4()
    photo = store(form_key=form_key)
    assert photo.session is None

    session = logged(circle, facilitator, key=form_key).session
    attach_pending(session, facilitator, form_key)

    photo.refresh_from_db()
    assert photo.session == session


def test_a_photo_that_comes_later_finds_its_session(store, circle, facilitator):
    form_key = uuid.uuid4()
    session = logged(circle, facilitator, key=form_key).session

    assert store(form_key=form_key).session == session


def test_a_photo_of_a_merged_record_goes_to_the_one_that_stands(
    store, circle, facilitator
):
    form_key = uuid.uuid4()
    stands = LearningSessionFactory(circle=circle)
    second = logged(circle, facilitator, key=form_key).session
    LearningSession.objects.filter(pk=second.pk).update(merged_into=stands)

    assert store(form_key=form_key).session == stands


def test_attaching_takes_one_statement_each(
    store, circle, facilitator, django_assert_num_queries
):
    form_key = uuid.uuid4()
    for _one in range(3):
        store(form_key=form_key)
    session = LearningSessionFactory(circle=circle)

    with django_assert_num_queries(2):  # photos, attachments
        attach_pending(session, facilitator, form_key)

    assert Photo.objects.filter(session=session).count() == 3


def test_nobody_gets_a_photo_by_anothers_form_key(store, circle, roles):
    form_key = uuid.uuid4()
    photo = store(form_key=form_key)
    thief = roles.user(Role.KHUN_AMNUAY, circle)
    theirs = logged(circle, thief, key=form_key).session

    attach_pending(theirs, thief, form_key)

    photo.refresh_from_db()
    assert photo.session is None
    # Nor does a photo slip into another's session by its form's key.
    assert store(form_key=form_key).session is None


def test_a_form_of_another_circle_gets_nothing(store, circle, facilitator, roles):
    form_key, other = uuid.uuid4(), CircleFactory()
    photo = store(form_key=form_key)
    elsewhere = LearningSessionFactory(circle=other)

    attach_pending(elsewhere, facilitator, form_key)

    photo.refresh_from_db()
    assert photo.session is None
    assert refusal(store, session=elsewhere) == "no_session"
    assert refusal(store) == "no_session"


@pytest.mark.parametrize("is_pending", [False, True])
def test_the_seventh_is_refused(store, session, is_pending):
    where = {"form_key": uuid.uuid4()} if is_pending else {"session": session}
    sixth = [store(**where) for _one in range(6)][-1]
    before = files()

    assert refusal(store, **where) == "too_many"
    assert (Photo.objects.count(), files()) == (6, before)
    # One of them sent again is none more.
    assert store(key=sixth.key, **where) == sixth


def test_nobody_without_the_right_stores_or_describes(store, session, circle, roles):
    for stranger in (roles.user(Role.KHUN_KIJ, circle), UserFactory()):
        with pytest.raises(PermissionDenied):
            store(session=session, author=stranger)
        photo = PhotoFactory(session=session)
        said = {"caption": "", "is_recognisable": False, "may_show": True}
        with pytest.raises(PermissionDenied):
            describe_photo(photo, by=stranger, **said)


def test_a_row_that_fails_leaves_no_file(store, session, monkeypatch):
    def fail(*args, **kwargs):
        raise IntegrityError

    before = files()
    monkeypatch.setattr(Photo, "save", fail)

    with pytest.raises(IntegrityError):
        store(session=session)
    assert files() == before


def test_a_full_disk_is_said_and_leaves_nothing(store, session, caplog):
    before = files()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    # A real write that breaks off: no file of this process may grow past 100 bytes.
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        code = refusal(store, session=session)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert code == "not_stored"
    assert (files(), Photo.objects.count()) == (before, 0)
    assert "could not be written" in caplog.text


def test_removing_deletes_the_file_once_that_is_certain(
    store, session, facilitator, django_capture_on_commit_callbacks
):
    photo = store(session=session)

    with django_capture_on_commit_callbacks(execute=True):
        remove_upload(photo, by=facilitator)
        assert default_storage.exists(photo.image.name)

    assert not default_storage.exists(photo.image.name)
    assert not Photo.objects.exists()


def test_what_was_sent_for_a_thrown_away_form_is_deleted(
    store, circle, facilitator, django_capture_on_commit_callbacks
):
    form_key, before = uuid.uuid4(), files()
    store(form_key=form_key)
    mine = {"circle": circle, "author": facilitator, "form_key": form_key}
    store_attachment(PDF, name="ก.pdf", key=uuid.uuid4(), **mine)

    with django_capture_on_commit_callbacks(execute=True):
        discard_pending(facilitator, form_key)

    assert not Photo.objects.exists()
    assert not Attachment.objects.exists()
    assert files() == before
