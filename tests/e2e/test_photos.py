"""Photos on a phone: made smaller there, kept there without a signal, sent by
themselves, and never somebody else's."""

from __future__ import annotations

import io
import os

import pytest
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


def photo(size=(4000, 3000), orientation=6, fine=False):
    """Return a camera's JPEG, lying on its side and with a place in its notes."""
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes.get_ifd(0x8825).update({1: "N", 2: (8.0, 25.0, 0.0)})
    rough = size if fine else (size[0] // 40, size[1] // 40)
    picture = Image.frombytes("RGB", rough, os.urandom(rough[0] * rough[1] * 3))
    output = io.BytesIO()
    picture.resize(size).save(output, "JPEG", quality=90, exif=notes)
    file = {"name": "IMG_1.jpg", "mimeType": "image/jpeg"}
    return file | {"buffer": output.getvalue()}


def photos_page(page, circle="ปุ๋ย"):
    """Open the photos of that circle's last session; return the address."""
    page.goto(f"/circles/?q={circle}")
    page.click("#circles h3 a")
    page.click(".tl h3 a")
    address = f"{page.url.partition('?')[0].rstrip('/')}/photos/"
    page.goto(address)
    return address


def choose(page, file):
    """Choose a picture, as soon as the button for it is there."""
    page.wait_for_selector("#photo_picker .addphoto", state="attached")
    page.wait_for_selector(
        "#photo_picker [data-script]:not([hidden])", state="attached"
    )
    page.set_input_files("#photo_picker [data-choose]", file)


def state(page, word):
    return page.locator(f'#photo_picker li[data-state="{word}"]')


HELD = """() => new Promise((resolve) => {
  indexedDB.open("kmcity-photos").onsuccess = ({ target }) => {
    const store = target.result.transaction("photos").objectStore("photos");
    const all = store.getAll();
    all.onsuccess = () => resolve(all.result.filter((one) => one.blob).length);
  };
})"""


def stored_here(page):
    """Return how many photos this phone still holds with their pixels."""
    return page.evaluate(HELD)


def test_a_photo_is_made_smaller_sent_and_described(open_phone):
    page = open_phone("amnuay")
    address = photos_page(page)
    before = page.locator(".list [id^=photo_]").count()
    sizes = []
    page.on(
        "request",
        lambda one: (
            sizes.append(len(one.post_data_buffer or b""))
            if one.method == "POST"
            else None
        ),
    )

    choose(page, photo(fine=True))
    expect(state(page, "stored")).to_have_count(1)
    assert stored_here(page) == 0
    assert max(sizes) < 260_000
    page.fill('[data-name="caption"]', "กองปุ๋ยวันนี้")
    page.check('[data-name="may_show"]')
    page.press('[data-name="caption"]', "Tab")
    page.wait_for_timeout(300)
    expect(state(page, "stored")).to_have_count(1)

    page.goto(address)
    cards = page.locator(".list [id^=photo_]")
    expect(cards).to_have_count(before + 1)
    expect(cards.last.locator('[name="caption"]')).to_have_value("กองปุ๋ยวันนี้")
    expect(cards.last.locator('[name="may_show"]')).to_be_checked()
    expect(state(page, "stored")).to_have_count(0)
    link = cards.last.locator("a.photo").get_attribute("href")
    image = Image.open(io.BytesIO(page.request.get(link).body()))
    assert image.height > image.width, "the phone had been held upright"
    assert max(image.size) <= 1600
    assert not image.getexif()

    cards.last.locator('[value="remove"]').click()
    expect(cards).to_have_count(before)


def test_without_a_signal_it_waits_and_then_goes_by_itself(open_phone):
    first = open_phone("amnuay")
    address = photos_page(first)
    before = first.locator(".list [id^=photo_]").count()
    # A page of its own: without a signal the browser complains, rightly.
    page = first.context.new_page()
    page.goto(address)

    page.context.set_offline(True)
    choose(page, photo((1200, 900)))
    expect(state(page, "kept")).to_have_count(1)
    words = page.locator("#photo_picker .savestate")
    expect(words).to_contain_text("เก็บในเครื่องแล้ว")
    assert stored_here(page) == 1

    # The phone is switched off and on again.
    page.close()
    first.context.set_offline(False)
    page = first.context.new_page()
    page.goto(address)
    expect(state(page, "stored").or_(page.locator(".list [id^=photo_]"))).to_have_count(
        before + 1
    )
    assert stored_here(page) == 0
    page.goto(address)
    expect(page.locator(".list [id^=photo_]")).to_have_count(before + 1)
    page.locator(".list [id^=photo_]").last.locator('[value="remove"]').click()


def test_nobody_elses_photos_are_shown_or_sent(open_phone, running):
    page = open_phone("amnuay")
    address = photos_page(page)
    before = page.locator(".list [id^=photo_]").count()
    waiting = page.context.new_page()
    waiting.goto(address)
    waiting.context.set_offline(True)
    choose(waiting, photo((1200, 900)))
    expect(state(waiting, "kept")).to_have_count(1)
    waiting.context.set_offline(False)
    # Her page is closed before it can send; his is opened on the same phone.
    waiting.close()

    def sign_in(username):
        page.click(".foot form button")
        page.fill('[name="username"]', username)
        page.fill('[name="password"]', running.passwords[username])
        page.click("form.stack button")
        page.wait_for_load_state("networkidle")

    sent = []
    page.on(
        "request", lambda one: sent.append(one.url) if "photos" in one.url else None
    )
    sign_in("amnuay-bangchak")
    photos_page(page, "บางจาก")
    page.wait_for_timeout(1000)
    expect(page.locator("#photo_picker li")).to_have_count(0)
    assert stored_here(page) == 1
    assert not [url for url in sent if "/circles/" in url]

    sign_in("amnuay")
    page.goto(address)
    expect(state(page, "stored")).to_have_count(1)
    page.click("[data-remove]")
    expect(page.locator("#photo_picker li")).to_have_count(0)
    page.wait_for_timeout(500)
    page.goto(address)
    expect(page.locator(".list [id^=photo_]")).to_have_count(before)


def test_what_the_server_refuses_is_said_in_its_words(open_phone):
    first = open_phone("amnuay")
    address = photos_page(first)
    page = first.context.new_page()
    page.goto(address)
    fake = {"name": "page.jpg", "mimeType": "image/jpeg", "buffer": b"<!doctype html>"}

    choose(page, fake)

    expect(state(page, "refused")).to_have_count(1)
    assert "page.jpg" in page.inner_text("#photo_picker .savestate")
    page.reload()
    expect(state(page, "refused")).to_have_count(1)
    page.click("[data-remove]")
    expect(page.locator("#photo_picker li")).to_have_count(0)
    page.reload()
    expect(page.locator("#photo_picker li")).to_have_count(0)


def test_photos_are_sent_without_a_script(open_phone):
    page = open_phone("amnuay", java_script_enabled=False)
    photos_page(page)
    cards = page.locator(".list [id^=photo_]")
    before = cards.count()

    page.set_input_files("#id_photos", [photo((800, 600)), photo((900, 600))])
    page.click('[value="photos"]')
    assert cards.count() == before + 2
    page.set_input_files("#id_photos", photo((800, 600)) | {"buffer": b"<html>"})
    page.click('[value="photos"]')
    assert "IMG_1.jpg" in page.inner_text(".errsum")

    for _one in range(2):
        cards.last.locator('[value="remove"]').click()
    assert cards.count() == before


def test_a_photo_taken_with_the_log_form_lands_in_its_record(open_phone):
    page = open_phone("amnuay-bangchak")
    page.click(".circlecard h3 a")
    page.click('main a:has-text("บันทึกการพบกัน")')
    choose(page, photo((1200, 900)))
    expect(state(page, "stored")).to_have_count(1)

    page.fill("#id_lessons-0-text", "ข้อความไม่ต้องรอรูป")
    page.click('.savebar button[value="save"]')
    page.wait_for_load_state("networkidle")
    # Another test may have logged this circle's day before.
    for button in page.locator('.savebar button[value="save-separate"]').all():
        button.click()
    page.wait_for_url("**/saved/")
    page.goto(page.url.replace("/saved/", "/photos/"))

    expect(page.locator(".list [id^=photo_]")).to_have_count(1)
