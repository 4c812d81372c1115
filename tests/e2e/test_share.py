"""What only a browser can show about texts that are sent home to the circle."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

SHARED = "window.shared = []; navigator.share = async ({ text }) => shared.push(text);"
NO_SHEET = "delete Navigator.prototype.share; navigator.share = undefined;"


def open_record(page):
    """Open the latest record of the first of my circles."""
    page.goto("/")
    page.goto(page.get_attribute(".circlecard h3 a", "href"))
    page.goto(page.get_attribute(".tl h3 a", "href"))
    return page.locator("[data-share]").first


def test_the_text_is_copied_with_one_tap(running, open_phone):
    page = open_phone("amnuay")
    page.context.grant_permissions(
        ["clipboard-read", "clipboard-write"], origin=running.url
    )
    part = open_record(page)
    text = part.locator("textarea").input_value()

    part.locator("[data-copy]").click()

    expect(part.locator("[role=status]")).not_to_be_empty()
    assert page.evaluate("navigator.clipboard.readText()") == text


def test_the_text_goes_to_the_phones_share_sheet_where_there_is_one(open_phone):
    page = open_phone("amnuay")
    page.add_init_script(SHARED)
    part = open_record(page)

    part.locator("[data-send]").click()

    assert page.evaluate("shared") == [part.locator("textarea").input_value()]


def test_a_browser_without_share_sheet_offers_line_and_copying(open_phone):
    page = open_phone("amnuay")
    page.add_init_script(NO_SHEET)
    part = open_record(page)

    expect(part.locator("[data-copy]")).to_be_visible()
    expect(part.locator("[data-send]")).to_be_hidden()
    expect(part.locator('a[href^="https://line.me/R/share?text="]')).to_be_visible()


def test_without_javascript_line_is_one_tap_away(open_phone):
    part = open_record(open_phone("amnuay", java_script_enabled=False))

    expect(part.locator("a")).to_be_visible()
    expect(part.locator("[data-copy]")).to_be_hidden()


def test_a_promise_is_ticked_and_taken_back(open_phone):
    page = open_phone("amnuay")
    page.goto("/")
    promises = page.locator(".tick")
    before = promises.count()
    assert before

    page.locator(".tick__box").first.click()
    expect(promises).to_have_count(before - 1)
    page.click('.notice button[value="undo"]')

    expect(promises).to_have_count(before)
