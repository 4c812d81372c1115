from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.models import Circle, LearningSession, Place, User
from circles.permissions import Permission, circles_allowed, places_allowed


class Measure(models.TextChoices):
    """What a milestone counts; each is computed from stored sessions."""

    SESSIONS = "sessions", _("sessions held")
    PEOPLE = "people", _("different members taking part")
    LESSONS = "lessons", _("lessons told")


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def of(self, circle: Circle) -> Self:
        """Keep the milestones that a session of *circle* can bring nearer: its
        own, and those of every place that contains it."""
        around = Place.objects.above(circle.place.code)
        return self.filter(Q(circle=circle) | Q(place__in=around))

    def unreached(self) -> Self:
        """Keep what the record does not show as reached: not yet, or not any more."""
        standing = Achievement.objects.standing().filter(milestone=OuterRef("pk"))
        return self.filter(~Exists(standing))

    def with_reached_on(self) -> Self:
        """Annotate ``reached_on`` (None: not yet), ``corrected_at`` (None: true
        today) and ``achievement_id``."""
        latest = Achievement.objects.filter(milestone=OuterRef("pk")).order_by("-epoch")
        return self.annotate(
            reached_on=Subquery(latest.values("reached_on")[:1]),
            corrected_at=Subquery(latest.values("corrected_at")[:1]),
            achievement_id=Subquery(latest.values("pk")[:1]),
        )


class Milestone(models.Model):
    """A stone (เข็มไมล์) on the road of one circle or one place."""

    circle = models.ForeignKey(
        Circle, models.CASCADE, null=True, blank=True, related_name="milestones"
    )
    place = models.ForeignKey(
        Place, models.CASCADE, null=True, blank=True, related_name="milestones"
    )
    position = models.PositiveSmallIntegerField(_("number on the road"))
    title = models.CharField(_("what we shall see"), max_length=200)
    measure = models.CharField(_("measure"), max_length=20, choices=Measure)
    target = models.PositiveIntegerField(_("target"))
    due_on = models.DateField(_("target date"), null=True, blank=True)

    # Set by ``with_reached_on()``.
    reached_on: date | None
    corrected_at: datetime | None
    achievement_id: int | None

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["circle", "place", "position"]
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.CheckConstraint(
                condition=Q(circle__isnull=False, place=None)
                | Q(circle=None, place__isnull=False),
                name="milestone_of_a_circle_or_a_place",
                violation_error_message=_("Choose a circle or a place, not both."),
            ),
            models.CheckConstraint(
                condition=Q(target__gte=1), name="milestone_target_positive"
            ),
            models.UniqueConstraint(
                fields=["circle", "position"],
                condition=Q(circle__isnull=False),
                name="milestone_position_once_per_circle",
            ),
            models.UniqueConstraint(
                fields=["place", "position"],
                condition=Q(place__isnull=False),
                name="milestone_position_once_per_place",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def owner(self) -> Circle | Place:
        """The circle or the place whose road this stone stands on."""
        owner = self.circle or self.place
        assert owner is not None  # noqa: S101 -- held by a constraint, said for mypy
        return owner


class AchievementQuerySet(models.QuerySet["Achievement"]):
    def allowed(self, user: User) -> Self:
        """Keep what *user* may read about: milestones of circles they may see, and
        of places that concern them."""
        circles = Circle.objects.filter(circles_allowed(user, Permission.VIEW_CIRCLE))
        places = Place.objects.filter(places_allowed(user, Permission.VIEW_FIGURES))
        return self.filter(
            Q(milestone__circle__in=circles) | Q(milestone__place__in=places)
        )

    def standing(self) -> Self:
        """Keep what no later correction has put in doubt."""
        return self.filter(corrected_at=None)

    def with_is_news(self) -> Self:
        """Annotate ``is_news``: whether anybody was told; old ones are silent."""
        events = apps.get_model("milestones", "Event").objects
        return self.annotate(is_news=Exists(events.filter(achievement=OuterRef("pk"))))


class Achievement(models.Model):
    """A milestone reached.  Never taken back, even if a session is corrected."""

    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="achievements"
    )
    # 1; a person who decides to celebrate again begins the next epoch.
    epoch = models.PositiveSmallIntegerField(default=1)
    # The day of the session that crossed the target, and the moment we knew.
    reached_on = models.DateField(_("reached on"))
    # A later correction took the circle back below the target.
    corrected_at = models.DateTimeField(
        _("corrected afterwards"), null=True, blank=True
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    # The session whose logging showed it.
    session = models.ForeignKey(
        LearningSession, models.PROTECT, related_name="achievements"
    )

    objects = AchievementQuerySet.as_manager()

    class Meta:
        ordering = ["-reached_on", "-pk"]
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")
        constraints = [
            models.UniqueConstraint(
                fields=["milestone", "epoch"], name="achievement_once_per_epoch"
            ),
        ]

    def __str__(self) -> str:
        return str(self.milestone)

    def get_absolute_url(self) -> str:
        return reverse("celebration-detail", args=[self.pk])
