from __future__ import annotations

import secrets
import uuid
from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.models.circles import HAT_CHOICES, Circle
from circles.models.counting import count_per
from circles.models.people import Person, User
from circles.permissions import ON_BEHALF, Permission, Role, circles_allowed

MAX_PEOPLE = 2000
# What is held longer ago than this was not news when it arrived.
BACKFILL_AFTER = timedelta(days=60)


class LearningSessionQuerySet(models.QuerySet["LearningSession"]):
    def allowed(self, user: User, permission: Permission) -> Self:
        """Keep the sessions of circles on which *user* holds *permission*."""
        circles = Circle.objects.filter(circles_allowed(user, permission))
        return self.filter(circle__in=circles)

    def with_totals(self) -> Self:
        """Annotate ``present_count`` (members), ``people_count`` (and guests),
        ``lesson_count`` and ``first_lesson``, by subqueries."""
        here = Q(session=OuterRef("pk"))
        present = Attendance.objects.present().filter(here).order_by()
        lessons = Lesson.objects.filter(here)
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
    """

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="sessions")
    number = models.PositiveIntegerField(_("session number"))
    held_on = models.DateField(_("date"))
    starts = models.TimeField(_("start"), null=True, blank=True)
    ends = models.TimeField(_("end"), null=True, blank=True)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    guest_count = models.PositiveIntegerField(_("other people present"), default=0)
    summary = models.TextField(_("what happened"), blank=True)
    next_on = models.DateField(_("next session"), null=True, blank=True)

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


def make_receipt() -> str:
    """Return a short receipt code (ใบรับ) without letters that look alike."""
    return "".join(secrets.choice("ABCDEFGHJKMNPQRSTUVWXYZ23456789") for _n in range(8))


class Submission(models.Model):
    """How a session arrived: who sent what, when, and the receipt for it.

    The key is made with the form and belongs to its author; the digest is of
    the cleaned original, so that later edits do not change what was sent.
    """

    author = models.ForeignKey(User, models.PROTECT, related_name="submissions")
    author_role = models.CharField(_("logged as"), max_length=20, choices=Role)
    key = models.UUIDField(default=uuid.uuid4)
    digest = models.CharField(max_length=64)
    session = models.OneToOneField(
        LearningSession, models.CASCADE, related_name="submission"
    )
    receipt = models.CharField(max_length=8, unique=True, default=make_receipt)
    received_at = models.DateTimeField(_("received"), default=timezone.now)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.UniqueConstraint(
                fields=["author", "key"], name="submission_once_per_author"
            ),
        ]

    def __str__(self) -> str:
        return self.receipt

    @property
    def on_behalf(self) -> bool:
        """Whether an administrator logged this for the circle's own people."""
        return self.author_role in ON_BEHALF

    @property
    def is_backfill(self) -> bool:
        """Whether the session was so long ago that its milestones are no news."""
        return self.received_on - self.session.held_on > BACKFILL_AFTER

    @property
    def received_on(self) -> date:
        return timezone.localdate(self.received_at)


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def present(self) -> Self:
        return self.filter(state=Attendance.State.PRESENT)


class Attendance(models.Model):
    """One member at one session, and the hat worn there.  Guests are a number."""

    class State(models.TextChoices):
        PRESENT = "present", _("present")
        ABSENT = "absent", _("absent")
        EXCUSED = "excused", _("excused")

    session = models.ForeignKey(
        LearningSession, models.CASCADE, related_name="attendances"
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendances")
    state = models.CharField(_("attendance"), max_length=10, choices=State)
    role = models.CharField(_("role"), max_length=20, choices=HAT_CHOICES)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["session", "person__sort_key"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"], name="attendance_once"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "state"], name="attendance_person_state")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_state_display()}"


class Lesson(models.Model):
    """One thing learned (ขุมความรู้), in the words of whoever told it."""

    session = models.ForeignKey(LearningSession, models.CASCADE, related_name="lessons")
    text = models.TextField(_("what was learned"))
    # Empty: several people told it together.
    teller = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="lessons"
    )
    topic = models.CharField(_("topic"), max_length=100, blank=True)
    may_show = models.BooleanField(_("other circles may read it"), default=False)

    class Meta:
        ordering = ["session", "pk"]
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def __str__(self) -> str:
        return self.text[:60]
