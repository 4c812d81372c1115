"""How a file comes to lie beside its row: the file first, then the row; and the row
is gone before its file is."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from circles.models import Attachment, LearningSession, Photo, Submission, User

MAX_UPLOADS = 6  # photos of a session, and as many attachments

logger = logging.getLogger(__name__)

_TOO_MANY = {
    Photo: _("This session has six photos already. Remove one to add another."),
    Attachment: _("This session has six files already. Remove one to add another."),
}


def store[T: (Photo, Attachment)](upload: T, content: bytes) -> T:
    """Write *content* under the name that *upload* has, then insert the row.

    Returns the stored row: an earlier one if its author sent that key before, and then
    no second file stays.  Raises ValidationError: too_many, no_session, not_stored.
    """
    file = file_of(upload)
    name = str(file.name)
    _write(file.storage, name, content)
    try:
        stored = _insert(upload)
    except BaseException:
        file.storage.delete(name)
        raise
    if stored is not upload:
        file.storage.delete(name)
    return stored


def file_of(upload: Photo | Attachment) -> FieldFile:
    return upload.image if isinstance(upload, Photo) else upload.file


@transaction.atomic
def delete(upload: Photo | Attachment) -> None:
    """Delete the row, and its file once that is certain."""
    file = file_of(upload)
    name, storage = str(file.name), file.storage
    upload.delete()
    transaction.on_commit(partial(storage.delete, name), robust=True)


def free_places(session: LearningSession, model: type[Photo | Attachment]) -> int:
    """Return how many more *session* can take at the moment: one query, no lock, so
    that the seventh is not even opened; ``check_room`` decides."""
    shown = model._default_manager.filter(session=session, hidden_at=None)
    return max(0, MAX_UPLOADS - shown.count())


def check_room(upload: Photo | Attachment) -> None:
    """Refuse the seventh (too_many).  Needs a transaction, and holds the session in
    it; where there is none yet, the caller holds the author."""
    model = type(upload)
    shown = model._default_manager.filter(hidden_at=None)
    if upload.session_id is None:
        beside = shown.filter(author=upload.author_id, form_key=upload.form_key)
        beside = beside.filter(session=None)
    else:
        sessions = LearningSession.objects.select_for_update(no_key=True)
        sessions.get(pk=upload.session_id)
        beside = shown.filter(session=upload.session_id)
    if beside.count() >= MAX_UPLOADS:
        raise ValidationError(_TOO_MANY[model], code="too_many")


def _write(storage: Storage, name: str, content: bytes) -> None:
    try:
        storage.save(name, ContentFile(content))
        with storage.open(name) as written:
            # The phone forgets its copy once the row says that this one is safe.
            os.fsync(written.fileno())
    except OSError as error:
        with suppress(OSError):  # a disk that refuses to write may refuse this too
            storage.delete(name)
        logger.exception("%s could not be written", name)
        words = _(
            "There is no room for files at the moment, so it was not stored."
            " Keep it and try again later."
        )
        raise ValidationError(words, code="not_stored") from error


@transaction.atomic
def _insert[T: (Photo, Attachment)](upload: T) -> T:
    # ``log_session`` takes this lock too: what arrives while the session is being
    # stored either is there to be attached, or finds the session.
    User.objects.select_for_update(no_key=True).get(pk=upload.author_id)
    manager = type(upload)._default_manager
    sent = manager.filter(author=upload.author_id, key=upload.key)
    if earlier := sent.first():
        return earlier
    if upload.session is None:
        upload.session = _session_of(upload)
    if upload.session and upload.session.circle_id != upload.circle_id:
        raise _no_session()
    check_room(upload)
    upload.save(force_insert=True)
    return upload


def _session_of(upload: Photo | Attachment) -> LearningSession | None:
    """Return the stored session of the form it was sent with, None if pending."""
    if upload.form_key is None:
        raise _no_session()
    sent = Submission.objects.filter(author=upload.author_id, key=upload.form_key)
    submission = sent.select_related("session__merged_into").first()
    if submission is None:
        return None
    return submission.session.merged_into or submission.session


def _no_session() -> ValidationError:
    words = _("It is not clear which session this belongs to. Open the form again.")
    return ValidationError(words, code="no_session")
