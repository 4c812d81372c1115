from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circles.models.finding import ANYTHING, each_word
from circles.models.places import Place
from circles.permissions import Permission, agencies_under

if TYPE_CHECKING:
    from circles.models.accounts import User


class AgencyQuerySet(models.QuerySet["Agency"]):
    def allowed(self, user: User, permission: Permission) -> Self:
        """Keep the agencies that *user* looks after with *permission*: of the whole
        province, or with their seat below the place of an assignment."""
        return self.filter(agencies_under(user, permission))

    def open(self, on: date | None = None) -> Self:
        """Keep what is not archived on that day (today)."""
        day = on or timezone.localdate()
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))

    def matching(self, typed: str) -> Self:
        """Keep what somebody may mean who types this: a name, an abbreviation, a
        former name (กศน.), or where it is."""
        now = each_word(typed, "name", "short_name", place="place")
        if now == ANYTHING:
            return self.all()
        # Not by a join, which would show an agency with two former names twice.
        former = AgencyName.objects.order_by()
        before = former.filter(each_word(typed, "name", "short_name"))
        return self.filter(now | Q(pk__in=before.values("agency")))

    def local_governments(self) -> Self:
        return self.filter(kind=Agency.Kind.LOCAL_GOVERNMENT)


class Agency(models.Model):
    """An agency that complements the community's plan; an อปท. is one with areas."""

    class Kind(models.TextChoices):
        STATE = "state", _("state agency")
        LOCAL_GOVERNMENT = "local", _("local government (อปท.)")
        EDUCATION = "education", _("school or university")
        OTHER = "other", _("another organisation")

    name = models.CharField(_("name"), max_length=200, unique=True)
    short_name = models.CharField(_("abbreviation"), max_length=50, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.STATE)
    # Where it has its seat; without one it is of the whole province.
    place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agencies",
        verbose_name=pgettext_lazy("of an agency", "seat"),
    )
    contact_name = models.CharField(_("whom to ask"), max_length=150, blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=20, blank=True)
    closed_on = models.DateField(_("archived on"), null=True, blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def __str__(self) -> str:
        return self.short_name or self.name


class AgencyName(models.Model):
    """A name that an agency had before (กศน. is สกร. since 2566)."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="names")
    name = models.CharField(_("former name"), max_length=200)
    short_name = models.CharField(_("abbreviation"), max_length=50, blank=True)
    until = models.DateField(_("used until"), null=True, blank=True)

    class Meta:
        ordering = ["agency", "-until", "pk"]
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"], name="former_name_once_per_agency"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """A village that a local government looks after, whole or in part: two of them
    may share one (บางจาก has a เทศบาลตำบล and an อบต.)."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="areas")
    place = models.ForeignKey(Place, models.PROTECT, related_name="areas")
    is_part = models.BooleanField(_("only a part of it"), default=False)

    class Meta:
        ordering = ["agency", "place__code"]
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "place"], name="area_once_per_agency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.place}"


class PlaceYear(models.Model):
    """What a village was in one fiscal year: its cohort (รุ่น) and the agency that led.

    The lead changed every year; the note is what one agency leaves to the next.
    """

    place = models.ForeignKey(Place, models.CASCADE, related_name="years")
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))  # BE, 1 Oct-30 Sep
    cohort = models.PositiveSmallIntegerField(_("cohort"), null=True, blank=True)
    lead_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="led"
    )
    note = models.TextField(_("handover note"), blank=True)

    class Meta:
        ordering = ["place", "-fiscal_year"]
        verbose_name = _("year of a village")
        verbose_name_plural = _("years of villages")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "fiscal_year"], name="place_year_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.fiscal_year}"
