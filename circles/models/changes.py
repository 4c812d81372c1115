from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circles.models.accounts import User
from circles.models.agencies import Agency
from circles.models.circles import Circle
from circles.models.people import Person
from circles.models.places import Place
from circles.permissions import Permission, Role, changes_under


class ChangeQuerySet(models.QuerySet["Change"]):
    def allowed(self, user: User, permission: Permission) -> Self:
        """Keep the changes that *user* may read with *permission*."""
        return self.filter(changes_under(user, permission))

    def latest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class Change(models.Model):
    """One change of a place, a person, a seat, a right, a circle or an agency: who,
    when, why, from what to what.

    A change stands in the history of everything that it is about: a seat's in its
    circle's and its person's.  ``changes`` maps a field to its old and new value, as
    JSON; what it points to is a number, so that erasing needs no rewriting here.
    Telephone numbers and addresses of people stand there masked.
    """

    class Kind(models.TextChoices):
        MADE = "made", _("added")
        CHANGED = "changed", pgettext_lazy("of a row", "changed")
        REMOVED = "removed", _("removed")
        SEEN = "seen", _("looked at")
        DONE = "done", _("done")

    class Subject(models.TextChoices):
        PLACE = "place", _("place")
        FORMER_CODE = "placecode", _("former code")
        PLACE_YEAR = "placeyear", _("year of a village")
        AGENCY = "agency", _("agency")
        FORMER_NAME = "agencyname", _("former name")
        AREA = "area", _("area")
        PERSON = "person", _("person")
        CONTACT = "contactpoint", _("contact point")
        MERGE = "personmerge", _("two people were one")
        ACCOUNT = "user", _("account")
        CIRCLE = "circle", _("circle")
        OPENING = "circleopening", _("opening of a circle")
        SEAT = "membership", _("seat")
        ASSIGNMENT = "assignment", _("right")
        HANDOVER = "handover", _("handover")

    subject = models.CharField(_("what"), max_length=20, choices=Subject)
    subject_id = models.BigIntegerField()
    kind = models.CharField(_("change"), max_length=10, choices=Kind)
    place = models.ForeignKey(
        Place, models.CASCADE, null=True, blank=True, related_name="changes"
    )
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="changes"
    )
    circle = models.ForeignKey(
        Circle, models.CASCADE, null=True, blank=True, related_name="changes"
    )
    agency = models.ForeignKey(
        Agency, models.CASCADE, null=True, blank=True, related_name="changes"
    )
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="changes_made"
    )
    author_role = models.CharField(_("as"), max_length=20, choices=Role, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    changes = models.JSONField(_("what changed"), default=dict)
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("change of the master data")
        verbose_name_plural = _("changes of the master data")
        indexes = [
            models.Index(F(about).asc(), F("created_at").desc(), name=f"change_{about}")
            for about in ("place", "person", "circle", "agency")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=False)
                | Q(person__isnull=False)
                | Q(circle__isnull=False)
                | Q(agency__isnull=False),
                name="change_is_about_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}: {self.get_kind_display()}"


class PersonMerge(models.Model):
    """Two rows that were one person.  ``moved`` says which rows went over, by table
    and column, so that the merge can be undone exactly."""

    kept = models.ForeignKey(Person, models.CASCADE, related_name="merges")
    gone = models.ForeignKey(Person, models.CASCADE, related_name="merged_by")
    moved = models.JSONField(default=dict)
    author = models.ForeignKey(User, models.PROTECT, related_name="person_merges")
    created_at = models.DateTimeField(_("merged"), default=timezone.now)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("merge of two people")
        verbose_name_plural = _("merges of two people")
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at=None), name="merged_away_once"
            ),
            models.CheckConstraint(
                condition=~Q(kept=F("gone")), name="merge_is_of_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"
