"""The forms about one place: a new one, its facts and codes, whom to ask there."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles import thai
from circles.fields import ThaiTextField
from circles.models import Place

Level = Place.Level
DEGREES = Decimal("0.00001")  # about a metre
# What the label puts before a name: whoever types it says it twice.
_PREFIXES = {
    Level.PROVINCE: r"(?:จังหวัด|จ\.)",
    Level.AMPHOE: r"(?:อำเภอ|อ\.)",
    Level.TAMBON: r"(?:ตำบล|ต\.)",
    Level.VILLAGE: r"(?:หมู่\s*ที่|หมู่|ม\.)\s*\d{1,2}",
    Level.COMMUNITY: r"",
}


def in_a_year() -> date:
    return timezone.localdate() + timedelta(days=365)


class LineField(ThaiTextField):
    """A text on one line."""

    widget = forms.TextInput(attrs={"class": "inp", "autocomplete": "off"})

    def to_python(self, value: Any) -> str:
        return thai.clean_name(str(super().to_python(value)))


class CodeField(LineField):
    """A code as it is stored, however it was typed: "๘๐๐๑ ๐๖" is "800106"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)
        self.widget.attrs["inputmode"] = "numeric"

    def to_python(self, value: Any) -> str:
        text = thai.thai_digits_to_arabic(super().to_python(value))
        return re.sub(r"[\s.-]", "", text).upper()


class DegreesField(forms.Field):
    """Degrees between two limits, to five places; cleans to a Decimal or None."""

    default_error_messages = {
        "unreadable": _("“%(typed)s” is no number. Write it like %(example)s."),
        "outside": _("In Thailand this figure lies between %(least)s and %(most)s."),
    }

    def __init__(self, *, least: int, most: int, example: str, **kwargs: Any) -> None:
        attrs = {"class": "inp", "autocomplete": "off", "inputmode": "decimal"}
        widget = forms.TextInput(attrs=attrs)
        super().__init__(required=False, widget=widget, **kwargs)
        self.least, self.most, self.example = least, most, example
        self.text = LineField(required=False, max_length=40)

    def to_python(self, value: Any) -> Decimal | None:
        typed = thai.thai_digits_to_arabic(self.text.clean(value))
        if not typed:
            return None
        number = typed.rstrip("°NEne ").replace(",", ".")
        if not re.fullmatch(r"\d{1,3}(\.\d{1,20})?", number, re.ASCII):
            params = {"typed": typed, "example": self.example}
            raise self._refused("unreadable", params)
        found = Decimal(number).quantize(DEGREES)
        if not self.least <= found <= self.most:
            raise self._refused("outside", {"least": self.least, "most": self.most})
        return found

    def _refused(self, code: str, params: dict[str, Any]) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class NamesForm(forms.Form):
    """The names of a place; in Thai without what its label puts before."""

    name_th = LineField(
        label=_("Thai name"),
        max_length=100,
        error_messages={"required": _("The name is missing.")},
    )
    name_en = LineField(label=_("English name"), max_length=100, required=False)

    level: str

    def clean_name_th(self) -> str:
        said = str(self.cleaned_data["name_th"])
        prefix = _PREFIXES[Level(getattr(self, "level_now", None) or self.level)]
        name = re.sub(rf"^{prefix}\s*", "", said)
        if not name:
            raise ValidationError(_("The name is missing."), code="required")
        return name


class NewPlaceForm(NamesForm):
    """A place directly in *parent*; a tambon has villages and ชุมชน."""

    field_order = ["level", "moo", "code", "name_th", "name_en"]

    level = forms.ChoiceField(  # type: ignore[assignment] # a field here
        label=_("What is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is.")},
    )
    code = CodeField(
        label=_("Code"), error_messages={"required": _("The code is missing.")}
    )
    moo = LineField(
        label=_("Number of the village (moo)"), max_length=20, required=False
    )

    def __init__(
        self, data: Any = None, *, parent: Place, levels: list[Place.Level]
    ) -> None:
        super().__init__(data, initial={"level": levels[0], "code": parent.code})
        self.parent, self.levels = parent, levels
        level: forms.ChoiceField = self.fields["level"]  # type: ignore[assignment] # so
        level.choices = [(one.value, one.label) for one in levels]
        if len(levels) == 1:
            del self.fields["level"], self.fields["moo"]
        else:
            del self.fields["code"]

    @property
    def level_now(self) -> str:
        return self.cleaned_data.get("level") or self.levels[0].value

    def clean_moo(self) -> str:
        typed = thai.thai_digits_to_arabic(str(self.cleaned_data["moo"]))
        if self.level_now != Level.VILLAGE:
            return ""
        if not typed:
            message = _("The number of the village is missing.")
            raise ValidationError(message, code="required")
        number = re.fullmatch(r"(?:หมู่\s*ที่|หมู่|ม\.)?\s*(\d{1,9})", typed, re.ASCII)
        if not number or not 1 <= int(number[1]) <= 99:
            message = _("The number of a village lies between 1 and 99.")
            raise ValidationError(message, code="bad_moo")
        return f"{int(number[1]):02}"

    def place(self) -> Place:
        """Return the place as typed, not stored yet; a ชุมชน has no code yet."""
        given = self.cleaned_data
        moo = given.get("moo")
        code = given.get("code") or (f"{self.parent.code}{moo}" if moo else "")
        return Place(
            parent=self.parent,
            level=self.level_now,
            code=code,
            name_th=given["name_th"],
            name_en=given["name_en"],
        )
