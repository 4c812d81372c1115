from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.core.validators import validate_email
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles import thai
from circles.models.agencies import Agency
from circles.models.finding import each_word
from circles.models.places import Place
from circles.permissions import Permission, people_under

if TYPE_CHECKING:
    from circles.models.accounts import User


class CurrentQuerySet(models.QuerySet):
    """Rows that hold from one day to another; both ends may be open."""

    def current(self, on: date | None = None) -> Self:
        """Keep what holds on that day (today in Thailand): until is the last day."""
        day = on or timezone.localdate()
        return self.filter(Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day))


class PersonQuerySet(models.QuerySet["Person"]):
    def allowed(self, user: User, permission: Permission) -> Self:
        """Keep the people whom *user* looks after with *permission*: who live, sit or
        work in the places of the assignments."""
        return self.filter(people_under(user, permission))

    def known(self) -> Self:
        """Keep who is not the double of somebody else."""
        return self.filter(merged_into=None)

    def matching(self, typed: str) -> Self:
        """Keep whom somebody may mean who types this: a name, what they are called, a
        position, an agency or where they live."""
        columns = ("first_name", "last_name", "called_as", "title", "position")
        finders = (*columns, "agency__name", "agency__short_name")
        found = each_word(typed, *finders, place="village")
        name = thai.split_name(typed)
        if name.title:  # that touches the name, or is another one than is stored
            found |= each_word(name.bare, *finders, place="village")
        return self.filter(found)


class Person(models.Model):
    """Somebody in a circle.  Most villagers have no account; a name is enough."""

    class Consent(models.TextChoices):
        SPOKEN = "spoken", _("said so in the circle")
        PAPER = "paper", _("signed a paper")
        GUARDIAN = "guardian", _("a guardian said so")

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
    consent_how = models.CharField(
        _("how it was said"), max_length=10, choices=Consent, blank=True
    )
    consent_on = models.DateField(_("said on"), null=True, blank=True)
    # A double stays as a name of the same person, so that the merge can be undone.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="doubles"
    )

    objects = PersonQuerySet.as_manager()

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
