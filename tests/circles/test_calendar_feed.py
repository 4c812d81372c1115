"""The private address that a phone's calendar reads: "calendar-feed"."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from circles.models import Appointment, Assignment, CalendarFeed
from circles.permissions import Role
from tests.factories import (
    CircleFactory,
    LearningSessionFactory,
    MembershipFactory,
)
from tests.factories_planning import AppointmentFactory, CalendarFeedFactory

pytestmark = pytest.mark.django_db


def day(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def feed(facilitator):
    return CalendarFeedFactory(user=facilitator)


def fetch(client, feed, **headers):
    return client.get(reverse("calendar-feed", args=[feed.token]), headers=headers)


def events(client, feed):
    return {
        str(one["UID"]): one
        for one in Calendar.from_ical(fetch(client, feed).content).walk("VEVENT")
    }


@time_machine.travel(datetime(2026, 11, 22, 3, tzinfo=UTC), tick=False)
def test_an_appointment_with_a_time(client, feed, circle, settings):
    settings.SITE_URL = "https://kmcity.example"
    circle.usual_end = time(16)
    circle.save()
    one = AppointmentFactory(
        circle=circle,
        on=date(2026, 11, 29),
        starts=time(13, 30),
        venue="ศาลา, ม.3; ริมคลอง",
        purpose="ดูดิน",
    )

    text = fetch(client, feed).content.decode()
    (event,) = events(client, feed).values()

    assert event["UID"] == f"appointment-{one.pk}@kmcity"
    assert "DTSTART;TZID=Asia/Bangkok:20261129T133000" in text
    assert "BEGIN:VTIMEZONE" in text
    assert event["DTSTART"].dt.utcoffset() == timedelta(hours=7)
    assert event["DTEND"].dt.time() == time(16)
    assert (event["SUMMARY"], event["STATUS"]) == (circle.name, "CONFIRMED")
    assert event["LOCATION"] == "ศาลา, ม.3; ริมคลอง"
    link = f"https://kmcity.example/circles/{circle.pk}/sessions/new/"
    assert event["DESCRIPTION"] == f"ดูดิน\n{link}?appointment={one.pk}"


def test_without_a_usual_end_it_lasts_two_hours(client, feed, circle):
    AppointmentFactory(circle=circle, starts=time(23))

    (event,) = events(client, feed).values()

    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=2)


def test_without_a_time_it_lasts_all_day(client, feed, circle):
    AppointmentFactory(circle=circle, on=day(3))

    (event,) = events(client, feed).values()

    assert (event["DTSTART"].dt, event["DTEND"].dt) == (day(3), day(4))


def test_what_was_called_off_says_so_for_a_month(client, feed, circle):
    off = AppointmentFactory(circle=circle, state="cancelled", reason="rain")
    AppointmentFactory(
        circle=circle,
        on=day(-40),
        state="postponed",
        reason="rain",
        changed_at=timezone.now() - timedelta(days=31),
    )

    (event,) = events(client, feed).values()

    assert event["UID"] == f"appointment-{off.pk}@kmcity"
    assert event["STATUS"] == "CANCELLED"
    assert circle.name in event["SUMMARY"] != circle.name


def test_what_was_held_stays_and_names_nobody(client, feed, circle):
    MembershipFactory(circle=circle, person__first_name="ลับที่นั่ง")
    held = LearningSessionFactory(circle=circle, held_on=day(-20))
    AppointmentFactory(circle=circle, on=day(-20), session=held)
    AppointmentFactory(circle=circle, on=day(-400))

    (event,) = events(client, feed).values()

    assert event["URL"].endswith(circle.get_absolute_url())
    assert "ลับที่นั่ง" not in fetch(client, feed).content.decode()


def test_a_change_raises_the_sequence_under_the_same_name(client, feed, circle):
    one = AppointmentFactory(
        circle=circle, changed_at=timezone.now() - timedelta(days=1)
    )
    before = events(client, feed)[f"appointment-{one.pk}@kmcity"]["SEQUENCE"]
    Appointment.objects.update(
        state="cancelled", reason="rain", changed_at=timezone.now()
    )

    assert events(client, feed)[f"appointment-{one.pk}@kmcity"]["SEQUENCE"] > before


def test_a_feed_of_one_circle_and_of_all(client, roles, circle):
    user = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    beside = CircleFactory(place__parent=circle.place.parent)
    for one in (circle, beside, CircleFactory()):
        AppointmentFactory(circle=one)

    of_all = CalendarFeedFactory(user=user)
    of_one = CalendarFeedFactory(user=user, circle=beside)

    names = {str(one["SUMMARY"]) for one in events(client, of_all).values()}
    assert names == {circle.name, beside.name}
    assert [str(one["SUMMARY"]) for one in events(client, of_one).values()] == [
        beside.name
    ]


@pytest.mark.parametrize("of_one", [True, False])
@pytest.mark.parametrize("what", ["inactive", "ended", "inactive superuser"])
def test_lost_rights_empty_the_calendar_at_the_next_look(
    client, facilitator, circle, what, of_one
):
    feed = CalendarFeedFactory(user=facilitator, circle=circle if of_one else None)
    AppointmentFactory(circle=circle)
    assert len(events(client, feed)) == 1

    if what == "ended":
        Assignment.objects.update(until=day(-1))
    else:
        facilitator.is_active = False
        facilitator.is_superuser = what == "inactive superuser"
        facilitator.save()

    assert events(client, feed) == {}


def test_a_khun_kij_has_no_calendar(client, roles, circle):
    feed = CalendarFeedFactory(user=roles.user(Role.KHUN_KIJ, circle))
    AppointmentFactory(circle=circle)

    assert events(client, feed) == {}


@pytest.mark.parametrize("token", ["unknown", "x" * 3000, "%F0%9F%98%80", ".ics"])
def test_an_unknown_address_is_not_found(client, feed, token):
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_an_unchanged_calendar_is_not_sent_again(client, feed, circle):
    AppointmentFactory(circle=circle)
    first = fetch(client, feed)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in first["Cache-Control"]

    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        again = fetch(client, feed, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    AppointmentFactory(circle=circle, on=day(9))
    changed = fetch(client, feed, **{"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


def test_the_smallest_and_the_largest_rows_are_told(client, feed, circle):
    AppointmentFactory(
        circle=circle,
        starts=time(23, 59, 59),
        venue="ก" * 200,
        purpose="\r\nBEGIN:VEVENT\r\nSUMMARY:ปลอม",
        changed_at=datetime(2000, 1, 1, tzinfo=UTC),
    )
    (event,) = events(client, feed).values()

    assert event["SEQUENCE"] == 0
    text = fetch(client, feed).content
    assert max(len(line) for line in text.split(b"\r\n")) <= 75


@pytest.mark.parametrize("rows", [1, 3])
def test_the_feed_asks_four_questions(
    client, feed, circle, rows, django_assert_num_queries
):
    for n in range(rows):
        AppointmentFactory(circle=circle, on=day(n))
    # The feed, its owner's rights, what is ahead, what is past.
    with django_assert_num_queries(4):
        fetch(client, feed)
    assert CalendarFeed.objects.get().token not in str(events(client, feed))
