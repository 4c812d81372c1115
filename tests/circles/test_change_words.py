"""How changes read: who did what, when, from what to what."""

import re
from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from circles.actions.recording import write_down
from circles.models import (
    Change,
    ContactPoint,
)
from circles.permissions import Role
from tests.factories import (
    AgencyFactory,
    ContactPointFactory,
    MembershipFactory,
    PersonFactory,
    UserFactory,
)
from tests.factories_changes import changed, made

PAGE = reverse("change-list")


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def admin(circle, roles):
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent, first_name="ปลัด")


@pytest.fixture
def browser(admin, roles):
    return roles.signed_in(admin)


def entries(client, **asked):
    return client.get(PAGE, asked).context["entries"]


def said(entry):
    return [(line.label, line.old, line.new) for line in entry.lines]


def test_a_seat_says_who_when_and_from_what_to_what(browser, admin, circle):
    seat = MembershipFactory(
        circle=circle, person__first_name="สมศรี", since=date(2025, 5, 1)
    )
    made(seat, admin)
    changed(seat, admin, until=date(2026, 9, 30), role=Role.KHUN_AMNUAY)

    later, earlier = entries(browser, circle=circle.pk)

    assert later.headline == "set the last day of a seat"
    assert ("last day", "", "30 Sep BE 2569") in said(later)
    assert ("role", "Khun Kij (practitioner)", "Khun Amnuay (facilitator)") in said(
        later
    )
    assert earlier.headline == "gave a seat"
    assert ("person", "", "สมศรี") in said(earlier)
    assert [one.label for one in later.about] == [
        f"{circle.name} {circle.where}",
        "สมศรี",
    ]
    page = browser.get(PAGE)
    assertContains(page, "ปลัด")
    assertContains(page, Role.TAMBON_ADMIN.label)


def test_thai_words_for_a_thai_reader(browser, circle, settings):
    settings.LANGUAGE_CODE = "th"
    changed(circle, None, usual_start="09:30:00", cadence_days=7)

    text = browser.get(PAGE).text

    assert "09.30 น." in text
    assert not re.search(r">[^<]*(2026-|cadence_days)", text)


def test_places_people_and_agencies_are_told_by_name(browser, circle):
    tambon = circle.place.parent
    agency = AgencyFactory(name="เกษตรอำเภอ", place=tambon)
    person = PersonFactory(first_name="สมศรี", village=circle.place)
    changed(person, None, agency=agency, village=tambon.children.first())

    [entry] = entries(browser, person=person.pk)

    assert ("agency", "", "เกษตรอำเภอ") in said(entry)
    assert [one.label for one in entry.about] == ["สมศรี"]


def test_what_is_gone_is_said_to_be_gone(browser, circle):
    agency = AgencyFactory()
    person = PersonFactory(village=circle.place)
    changed(person, None, agency=agency)
    changed(person, None, agency=None)
    agency.delete()

    [later, _earlier] = entries(browser)

    assert said(later) == [("agency", "no longer in the record", "")]


def test_a_look_at_a_number_reads_well_and_shows_no_number(browser, circle, admin):
    contact = ContactPointFactory(
        person=PersonFactory(village=circle.place),
        channel=ContactPoint.Channel.PHONE,
        address="0812345678",
    )
    made(contact, admin)
    write_down(admin, contact, Change.Kind.SEEN)

    page = browser.get(PAGE)

    assert page.context["entries"][0].headline == "looked at a telephone number"
    assertContains(page, "08x-xxx-5678")
    assertNotContains(page, "0812345678")
    assertNotContains(page, "081-234-5678")


def test_accounts_opened_and_closed(browser, circle, admin):
    user = UserFactory(person__village=circle.place)
    about = {"person": user.person}
    made(user, admin, about=about)
    changed(user, admin, is_active=False)
    changed(user, admin, is_active=True)

    told = [entry.headline for entry in entries(browser)]

    assert told == ["opened an account again", "closed an account", "opened an account"]


def test_a_change_by_nobody_is_the_systems(browser, circle):
    changed(circle, None, topic="ปุ๋ย")

    assertContains(browser.get(PAGE), "the system")
