from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.models.accounts import User


class SignInSlipQuerySet(models.QuerySet["SignInSlip"]):
    def valid(self) -> Self:
        """Keep the slips that still open something."""
        return self.filter(
            expires_at__gt=timezone.now(), used_at=None, user__is_active=True
        )


class SignInSlip(models.Model):
    """A slip of paper or a QR code by which one account sets a new password, once.

    For people without e-mail: an administrator prints it and hands it over.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="slips")
    # SHA-256 of the secret on the slip: the secret itself is stored nowhere.
    token_hash = models.CharField(max_length=64, unique=True)
    author = models.ForeignKey(User, models.CASCADE, related_name="given_slips")
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects = SignInSlipQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("sign-in slip")
        verbose_name_plural = _("sign-in slips")

    def __str__(self) -> str:
        return f"{self.user}: {self.created_at:%d.%m.%Y %H:%M}"
