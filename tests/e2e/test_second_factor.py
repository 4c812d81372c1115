"""Passkeys and codes in a real browser, whose device is a virtual one."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.kmcity.signing import code_of

pytestmark = pytest.mark.e2e

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_device(page):
    network = page.context.new_cdp_session(page)
    network.send("WebAuthn.enable")
    network.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def sign_in_again(page, running, username):
    page.click("footer button")
    page.fill("#id_username", username)
    page.fill("#id_password", running.passwords[username])
    page.click("form.stack button")
    page.wait_for_url("**/sign-in/second-factor/")


def test_a_passkey_opens_the_second_step(running, open_phone):
    page = open_phone("amnuay-bangchak")
    give_device(page)
    page.goto("/account/second-factor/passkey/")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/account/second-factor/codes/")

    sign_in_again(page, running, "amnuay-bangchak")
    page.click("form[data-passkey] button")

    page.wait_for_url(re.compile(r":[0-9]+/$"))
    assert page.locator("footer button").count() == 1


def test_a_code_of_an_app_opens_the_second_step(running, open_phone):
    page = open_phone("likhit")
    page.goto("/account/second-factor/app/")
    secret = page.inner_text("main b.num")
    page.fill("#id_code", code_of(secret))
    page.click("main form button")
    page.wait_for_url("**/account/second-factor/codes/")
    code = page.locator(".codes li").first.inner_text()

    sign_in_again(page, running, "likhit")
    page.fill("#id_code", code)
    page.click("form.stack button")

    page.wait_for_url(re.compile(r":[0-9]+/$"))


PAGES = [
    *("/account/", "/account/password/", "/account/second-factor/", "/slips/new/"),
    *("/account/second-factor/app/", "/account/second-factor/passkey/"),
    *("/password/", "/password/sent/", "/password/1-abc/"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_round_an_account_keep_the_rules(open_phone, scheme):
    page = open_phone("tambon-admin", color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 700})
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}

    for address in PAGES:
        page.goto(address)
        excess = page.evaluate(
            "document.body.scrollWidth - document.documentElement.clientWidth"
        )
        found = Axe().run(page, options=options)
        assert excess <= 0, (address, excess)
        assert found.violations_count == 0, (address, found.generate_report())


def test_a_slip_is_light_and_leads_to_a_new_password(running, open_phone, browser):
    page = open_phone("tambon-admin")
    page.goto("/slips/new/?q=kij")
    page.click("main ul.list button")
    path = re.search(r"/slip/[a-z0-9-]+/", page.content())[0]

    stranger = browser.new_context(base_url=running.url).new_page()
    stranger.goto(path)
    for field in ("#id_password1", "#id_password2"):
        stranger.fill(field, "ข้าวปลาอาหาร-2570")
    stranger.click("main form.stack button")

    stranger.wait_for_url(re.compile(r":[0-9]+/$"))
    stranger.context.close()
