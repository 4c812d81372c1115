from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.models.agencies import Agency
from circles.models.people import ContactPoint, CurrentQuerySet, Person
from circles.models.places import Place
from circles.permissions import Permission, Role, assignments_under

if TYPE_CHECKING:
    from circles.models.circles import Circle


class User(AbstractUser):
    """An account that signs in."""

    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="user"
    )

    def __str__(self) -> str:
        return str(self.person) if self.person else self.username

    @cached_property
    def current_assignments(self) -> list[Assignment]:
        """The rights of today, read once a request.  An inactive account has none."""
        if self.person_id is None or not self.is_active:
            return []
        return list(
            Assignment.objects.filter(person=self.person_id)
            .current()
            .select_related("place", "circle__place", "agency__place")
            .order_by("pk")
        )


class AssignmentQuerySet(CurrentQuerySet):
    def allowed(self, user: User, permission: Permission) -> Self:
        """Keep the rights that *user* may give and take with *permission*: of a lower
        or equal role, over what they look after, and never their own."""
        return self.filter(assignments_under(user, permission))

    def to_come(self, on: date | None = None) -> Self:
        """Keep what has not ended on that day (today), begun or not."""
        day = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=day))


class Assignment(models.Model):
    """Rights: one person, one role, exactly one of place, circle, agency."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="assignments")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    circle = models.ForeignKey(
        "circles.Circle",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="assignments",
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    # Stands in for the office-holder (รักษาราชการแทน).
    is_acting = models.BooleanField(_("acting"), default=False)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("last day"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["person", "role", "pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=False, circle=None, agency=None)
                | Q(place=None, circle__isnull=False, agency=None)
                | Q(place=None, circle=None, agency__isnull=False),
                name="assignment_names_one_object",
                violation_error_message=_(
                    "Choose one: a place, a circle or an agency."
                ),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                name="assignment_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                "person",
                "role",
                Coalesce("place", 0),
                Coalesce("circle", 0),
                Coalesce("agency", 0),
                "since",
                name="assignment_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"

    @property
    def where(self) -> Place | Agency | Circle | None:
        """What the rights are over.  Reads it."""
        return self.place or self.circle or self.agency


class Invitation(models.Model):
    """A letter by which an account is opened: a row first, then sent by a worker.

    The letter holds a one-time slip, made when it is written and stored nowhere.
    """

    MOST_ATTEMPTS = 5

    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    contact = models.ForeignKey(
        ContactPoint, models.CASCADE, related_name="invitations"
    )
    author = models.ForeignKey(User, models.CASCADE, related_name="given_invitations")
    language = models.CharField(max_length=5, default="th")
    created_at = models.DateTimeField(_("invited"), default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    # Why the last attempt failed: a code of ``actions.inviting``.
    last_error = models.CharField(max_length=20, blank=True, default="")
    # Whoever uses this slip reads the mail of the address with this digest.
    slip = models.ForeignKey(
        "circles.SignInSlip", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    address_digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.user}: {self.created_at:%d.%m.%Y %H:%M}"
