from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from circles.models.circles import Circle
from circles.models.people import Person
from circles.models.sessions import LearningSession


class PromiseQuerySet(models.QuerySet["Promise"]):
    def open(self) -> Self:
        """Keep what is still to be kept: made at a session that counts, and said to
        be done neither by hand nor at a session that counts.

        Derived, so that a withdrawn session takes its answers back with it.
        """
        done = PromiseReview.objects.filter(
            promise=OuterRef("pk"),
            state=PromiseReview.State.DONE,
            session__state=LearningSession.State.HELD,
        )
        return self.filter(
            ~Exists(done),
            session__state=LearningSession.State.HELD,
            kept_on=None,
        )

    def of(self, circle: Circle) -> Self:
        return self.filter(session__circle=circle)

    def soonest_first(self) -> Self:
        return self.order_by(models.F("due_on").asc(nulls_last=True), "pk")


class Promise(models.Model):
    """A next step that somebody took on at a session (สิ่งที่รับปาก)."""

    session = models.ForeignKey(
        LearningSession, models.CASCADE, related_name="promises"
    )
    text = models.TextField(_("what will be done"))
    # Somebody with a seat, else whoever is named: an agency, a neighbour.
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="promises"
    )
    owner_name = models.CharField(_("who"), max_length=150, blank=True)
    due_on = models.DateField(_("by when"), null=True, blank=True)
    # Ticked off between two sessions.
    kept_on = models.DateField(_("kept on"), null=True, blank=True, editable=False)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["session", "pk"]
        verbose_name = _("promise")
        verbose_name_plural = _("promises")

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def who(self) -> str:
        """The owner's name, "" for a promise of the whole circle.  Reads the owner."""
        return self.owner.short_name if self.owner else self.owner_name


class PromiseReview(models.Model):
    """What was said of a promise at one later session."""

    class State(models.TextChoices):
        DONE = "done", _("done")
        DOING = "doing", _("doing it")
        NOT_YET = "not_yet", _("not yet")

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="reviews")
    session = models.ForeignKey(LearningSession, models.CASCADE, related_name="reviews")
    state = models.CharField(_("how it goes"), max_length=8, choices=State)

    class Meta:
        ordering = ["session", "pk"]
        verbose_name = _("answer about a promise")
        verbose_name_plural = _("answers about promises")
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "session"], name="promise_reviewed_once_a_session"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promise}: {self.get_state_display()}"
