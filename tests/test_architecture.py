"""Conventions that a reader relies on, checked so that they stay true."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from kmcity.names import NameOnly

ROOT = Path(__file__).parent.parent
APPS = ("circles", "kmcity", "milestones")


def _python_files(*folders: str) -> list[Path]:
    files = [path for one in folders for path in sorted((ROOT / one).rglob("*.py"))]
    return [path for path in files if path.parent.name != "migrations"]


SOURCES = _python_files(*APPS)
PYTHON = [*SOURCES, *_python_files("tests", "bench"), ROOT / "manage.py"]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Mail readers know no style sheets; our content security policy is not theirs.
ON_THE_WEB = [path for path in TEMPLATES if path.parent.name != "email"]

# Not pages: they answer a machine or send the browser on.
NO_PAGES = {
    "attachment-file",
    "calendar-feed",
    "contact-reveal",
    "healthz",
    "language",
    "merge-undo",
    "options",
    "photo-create",
    "photo-file",
    "promise-keep",
    "revision-confirm",
    "sign-out",
    "sign-out-everywhere",
}


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, NameOnly):
            continue  # a name for allauth, no address
        if isinstance(pattern, URLPattern):
            yield pattern
        elif pattern.app_name != "admin":
            yield from _patterns(pattern)


URLS = list(_patterns(get_resolver()))
PAGES = [one for one in URLS if one.name not in NO_PAGES]

by_name = {"ids": lambda one: getattr(one, "name", one)}
by_path = {"ids": lambda path: str(path.relative_to(ROOT))}


def _view(pattern: URLPattern) -> type | object:
    """Return the function or the class behind *pattern*."""
    return getattr(pattern.callback, "view_class", inspect.unwrap(pattern.callback))


def _word(pattern: URLPattern) -> str:
    return pattern.name.replace("-", "_")


def _template(pattern: URLPattern) -> Path:
    app = _view(pattern).__module__.partition(".")[0]
    return ROOT / "templates" / app / f"{_word(pattern)}.html"


def _names(pattern: str, text: str) -> set[str]:
    return set(re.findall(pattern, text))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("pattern", PAGES, **by_name)
def test_one_word_names_url_view_and_template(pattern):
    name = _view(pattern).__name__
    assert re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() == _word(pattern)
    get_template(str(_template(pattern).relative_to(ROOT / "templates")))


@pytest.mark.parametrize("pattern", PAGES, **by_name)
def test_every_page_is_tested_under_its_name(pattern):
    of_all_urls = {"test_access.py", "test_architecture.py"}
    tests = [path for path in _python_files("tests") if path.name not in of_all_urls]
    named = rf'def test_{_word(pattern)}\b|"{pattern.name}"'
    assert any(
        path.stem == f"test_{_word(pattern)}" or _names(named, _read(path))
        for path in tests
    )


@pytest.mark.parametrize("pattern", URLS, **by_name)
def test_every_view_declares_its_methods(pattern):
    view = _view(pattern)
    if isinstance(view, type):
        assert "http_method_names" in vars(view)
    else:
        assert re.search(r"^@require_", inspect.getsource(view), re.MULTILINE)


@pytest.mark.parametrize("pattern", PAGES, **by_name)
def test_what_htmx_refreshes_has_one_name_in_four_places(pattern):
    page, view = _read(_template(pattern)), inspect.getsource(_view(pattern))
    targets = _names(r'hx-target="#([\w-]+)"', page)
    targets |= _names(r'include "_pages.html" with [^%]*\btarget="([\w-]+)"', page)
    parts = _names(r"{% partialdef ([\w-]+)", page)
    listed = _names(r'"([\w-]+)"', "".join(_names(r"partials=\[([^]]*)\]", view)))

    assert targets <= parts <= _names(r'\bid="([\w-]+)"', page)
    assert parts == listed


@pytest.mark.parametrize("path", TEMPLATES, **by_path)
def test_only_pages_name_what_htmx_refreshes(path):
    """A part that several pages include is told its target by each of them."""
    if path.name.startswith("_"):
        assert not _names(r'hx-target="#([\w-]+)"', _read(path))


@pytest.mark.parametrize("path", ON_THE_WEB, **by_path)
def test_no_style_and_no_script_inside_a_template(path):
    inline = r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:"
    assert not _names(inline, _read(path))


@pytest.mark.parametrize("path", PYTHON, **by_path)
def test_a_file_fits_in_a_head(path):
    assert len(_read(path).splitlines()) <= 250


@pytest.mark.parametrize("path", SOURCES, **by_path)
def test_one_file_knows_which_database_it_is(path):
    # (kmcity.sqlite3 is a file of quickstart's.)
    engine = r"(?<!kmcity\.)sqlite3|postgresql|\.vendor|RawSQL|\.raw\(|\.cursor\("
    if path.name != "database.py":
        assert not _names(engine, _read(path))


@pytest.mark.parametrize("path", PYTHON, **by_path)
def test_an_exception_to_a_rule_says_why(path):
    text = _read(path)
    assert not re.findall(r"# no" + r"qa(?!: [A-Z0-9, ]+ -- \S).*", text)
    assert not re.findall(r"# type: " + r"ignore(?!\[[\w, -]+\] # \S).*", text)


@pytest.mark.parametrize("path", [*PYTHON, *TEMPLATES], **by_path)
def test_nothing_is_left_for_later(path):
    assert not _names(r"TO" + r"DO|FIX" + r"ME", _read(path))


def test_migrations_have_names():
    for path in ROOT.glob("*/migrations/[0-9]*.py"):
        assert "_auto_" not in path.name, path


def test_the_admin_is_mounted():
    assert resolve("/admin/").app_name == "admin"
