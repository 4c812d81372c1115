"""The Thai catalogue: complete, compiled, and true to its placeholders."""

from __future__ import annotations

import re

import polib
import pytest
from django.conf import settings

FOLDER = settings.BASE_DIR / "locale" / "th" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdif]|\{\w*\}")
ENTRIES = [one for one in polib.pofile(FOLDER / "django.po") if not one.obsolete]

by_text = {"ids": lambda entry: f"{entry.linenum}: {entry.msgid[:30]}"}


def key(entry: polib.POEntry | polib.MOEntry) -> tuple[str, str, str]:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def translations(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    return [*entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]


def test_nothing_is_obsolete():
    assert not polib.pofile(FOLDER / "django.po").obsolete_entries()


@pytest.mark.parametrize("entry", ENTRIES, **by_text)
def test_it_is_translated(entry):
    assert all(text.strip() for text in translations(entry))
    assert "fuzzy" not in entry.flags


@pytest.mark.parametrize("entry", ENTRIES, **by_text)
def test_it_fills_in_the_same(entry):
    # Thai has one plural form; it stands for the many.
    expected = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    for text in translations(entry):
        assert sorted(PLACEHOLDER.findall(text)) == expected


def test_what_is_compiled_is_what_was_written():
    compiled = polib.mofile(FOLDER / "django.mo")

    assert {key(one): translations(one) for one in compiled} == {
        key(one): translations(one) for one in ENTRIES
    }
