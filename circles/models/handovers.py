from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.models.accounts import Assignment, User
from circles.models.circles import Circle, Membership
from circles.models.people import Person


class HandoverQuerySet(models.QuerySet["Handover"]):
    def standing(self) -> Self:
        """Keep what was not called off."""
        return self.filter(cancelled_at=None)

    def due(self, on: date | None = None) -> Self:
        """Keep what has to be carried out now: its last day is over (yesterday)."""
        day = on or timezone.localdate()
        return self.standing().filter(carried_out_at=None, last_day__lt=day)


class Handover(models.Model):
    """Somebody leaves: until which day, and who takes over from the next.

    Rights and seats carry their own days, so that they change hands at midnight
    without anybody doing anything; promises move when it is carried out.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="handovers")
    last_day = models.DateField(_("last day"))
    closes_account = models.BooleanField(_("the account is closed then"), default=False)
    note = models.TextField(_("note"), blank=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="given_handovers")
    created_at = models.DateTimeField(_("arranged"), default=timezone.now)
    cancelled_at = models.DateTimeField(_("called off"), null=True, blank=True)
    carried_out_at = models.DateTimeField(_("carried out"), null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-last_day", "-pk"]
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")

    def __str__(self) -> str:
        return f"{self.person}: {self.last_day}"

    @property
    def first_day(self) -> date:
        """The day from which the successors have the rights."""
        return self.last_day + timedelta(days=1)


class Succession(models.Model):
    """Who follows in one right of somebody who leaves: somebody, somebody acting, or
    nobody yet (ว่าง)."""

    class Kind(models.TextChoices):
        SUCCESSOR = "successor", _("has a successor")
        ACTING = "acting", _("somebody acts (รักษาราชการแทน)")
        VACANT = "vacant", _("vacant (ว่าง)")

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="successions")
    assignment = models.ForeignKey(
        Assignment, models.CASCADE, related_name="successions"
    )
    kind = models.CharField(_("who follows"), max_length=10, choices=Kind)
    successor = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="successions"
    )
    # What calling it off puts back: the last day that the right had before.
    until_before = models.DateField(null=True, blank=True)
    # The right that begins; of a vacant post there is none.
    follow_up = models.OneToOneField(
        Assignment, models.SET_NULL, null=True, blank=True, related_name="follows"
    )

    class Meta:
        ordering = ["handover", "pk"]
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "assignment"], name="succession_once_a_handover"
            ),
            models.CheckConstraint(
                condition=Q(kind="vacant", successor=None)
                | (~Q(kind="vacant") & Q(successor__isnull=False)),
                name="succession_names_somebody_unless_vacant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.get_kind_display()}"


class SeatSuccession(models.Model):
    """A seat that ends by a handover, and the seat that follows it, if any."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="seats")
    seat = models.ForeignKey(Membership, models.CASCADE, related_name="successions")
    until_before = models.DateField(null=True, blank=True)
    follow_up = models.OneToOneField(
        Membership, models.SET_NULL, null=True, blank=True, related_name="follows"
    )

    class Meta:
        ordering = ["handover", "pk"]
        verbose_name = _("succession of a seat")
        verbose_name_plural = _("successions of seats")
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "seat"], name="seat_succession_once_a_handover"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.handover.last_day}"


class WorkingNote(models.Model):
    """What works in this circle (ที่นี่ ทำแบบไหนแล้วได้ผล), for whoever comes next.

    The latest one counts; the others are its history.
    """

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="working_notes")
    text = models.TextField(_("what works here"))
    author = models.ForeignKey(User, models.PROTECT, related_name="working_notes")
    created_at = models.DateTimeField(_("written"), default=timezone.now)

    class Meta:
        ordering = ["circle", "-created_at", "-pk"]
        verbose_name = _("what works here")
        verbose_name_plural = _("what works here")

    def __str__(self) -> str:
        return self.text[:60]
