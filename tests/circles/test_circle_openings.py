"""Pages: circle-openings."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles import thai
from circles.models import Appointment, Change
from tests.circles.posted import in_days
from tests.factories import CircleOpeningFactory, LearningSessionFactory
from tests.factories_planning import AppointmentFactory

pytestmark = pytest.mark.django_db


def url(circle):
    return reverse("circle-openings", args=[circle.pk])


def day(days):
    return timezone.localdate() + timedelta(days=days)


def close(client, circle, closed_on, reason="น้ำท่วม", **changes):
    form = {"act": "close", "closed_on": closed_on, "reason": reason}
    return client.post(url(circle), form | changes)


def open_again(client, circle, opened_on, closed_on=""):
    form = {"act": "open", "opened_on": opened_on, "closed_on": closed_on}
    return client.post(url(circle), form)


def correct(client, opening, first, last="", act="correct", reason="พิมพ์ผิด"):
    prefix = f"o{opening.pk}"
    form = {
        "act": f"{act}-{opening.pk}",
        f"{prefix}-opened_on": first,
        f"{prefix}-closed_on": last,
        f"{prefix}-reason": reason,
    }
    return client.post(url(opening.circle), form)


def days(circle):
    rows = circle.openings.order_by("opened_on")
    return [(one.opened_on, one.closed_on) for one in rows]


def codes(form):
    return {one.code for each in form.errors.as_data().values() for one in each}


@pytest.mark.parametrize("rows", [1, 3])
def test_circle_openings(
    tambon_admin_client, circle, rows, django_assert_max_num_queries
):
    for n in range(1, rows):
        first = date(1998 + n, 1, 1)
        CircleOpeningFactory(circle=circle, opened_on=first, closed_on=first)

    # session, user, person, assignments, unread, own circles, circle, openings
    with django_assert_max_num_queries(10):
        page = tambon_admin_client.get(url(circle))

    assert len(page.context["rows"]) == rows


def test_a_circle_closes_with_a_reason(tambon_admin_client, circle):
    response = close(tambon_admin_client, circle, in_days(-1))

    assertRedirects(response, url(circle))
    assert days(circle) == [(date(2005, 1, 1), day(-1))]
    change = Change.objects.get(circle=circle)
    assert change.changes == {"closed_on": [None, day(-1).isoformat()]}
    assert change.reason == "น้ำท่วม"


def test_closing_calls_off_what_was_agreed_for_later(tambon_admin_client, circle):
    before, on_it, after = (
        AppointmentFactory(circle=circle, on=day(n)) for n in (-3, 5, 6)
    )
    moved = AppointmentFactory(
        circle=circle, on=day(8), state="postponed", reason="rain"
    )

    close(tambon_admin_client, circle, in_days(5))
    open_again(tambon_admin_client, circle, in_days(6))

    for one in (before, on_it, after, moved):
        one.refresh_from_db()
    assert [one.state for one in (before, on_it)] == ["planned", "planned"]
    assert (after.state, after.reason) == ("cancelled", Appointment.Reason.OTHER)
    assert after.reason_note
    assert after.author.person.assignments.get().role == "tambon_admin"
    assert moved.state == "postponed"
    closing = Change.objects.get(circle=circle, kind="changed")
    assert closing.reason.startswith("น้ำท่วม · ")


def test_a_percent_sign_in_the_reason_is_a_percent_sign(tambon_admin_client, circle):
    AppointmentFactory(circle=circle)
    close(tambon_admin_client, circle, in_days(0), reason="เหลือ 5% %(n)s")

    assert Change.objects.get(circle=circle).reason.startswith("เหลือ 5% %(n)s")


def test_a_circle_opens_and_closes_many_times(tambon_admin_client, circle):
    for n in (-40, -30, -20):
        close(tambon_admin_client, circle, in_days(n))
        open_again(tambon_admin_client, circle, in_days(n + 5))

    assert len(days(circle)) == 4
    assert days(circle)[-1] == (day(-15), None)


@pytest.mark.parametrize(
    ("closed_on", "reason", "code"),
    [
        ("", "x", "required"),
        ("31/12/2547", "x", "order"),
        (in_days(366), "x", "too_far"),
        (in_days(-2), "x", "sessions"),
        (in_days(1), "", "required"),
        (in_days(1), "\u200b", "required"),
        ("ไม่รู้", "x", "unreadable"),
    ],
)
def test_what_may_not_be_is_refused(
    tambon_admin_client, circle, closed_on, reason, code
):
    LearningSessionFactory(circle=circle, held_on=day(-1))
    LearningSessionFactory(circle=circle, held_on=day(0), state="withdrawn")
    AppointmentFactory(circle=circle)

    response = close(tambon_admin_client, circle, closed_on, reason)

    assert codes(response.context["closing"]) == {code}
    assert days(circle) == [(date(2005, 1, 1), None)]
    assert not Change.objects.exists()
    assert Appointment.objects.open().exists()


def test_what_was_withdrawn_does_not_hold_the_circle_open(tambon_admin_client, circle):
    LearningSessionFactory(circle=circle, state="withdrawn")

    assert close(tambon_admin_client, circle, in_days(-2)).status_code == 302


@pytest.mark.parametrize(
    ("opened_on", "closed_on", "code"),
    [
        (in_days(-11), "", "overlaps"),
        (in_days(-10), "", "overlaps"),
        ("1/1/2545", "1/1/2548", "overlaps"),
        ("1/1/2545", "", "overlaps"),
        (in_days(5), in_days(4), "order"),
        (in_days(366), "", "too_far"),
        (in_days(5), in_days(366), "too_far"),
        ("", "", "required"),
    ],
)
def test_openings_never_overlap(
    tambon_admin_client, circle, opened_on, closed_on, code
):
    circle.openings.update(closed_on=day(-10))

    response = open_again(tambon_admin_client, circle, opened_on, closed_on)

    assert codes(response.context["opening"]) == {code}
    assert len(days(circle)) == 1


def test_an_open_circle_gets_an_earlier_time(tambon_admin_client, circle):
    refused = open_again(tambon_admin_client, circle, in_days(0))
    done = open_again(tambon_admin_client, circle, "1/1/2545", "31/12/2547")

    assert codes(refused.context["opening"]) == {"overlaps"}
    assert done.status_code == 302
    assert days(circle)[0] == (date(2002, 1, 1), date(2004, 12, 31))


def test_a_wrong_day_is_corrected(tambon_admin_client, circle):
    opening = circle.openings.get()
    LearningSessionFactory(circle=circle, held_on=day(-9))
    AppointmentFactory(circle=circle)

    early = correct(tambon_admin_client, opening, in_days(-8))
    nameless = correct(tambon_admin_client, opening, in_days(-9), reason="")
    correct(tambon_admin_client, opening, in_days(-9), in_days(3))

    assert codes(early.context["rows"][0][1]) == {"sessions"}
    assert codes(nameless.context["rows"][0][1]) == {"required"}
    assert days(circle) == [(day(-9), day(3))]
    assert not Appointment.objects.open().exists()


def test_a_wrong_closing_is_taken_back(tambon_admin_client, circle):
    close(tambon_admin_client, circle, in_days(-1))
    correct(tambon_admin_client, circle.openings.get(), "1/1/2548")

    assert days(circle) == [(date(2005, 1, 1), None)]


def test_an_opening_that_never_was_is_removed(tambon_admin_client, circle):
    wrong = CircleOpeningFactory(
        circle=circle, opened_on=date(2001, 1, 1), closed_on=date(2001, 2, 1)
    )
    LearningSessionFactory(circle=circle)

    kept = correct(
        tambon_admin_client, circle.openings.last(), "1/1/2548", act="remove"
    )
    done = correct(tambon_admin_client, wrong, "1/1/2544", act="remove")
    only = correct(tambon_admin_client, circle.openings.get(), "1/1/2548", act="remove")
    again = correct(tambon_admin_client, wrong, "1/1/2544")

    assert [one.status_code for one in (kept, done, only, again)] == [
        200,
        302,
        200,
        200,
    ]
    assert days(circle) == [(date(2005, 1, 1), None)]
    assert Change.objects.get(circle=circle).kind == "removed"


def test_the_page_of_a_closed_circle_keeps_all_but_planning(
    tambon_admin_client, facilitator_client, circle
):
    session = LearningSessionFactory(circle=circle, held_on=day(-70))
    close(tambon_admin_client, circle, in_days(-60))

    page = facilitator_client.get(circle.get_absolute_url())

    assertContains(page, thai.thai_date(day(-60)))
    assertContains(page, session.get_absolute_url())
    for name in ("circle-plan", "session-create"):
        assertNotContains(page, reverse(name, args=[circle.pk]))


def test_an_unknown_button_changes_nothing(tambon_admin_client, circle):
    for act in ("", "fly", "correct-x", "remove-0", f"correct-{'9' * 40}"):
        response = tambon_admin_client.post(url(circle), {"act": act})
        assert response.status_code == 200
    assert not Change.objects.exists()
