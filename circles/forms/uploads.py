"""What is sent with a photo or a document, and what is said about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from circles.fields import ThaiTextField
from circles.models import Photo

_LOST = _("It is not clear which photo is meant. Choose it again.")
_NO_FILE = _("No file arrived. Choose it again.")


class SentPhotoForm(forms.Form):
    """One photo as the script sends it; ``act`` says what to do with it.

    What is not said about people counts as the more private of the two.
    """

    act = forms.ChoiceField(
        choices=[(one, one) for one in ("store", "describe", "remove")], required=False
    )
    user = forms.IntegerField(required=False)
    key = forms.UUIDField(error_messages=dict.fromkeys(["required", "invalid"], _LOST))
    form_key = forms.UUIDField(required=False, error_messages={"invalid": _LOST})
    session = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    caption = ThaiTextField(required=False, max_length=200)
    is_recognisable = forms.NullBooleanField()
    may_show = forms.NullBooleanField()
    # Its reader has words of its own for an empty file.
    photo = forms.FileField(
        required=False, allow_empty_file=True, error_messages={"invalid": _NO_FILE}
    )

    def clean_act(self) -> str:
        return self.cleaned_data["act"] or "store"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("act") == "store" and not isinstance(
            cleaned.get("photo"), UploadedFile
        ):
            self.add_error("photo", ValidationError(_NO_FILE, code="no_file"))
        return cleaned

    def described(self) -> dict[str, Any]:
        """Return what is said about the photo, as ``store_photo`` takes it."""
        return {
            "caption": self.cleaned_data["caption"],
            "is_recognisable": self.cleaned_data["is_recognisable"] is not False,
            "may_show": self.cleaned_data["may_show"] is True,
        }


class PhotoForm(forms.Form):
    """What is said about one stored photo."""

    caption = ThaiTextField(
        label=_("What is in the picture"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "inp"}),
    )
    is_recognisable = forms.BooleanField(
        label=_("People can be recognised"), required=False
    )
    may_show = forms.BooleanField(
        label=_("Those in the picture agree that others may see it"), required=False
    )

    def __init__(self, photo: Photo, data: Any = None) -> None:
        shown = ("caption", "is_recognisable", "may_show")
        initial = {name: getattr(photo, name) for name in shown}
        super().__init__(data, initial=initial, auto_id=f"id_{photo.pk}_%s")


class _Files(forms.FileInput):
    allow_multiple_selected = True


class FilesForm(forms.Form):
    """Several files at once, as a browser without the script sends them."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["required", "invalid"], _LOST),
    )
    # Not a FileField, which knows one file: several go through as they are.
    sent = forms.Field(required=False, widget=_Files)

    def clean_sent(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["sent"] or []
        if not files:
            raise ValidationError(_NO_FILE, code="no_file")
        return files
