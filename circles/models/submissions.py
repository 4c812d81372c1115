"""How a session arrived, what is not sent yet, and what was changed afterwards."""

from __future__ import annotations

import secrets
import uuid
from datetime import date, datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.models.accounts import User
from circles.models.circles import Circle
from circles.models.sessions import EDIT_WINDOW, LearningSession
from circles.permissions import ON_BEHALF, Role

# What is held longer ago than this was not news when it arrived.
BACKFILL_AFTER = timedelta(days=60)


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
    def editable_until(self) -> datetime:
        """The moment until which the circle's own people may complete the record."""
        return self.received_at + EDIT_WINDOW

    @property
    def received_on(self) -> date:
        return timezone.localdate(self.received_at)


class Draft(models.Model):
    """What somebody has typed into a log form and not sent: no session, counted
    nowhere.  Its key is the form's, so that sending it stores it once."""

    author = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    key = models.UUIDField()
    circle = models.ForeignKey(Circle, models.CASCADE, related_name="drafts")
    payload = models.TextField()  # the form's body, urlencoded
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)

    class Meta:
        ordering = ["-saved_at"]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["author", "key"], name="draft_once_per_author"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.circle}: {self.saved_at:%d.%m.%Y %H:%M}"


class Revision(models.Model):
    """One change to a stored session: who, when, why, and what exactly.

    ``changes`` maps a field to its old and new value; people are ids, so that
    erasing a person needs no rewriting here.
    """

    class Kind(models.TextChoices):
        EDITED = "edited", _("completed or corrected")
        SEPARATE = "separate", _("said to be a meeting of its own")
        MERGED = "merged", _("merged with another record of the same meeting")
        ASKED = "asked", _("asked for withdrawal")
        WITHDRAWN = "withdrawn", _("withdrawn")
        RESTORED = "restored", _("restored")

    session = models.ForeignKey(
        LearningSession, models.CASCADE, related_name="revisions"
    )
    kind = models.CharField(_("change"), max_length=10, choices=Kind)
    version = models.PositiveIntegerField()  # of the session, afterwards
    author = models.ForeignKey(User, models.PROTECT, related_name="revisions")
    author_role = models.CharField(_("as"), max_length=20, choices=Role, blank=True)
    # A note-taker who came by a link; *author* gave the link.
    typed_by = models.CharField(_("typed by"), max_length=100, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="confirmations"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    changes = models.JSONField(_("what changed"), default=dict)
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["session", "-created_at", "-pk"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")

    def __str__(self) -> str:
        return f"{self.session}: {self.get_kind_display()}"


class HandoffQuerySet(models.QuerySet["Handoff"]):
    def valid(self) -> Self:
        """Keep the links that still open something."""
        return self.filter(expires_at__gt=timezone.now(), closed_at=None)


class Handoff(models.Model):
    """A link for 24 hours, by which one note-taker completes one session."""

    session = models.ForeignKey(
        LearningSession, models.CASCADE, related_name="handoffs"
    )
    # SHA-256 of the secret in the link: the link itself is stored nowhere.
    token_hash = models.CharField(max_length=64, unique=True)
    given_to = models.CharField(_("note-taker"), max_length=100)
    author = models.ForeignKey(User, models.CASCADE, related_name="handoffs")
    expires_at = models.DateTimeField(_("valid until"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = HandoffQuerySet.as_manager()

    class Meta:
        ordering = ["-expires_at"]
        verbose_name = _("note-taker's link")
        verbose_name_plural = _("note-taker's links")

    def __str__(self) -> str:
        return f"{self.session}: {self.given_to}"
