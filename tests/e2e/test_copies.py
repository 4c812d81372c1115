"""Nothing typed is lost: drafts on the server, copies on the phone, the way back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


def form_of(page):
    page.click(".circlecard h3 a")
    page.click('main a:has-text("บันทึกการพบกัน")')
    page.wait_for_selector("#session_form")


def test_a_draft_survives_the_loss_of_signal_and_of_the_phone(open_phone):
    page = open_phone("amnuay-bangchak")
    form_of(page)

    page.fill("#id_lessons-0-text", "เขียนไว้ก่อนแบตหมด")
    expect(page.locator("#save_state")).to_contain_text("บันทึกร่างแล้ว")
    page.context.set_offline(True)
    page.fill("#id_guest_count", "3")
    expect(page.locator("#save_state")).to_contain_text("เก็บในเครื่องแล้ว")
    page.context.set_offline(False)
    page.fill("#id_guest_count", "4")
    expect(page.locator("#save_state")).to_contain_text("บันทึกร่างแล้ว")
    page.close()

    # Another tab knows nothing but what the server has.
    again = page.context.new_page()
    again.goto("/")
    again.click('a[href*="?draft="]')
    expect(again.locator("#id_lessons-0-text")).to_have_value("เขียนไว้ก่อนแบตหมด")
    expect(again.locator("#id_guest_count")).to_have_value("4")
    again.click('button[value="discard"]')


def test_enter_does_not_send(open_phone):
    page = open_phone("amnuay-bangchak")
    form_of(page)

    page.click("#when summary")
    page.fill("#id_venue", "ใต้ต้นไทร")
    page.press("#id_venue", "Enter")

    page.wait_for_selector("#session_form")
    assert "/saved/" not in page.url
    expect(page.locator("#id_venue")).to_have_value("ใต้ต้นไทร")


def test_what_the_server_never_got_outlives_the_tab(open_phone):
    page = open_phone("amnuay-bangchak")
    form_of(page)
    address = page.url
    page.fill("#id_lessons-0-text", "ก่อนเข้าป่า")
    expect(page.locator("#save_state")).to_contain_text("บันทึกร่างแล้ว")
    page.context.set_offline(True)
    page.fill("#id_lessons-0-text", "พิมพ์ในป่า")
    expect(page.locator("#save_state")).to_contain_text("เก็บในเครื่องแล้ว")
    # Saving without a signal leaves the page and what is on it.
    page.click('.savebar button[value="save"]')
    expect(page.locator("#id_lessons-0-text")).to_have_value("พิมพ์ในป่า")
    page.close()
    page = page.context.new_page()
    page.context.set_offline(False)

    page.goto(address)
    expect(page.locator("#restored")).to_be_visible()
    expect(page.locator("#id_lessons-0-text")).to_have_value("พิมพ์ในป่า")
    # By itself, once the signal is there.
    expect(page.locator("#save_state")).to_contain_text("บันทึกร่างแล้ว")
    page.click("#start_anew")
    page.click('a[href*="?draft="]')
    expect(page.locator("#id_lessons-0-text")).to_have_value("พิมพ์ในป่า")
    page.click('button[value="discard"]')


def test_going_back_after_saving_brings_nothing_to_send_again(open_phone):
    page = open_phone("amnuay-bangchak")
    form_of(page)
    page.click("#when summary")
    page.fill("#id_held_on", "3/11/69")
    page.fill("#id_guest_count", "6")
    page.fill("#id_lessons-0-text", "เรื่องเดียว")
    page.click('.savebar button[value^="save"]')
    page.wait_for_url("**/saved/")

    page.go_back()

    page.wait_for_selector("#session_form")
    expect(page.locator("#id_lessons-0-text")).to_have_value("")
    expect(page.locator("#id_guest_count")).to_have_value("0")
    expect(page.locator("#restored")).to_be_hidden()


def test_a_correction_outlives_a_reload(open_phone):
    page = open_phone("amnuay-bangchak")
    form_of(page)
    page.click("#when summary")
    page.fill("#id_held_on", "2/11/69")
    page.click('.savebar button[value^="save"]')
    page.click('main a[href$="/edit/"]')
    page.wait_for_selector("#edit_form")
    page.click("#more-summary summary")
    page.fill("#id_summary", "เติมยาว ๆ")
    page.on("dialog", lambda dialog: dialog.accept())

    page.reload()

    expect(page.locator("#id_summary")).to_have_value("เติมยาว ๆ")
    page.click('.savebar button[value="save"]')
    page.wait_for_url("**/sessions/*/")
    assert "เติมยาว ๆ" in page.inner_text("main")
