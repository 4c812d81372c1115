from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.core.validators import validate_email
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles import thai
from circles.models.places import Place
from circles.permissions import Role


class CurrentQuerySet(models.QuerySet):
    """Rows that hold from one day to another; both ends may be open."""

    def current(self, on: date | None = None) -> Self:
        """Keep what holds on that day (today in Thailand): until is the last day."""
        day = on or timezone.localdate()
        return self.filter(Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day))


class Agency(models.Model):
    name = models.CharField(_("name"), max_length=200, unique=True)
    short_name = models.CharField(_("abbreviation"), max_length=50, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def __str__(self) -> str:
        return self.short_name or self.name


class Person(models.Model):
    """Somebody in a circle.  Most villagers have no account; a name is enough."""

    title = models.CharField(_("title"), max_length=50, blank=True)
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    called_as = models.CharField(
        _("called"),
        max_length=100,
        blank=True,
        help_text=_("What the circle calls them."),
    )
    sort_key = models.CharField(
        max_length=thai.SORT_KEY_LENGTH, editable=False, db_index=True
    )
    position = models.CharField(_("position"), max_length=150, blank=True)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="people"
    )
    village = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="people"
    )
    # Two consents (PDPA): kept in the record; named where others can read it.
    keep_consent = models.BooleanField(_("may be kept in the record"), default=True)
    show_consent = models.BooleanField(_("may be shown publicly"), default=False)

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.short_name

    def save(self, *args: object, **kwargs: object) -> None:
        # The one derived column that ORDER BY needs; nothing else happens here.
        self.sort_key = thai.sort_key(f"{self.first_name} {self.last_name}".strip())
        super().save(*args, **kwargs)  # type: ignore[arg-type] # passed through

    @property
    def short_name(self) -> str:
        """What the circle calls them, else the first name: Thais are known by it."""
        return self.called_as or self.first_name

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, [self.title, self.first_name, self.last_name]))


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def usable(self) -> Self:
        """Keep the roads that may be taken now; ``is_usable`` says so of one."""
        return self.filter(
            Q(channel=ContactPoint.Channel.INBOX) | Q(verified_at__isnull=False),
            Q(person__user=None) | Q(person__user__is_active=True),
            blocked_at=None,
        )


class ContactPoint(models.Model):
    """One road to one person.  Read at send time, so that erasure works."""

    class Channel(models.TextChoices):
        INBOX = "inbox", _("in the app")
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("mobile phone")

    person = models.ForeignKey(Person, models.CASCADE, related_name="contact_points")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    address = models.CharField(_("address"), max_length=254, blank=True)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    blocked_at = models.DateTimeField(_("switched off"), null=True, blank=True)

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        ordering = ["person", "channel"]
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "channel", "address"], name="contact_point_once"
            ),
            models.CheckConstraint(
                condition=Q(channel="inbox", address="")
                | (~Q(channel="inbox") & ~Q(address="")),
                name="contact_point_has_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_channel_display()}"

    def clean(self) -> None:
        if self.channel == self.Channel.EMAIL:
            validate_email(self.address)

    @property
    def is_usable(self) -> bool:
        """Whether this road may be taken now: verified, not switched off, and not of
        an account that was closed.  Reads the person's account."""
        account = getattr(self.person, "user", None)
        is_verified = self.channel == self.Channel.INBOX or self.verified_at is not None
        is_closed = account is not None and not account.is_active
        return is_verified and not is_closed and self.blocked_at is None


class User(AbstractUser):
    """An account that signs in."""

    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="user"
    )

    def __str__(self) -> str:
        return str(self.person) if self.person else self.username

    @cached_property
    def current_assignments(self) -> list[Assignment]:
        """The rights of today, read once a request.  An inactive account has none."""
        if self.person_id is None or not self.is_active:
            return []
        return list(
            Assignment.objects.filter(person=self.person_id)
            .current()
            .select_related("place", "circle__place")
            .order_by("pk")
        )


class Assignment(models.Model):
    """Rights: one person, one role, exactly one of place, circle, agency."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="assignments")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    circle = models.ForeignKey(
        "circles.Circle",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="assignments",
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("last day"), null=True, blank=True)

    objects = CurrentQuerySet.as_manager()

    class Meta:
        ordering = ["person", "role", "pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=False, circle=None, agency=None)
                | Q(place=None, circle__isnull=False, agency=None)
                | Q(place=None, circle=None, agency__isnull=False),
                name="assignment_names_one_object",
                violation_error_message=_(
                    "Choose one: a place, a circle or an agency."
                ),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                name="assignment_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                "person",
                "role",
                Coalesce("place", 0),
                Coalesce("circle", 0),
                Coalesce("agency", 0),
                "since",
                name="assignment_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"
