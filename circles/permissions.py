"""Who may do what, and where.

The only module that knows about roles.  An *assignment* gives one person one
role over exactly one place, circle or agency, from one day to another.  What
the role may do is a row of ``ROLE_PERMISSIONS``; how far it reaches is the
value in that row.  Views ask two questions:

* ``Circle.objects.allowed(user, permission)``: on which circles?
* ``require(user, permission)``: anywhere at all?

A seat in a circle (``Membership``) grants nothing.  The table follows
ACCESS.md; to add a role add two lines here and a column in
``tests/test_access.py``.
"""

from __future__ import annotations

from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from circles.models import Assignment, Circle, Place, User

CODE_LENGTHS = (2, 4, 6, 8)  # province, amphoe, tambon, village
TAMBON_CODE_LENGTH = 6


class Permission(StrEnum):
    VIEW_CIRCLE = auto()  # the circle, its road, what was learned and decided
    VIEW_SEATS = auto()  # who has a seat in the circle
    VIEW_NAMES = auto()  # who came to a session, who told, who wrote it down
    LOG_SESSION = auto()  # and plan it, book it, call it off
    EDIT_SESSION = auto()  # complete or correct: 7 days, administrators at any time
    WITHDRAW_SESSION = auto()  # and restore; hide a photo
    ADD_PHOTO = auto()
    VIEW_PHOTOS = auto()  # all of the circle's own, not only those shown to others
    REMOVE_PHOTO = auto()
    SET_DREAM = auto()
    VIEW_FIGURES = auto()  # sums, on the overview


class Role(models.TextChoices):
    KHUN_UA = "khun_ua", _("Khun Ua (sponsor)")
    KHUN_AMNUAY = "khun_amnuay", _("Khun Amnuay (facilitator)")
    KHUN_KIJ = "khun_kij", _("Khun Kij (practitioner)")
    KHUN_LIKHIT = "khun_likhit", _("Khun Likhit (note-taker)")
    GOVERNOR_OFFICE = "governor_office", _("Governor's office")
    TAMBON_ADMIN = "tambon_admin", _("Tambon administrator")
    PROVINCE_ADMIN = "province_admin", _("Province administrator")


# The four hats that a person may wear in a circle.
HATS = (Role.KHUN_UA, Role.KHUN_AMNUAY, Role.KHUN_KIJ, Role.KHUN_LIKHIT)


class Reach(Enum):
    OWN = auto()  # every circle of the assignment's place, or the circle it names
    OWN_SPONSORS = auto()  # only a Khun Ua circle that the assignment names
    TAMBON = auto()  # OWN, widened to the whole tambon

    def circles(self, assignment: Assignment) -> Q:
        """Return the filter for the circles that *assignment* covers.

        An agency's assignment covers none: those rights come by place or name.
        """
        covered = Q(pk__in=())
        if (code := self._place_code(assignment)) is not None:
            covered |= Q(place__code__startswith=code)
        if assignment.circle_id is not None:
            only = Q(role=Role.KHUN_UA) if self is Reach.OWN_SPONSORS else Q()
            covered |= Q(pk=assignment.circle_id) & only
        return covered

    def covers(self, assignment: Assignment, circle: Circle) -> bool:
        """Return whether *circle* is among ``circles(assignment)``, without asking."""
        if (code := self._place_code(assignment)) is not None:
            return circle.place.code.startswith(code)
        sponsors = self is Reach.OWN_SPONSORS
        return assignment.circle_id == circle.pk and (
            not sponsors or circle.role == Role.KHUN_UA
        )

    def covers_place(self, assignment: Assignment, code: str) -> bool:
        """Return whether every circle below *code* is among ``circles(assignment)``."""
        covered = self._place_code(assignment)
        return covered is not None and code.startswith(covered)

    def _place_code(self, assignment: Assignment) -> str | None:
        """Return the code under which all circles are covered, if there is one."""
        if self is Reach.OWN_SPONSORS:
            return None
        home = _home(assignment)
        near = home.code if home else ""
        if self is Reach.TAMBON and len(near) >= TAMBON_CODE_LENGTH:
            return near[:TAMBON_CODE_LENGTH]
        return assignment.place.code if assignment.place else None


def _home(assignment: Assignment) -> Place | None:
    """Return the place of the assignment, or of the circle that it names."""
    return assignment.place or (assignment.circle.place if assignment.circle else None)


_EVERYTHING = dict.fromkeys(Permission, Reach.OWN)

ROLE_PERMISSIONS: dict[Role, dict[Permission, Reach]] = {
    Role.KHUN_UA: {
        Permission.VIEW_CIRCLE: Reach.OWN,
        Permission.VIEW_SEATS: Reach.OWN,
        Permission.VIEW_NAMES: Reach.OWN_SPONSORS,
        Permission.LOG_SESSION: Reach.OWN_SPONSORS,
        Permission.VIEW_FIGURES: Reach.OWN,
        Permission.EDIT_SESSION: Reach.OWN_SPONSORS,
        Permission.ADD_PHOTO: Reach.OWN_SPONSORS,
        Permission.VIEW_PHOTOS: Reach.OWN_SPONSORS,
    },
    Role.KHUN_AMNUAY: {
        Permission.VIEW_CIRCLE: Reach.OWN,
        Permission.VIEW_SEATS: Reach.OWN,
        Permission.VIEW_NAMES: Reach.OWN,
        Permission.LOG_SESSION: Reach.OWN,
        Permission.VIEW_FIGURES: Reach.TAMBON,
        Permission.EDIT_SESSION: Reach.OWN,
        Permission.ADD_PHOTO: Reach.OWN,
        Permission.VIEW_PHOTOS: Reach.OWN,
        Permission.REMOVE_PHOTO: Reach.OWN,
        Permission.SET_DREAM: Reach.OWN,
    },
    Role.KHUN_KIJ: {
        Permission.VIEW_CIRCLE: Reach.OWN,
        Permission.VIEW_SEATS: Reach.OWN,
        Permission.VIEW_NAMES: Reach.OWN,
        Permission.VIEW_FIGURES: Reach.OWN,
        Permission.VIEW_PHOTOS: Reach.OWN,
    },
    Role.KHUN_LIKHIT: {
        Permission.VIEW_CIRCLE: Reach.OWN,
        Permission.VIEW_SEATS: Reach.OWN,
        Permission.VIEW_NAMES: Reach.OWN,
        Permission.LOG_SESSION: Reach.OWN_SPONSORS,
        Permission.VIEW_FIGURES: Reach.OWN,
        Permission.EDIT_SESSION: Reach.OWN,
        Permission.ADD_PHOTO: Reach.OWN,
        Permission.VIEW_PHOTOS: Reach.OWN,
    },
    Role.GOVERNOR_OFFICE: {
        Permission.VIEW_CIRCLE: Reach.OWN,
        Permission.VIEW_FIGURES: Reach.OWN,
    },
    Role.TAMBON_ADMIN: _EVERYTHING,
    Role.PROVINCE_ADMIN: _EVERYTHING,
}

# Whoever logs under one of these does so for somebody else, and the record says so.
ON_BEHALF = frozenset({Role.TAMBON_ADMIN, Role.PROVINCE_ADMIN})


def circles_allowed(user: User, permission: Permission) -> Q:
    """Return the filter for the circles on which *user* holds *permission*.

    One query per request, whatever is asked and however often: the current
    assignments are kept on the user object of this request.
    """
    if user.is_superuser:
        return Q()
    allowed = Q(pk__in=())
    for assignment in user.current_assignments:
        reach = ROLE_PERMISSIONS[Role(assignment.role)].get(permission)
        if reach is not None:
            allowed |= reach.circles(assignment)
    return allowed


def places_allowed(user: User, permission: Permission) -> Q:
    """Return the filter for the places about which *user* may read figures: those
    of the assignments, all below them, and those that contain them."""
    if user.is_superuser:
        return Q()
    allowed = Q(pk__in=())
    for assignment in user.current_assignments:
        place = _home(assignment)
        if place and permission in ROLE_PERMISSIONS[Role(assignment.role)]:
            above = [place.code[:length] for length in CODE_LENGTHS]
            allowed |= Q(code__in=above)
            if assignment.place:
                allowed |= Q(code__startswith=place.code)
    return allowed


def covers_place(user: User, permission: Permission, code: str) -> bool:
    """Return whether *user* holds *permission* on every circle of that place."""
    if user.is_superuser:
        return True
    return any(
        reach.covers_place(assignment, code)
        for assignment in user.current_assignments
        if (reach := ROLE_PERMISSIONS[Role(assignment.role)].get(permission))
    )


def role_to(permission: Permission, user: User, circle: Circle) -> Role | None:
    """Return the role by which *user* holds *permission* on *circle*, or None.

    A role of one's own comes before one that acts on behalf of others.
    """
    held = sorted(user.current_assignments, key=lambda one: one.role in ON_BEHALF)
    for assignment in held:
        role = Role(assignment.role)
        reach = ROLE_PERMISSIONS[role].get(permission)
        if reach and reach.covers(assignment, circle):
            return role
    return Role.PROVINCE_ADMIN if user.is_superuser else None


def may(permission: Permission, user: User, circle: Circle) -> bool:
    """Return whether *user* holds *permission* on *circle*, which was fetched by
    ``allowed()`` with its place: what else on its page is open to them."""
    return role_to(permission, user, circle) is not None


def holds(user: User, permission: Permission) -> bool:
    """Return whether *user* holds *permission* in at least one place."""
    return user.is_superuser or any(
        permission in ROLE_PERMISSIONS[Role(assignment.role)]
        for assignment in user.current_assignments
    )


def require(user: User, permission: Permission) -> None:
    """Refuse a page that is about no single circle; other pages use ``allowed()``.

    Raises PermissionDenied.
    """
    if not holds(user, permission):
        raise PermissionDenied
