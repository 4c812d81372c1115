from __future__ import annotations

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from circles.permissions import CODE_LENGTHS


class PlaceQuerySet(models.QuerySet["Place"]):
    def tambons(self) -> Self:
        return self.filter(level=Place.Level.TAMBON)

    def targets(self) -> Self:
        """Keep the target tambons of the project."""
        return self.tambons().filter(is_target=True)

    def above(self, code: str) -> Self:
        """Keep the place with this code and every place that contains it."""
        return self.filter(code__in={code[:length] for length in CODE_LENGTHS})


class Place(models.Model):
    """A province, amphoe, tambon or village: one tree, carried by the official code.

    The code of a place begins with the code of its parent (80 > 8001 > 800106 >
    80010603), so "everything below" is a prefix.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", _("province")
        AMPHOE = "amphoe", _("amphoe")
        TAMBON = "tambon", _("tambon")
        VILLAGE = "village", _("village")

    code = models.CharField(
        _("code"),
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"^(\d{2}){1,4}$")],
        help_text=_("Two digits a level: province, amphoe, tambon, village."),
    )
    level = models.CharField(_("level"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    name_th = models.CharField(_("Thai name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    is_target = models.BooleanField(_("target tambon"), default=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_target=False) | Q(level="tambon"),
                name="place_target_is_tambon",
            ),
            models.CheckConstraint(
                condition=Q(level="province", parent=None)
                | (~Q(level="province") & Q(parent__isnull=False)),
                name="place_has_parent_unless_province",
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
        """How a person says it: "ม.3 บ้านบางหลวง", "ต.ท่าไร่", "อ.ฉวาง", "จ.…"."""
        if get_language() == "en":
            return f"Moo {self.moo} {self.name}" if self.moo else self._english()
        prefixes = {"province": "จ.", "amphoe": "อ.", "tambon": "ต."}
        return f"{prefixes.get(self.level, f'ม.{self.moo} ')}{self.name_th}"

    @property
    def full_label(self) -> str:
        """Moo + name + tambon, because village names repeat inside a tambon.

        Reads the parent: fetch it with ``select_related("parent")``.
        """
        if self.parent and self.level == self.Level.VILLAGE:
            return f"{self.label} {self.parent.label}"
        return self.label

    def _english(self) -> str:
        return f"{self.name} {self.get_level_display()}"
