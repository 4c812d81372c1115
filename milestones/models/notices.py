from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from circles.models import ContactPoint, User
from milestones.models.milestones import Achievement

MAX_ATTEMPTS = 8
# Longer than any send may take; a worker that dies holds its notices so long.
LEASE = timedelta(seconds=120)


class Event(models.Model):
    """What there is to tell, once: its key says which happening it was."""

    class Kind(models.TextChoices):
        MILESTONE = "milestone", _("milestone reached")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    key = models.CharField(max_length=100, unique=True)
    achievement = models.ForeignKey(
        Achievement, models.CASCADE, null=True, blank=True, related_name="events"
    )

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="milestone") | Q(achievement__isnull=False),
                name="event_of_a_milestone_names_it",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class NoticeQuerySet(models.QuerySet["Notice"]):
    def due(self) -> Self:
        """Keep what may be sent now, by the database's clock."""
        free = Q(leased_until=None) | Q(leased_until__lte=Now())
        return self.filter(free, due_at__lte=Now(), attempts__lt=MAX_ATTEMPTS)

    def exhausted(self) -> Self:
        """Keep what crashed its worker at the last attempt: nobody finished it."""
        return self.filter(
            due_at__isnull=False, attempts__gte=MAX_ATTEMPTS, leased_until__lte=Now()
        )

    def outdated(self) -> Self:
        """Keep what waits to tell of something that was corrected since, and that
        no worker holds: one that does may finish it."""
        free = Q(leased_until=None) | Q(leased_until__lte=Now())
        corrected = Q(event__achievement__corrected_at__isnull=False)
        return self.filter(free, corrected, due_at__isnull=False)

    def inbox(self, user: User) -> Self:
        """Keep what *user* finds in the app."""
        return self.filter(
            contact__channel=ContactPoint.Channel.INBOX,
            contact__person__isnull=False,
            contact__person=user.person_id,
        )

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """The outbox: one event to one contact point, each pair once.

    ``due_at`` set: work remains, not before then.  Empty: sent (``sent_at`` is
    set) or given up (it is not).  The address stays with the contact point.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="notices")
    contact = models.ForeignKey(
        ContactPoint, models.CASCADE, related_name="notices", verbose_name=_("to")
    )
    created_at = models.DateTimeField(_("created"), db_default=Now())
    due_at = models.DateTimeField(_("due"), null=True, db_default=Now())
    lease_token = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)
    read_at = models.DateTimeField(_("read"), null=True)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "contact"], name="notice_once_per_contact"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(due_at=None),
                name="notice_sent_is_not_due",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="notice_due", condition=Q(due_at__isnull=False)
            ),
            models.Index(fields=["lease_token"], name="notice_lease"),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.contact_id}"
