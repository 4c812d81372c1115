from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from circles.models.accounts import User
from circles.models.circles import Circle
from circles.models.counting import count_per
from circles.permissions import Permission, circles_allowed

MAX_PEOPLE = 2000


# From the moment a record was received, its circle's people may complete it.
EDIT_WINDOW = timedelta(days=7)


class LearningSessionQuerySet(models.QuerySet["LearningSession"]):
    def counted(self) -> Self:
        """Keep what counts: not withdrawn, and no second record of one meeting."""
        return self.filter(state=LearningSession.State.HELD)

    def shown(self) -> Self:
        """Keep what pages list: all but the withdrawn."""
        return self.exclude(state=LearningSession.State.WITHDRAWN)

    def allowed(self, user: User, permission: Permission) -> Self:
        """Keep the sessions of circles on which *user* holds *permission*."""
        circles = Circle.objects.filter(circles_allowed(user, permission))
        return self.filter(circle__in=circles)

    def with_totals(self) -> Self:
        """Annotate ``present_count`` (members), ``people_count`` (and guests),
        ``lesson_count`` and ``first_lesson``, by subqueries."""
        here = Q(session=OuterRef("pk"))
        # By name: attendance and lessons are defined above, and refer to sessions.
        attendance = apps.get_model("circles", "Attendance")
        lesson = apps.get_model("circles", "Lesson")
        present = attendance.objects.present().filter(here).order_by()
        lessons = lesson.objects.filter(here)
        return self.annotate(
            present_count=count_per("session", present),
            lesson_count=count_per("session", lessons),
            first_lesson=Coalesce(
                Subquery(lessons.order_by("pk").values("text")[:1]),
                models.Value(""),
                output_field=models.TextField(),
            ),
        ).annotate(people_count=F("present_count") + F("guest_count"))

    def latest_first(self) -> Self:
        return self.order_by("-held_on", "-number", "-pk")


class LearningSession(models.Model):
    """One meeting of a circle, as somebody logged it.

    Not called ``Session``: Django's own would shadow it in every reader's mind.
    A meeting that is still ahead is an ``Appointment``.
    """

    class State(models.TextChoices):
        HELD = "held", _("held")
        # Two phones logged one circle's day: counts once somebody has said so.
        IN_QUESTION = "in_question", _("perhaps the same meeting twice")
        WITHDRAWN = "withdrawn", _("withdrawn")

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="sessions")
    number = models.PositiveIntegerField(_("session number"))
    held_on = models.DateField(_("date"))
    starts = models.TimeField(_("start"), null=True, blank=True)
    ends = models.TimeField(_("end"), null=True, blank=True)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    guest_count = models.PositiveIntegerField(_("other people present"), default=0)
    summary = models.TextField(_("what happened"), blank=True)
    story = models.TextField(_("story"), blank=True)
    story_may_show = models.BooleanField(
        _("other circles may read the story"), default=False
    )
    # After action review (AAR): the four questions of the tea at the end.
    aar_hoped = models.TextField(_("What did we hope for today?"), blank=True)
    aar_more = models.TextField(_("What was more than we hoped?"), blank=True)
    aar_less = models.TextField(_("What was less than we hoped?"), blank=True)
    aar_next = models.TextField(_("What shall we do when we are back?"), blank=True)
    next_on = models.DateField(_("next session"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.HELD, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
    )

    # Set by ``with_totals()``.
    present_count: int
    people_count: int
    lesson_count: int
    first_lesson: str

    objects = LearningSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-number"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "number"], name="session_number_once_per_circle"
            ),
            models.CheckConstraint(
                condition=Q(guest_count__lte=MAX_PEOPLE), name="session_guests_limited"
            ),
            models.CheckConstraint(
                condition=Q(next_on=None) | Q(next_on__gt=F("held_on")),
                name="session_next_is_later",
            ),
        ]
        indexes = [
            models.Index(fields=["circle", "-held_on"], name="session_circle_day"),
            models.Index(fields=["held_on"], name="session_day"),
        ]

    def __str__(self) -> str:
        return f"{self.circle} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("session-detail", args=[self.pk])

    @property
    def is_counted(self) -> bool:
        return self.state == self.State.HELD
