"""What the page about photos says of them: only what is true there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.test_photos import choose, photo, photos_page, state

pytestmark = pytest.mark.e2e


def test_what_was_refused_is_told_on_its_own_page_alone(open_phone):
    first = open_phone("amnuay")
    address = photos_page(first)
    page = first.context.new_page()
    page.goto(address)
    fake = {"name": "page.jpg", "mimeType": "image/jpeg", "buffer": b"<!doctype html>"}
    choose(page, fake)
    expect(state(page, "refused")).to_have_count(1)

    page.goto(address.replace("/photos/", "/"))
    page.click(".crumbs a")
    others = page.locator(".tl h3 a")
    assert others.count() > 1
    others.nth(1).click()
    page.goto(f"{page.url.partition('?')[0].rstrip('/')}/photos/")
    assert page.url != address
    page.wait_for_timeout(500)
    expect(page.locator("#photo_picker li")).to_have_count(0)

    page.goto(address)
    expect(state(page, "refused")).to_have_count(1)
    page.click("[data-remove]")
    expect(page.locator("#photo_picker li")).to_have_count(0)


def test_no_photos_yet_is_said_only_while_it_is_true(open_phone):
    first = open_phone("amnuay")
    address = photos_page(first)
    page = first.context.new_page()
    page.goto(address)
    for _card in page.locator(".list [id^=photo_]").all():
        page.locator(".list [id^=photo_]").last.locator('[value="remove"]').click()
    nothing = page.locator("[data-empty]")
    expect(nothing).to_be_visible()

    choose(page, {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"<html>"})
    expect(state(page, "refused")).to_have_count(1)
    expect(nothing).to_be_visible()
    page.click("[data-remove]")
    choose(page, photo((1200, 900)))
    expect(state(page, "stored")).to_have_count(1)
    expect(nothing).to_be_hidden()
    page.click("[data-remove]")
    expect(nothing).to_be_visible()
