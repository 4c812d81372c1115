from __future__ import annotations

import uuid
from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.models.accounts import User
from circles.models.circles import Circle
from circles.models.sessions import LearningSession


def photo_path(upload: Any, name: str) -> str:
    """Return a name that tells nothing and collides with nothing."""
    return f"photos/{timezone.localdate():%Y/%m}/{uuid.uuid4()}.jpg"


def attachment_path(upload: Any, name: str) -> str:
    return f"attachments/{timezone.localdate():%Y/%m}/{uuid.uuid4()}"


class UploadQuerySet(models.QuerySet):
    def shown(self) -> Self:
        return self.filter(hidden_at=None)


class Upload(models.Model):
    """A file sent apart from its session, so that the text never waits for it.

    ``key`` is made on the phone: sent twice it is stored once.  ``form_key`` is the
    log form's: a file that arrives before its session finds it by that.
    """

    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    key = models.UUIDField()
    circle = models.ForeignKey(Circle, models.CASCADE, related_name="+")
    form_key = models.UUIDField(null=True, blank=True)
    session = models.ForeignKey(
        LearningSession,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="%(class)ss",
    )
    size_bytes = models.PositiveIntegerField(_("size in bytes"))
    created_at = models.DateTimeField(_("received"), default=timezone.now)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["session", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "key"], name="%(class)s_once_per_author"
            ),
        ]
        indexes = [
            models.Index(fields=["author", "form_key"], name="%(class)s_by_form")
        ]


class Photo(Upload):
    """A picture of a session, decoded and encoded anew: no GPS, no hidden payload."""

    image = models.ImageField(
        _("picture"),
        upload_to=photo_path,
        width_field="width",
        height_field="height",
    )
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    is_recognisable = models.BooleanField(_("people can be recognised"), default=True)
    may_show = models.BooleanField(_("may be shown to others"), default=False)

    class Meta(Upload.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return self.caption or str(self.key)


class Attachment(Upload):
    """A document of a session: PDF or XLSX, kept as it came, never shown inline."""

    file = models.FileField(_("file"), upload_to=attachment_path)
    name = models.CharField(_("name"), max_length=200)

    class Meta(Upload.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name
