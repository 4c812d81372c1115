"""What a phone fetches, and when it shows something: the real server, a real browser.

Bytes are those on the wire, compressed and with their headers; a KB is 1,000 of them.
Slow 3G: 400 kbit/s both ways, 400 ms latency, a CPU four times slower.
"""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bench import demo_province, report

folder = demo_province()

from django.conf import settings  # noqa: E402 -- after setup
from django.test import Client  # noqa: E402 -- after setup
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402 -- as above

from circles.models import Circle, User  # noqa: E402 -- after setup

BLOCKING_KB, FIRST_KB, REPEAT_KB, PAINT_SECONDS = 40, 120, 15, 1.5
PAINTS = 5
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {"width": 390, "height": 844}
BITS = 400_000
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": BITS / 8,
    "uploadThroughput": BITS / 8,
}
CPU_SLOWDOWN = 4


@dataclass
class Fetched:
    """Bytes by request, as the browser counted them, and what it waited for."""

    addresses: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)
    blocking: set[str] = field(default_factory=set)

    def kb(self) -> float:
        return sum(self.sizes.values()) / 1000

    def blocking_kb(self) -> float:
        """The page itself, its styles, and the scripts that painting waits for."""
        asked = (one for one in self.sizes if self.addresses[one] in self.blocking)
        return sum(self.sizes[one] for one in asked) / 1000


@contextmanager
def server() -> Iterator[str]:
    """Run granian on the sample province with collected files; yield its address."""
    env = os.environ | {
        "ALLOWED_HOSTS": "localhost",
        "STATIC_ROOT": str(folder / "static"),
    }
    collect = [sys.executable, "-m", "django", "collectstatic", "--no-input", "-v0"]
    here = settings.BASE_DIR
    subprocess.run(collect, env=env | {"COLLECT": "1"}, cwd=here, check=True)  # noqa: S603 -- our own command line
    port = _free_port()
    serve = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    serve += ["--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "4"]
    with Path(folder / "server.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603 -- our own command line
            [*serve, "kmcity.wsgi:application"],
            env=env,
            cwd=here,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(f"http://localhost:{port}/healthz", process)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _free_port() -> int:
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(300):
        if process.poll() is not None:
            break
        try:
            urlopen(address, timeout=2).close()  # noqa: S310 -- our own loopback
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit((folder / "server.log").read_text())


def fetched(page: Page, address: str) -> Fetched:
    """Open *address* and return what came over the wire until nothing more did."""
    found, cdp = Fetched(), page.context.new_cdp_session(page)
    cdp.on("Network.responseReceived", lambda event: _note_address(found, event))
    cdp.on("Network.loadingFinished", lambda event: _note_size(found, event))
    cdp.send("Network.enable")
    answer = page.goto(address, wait_until="networkidle")
    assert answer is not None  # noqa: S101 -- a bench
    assert answer.url == address, f"{address} led to {answer.url}"  # noqa: S101 -- same
    assert answer.status == 200, address  # noqa: S101 -- same
    waited_for = page.evaluate(
        "performance.getEntriesByType('resource')"
        ".filter((one) => one.renderBlockingStatus === 'blocking')"
        ".map((one) => one.name)"
    )
    found.blocking = {address, *waited_for}
    cdp.detach()
    return found


def _note_address(found: Fetched, event: dict[str, Any]) -> None:
    found.addresses[event["requestId"]] = event["response"]["url"]


def _note_size(found: Fetched, event: dict[str, Any]) -> None:
    if event["requestId"] in found.addresses:
        found.sizes[event["requestId"]] = event["encodedDataLength"]


def first_paint(page: Page, address: str) -> float:
    """Return the seconds until something is seen on slow 3G, nothing cached."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    cdp.send("Network.emulateNetworkConditions", SLOW_3G)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    page.goto(address, timeout=60_000)
    milliseconds: float | None = None
    while milliseconds is None:  # the pages' policy forbids waiting by script
        milliseconds = page.evaluate(
            "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
        )
    return milliseconds / 1000


def measured(name: str, address: str, phone: Callable[[], Page]) -> Iterator[Any]:
    page = phone()
    first, again = fetched(page, address), fetched(page, address)
    page.context.close()
    yield f"{name}: blocks painting", first.blocking_kb(), BLOCKING_KB, "KB"
    yield f"{name}: first load with fonts", first.kb(), FIRST_KB, "KB"
    yield f"{name}: load again", again.kb(), REPEAT_KB, "KB"
    paints = []
    for _round in range(PAINTS):
        page = phone()
        paints.append(first_paint(page, address))
        page.context.close()
    # The quickest: the others also waited for whatever else this machine was doing.
    yield f"{name}: first paint", min(paints), PAINT_SECONDS, "s"


def phones(browser: Browser, cookies: list[Any]) -> Callable[[], Page]:
    """Return what opens a page on a phone that has never been here."""

    def phone() -> Page:
        context = browser.new_context(viewport=PHONE)
        context.add_cookies(cookies)
        page: Page = context.new_page()
        return page

    return phone


def signed_in(username: str) -> str:
    browser = Client()
    browser.force_login(User.objects.get(username=username))
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


session = signed_in("amnuay")
circle = Circle.objects.get(name="วงปุ๋ยอินทรีย์ ม.3 บ้านบางหลวง")
program = next(filter(None, map(shutil.which, BROWSERS)))
with server() as url, sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path=program, args=["--no-sandbox", "--disable-gpu"]
    )
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}
    mine, strangers = phones(browser, [cookie]), phones(browser, [])
    figures = [
        *measured("home", f"{url}/", mine),
        *measured("log form", f"{url}/circles/{circle.pk}/sessions/new/", mine),
        *measured("sign-in", f"{url}/sign-in/", strangers),
    ]
    browser.close()
report(figures)
