"""The folded parts of the log form, as data: the template loops over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from circles.forms.entry import SessionEntry


@dataclass(frozen=True)
class Section:
    """One folded part: plain ``fields`` of the form, or ``rows`` of one prefix."""

    name: str
    icon: str
    title: LazyText
    hint: LazyText
    fields: tuple[str, ...] = ()
    rows: str = ""
    add: LazyText | str = ""  # the button for one more row
    is_tea: bool = False


SECTIONS = (
    Section(
        "summary",
        "pencil",
        _("What happened"),
        _("Purpose, how it went, what was agreed"),
        fields=("summary",),
    ),
    Section(
        "story",
        "story",
        _("An inspiring story"),
        _("A small success that other circles should hear of"),
        fields=("story", "story_may_show"),
    ),
    Section(
        "problems",
        "warning",
        _("Problem and solution"),
        _("Where it was stuck, and how it went on"),
        rows="problems",
        add=_("One more problem"),
    ),
    Section(
        "promises",
        "forward",
        _("What was agreed, and who does it"),
        _("The next session asks how it went"),
        rows="promises",
        add=_("One more next step"),
    ),
    Section(
        "requests",
        "check",
        _("A matter for a Khun Ua"),
        _("What the circle cannot do by itself"),
        rows="requests",
        add=_("One more matter"),
    ),
    Section(
        "aar",
        "tea",
        _("Tea at the end"),
        _("Looking back together (AAR), 4 questions"),
        fields=("aar_hoped", "aar_more", "aar_less", "aar_next"),
        is_tea=True,
    ),
    Section(
        "readings",
        "chart",
        _("Figures written down every time"),
        _("What this circle measures"),
    ),
)


@dataclass(frozen=True)
class FilledSection:
    """A section of one form: its fields, whether it is worth unfolding."""

    section: Section
    fields: list[Any]
    rows: Any
    is_bad: bool
    is_open: bool


def fill(entry: SessionEntry) -> Iterator[FilledSection]:
    """Yield the sections of *entry*; one without any field is left out."""
    for section in SECTIONS:
        names = entry.reading_names if section.name == "readings" else section.fields
        fields = [entry.form[name] for name in names]
        rows = entry.rows[section.rows] if section.rows else None
        if not fields and rows is None:
            continue
        is_bad = any(field.errors for field in fields) or bool(
            rows is not None and rows.is_bound and rows.total_error_count()
        )
        is_filled = any(field.value() for field in fields) or _has_text(rows)
        is_asked = entry.act == f"add-{section.rows}" and bool(section.rows)
        yield FilledSection(
            section, fields, rows, is_bad, is_bad or is_filled or is_asked
        )


def _has_text(rows: Any) -> bool:
    return rows is not None and any(form[form.main].value() for form in rows)
