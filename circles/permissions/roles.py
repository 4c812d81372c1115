"""The roles, what each may do, and how far that reaches: the table of ACCESS.md."""

from __future__ import annotations

from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from circles.models import Assignment, Circle, Place

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
    HAND_OVER = auto()  # read the handover page, write down what works here
    REVEAL_CONTACT = auto()  # see a telephone number in full: recorded
    MANAGE_CIRCLE = auto()  # the circle, its openings and its seats
    MANAGE_PERSON = auto()  # people, their accounts, doubles
    EDIT_CONTACT = auto()  # whom to ask at a place or an agency
    MANAGE_PLACE = auto()  # tambons, villages, their years
    MANAGE_AGENCY = auto()
    ASSIGN_ROLE = auto()  # the roles of GRANTS, never to oneself
    VIEW_HISTORY = auto()  # of places, people, seats, rights and circles


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
        if (code := self.place_code(assignment)) is not None:
            covered |= Q(place__code__startswith=code)
        if assignment.circle_id is not None:
            only = Q(role=Role.KHUN_UA) if self is Reach.OWN_SPONSORS else Q()
            covered |= Q(pk=assignment.circle_id) & only
        return covered

    def covers(self, assignment: Assignment, circle: Circle) -> bool:
        """Return whether *circle* is among ``circles(assignment)``, without asking."""
        if (code := self.place_code(assignment)) is not None:
            return circle.place.code.startswith(code)
        sponsors = self is Reach.OWN_SPONSORS
        return assignment.circle_id == circle.pk and (
            not sponsors or circle.role == Role.KHUN_UA
        )

    def covers_place(self, assignment: Assignment, code: str) -> bool:
        """Return whether every circle below *code* is among ``circles(assignment)``."""
        covered = self.place_code(assignment)
        return covered is not None and code.startswith(covered)

    def place_code(self, assignment: Assignment) -> str | None:
        """Return the code under which all circles are covered, if there is one."""
        if self is Reach.OWN_SPONSORS:
            return None
        home = home_of(assignment)
        near = home.code if home else ""
        if self is Reach.TAMBON and len(near) >= TAMBON_CODE_LENGTH:
            return near[:TAMBON_CODE_LENGTH]
        return assignment.place.code if assignment.place else None


def home_of(assignment: Assignment) -> Place | None:
    """Return the place of the assignment, or of the circle that it names."""
    return assignment.place or (assignment.circle.place if assignment.circle else None)


# What only the province decides, and what a province need not see.
_PROVINCE_ONLY = {Permission.MANAGE_PLACE, Permission.MANAGE_AGENCY}
_TAMBON_ONLY = {Permission.REVEAL_CONTACT}


def _everything_but(left_out: set[Permission]) -> dict[Permission, Reach]:
    return {one: Reach.OWN for one in Permission if one not in left_out}


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
        Permission.HAND_OVER: Reach.OWN,
        Permission.REVEAL_CONTACT: Reach.OWN,
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
    Role.TAMBON_ADMIN: _everything_but(_PROVINCE_ONLY),
    Role.PROVINCE_ADMIN: _everything_but(_TAMBON_ONLY),
}

# Whoever logs under one of these does so for somebody else, and the record says so.
ON_BEHALF = frozenset({Role.TAMBON_ADMIN, Role.PROVINCE_ADMIN})

# Which roles an administrator may give and take: never one above their own.
GRANTS: dict[Role, frozenset[Role]] = {
    Role.TAMBON_ADMIN: frozenset({Role.KHUN_KIJ, Role.KHUN_AMNUAY, Role.KHUN_LIKHIT}),
    Role.PROVINCE_ADMIN: frozenset(Role),
}
