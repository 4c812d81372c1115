from __future__ import annotations

import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.models.accounts import User
from circles.models.circles import Circle
from circles.models.sessions import LearningSession
from circles.permissions import Permission, circles_allowed


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def allowed(self, user: User, permission: Permission) -> Self:
        """Keep the appointments of circles on which *user* holds *permission*."""
        circles = Circle.objects.filter(circles_allowed(user, permission))
        return self.filter(circle__in=circles)

    def open(self) -> Self:
        """Keep what is agreed and neither held nor called off."""
        return self.filter(state=Appointment.State.PLANNED, session=None)

    def called_off(self) -> Self:
        """Keep what was postponed or cancelled: accounted for, each with its reason."""
        return self.exclude(state=Appointment.State.PLANNED)

    def soonest_first(self) -> Self:
        return self.order_by("on", "pk")


class Appointment(models.Model):
    """A meeting that a circle has agreed on (นัด); the session once it was held.

    A row of its own, not a session in another state: what has not been held can
    then never slip into a count.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        POSTPONED = "postponed", _("postponed")
        CANCELLED = "cancelled", _("cancelled")

    class Reason(models.TextChoices):
        RAIN = "rain", _("rain")
        FLOOD = "flood", _("flood")
        FUNERAL = "funeral", _("funeral")
        MERIT = "merit", _("merit-making")
        HARVEST = "harvest", _("harvest")
        TOO_FEW = "too_few", _("too few could come")
        ON_DUTY = "on_duty", _("the facilitator is on duty elsewhere")
        OTHER = "other", _("another reason")

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="appointments")
    on = models.DateField(_("day"))
    starts = models.TimeField(_("start"), null=True, blank=True)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    # Before the session (BAR), in one line; it becomes the first AAR question.
    purpose = models.CharField(_("what we hope for"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.PLANNED
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, blank=True)
    reason_note = models.CharField(_("in words"), max_length=300, blank=True)
    moved_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="moved_from"
    )
    session = models.OneToOneField(
        LearningSession,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appointment",
    )
    author = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["circle", "on"]
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "on"],
                condition=Q(state="planned"),
                name="appointment_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="planned") | ~Q(reason=""),
                name="appointment_called_off_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.circle}: {self.on}"


def make_secret() -> str:
    """Return 256 random bits for an address that nobody can guess."""
    return secrets.token_urlsafe(32)


class CalendarFeed(models.Model):
    """A private address under which a phone's calendar reads appointments: those of
    one circle, or of all circles of the account."""

    user = models.ForeignKey(User, models.CASCADE, related_name="feeds")
    circle = models.ForeignKey(
        Circle, models.CASCADE, null=True, blank=True, related_name="feeds"
    )
    token = models.CharField(max_length=64, unique=True, default=make_secret)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "circle"], name="feed_once_per_circle"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(circle=None), name="feed_of_all_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.circle or '*'}"
