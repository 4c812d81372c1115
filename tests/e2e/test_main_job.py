"""The main job, as its users do it, in a browser of 390 px before the real thing."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from circles.thai import thai_date_full
from kmcity.demo import PILOT_SESSIONS

pytestmark = pytest.mark.e2e

COMPOST = "วงปุ๋ยอินทรีย์ ม.3 บ้านบางหลวง"
LESSON = "กองปุ๋ยที่พลิกทุก 7 วันร้อนกว่ากองที่พลิกทุก 15 วัน"


def words(page, where):
    """Return the text of *where*, with plain spaces for those that do not break."""
    return page.inner_text(where).replace("\u00a0", " ")


def test_logging_a_session_takes_the_circle_over_its_milestone(running, open_phone):
    page = open_phone("amnuay")

    # Today's circle comes first, with the one big button.
    assert words(page, ".nextcard h3") == COMPOST
    page.click(".nextcard .btn--sign")

    # Everybody is ticked; two did not come; the count follows without a reload.
    assert words(page, "#came") == "มา 18 จาก 18 คน"
    for label in page.locator(".crowd label.person").all()[-2:]:
        label.click()
    assert words(page, "#came") == "มา 16 จาก 18 คน"
    page.click('button[value="guest-more"]')
    expect(page.locator("#id_guest_count")).to_have_value("1")
    page.fill("#id_lessons-0-text", LESSON)
    page.click('button[value="next-7"]')
    page.wait_for_selector("#o-id_next_on time")
    assert page.input_value("#id_lessons-0-text") == LESSON
    assert words(page, "#came") == "มา 16 จาก 18 คน"
    page.click('.savebar button[value="save"]')

    page.wait_for_url("**/saved/")
    assert "บันทึกการพบกันครั้งที่ 8 แล้ว" in words(page, ".notice--good")
    assert "มา 17 คน" in words(page, ".notice--good")
    assert "ถึงเข็มไมล์ 4 แล้ว" in words(page, ".cheer")

    # At once in the inbox, within ten seconds in the mail folder.
    page.goto("/notices/")
    assert f"{COMPOST} ถึงเข็มไมล์ 4 แล้ว" in words(page, "#notices")
    deadline = time.monotonic() + 10
    while not running.subjects and time.monotonic() < deadline:
        time.sleep(0.1)
    assert f"{COMPOST} ถึงเข็มไมล์ 4 แล้ว" in running.subjects


def test_the_governor_s_office_sees_it(open_phone):
    page = open_phone("office")

    page.wait_for_url("**/overview/")
    assert page.locator(".land__col").count() == 3
    assert COMPOST in words(page, "#figures")
    page.goto("/celebrations/")
    page.click(f'#celebrations li:has-text("{COMPOST}") a')
    page.wait_for_url("**/celebrations/*/")
    assert "วันที่ถึง" in words(page, ".twodates")

    # The figure leads to the rows: overview, tambon, circle, session, no names.
    page.goto("/overview/")
    page.click('.land__col h2 a:has-text("ต.ท่าไร่")')
    page.click(f'#circles a:has-text("{COMPOST}")')
    page.click('.tl a:has-text("พบกันครั้งที่\u00a08")')
    assert LESSON in words(page, "main")
    assert "ผู้บันทึก" not in words(page, "main")


@pytest.mark.parametrize("pilot", PILOT_SESSIONS, ids=lambda one: one.circle)
def test_the_documented_sessions_of_the_pilot_can_be_typed_in(open_phone, pilot):
    page = open_phone(pilot.username)
    page.goto(f"/circles/?q={pilot.circle_name}")
    page.click(f'#circles h3 a:has-text("{pilot.circle_name}")')
    page.click('main a:has-text("บันทึกการพบกัน")')

    page.click("#when summary")
    for field in ("held_on", "starts", "ends", "venue"):
        page.fill(f"#id_{field}", getattr(pilot, field))
    page.fill("#id_guest_count", pilot.guest_count)
    for number, lesson in enumerate(pilot.lessons):
        if number:
            page.click('button[value="add-lessons"]')
        page.fill(f"#id_lessons-{number}-text", lesson.text)
        page.fill(f"#id_lessons-{number}-topic", lesson.topic)
        if lesson.teller:
            page.select_option(f"#id_lessons-{number}-teller", label=lesson.teller)
    page.click('summary:has-text("เล่าว่าพบกันแล้วทำอะไร")')
    page.fill("#id_summary", pilot.summary)
    page.fill("#id_next_on", pilot.next_on)
    page.click('.savebar button[value="save"]')

    # The demo holds them already: whoever means it says so, and nothing is lost.
    assert "วงนี้มีบันทึกครั้งที่" in words(page, "main")
    page.click('.savebar button[value="save-separate"]')

    # Long ago: stored like any other, nobody is celebrated or told by surprise.
    page.wait_for_url("**/saved/")
    assert page.locator(".cheer").count() == 0
    page.click('a:has-text("ดูบันทึก")')
    record = words(page, "main")
    assert pilot.shown_as in record
    assert f"ปีงบประมาณ {pilot.fiscal_year}" in record
    for lesson in pilot.lessons:
        assert lesson.text in record


def test_everything_works_without_javascript(open_phone):
    page = open_phone("amnuay-bangchak", java_script_enabled=False)
    page.click(".circlecard h3 a")
    page.click('main a:has-text("บันทึกการพบกัน")')

    page.click('button[value="guest-more"]')
    page.fill("#id_lessons-0-text", "ข้อแรก")
    page.click('button[value="add-lessons"]')
    page.fill("#id_lessons-1-text", "ข้อสอง")
    page.click('button[value="next-14"]')
    assert page.input_value("#id_lessons-0-text") == "ข้อแรก"
    assert page.input_value("#id_guest_count") == "1"
    page.click('.savebar button[value="save"]')

    assert page.url.endswith("/saved/")
    assert "ขุมความรู้ 2 เรื่อง" in words(page, ".notice--good")


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(open_phone):
    page = open_phone("amnuay-bangchak")
    page.click(".circlecard h3 a")
    page.click('main a:has-text("บันทึกการพบกัน")')
    page.click("#when summary")
    page.fill("#id_held_on", "31/2/69")
    page.click('button[value="nobody-came"]')
    expect(page.locator("[data-count]")).to_have_text("0")
    page.fill("#id_lessons-0-text", "ยังอยู่")
    page.click('.savebar button[value="save"]')

    summary = words(page, ".errsum")
    assert "ยังส่งไม่ได้" in summary
    assert "28 วัน" in summary  # of February, where 31 was typed
    assert "ยังไม่ได้เลือกคนที่มา" in summary
    assert page.input_value("#id_held_on") == "31/2/69"
    assert page.input_value("#id_lessons-0-text") == "ยังอยู่"

    # Enter in a field checks the form; it never sends it.
    day = timezone.localdate() - timedelta(days=7)  # the circle was open
    page.fill("#id_held_on", f"{day.day}/{day.month}/{(day.year + 543) % 100}")
    page.press("#id_held_on", "Enter")
    page.wait_for_selector(f'time:has-text("{thai_date_full(day)}")')
    assert page.url.endswith("/sessions/new/")


def test_what_is_typed_outlives_a_lost_signal(open_phone):
    page = open_phone("amnuay-bangchak")
    page.click(".circlecard h3 a")
    page.click('main a:has-text("บันทึกการพบกัน")')
    page.click('button[value="add-lessons"]')
    page.fill("#id_lessons-1-text", "พิมพ์ไว้ตอนไม่มีสัญญาณ")
    page.click('button[value="guest-more"]')
    key = page.input_value("#id_key")
    address = page.url

    page.goto("about:blank")
    page.goto(address)

    expect(page.locator("#restored")).to_be_visible()
    assert page.input_value("#id_lessons-1-text") == "พิมพ์ไว้ตอนไม่มีสัญญาณ"
    assert page.input_value("#id_guest_count") == "1"
    assert page.input_value("#id_key") == key

    page.click("#start_anew")
    expect(page.locator("#restored")).to_be_hidden()
    assert page.locator("#id_lessons-1-text").count() == 0


def test_the_day_is_echoed_as_it_is_typed(open_phone):
    page = open_phone("amnuay-bangchak")
    page.click(".circlecard h3 a")
    page.click('main a:has-text("บันทึกการพบกัน")')
    page.click("#when summary")
    page.fill("#id_lessons-0-text", "ไม่หาย")
    page.fill("#id_held_on", "25/8/2026")
    page.press("#id_held_on", "Tab")
    expect(page.locator("#held_on_field")).to_contain_text("ใส่เป็น พ.ศ. 2569")

    page.fill("#id_held_on", "25/8/69")
    page.press("#id_held_on", "Tab")
    expect(page.locator("#held_on_field time")).to_contain_text("25 สิงหาคม พ.ศ. 2569")
    expect(page.locator("#when_day")).to_have_text("อ. 25 ส.ค. 2569")
    assert page.input_value("#id_lessons-0-text") == "ไม่หาย"
