"""What must hold on every page: accessible, light, no sideways scrolling."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.e2e

PAGES = ["/", "/circles/", "/celebrations/", "/notices/", "/overview/"]
PAGES += ["/calendar/", "/account/", "/help/", "/help/khun_amnuay/"]
FIRST_LOAD_BYTES = 120 * 1024
BLOCKING_BYTES = 40 * 1024


def links(page, username="amnuay"):
    """Return the addresses of one page of each kind, as its user would reach them."""
    page.goto("/")
    log = page.get_attribute(".btn--sign", "href")
    page.goto("/circles/?q=ปุ๋ย")
    circle = page.get_attribute("#circles h3 a", "href")
    page.goto(circle)
    session = page.get_attribute(".tl h3 a", "href")
    celebration = page.get_attribute(".road a", "href")
    beside = [f"{circle}{one}/" for one in ("plan", "sheet", "dream")]
    about = [f"{session}{one}/" for one in ("photos", "history")]
    return [*PAGES, log, circle, *beside, session, *about, celebration]


@pytest.mark.parametrize("width", [320, 390, 1440])
@pytest.mark.parametrize("language", ["th", "en"])
def test_no_page_scrolls_sideways(open_phone, width, language):
    page = open_phone("amnuay")
    addresses = links(page)
    if language == "en":
        page.click('button[name="language"]')
        page.wait_for_selector('html[lang="en"]', state="attached")
    page.set_viewport_size({"width": width, "height": 800})

    for address in addresses:
        page.goto(address)
        excess = page.evaluate(
            "document.body.scrollWidth - document.documentElement.clientWidth"
        )
        assert excess <= 0, (address, excess)


def test_a_long_name_breaks_where_the_line_is_too_short(open_phone):
    """ "วงคุณเอื้อจังหวัดนครศรีธรรมราช" in a heading, in lists and on the home page."""
    page = open_phone("governor")
    page.goto("/circles/?q=คุณเอื้อ")
    circles = [a.get_attribute("href") for a in page.locator("#circles h3 a").all()]
    assert circles

    for address in ["/", "/circles/", "/overview/", *circles]:
        page.goto(address)
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 800})
            excess = page.evaluate(
                "document.body.scrollWidth - document.documentElement.clientWidth"
            )
            assert excess <= 0, (address, width, excess)


@pytest.mark.axe
@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 390), ("dark", 390), ("light", 1440)]
)
def test_no_page_breaks_an_accessibility_rule(open_phone, scheme, width):
    page = open_phone("amnuay", color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 844})
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}

    for address in links(page):
        page.goto(address)
        found = Axe().run(page, options=options)
        assert found.violations_count == 0, (address, found.generate_report())


def test_the_first_load_is_light(running, browser):
    context = browser.new_context(base_url=running.url)
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    network.on(
        "Network.responseReceived",
        lambda event: kinds.update({event["requestId"]: event["type"]}),
    )
    network.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )

    page.goto("/sign-in/")
    page.fill("#id_username", "amnuay")
    page.fill("#id_password", running.passwords["amnuay"])
    page.click("form.stack button")
    page.wait_for_load_state("networkidle")
    page.click(".btn--sign")
    page.wait_for_load_state("networkidle")

    by_kind: dict[str, float] = {}
    for request, kind in kinds.items():
        by_kind[kind] = by_kind.get(kind, 0) + sizes.get(request, 0)
    # Scripts come after the first paint (static/js/start.js).
    blocking = sum(by_kind.get(kind, 0) for kind in ("Document", "Stylesheet"))
    # Three pages here, so the documents count thrice: an upper bound of one load.
    assert sum(by_kind.values()) <= FIRST_LOAD_BYTES, by_kind
    assert blocking <= BLOCKING_BYTES, by_kind
    context.close()
