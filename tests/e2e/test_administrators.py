"""The administrators' pages in a real browser: light of rules, no sideways scrolling,
and a village found by typing as people say it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.e2e

LISTS = ["/manage/", "/places/", "/places/?level=local", "/places/targets/"]
LISTS += ["/agencies/", "/cohorts/", "/people/", "/people/new/", "/circles/new/"]
LISTS += ["/handovers/", "/changes/", "/setup/", "/slips/new/"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


def addresses(page) -> list[str]:
    """Return the lists, and one page of each kind behind them."""
    found = list(LISTS)
    for listing, link, behind in (
        ("/places/?q=ท่าไร่", "a[href^='/places/']", ("edit/", "contact/", "archive/")),
        ("/agencies/", "a[href^='/agencies/']", ("edit/", "contact/", "archive/")),
        (
            "/people/?q=เกษตร",
            "a[href^='/people/']",
            ("edit/", "contacts/", "merge/", "account/", "rights/", "handover/"),
        ),
        (
            "/circles/?q=ปุ๋ย",
            "#circles h3 a",
            ("edit/", "openings/", "seats/", "handover/"),
        ),
    ):
        page.goto(listing)
        hrefs = [a.get_attribute("href") for a in page.locator(f"main {link}").all()]
        first = next(a for a in hrefs if a.strip("/").split("/")[-1].isdigit())
        found += [first, *(f"{first}{one}" for one in behind)]
    return found


@pytest.mark.parametrize("language", ["th", "en"])
def test_no_administrators_page_scrolls_sideways(open_phone, language):
    page = open_phone("province-admin")
    if language == "en":
        page.click('button[name="language"]')
        page.wait_for_selector('html[lang="en"]', state="attached")
    pages = addresses(page)

    for address in pages:
        answer = page.goto(address)
        assert answer.status == 200, address
        for width in (320, 390, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            excess = page.evaluate(
                "document.body.scrollWidth - document.documentElement.clientWidth"
            )
            assert excess <= 0, (address, width, excess)


@pytest.mark.axe
@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 390), ("dark", 390), ("light", 1440)]
)
def test_no_administrators_page_breaks_an_accessibility_rule(open_phone, scheme, width):
    page = open_phone("province-admin", color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 844})

    for address in addresses(page):
        page.goto(address)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, (address, found.generate_report())


def test_a_village_is_found_as_people_say_it(open_phone):
    page = open_phone("province-admin")
    page.goto("/people/new/")

    page.locator("#id_village_q").press_sequentially("หมู่ที่ ๓ ตำบลท่าไร่")
    option = page.locator("#id_village_q ~ .picker__found input[type=radio]")
    option.first.check()

    label = page.locator("#id_village_q ~ .picker__found label").first
    assert "ม.3 บ้านบางหลวง ต.ท่าไร่" in label.inner_text()
    assert option.count() == 1

    page.keyboard.press("Enter")
    assert page.url.endswith("/people/new/")
    assert page.locator(".errsum").count() == 0


def test_enter_in_a_type_ahead_sends_nothing(open_phone):
    page = open_phone("province-admin")
    page.goto("/places/targets/")
    before = page.locator("main").inner_text()

    page.locator("input[type=search]").first.press_sequentially("นาทราย")
    page.locator(".picker__found input[type=radio]").first.wait_for()
    page.keyboard.press("Enter")

    assert page.locator(".picker__found input[type=radio]").first.is_checked()
    page.goto("/places/targets/")
    assert page.locator("main").inner_text() == before
