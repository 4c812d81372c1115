"""What another project left in the shell must not reach the README's commands."""

import re

import pytest
from django.conf import settings

from kmcity.bootstrap_variables import SETTINGS, forget_foreign

FOREIGN = dict.fromkeys([*SETTINGS, "DJANGO_SETTINGS_MODULE"], "of another project")
OWN = {"PATH": "/bin", "CI": "true", "COVERAGE": "1", "KMCITY_REQUIRE": "e2e"}


def left_of(command: str, **more: str) -> dict[str, str]:
    environ = FOREIGN | OWN | more
    forget_foreign(command, environ)
    return environ


@pytest.mark.parametrize("command", ["quickstart", "test"])
def test_foreign_variables_are_forgotten(command):
    assert left_of(command) == OWN


@pytest.mark.parametrize("command", ["migrate", "check", ""])
def test_other_commands_are_configured_by_them(command):
    assert left_of(command) == FOREIGN | OWN


def test_the_tests_find_their_own_database_even_twice():
    url = "postgres://localhost/test"
    environ = left_of("test", TEST_DATABASE_URL=url)

    forget_foreign("test", environ)

    assert environ == OWN | {"TEST_DATABASE_URL": url, "DATABASE_URL": url}


def test_quickstart_has_no_use_for_the_database_of_the_tests():
    environ = left_of("quickstart", TEST_DATABASE_URL="postgres://localhost/test")

    assert "DATABASE_URL" not in environ


def test_all_that_the_settings_read_is_known_and_explained():
    source = (settings.BASE_DIR / "kmcity" / "settings.py").read_text()
    manual = (settings.BASE_DIR / "docs" / "operations.md").read_text()
    table, _, _ = manual.partition("## Processes")

    assert set(re.findall(r'\benv_\w+\(\s*"(\w+)"', source)) == set(SETTINGS)
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == SETTINGS
