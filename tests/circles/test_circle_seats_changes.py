"""Pages: circle-seats: who leads, who changes the hat, who leaves."""

import pytest

from circles.models import Change, SeatSuccession
from circles.models.handovers import Handover
from circles.permissions import Role
from tests.circles.posted import in_days
from tests.circles.test_circle_seats import add, codes, day, press, url
from tests.factories import (
    LONG_AGO,
    AssignmentFactory,
    MembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def seats(circle):
    rows = circle.memberships.order_by("since", "pk")
    return [(one.role, one.since, one.until) for one in rows]


def shown(page, form):
    return codes(getattr(page.context["page"].object_list[0], f"{form}_form"))


def test_a_circle_has_one_who_leads(tambon_admin_client, circle):
    for name in ("หนึ่ง", "สอง"):
        add(tambon_admin_client, circle, name=name, role=Role.KHUN_AMNUAY)
    first, second = circle.memberships.order_by("pk")
    led = [first.is_lead, second.is_lead]

    press(tambon_admin_client, second, "lead")
    press(tambon_admin_client, second, "lead")

    first.refresh_from_db()
    second.refresh_from_db()
    assert led == [True, False]
    assert [first.is_lead, second.is_lead] == [False, True]
    written = Change.objects.filter(changes__has_key="is_lead", kind="changed")
    assert written.count() == 2
    page = tambon_admin_client.get(url(circle))
    assert page.context["page"].object_list[0] == second
    assert not page.context["nobody_leads"]


def test_only_a_facilitator_leads(tambon_admin_client, circle):
    seat = MembershipFactory(circle=circle)

    page = press(tambon_admin_client, seat, "lead")

    assert "คุณอำนวย" in page.text or "Khun Amnuay leads" in page.text
    seat.refresh_from_db()
    assert not seat.is_lead


def test_another_hat_begins_and_the_old_one_stays(tambon_admin_client, circle):
    seat = MembershipFactory(circle=circle, role=Role.KHUN_AMNUAY, is_lead=True)

    press(tambon_admin_client, seat, "change", role=Role.KHUN_LIKHIT, since=in_days(-2))

    assert seats(circle) == [
        (Role.KHUN_AMNUAY, LONG_AGO, day(-3)),
        (Role.KHUN_LIKHIT, day(-2), None),
    ]
    assert not circle.memberships.filter(until=None, is_lead=True).exists()
    assert Change.objects.filter(circle=circle, person=seat.person).count() == 2


def test_the_first_day_corrects_the_seat(tambon_admin_client, circle):
    seat = MembershipFactory(circle=circle, since=day(-5))

    press(tambon_admin_client, seat, "change", role=Role.KHUN_UA, since=in_days(-9))

    assert seats(circle) == [(Role.KHUN_UA, day(-9), None)]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"role": Role.KHUN_KIJ, "since": in_days(0)}, "same_role"),
        ({"role": Role.KHUN_UA, "since": in_days(366)}, "too_far"),
        ({"role": Role.KHUN_UA, "since": "31/12/2547"}, "not_open"),
        ({"role": "x", "since": in_days(0)}, "invalid_choice"),
        ({"role": Role.KHUN_UA, "since": in_days(-20)}, "seated"),
        ({"role": Role.KHUN_UA, "since": ""}, "required"),
    ],
)
def test_a_hat_that_may_not_be_is_refused(tambon_admin_client, circle, typed, code):
    seat = MembershipFactory(circle=circle, since=day(-9))
    MembershipFactory(circle=circle, person=seat.person, since=LONG_AGO, until=day(-15))

    page = press(tambon_admin_client, seat, "change", **typed)

    assert shown(page, "change") == {code}
    assert len(seats(circle)) == 2
    assert not Change.objects.exists()


def test_a_seat_ends_and_stays_in_the_past(tambon_admin_client, circle):
    seat = MembershipFactory(circle=circle)

    press(tambon_admin_client, seat, "end", until=in_days(-1), reason="ย้ายบ้าน")

    assert seats(circle) == [(Role.KHUN_KIJ, LONG_AGO, day(-1))]
    assert Change.objects.get(circle=circle, person=seat.person).reason == "ย้ายบ้าน"
    page = tambon_admin_client.get(url(circle))
    assert [one.pk for one in page.context["past"]] == [seat.pk]


@pytest.mark.parametrize(
    ("until", "code"),
    [(in_days(-10), "order"), (in_days(366), "too_far"), ("", "required")],
)
def test_an_ending_that_may_not_be_is_refused(tambon_admin_client, circle, until, code):
    seat = MembershipFactory(circle=circle, since=day(-9))

    page = press(tambon_admin_client, seat, "end", until=until)

    assert shown(page, "end") == {code}
    assert seats(circle) == [(Role.KHUN_KIJ, day(-9), None)]


def test_a_seat_that_is_handed_over_ends_there(tambon_admin_client, circle):
    seat = MembershipFactory(circle=circle, until=day(10))
    handover = Handover.objects.create(
        person=seat.person, last_day=day(10), author=UserFactory()
    )
    SeatSuccession.objects.create(handover=handover, seat=seat)

    page = press(tambon_admin_client, seat, "end", until=in_days(3))

    assert shown(page, "end") == {"handover"}
    assert seats(circle) == [(Role.KHUN_KIJ, LONG_AGO, day(10))]


def test_a_seat_of_another_circle_is_not_touched(tambon_admin_client, circle):
    other = MembershipFactory()

    for act in ("end", "lead", "change", "away", "confirm", "recognise", "fly"):
        response = tambon_admin_client.post(url(circle), {"act": f"{act}-{other.pk}"})
        assert response.status_code == 200

    other.refresh_from_db()
    assert other.until is None
    assert not Change.objects.exists()


def test_a_right_that_has_ended_is_told_from_one_that_was_never_given(
    tambon_admin_client, circle
):
    role = Role.KHUN_AMNUAY
    left, new, both = (MembershipFactory(circle=circle, role=role) for _n in range(3))
    for seat in (left, both):
        AssignmentFactory(person=seat.person, circle=circle, until=day(-1))
    AssignmentFactory(person=both.person, circle=circle, since=day(0))

    rows = tambon_admin_client.get(url(circle)).context["page"].object_list

    told = {seat.pk: (seat.may_log, seat.logged_once) for seat in rows}
    assert told[left.pk] == (False, True)
    assert told[new.pk] == (False, False)
    assert told[both.pk] == (True, True)
