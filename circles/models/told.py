"""What a session holds: who came, what was learned, what was hard, what is asked."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.models.circles import HAT_CHOICES
from circles.models.people import Person
from circles.models.sessions import LearningSession


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
    # Word for word, apart from what the note-taker made of it in ``text``.
    words = models.TextField(_("the teller's own words"), blank=True)
    topic = models.CharField(_("topic"), max_length=100, blank=True)
    may_show = models.BooleanField(_("other circles may read it"), default=False)

    class Meta:
        ordering = ["session", "pk"]
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def __str__(self) -> str:
        return self.text[:60]


class Problem(models.Model):
    """What was hard, and how the circle got over it."""

    session = models.ForeignKey(
        LearningSession, models.CASCADE, related_name="problems"
    )
    text = models.TextField(_("problem"))
    solution = models.TextField(_("solution"), blank=True)

    class Meta:
        ordering = ["session", "pk"]
        verbose_name = _("problem and solution")
        verbose_name_plural = _("problems and solutions")

    def __str__(self) -> str:
        return self.text[:60]


class SupportRequest(models.Model):
    """A matter for a Khun Ua: what the circle cannot do by itself."""

    class Kind(models.TextChoices):
        KNOWLEDGE = "knowledge", _("knowledge")
        PEOPLE = "people", _("people")
        MONEY = "money", _("money")
        MATERIAL = "material", _("material")
        PERMISSION = "permission", _("permission")

    session = models.ForeignKey(
        LearningSession, models.CASCADE, related_name="requests"
    )
    text = models.TextField(_("what the circle asks for"))
    kind = models.CharField(_("kind of help"), max_length=12, choices=Kind, blank=True)
    created_at = models.DateTimeField(_("asked"), default=timezone.now)

    class Meta:
        ordering = ["session", "pk"]
        verbose_name = _("matter for a Khun Ua")
        verbose_name_plural = _("matters for a Khun Ua")

    def __str__(self) -> str:
        return self.text[:60]


class Indicator(models.Model):
    """A figure that some circles write down at every session: households, baht."""

    name = models.CharField(_("name"), max_length=150, unique=True)
    unit = models.CharField(_("unit"), max_length=50)

    class Meta:
        ordering = ["name"]
        verbose_name = _("figure")
        verbose_name_plural = _("figures")

    def __str__(self) -> str:
        return f"{self.name} ({self.unit})"


class Reading(models.Model):
    """An indicator's value at one session."""

    session = models.ForeignKey(
        LearningSession, models.CASCADE, related_name="readings"
    )
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="readings")
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["session", "indicator"]
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "indicator"], name="reading_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"
