from __future__ import annotations

from django.db.models import Q, QuerySet

from circles.models import Attachment, LearningSession, Photo, User
from circles.permissions import Permission, Role, may, role_to


def photos_shown(session: LearningSession, user: User) -> QuerySet[Photo]:
    """Return the photos of *session* that *user*, who may see the session, may look
    at, first come first: one query.

    The circle's own people see all of them, a Khun Kij those that were agreed to or
    show nobody in particular; everybody else only what may be shown to others.  Once
    the session is withdrawn, only those who keep the record see any.
    """
    photos = Photo.objects.shown().filter(session=session).order_by("pk")
    if _is_put_away(session, user):
        return photos.none()
    match role_to(Permission.VIEW_PHOTOS, user, session.circle):
        case None:
            return photos.filter(may_show=True)
        case Role.KHUN_KIJ:
            return photos.filter(Q(may_show=True) | Q(is_recognisable=False))
        case _:
            return photos


def photos_kept(session: LearningSession, user: User) -> QuerySet[Photo]:
    """Return the photos of *session* as the page about them lists them: to an
    administrator the hidden ones too."""
    if not may(Permission.WITHDRAW_SESSION, user, session.circle):
        return photos_shown(session, user)
    return Photo.objects.filter(session=session).order_by("pk")


def attachments_kept(session: LearningSession, user: User) -> QuerySet[Attachment]:
    """Return the documents of *session*.  Internal, an attendance sheet for example:
    nobody agreed to show them, so only those see them who may add one; of a withdrawn
    session, only those who keep the record."""
    attachments = Attachment.objects.filter(session=session).order_by("pk")
    may_open = may(Permission.ADD_PHOTO, user, session.circle)
    if not may_open or _is_put_away(session, user):
        return attachments.none()
    if not may(Permission.WITHDRAW_SESSION, user, session.circle):
        attachments = attachments.shown()
    return attachments


def find_photo(photo_id: int, user: User) -> Photo | None:
    """Return the photo if *user* may look at it: pending ones are their author's."""
    if session := _session_of(user, photos__pk=photo_id):
        return photos_kept(session, user).filter(pk=photo_id).first()
    mine = Photo.objects.filter(pk=photo_id, author=user, session=None)
    photo = mine.select_related("circle__place").first()
    return photo if photo and may(Permission.ADD_PHOTO, user, photo.circle) else None


def find_attachment(attachment_id: int, user: User) -> Attachment | None:
    """Return the attachment if *user* may open it."""
    session = _session_of(user, attachments__pk=attachment_id)
    if session is None:
        return None
    return attachments_kept(session, user).filter(pk=attachment_id).first()


def _is_put_away(session: LearningSession, user: User) -> bool:
    """Return whether *session* is withdrawn, and *user* not one who keeps it."""
    is_withdrawn = session.state == LearningSession.State.WITHDRAWN
    return is_withdrawn and not may(Permission.EDIT_SESSION, user, session.circle)


def _session_of(user: User, **upload: int) -> LearningSession | None:
    sessions = LearningSession.objects.allowed(user, Permission.VIEW_CIRCLE)
    return sessions.select_related("circle__place").filter(**upload).first()
