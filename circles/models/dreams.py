from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.models.accounts import User
from circles.models.circles import Circle


class DreamVersionQuerySet(models.QuerySet["DreamVersion"]):
    def latest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class DreamVersion(models.Model):
    """The future a circle wants (ภาพฝันร่วม), as one of its versions says it.

    The end of the circle's road: shown there once the circle has agreed on it.
    """

    class Gate(models.TextChoices):
        DRAFTING = "drafting", _("being drafted")
        AGREED = "agreed", _("agreed")

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="dreams")
    text = models.TextField(_("the shared dream, in the circle's words"))
    gate = models.CharField(
        _("how far it is"), max_length=10, choices=Gate, default=Gate.DRAFTING
    )
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    agreed_by = models.CharField(_("who agreed"), max_length=300, blank=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="dreams")
    created_at = models.DateTimeField(_("written"), default=timezone.now)

    objects = DreamVersionQuerySet.as_manager()

    class Meta:
        ordering = ["circle", "-created_at"]
        verbose_name = _("shared dream")
        verbose_name_plural = _("shared dreams")
        constraints = [
            models.CheckConstraint(
                condition=~Q(gate="agreed") | Q(agreed_on__isnull=False),
                name="dream_agreed_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
