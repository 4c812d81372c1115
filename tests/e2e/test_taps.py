"""How many taps a record costs, counted in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.taps]

HEARTBEAT_TAPS = 6
FULL_TAPS = 14
SELECT_TAPS = 2  # a phone opens the list, then one is chosen


class Thumb:
    """Counts what a thumb does besides typing; a field that is typed into is reached
    by the keyboard's own "next", or counted as typing."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, what: str) -> None:
        self.page.locator(what).first.click()
        self.taps += 1

    def choose(self, what: str, index: int) -> None:
        self.page.locator(what).first.select_option(index=index)
        self.taps += SELECT_TAPS


def absentees(page):
    boxes = page.locator(".crowd label.person").all()[-2:]
    return [f'label[for="{box.get_attribute("for")}"]' for box in boxes]


def test_a_heartbeat_takes_six_taps(open_phone):
    page = open_phone("amnuay")
    thumb = Thumb(page)

    thumb.tap('.nextcard a[href*="/sessions/new/"]')
    for label in absentees(page):
        thumb.tap(label)
    page.fill("#id_lessons-0-text", "กลับกองทุก 7 วัน กลิ่นหาย")
    thumb.tap('.savebar button[value^="save"]')

    page.wait_for_url("**/saved/")
    assert thumb.taps <= HEARTBEAT_TAPS


def test_a_full_record_takes_fourteen_taps_besides_typing(open_phone):
    page = open_phone("amnuay")
    thumb = Thumb(page)

    thumb.tap('.nextcard a[href*="/sessions/new/"]')
    for fieldset in page.locator("fieldset.promise").all()[:2]:
        name = fieldset.locator("input").first.get_attribute("name")
        thumb.tap(f'input[name="{name}"][value="done"] + label')
    for label in absentees(page):
        thumb.tap(label)
    page.fill("#id_lessons-0-text", "แบ่งน้ำตามเวร คนปลายน้ำได้น้ำทัน")
    thumb.choose("#id_lessons-0-teller", 1)
    thumb.tap("#b-next-14")
    page.wait_for_selector("#o-id_next_on time")
    thumb.tap("#more-promises summary")
    page.fill("#id_promises-0-text", "ชวนเพื่อนบ้านมาดูแปลง")
    thumb.choose("#id_promises-0-owner", 1)
    thumb.tap("#more-requests summary")
    page.fill("#id_requests-0-text", "ขอยืมเครื่องสับใบไม้")
    thumb.tap("#more-aar summary")
    page.fill("#id_aar_more", "มีคนใหม่มาฟังสองคน")
    thumb.tap('.savebar button[value^="save"]')

    page.wait_for_url("**/saved/")
    page.click('a:has-text("ดูบันทึก")')
    record = page.inner_text("main")
    for told in ("แบ่งน้ำตามเวร", "ชวนเพื่อนบ้านมาดูแปลง", "ขอยืมเครื่องสับใบไม้"):
        assert told in record
    assert thumb.taps <= FULL_TAPS


def test_a_name_is_found_above_thirty_people(open_phone):
    page = open_phone("province-admin")
    page.goto("/circles/")
    hrefs = [
        one.get_attribute("href")
        for one in page.locator('#circles h3 a[href^="/circles/"]').all()
    ]
    for href in hrefs:
        page.goto(f"{href}sessions/new/")
        if page.locator("#id_search").count():
            break
    name = page.locator(".person b").last.inner_text()
    page.fill("#id_search", name)

    expect(page.locator(".crowd li:visible").first).to_contain_text(name)
    assert page.locator(".crowd li:visible").count() < 30
    page.press("#id_search", "Enter")
    assert page.url.endswith("/sessions/new/")
