from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from circles.models.finding import each_word
from circles.permissions import CODE_LENGTHS, Permission, places_under

if TYPE_CHECKING:
    from circles.models.accounts import User

# A municipal ชุมชน has no official code: its own begins, below the tambon's six
# digits, with a letter, so that it can never collide with an official one.
CODE = r"^(\d{2}){1,3}$|^\d{8}$|^\d{6}[A-Z]\d$"


class PlaceQuerySet(models.QuerySet["Place"]):
    def allowed(self, user: User, permission: Permission) -> Self:
        """Keep the places that *user* looks after with *permission*: those of the
        assignments and all below them.  (Everybody with a role may read all.)"""
        return self.filter(places_under(user, permission))

    def tambons(self) -> Self:
        return self.filter(level=Place.Level.TAMBON)

    def targets(self) -> Self:
        """Keep the target tambons of the project."""
        return self.tambons().filter(stage=Place.Stage.TARGET)

    def open(self, on: date | None = None) -> Self:
        """Keep what is not archived on that day (today)."""
        day = on or timezone.localdate()
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))

    def above(self, code: str) -> Self:
        """Keep the place with this code and every place that contains it."""
        return self.filter(code__in={code[:length] for length in CODE_LENGTHS})

    def matching(self, typed: str) -> Self:
        """Keep what somebody may mean who types this: "หมู่ที่ ๓ ตำบลท่าไร่", "เมืองคอน"."""
        return self.filter(each_word(typed, place=""))


class Place(models.Model):
    """A province, amphoe, tambon, village or municipal ชุมชน: one tree, carried by
    the official code.

    The code of a place begins with the code of its parent (80 > 8001 > 800106 >
    80010603), so "everything below" is a prefix.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", _("province")
        AMPHOE = "amphoe", _("amphoe")
        TAMBON = "tambon", _("tambon")
        VILLAGE = "village", _("village")
        COMMUNITY = "community", _("municipal community")

    class Stage(models.TextChoices):
        NONE = "", _("not in the project yet")
        NEXT = "next", _("preparing to join")
        TARGET = "target", _("target tambon")

    class Landscape(models.TextChoices):
        NONE = "", _("not chosen")
        LOWLAND = "lowland", _("lowland")
        COAST = "coast", _("coast")
        HILLS = "hills", _("hills")
        FIELDS = "fields", _("rice fields")
        LAKE = "lake", pgettext_lazy("landscape", "lagoon")

    code = models.CharField(
        _("code"),
        max_length=8,
        unique=True,
        validators=[
            RegexValidator(
                CODE,
                message=_("A code has 2, 4, 6 or 8 digits: two for each level."),
                code="bad_code",
            )
        ],
        help_text=_("Two digits a level: province, amphoe, tambon, village."),
    )
    level = models.CharField(_("level"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    name_th = models.CharField(_("Thai name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    stage = models.CharField(
        _("stage"), max_length=10, choices=Stage, blank=True, default=""
    )
    joined_on = models.DateField(_("joined the project on"), null=True, blank=True)
    landscape = models.CharField(
        _("landscape"), max_length=10, choices=Landscape, blank=True, default=""
    )
    latitude = models.DecimalField(
        _("latitude of the centre"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude of the centre"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    contact_name = models.CharField(_("whom to ask"), max_length=150, blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=20, blank=True)
    # Archived: out of the lists from this day on, never deleted.
    closed_on = models.DateField(_("archived on"), null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="") | Q(level="tambon"), name="place_stage_is_tambon"
            ),
            models.CheckConstraint(
                condition=Q(level="province", parent=None)
                | (~Q(level="province") & Q(parent__isnull=False)),
                name="place_has_parent_unless_province",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="place_centre_is_a_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return (self.name_en if get_language() == "en" else "") or self.name_th

    @property
    def moo(self) -> int | None:
        """The village number, the last two digits of its code."""
        return int(self.code[6:]) if self.level == self.Level.VILLAGE else None

    @property
    def label(self) -> str:
        """How a person says it: "ม.3 บ้านบางหลวง", "ชุมชนท่าโพธิ์", "ต.ท่าไร่", "จ.…"."""
        if get_language() == "en":
            return f"Moo {self.moo} {self.name}" if self.moo else self._english()
        prefixes = {"province": "จ.", "amphoe": "อ.", "tambon": "ต."}
        prefixes["community"] = "" if self.name_th.startswith("ชุมชน") else "ชุมชน"
        return f"{prefixes.get(self.level, f'ม.{self.moo} ')}{self.name_th}"

    @property
    def is_local(self) -> bool:
        """Whether it is a village or a municipal ชุมชน, where people live."""
        return self.level in {self.Level.VILLAGE, self.Level.COMMUNITY}

    @property
    def is_target(self) -> bool:
        return self.stage == self.Stage.TARGET

    @property
    def full_label(self) -> str:
        """Moo + name + tambon, because village names repeat inside a tambon.

        Reads the parent: fetch it with ``select_related("parent")``.
        """
        if self.parent and self.is_local:
            return f"{self.label} {self.parent.label}"
        return self.label

    @property
    def whole_label(self) -> str:
        """Everything needed to tell a place apart in a province: moo, tambon, amphoe.

        Reads the parent and its parent.
        """
        above = self.parent.parent if self.parent and self.is_local else self.parent
        if above is None or above.parent_id is None:  # unread: a query a row
            return self.full_label
        return f"{self.full_label} {above.label}"

    def _english(self) -> str:
        return f"{self.name} {self.get_level_display()}"


class PlaceCode(models.Model):
    """A code by which a place was known once (DOPA renumbers); it may be reused."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="old_codes")
    code = models.CharField(
        _("former code"), max_length=8, db_index=True, validators=[RegexValidator(CODE)]
    )
    until = models.DateField(_("used until"), null=True, blank=True)

    class Meta:
        ordering = [F("until").desc(nulls_first=True), "pk"]
        verbose_name = _("former code")
        verbose_name_plural = _("former codes")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "code"], name="former_code_once_per_place"
            ),
        ]

    def __str__(self) -> str:
        return self.code
