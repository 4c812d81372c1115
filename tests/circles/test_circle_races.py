"""Two administrators do the same at one moment: real threads, real locks."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from circles.actions.circles import create_circle
from circles.actions.openings import close_circle, open_circle
from circles.actions.planning import book
from circles.actions.seats import NewSeat, add_seat, lead_circle
from circles.models import Appointment, Circle, Membership
from circles.permissions import Role
from tests.chaos.test_races import Crowd
from tests.factories import MembershipFactory, PersonFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

DESKS = 8


def day(days):
    return timezone.localdate() + timedelta(days=days)


def tried(do, *given):
    """Return a call that answers with what came of it: a row, or the refusal."""

    def call():
        try:
            return do(*given)
        except ValidationError as refused:
            return refused

    return call


def refusals(answers):
    return [one for one in answers if isinstance(one, ValidationError)]


def test_a_name_is_taken_once(circle, facilitator):
    def new():
        one = Circle(name="วงเดียว", role=Role.KHUN_KIJ, place=circle.place)
        return create_circle(facilitator, one, day(0))

    with Crowd(DESKS) as crowd:
        answers = crowd.at_once(*[tried(new)] * DESKS)

    assert len(refusals(answers)) == DESKS - 1
    assert Circle.objects.filter(name="วงเดียว").count() == 1


def test_a_person_gets_one_seat_and_a_circle_one_who_leads(circle, facilitator):
    person = PersonFactory()
    new = NewSeat(Role.KHUN_AMNUAY, day(0), person, may_log=False)
    others = MembershipFactory.create_batch(4, circle=circle, role=Role.KHUN_AMNUAY)

    with Crowd(DESKS) as crowd:
        answers = crowd.at_once(
            *[tried(add_seat, facilitator, circle, new)] * 4,
            *[tried(lead_circle, facilitator, one) for one in others],
        )

    assert len(refusals(answers)) == 3
    assert Membership.objects.filter(circle=circle, person=person).count() == 1
    assert Membership.objects.filter(circle=circle, is_lead=True).count() == 1


def test_openings_never_overlap(circle, facilitator):
    close_circle(facilitator, circle, day(-5), "ปิด")

    with Crowd(DESKS) as crowd:
        answers = crowd.at_once(
            *[tried(open_circle, facilitator, circle, day(-n)) for n in range(DESKS)]
        )

    assert len(refusals(answers)) == DESKS - 1
    assert circle.openings.filter(closed_on=None).count() == 1


def test_nothing_stays_booked_behind_the_last_day(circle, facilitator):
    booking = [
        tried(lambda n=n: book(circle, day(n), author=facilitator))
        for n in range(3, 3 + DESKS - 1)
    ]
    with Crowd(DESKS) as crowd:
        crowd.at_once(*booking, tried(close_circle, facilitator, circle, day(2), "ปิด"))

    assert not Appointment.objects.open().filter(on__gt=day(2)).exists()
