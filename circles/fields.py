"""Form fields for what people in the province type: days, times, texts."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from circles.thai import (
    MAX_TYPED_LENGTH,
    clean_text,
    local_day,
    parse_thai_date,
    parse_thai_time,
    thai_date,
)

PROGRAMME_BEGAN_ON = date(1997, 1, 1)  # 2540 BE
DEFAULT_MAX_LENGTH = 5000

_BROKEN = re.compile("[\ufffd\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def tomorrow() -> date:
    """Return the day after today in Bangkok."""
    return timezone.localdate() + timedelta(days=1)


class ThaiDateField(forms.Field):
    """A day in one text input, shown as "22 พ.ย. 2569"; cleans to a date or None.

    Adds the error codes of ``parse_thai_date``, and ``too_early`` and ``too_late``.
    """

    widget = forms.TextInput(attrs={"class": "inp inp--date", "autocomplete": "off"})
    default_error_messages = {
        "too_early": _("%(day)s is too early. The first day allowed is %(limit)s."),
        "too_late": _("%(day)s is too late. The last day allowed is %(limit)s."),
    }

    def __init__(
        self,
        *,
        earliest: date = PROGRAMME_BEGAN_ON,
        latest: Callable[[], date] = tomorrow,
        **kwargs: Any,
    ) -> None:
        self.earliest, self.latest = earliest, latest
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date):
            return local_day(value)
        if _is_blank(value):
            return None
        return parse_thai_date(str(value), today=timezone.localdate())

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        latest = self.latest()
        if value < self.earliest:
            raise self._outside("too_early", value, self.earliest)
        if value > latest:
            raise self._outside("too_late", value, latest)

    def _outside(self, code: str, day: date, limit: date) -> ValidationError:
        params = {"day": thai_date(day), "limit": thai_date(limit)}
        return ValidationError(self.error_messages[code], code=code, params=params)

    def prepare_value(self, value: Any) -> Any:
        return thai_date(value) if isinstance(value, date) else _shown(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        day = local_day(initial) if isinstance(initial, datetime) else initial
        return super().has_changed(day, data)


class ThaiTimeField(forms.Field):
    """A time of day in one text input, shown as "09.00"; cleans to a time or None."""

    widget = forms.TextInput(
        attrs={"class": "inp", "inputmode": "decimal", "autocomplete": "off"}
    )

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, time):
            return value
        return None if _is_blank(value) else parse_thai_time(str(value))

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H.%M}" if isinstance(value, time) else _shown(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        # Seconds are neither shown nor typed.
        if isinstance(initial, time):
            initial = initial.replace(second=0, microsecond=0)
        return super().has_changed(initial, data)


class ThaiTextField(forms.CharField):
    """A text, cleaned by ``clean_text``; at most 5,000 characters unless told.

    Refuses text that arrived damaged (``broken_text``) and control characters other
    than line ends and tabs (``control_characters``).
    """

    default_error_messages = {
        "max_length": _(
            "This text has %(show_value)d characters."
            " It may have %(limit_value)d at most."
        ),
        "broken_text": _("Part of this text arrived damaged. Please type it again."),
        "control_characters": _(
            "This text contains characters that cannot be shown. Please type it again."
        ),
    }

    def __init__(
        self, *, max_length: int | None = DEFAULT_MAX_LENGTH, **kwargs: Any
    ) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leave out maxlength: a browser would cut what is pasted without a word."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return super().to_python(value)
        if self.max_length is not None and len(str(value)) > 2 * self.max_length:
            # Before anything reads it: normalising a hostile text takes minutes.
            return str(value)
        self._refuse("broken_text", _BROKEN, str(value))
        self._refuse("control_characters", _CONTROL, str(value))
        return super().to_python(clean_text(str(value)))

    def _refuse(self, code: str, unwanted: re.Pattern[str], text: str) -> None:
        if unwanted.search(text):
            raise ValidationError(self.error_messages[code], code=code)


class PlainSelect(forms.Select):
    """A select without groups, drawn without a template for each of its options:
    a log form has hundreds."""

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        chosen = set(self.format_value(value) or [""])
        options = (
            (value, mark_safe(" selected") if str(value) in chosen else "", label)
            for value, label in self.choices
        )
        return format_html(
            "<select{}>{}</select>",
            flatatt(self.build_attrs(self.attrs, {"name": name} | (attrs or {}))),
            format_html_join("", '<option value="{}"{}>{}</option>', options),
        )


def _is_blank(value: Any) -> bool:
    text = "" if value is None else str(value)
    return len(text) <= MAX_TYPED_LENGTH and not clean_text(text).strip()


def _shown(value: Any) -> Any:
    # One character more than can be read, so that it stays unreadable if sent again.
    is_long = isinstance(value, str) and len(value) > MAX_TYPED_LENGTH
    return f"{value[:MAX_TYPED_LENGTH]}…" if is_long else value
