"""Photos and attachments: sent, described, hidden, removed."""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from circles.actions.storing import check_room, delete, store
from circles.documents import check_document, document_name
from circles.images import clean_photo
from circles.models import Attachment, Circle, LearningSession, Photo, User
from circles.models.uploads import attachment_path, photo_path
from circles.permissions import ON_BEHALF, Permission, may, role_to


def store_photo(
    file: BinaryIO | bytes,
    *,
    circle: Circle,
    author: User,
    key: UUID,
    form_key: UUID | None = None,
    session: LearningSession | None = None,
    caption: str = "",
    is_recognisable: bool = True,
    may_show: bool = False,
) -> Photo:
    """Decode, encode anew and store a photo of *session*, or of the session whose log
    form has *form_key*: with that session if it is stored, else pending.

    Safe to repeat: the same author and key return the first photo.  Raises
    PermissionDenied, and ValidationError with the codes of ``clean_photo``, too_many,
    no_session (neither of the two, or one of another circle) and not_stored (no room
    on the disk; nothing is left behind).  Opens its own short transaction.
    """
    if earlier := _earlier(Photo, author, circle, key):
        return earlier
    clean = clean_photo(file)
    photo = Photo(
        author=author,
        circle=circle,
        key=key,
        form_key=form_key,
        session=session,
        size_bytes=len(clean.content),
        width=clean.width,
        height=clean.height,
        caption=caption,
        is_recognisable=is_recognisable,
        may_show=may_show,
        image=photo_path(None, ""),
    )
    return store(photo, clean.content)


def store_attachment(
    file: BinaryIO | bytes,
    *,
    name: str,
    circle: Circle,
    author: User,
    key: UUID,
    form_key: UUID | None = None,
    session: LearningSession | None = None,
) -> Attachment:
    """Store a PDF or XLSX as it came.  As ``store_photo``; refuses with the codes of
    ``check_document``."""
    if earlier := _earlier(Attachment, author, circle, key):
        return earlier
    kind, content = check_document(file)
    attachment = Attachment(
        author=author,
        circle=circle,
        key=key,
        form_key=form_key,
        session=session,
        size_bytes=len(content),
        name=document_name(name, kind),
        file=attachment_path(None, ""),
    )
    return store(attachment, content)


def attach_pending(session: LearningSession, author: User, form_key: UUID) -> None:
    """Give *session* what *author* sent ahead of it: one UPDATE each.

    Needs the transaction that stores the session and holds the author's lock, so that
    nothing arrives in between.  Repeatable.
    """
    for pending in _pending(author, form_key):
        pending.filter(circle=session.circle_id).update(session=session)


@transaction.atomic
def discard_pending(author: User, form_key: UUID) -> None:
    """Delete what *author* sent ahead of a session that will not come.  Repeatable."""
    for pending in _pending(author, form_key):
        for upload in pending.order_by("pk").select_for_update():
            delete(upload)


def describe_photo(
    photo: Photo, *, by: User, caption: str, is_recognisable: bool, may_show: bool
) -> None:
    """Say what is on a photo and who may see it.  Raises PermissionDenied."""
    if not may(Permission.ADD_PHOTO, by, photo.circle):
        raise PermissionDenied
    photo.caption = caption
    photo.is_recognisable, photo.may_show = is_recognisable, may_show
    photo.save(update_fields=["caption", "is_recognisable", "may_show"])


def may_remove(upload: Photo | Attachment, user: User) -> bool:
    """Return whether *user* may delete it: who sent it, and who looks after the
    circle.  Administrators hide what others sent; what is hidden stays, so that they
    can look at it."""
    if upload.hidden_at is not None:
        return False
    if upload.author_id == user.pk:
        return may(Permission.ADD_PHOTO, user, upload.circle)
    role = role_to(Permission.REMOVE_PHOTO, user, upload.circle)
    return role is not None and role not in ON_BEHALF


def remove_upload(upload: Photo | Attachment, *, by: User) -> None:
    """Delete the row, and its file once that is certain.  Raises PermissionDenied."""
    if not may_remove(upload, by):
        raise PermissionDenied
    delete(upload)


def hide_upload(upload: Photo | Attachment, *, by: User) -> None:
    """Take it out of every page but the administrators'.  Raises PermissionDenied."""
    if not may(Permission.WITHDRAW_SESSION, by, upload.circle):
        raise PermissionDenied
    upload.hidden_at = timezone.now()
    upload.save(update_fields=["hidden_at"])


@transaction.atomic
def unhide_upload(upload: Photo | Attachment, *, by: User) -> None:
    """Show it again.  Raises PermissionDenied, and ValidationError (too_many)."""
    if not may(Permission.WITHDRAW_SESSION, by, upload.circle):
        raise PermissionDenied
    if upload.hidden_at is None:
        return
    check_room(upload)
    upload.hidden_at = None
    upload.save(update_fields=["hidden_at"])


def _earlier[T: (Photo, Attachment)](
    model: type[T], author: User, circle: Circle, key: UUID
) -> T | None:
    """Return what came under *key* before, without decoding it again."""
    if not may(Permission.ADD_PHOTO, author, circle):
        raise PermissionDenied
    return model._default_manager.filter(author=author, key=key).first()


def _pending(
    author: User, form_key: UUID
) -> tuple[QuerySet[Photo], QuerySet[Attachment]]:
    mine = {"author": author, "form_key": form_key, "session": None}
    return Photo.objects.filter(**mine), Attachment.objects.filter(**mine)
