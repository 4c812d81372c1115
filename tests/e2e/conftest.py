"""One kmcity, started with the README's command, and a phone's browser before it."""

from __future__ import annotations

import csv
import email
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from email import policy
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.conftest import BROWSERS

START_WITHIN_SECONDS = 120
PHONE = {"width": 390, "height": 844}


@dataclass
class Running:
    """A quickstart with its demo province."""

    url: str
    data: Path
    passwords: dict[str, str]

    @property
    def subjects(self) -> list[str]:
        """The subjects of the letters in the mail folder, oldest first."""
        letters = sorted(self.data.glob("mail/*.eml"))
        parsed = (
            email.message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in letters
        )
        return [str(letter["Subject"]) for letter in parsed]


def _free_port() -> int:
    for port in range(20_000, 30_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise AssertionError("no free port")


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/healthz", timeout=2):  # noqa: S310 -- our own loopback
            return True
    except OSError:
        return False


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    data, port = tmp_path_factory.mktemp("e2e"), _free_port()
    url = f"http://localhost:{port}"
    command = [sys.executable, "manage.py", "quickstart"]
    command += ["--port", str(port), "--data", str(data)]
    # Not the test run's own database or broker: what a newcomer has.
    mine = {"DATABASE_URL", "BROKER_URL", "MAIL_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    env = {name: value for name, value in os.environ.items() if name not in mine}
    log = (data / "output.txt").open("w")
    process = subprocess.Popen(  # noqa: S603 -- our own command line
        command, cwd=settings.BASE_DIR, env=env, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        deadline = time.monotonic() + START_WITHIN_SECONDS
        while not _answers(url):
            assert process.poll() is None, (data / "output.txt").read_text()
            assert time.monotonic() < deadline, (data / "output.txt").read_text()
            time.sleep(0.2)
        with (data / "accounts.csv").open(newline="") as file:
            passwords = {
                row["username"]: row["password"] for row in csv.DictReader(file)
            }
        yield Running(url, data, passwords)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        log.close()


@pytest.fixture(scope="session")
def browser():
    path = next(filter(None, map(shutil.which, BROWSERS)))
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


def _errors(said: ConsoleMessage) -> list[str]:
    """Return what a page should not say; a test that takes the signal away is told,
    by the browser and by htmx, whose element then says so in words."""
    told = ("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    is_told = any(one in said.text for one in told)
    return [said.text] if said.type == "error" and not is_told else []


@pytest.fixture
def open_phone(running, browser):
    """Return a page of 390 px on which *username* is signed in; what the browser
    complains about (the security policy, a script) fails the test at its end."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def sign_in(username: str, **options: object) -> Page:
        context = browser.new_context(viewport=PHONE, base_url=running.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.extend(_errors(said)))
        page.goto("/sign-in/")
        page.fill("#id_username", username)
        page.fill("#id_password", running.passwords[username])
        page.click("form.stack button")
        page.wait_for_url("**/*")
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert complaints == []
