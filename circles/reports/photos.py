from __future__ import annotations

from django.db.models import Q, QuerySet

from circles.models import LearningSession, Photo, User
from circles.permissions import Permission, Role, role_to


def photos_shown(session: LearningSession, user: User) -> QuerySet[Photo]:
    """Return the photos of *session* that *user* may look at: one query.

    The circle's own people see all of them, a Khun Kij those that were agreed to or
    show nobody in particular; everybody else only what may be shown to others.
    """
    photos = Photo.objects.shown().filter(session=session)
    match role_to(Permission.VIEW_PHOTOS, user, session.circle):
        case None:
            return photos.filter(may_show=True)
        case Role.KHUN_KIJ:
            return photos.filter(Q(may_show=True) | Q(is_recognisable=False))
        case _:
            return photos
