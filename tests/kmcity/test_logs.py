"""An address that opens something is in no log."""

import io
import logging
import logging.config

import pytest
from django.conf import settings
from django.urls import reverse

from circles.actions.slips import make_slip
from tests.factories import UserFactory

SECRET = "abcde-fghjk-mnpqr-stuvw-xyz23"


@pytest.fixture
def log():
    """What the process writes to its log, by the handlers of the settings."""
    [handler] = [
        one
        for one in logging.getLogger().handlers
        if type(one) is logging.StreamHandler and one.formatter
    ]
    old = handler.setStream(io.StringIO())
    yield handler.stream
    handler.setStream(old)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        f"/slip/{SECRET}/",
        f"/note/{SECRET}/",
        f"/calendar/{SECRET}.ics",
        f"/calendar/{SECRET}",
        f"/password/7-{SECRET}/",
    ],
)
def test_a_refused_address_is_logged_without_its_secret(client, log, path):
    assert client.delete(path).status_code >= 400

    assert "django.request" in log.getvalue()
    assert f"/{path.split('/')[1]}/***" in log.getvalue()
    assert SECRET not in log.getvalue()


@pytest.mark.django_db
def test_a_living_slip_is_not_logged_by_the_csrf_check(client, log):
    author = UserFactory(is_superuser=True)
    _slip, secret = make_slip(author, UserFactory())
    client.handler.enforce_csrf_checks = True

    response = client.post(reverse("slip-use", args=[secret]))

    assert response.status_code == 403
    assert "/slip/***" in log.getvalue()
    assert secret not in log.getvalue()


def test_tracebacks_and_odd_arguments_are_masked_too(log):
    try:
        raise ValueError(f"https://kmcity.example/note/{SECRET}/")
    except ValueError:
        logging.getLogger("celery").exception("at %r", [f"/slip/{SECRET}/?a=1"])

    assert "Traceback" in log.getvalue()
    assert SECRET not in log.getvalue()
    assert "/slip/***" in log.getvalue()


def test_other_addresses_are_logged_as_they_are(log):
    logging.getLogger("django.request").warning("Not Found: %s", "/circles/9/plan/")

    assert log.getvalue().endswith("Not Found: /circles/9/plan/\n")


def test_no_other_handler_writes_what_django_says():
    names = ["django", "django.request", "django.security", "django.security.csrf"]

    assert settings.LOGGING["loggers"]["django"]["handlers"] == []
    assert [logging.getLogger(name).handlers for name in names] == [[], [], [], []]
