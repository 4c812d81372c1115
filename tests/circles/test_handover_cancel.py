"""Calling a handover off puts everything back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from circles.actions import handing
from circles.actions.carrying import call_off, carry_out_due
from circles.actions.handing_seats import Step
from circles.actions.rights import RightRefused
from circles.models import Assignment, Change, Handover, Membership, Succession
from circles.permissions import Role
from tests.factories import AssignmentFactory, MembershipFactory, PersonFactory
from tests.factories_handing import in_days

Kind = Succession.Kind


@pytest.fixture
def admin(circle, roles):
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent)


@pytest.fixture
def leaver(circle):
    right = AssignmentFactory(circle=circle)
    role = Role.KHUN_AMNUAY
    MembershipFactory(circle=circle, person=right.person, role=role, is_lead=True)
    return right.person


@pytest.fixture
def follower(circle):
    return PersonFactory(village=circle.place)


def arranged(admin, leaver, follower, day=10) -> Handover:
    kind = Kind.SUCCESSOR if follower else Kind.VACANT
    rights = handing.rights_to_hand(admin, leaver, in_days(day))
    steps = [Step(right, kind, follower) for right in rights]
    return handing.hand_over(admin, leaver, in_days(day), steps)


def rows():
    return (
        list(Assignment.objects.order_by("pk").values()),
        list(Membership.objects.order_by("pk").values()),
    )


def test_handover_cancel(admin, leaver, follower, roles):
    before = rows()
    handover = arranged(admin, leaver, follower)
    client = roles.signed_in(admin)
    path = reverse("handover-cancel", args=[handover.pk])
    assert rows() != before

    page = client.get(path)
    client.post(path)
    client.post(path)

    assert page.status_code == 200
    assert rows() == before
    handover.refresh_from_db()
    assert handover.cancelled_at
    removed = Change.objects.filter(kind="removed", person=follower)
    assert {one.subject for one in removed} == {"assignment", "membership"}


@pytest.mark.parametrize("seat", [{}, {"until": in_days(90)}, {"since": in_days(11)}])
@pytest.mark.parametrize("with_vacancy", [False, True])
def test_the_seat_of_a_successor_who_sat_there_is_put_back(
    admin, leaver, follower, circle, seat, with_vacancy
):
    role = Role.KHUN_AMNUAY
    MembershipFactory(circle=circle, person=follower, role=role, **seat)
    before = rows()
    vacant = arranged(admin, leaver, None) if with_vacancy else None
    handover = arranged(admin, leaver, follower)
    led = Membership.objects.get(circle=circle, since=in_days(11))
    assert (led.person, led.is_lead) == (follower, True)

    call_off(admin, handover)
    if vacant:
        call_off(admin, vacant)

    assert rows() == before


def test_who_leads_meanwhile_goes_on_leading(admin, leaver, follower, circle):
    role = Role.KHUN_AMNUAY
    seat = MembershipFactory(circle=circle, person=follower, role=role)
    other = MembershipFactory(circle=circle, role=role)
    Membership.objects.filter(person=leaver).update(is_lead=False)
    Membership.objects.filter(pk=other.pk).update(is_lead=True)

    arranged(admin, leaver, follower)

    assert list(Membership.objects.filter(person=follower)) == [seat]


def test_afterwards_it_can_be_arranged_anew(admin, leaver, follower):
    call_off(admin, arranged(admin, leaver, follower))

    again = arranged(admin, leaver, follower, day=5)

    assert again.successions.count() == 1


def test_what_is_carried_out_stays(admin, leaver, follower, roles):
    handover = arranged(admin, leaver, follower)
    Handover.objects.filter(pk=handover.pk).update(last_day=in_days(-1))

    with pytest.raises(RightRefused) as late:
        call_off(admin, handover)
    carry_out_due()
    after = rows()
    path = reverse("handover-cancel", args=[handover.pk])
    roles.signed_in(admin).post(path)

    assert late.value.code == "carried_out"
    assert rows() == after


def test_nobody_calls_their_own_leaving_off(admin, leaver, follower, circle, roles):
    handover = arranged(admin, leaver, follower)
    AssignmentFactory(person=leaver, role=Role.TAMBON_ADMIN, place=circle.place.parent)
    account = roles.user(Role.KHUN_KIJ, circle)
    account.person, account.person_id = leaver, leaver.pk

    with pytest.raises(RightRefused) as error:
        call_off(account, handover)

    assert error.value.code == "self"


@pytest.mark.parametrize("first_off", ["vacant", "filled"])
def test_two_handovers_of_one_right_are_called_off_in_any_order(
    admin, leaver, follower, first_off
):
    before = rows()
    vacant = arranged(admin, leaver, None)
    filled = arranged(admin, leaver, follower)
    order = [vacant, filled] if first_off == "vacant" else [filled, vacant]

    call_off(admin, order[0])
    assert leaver.assignments.get().until == in_days(10)
    call_off(admin, order[1])

    assert rows() == before


def test_a_right_given_anew_meanwhile_is_not_doubled(admin, leaver, follower, circle):
    handover = arranged(admin, leaver, follower)
    AssignmentFactory(person=leaver, circle=circle, since=in_days(20))

    with pytest.raises(RightRefused) as error:
        call_off(admin, handover)

    assert error.value.code == "twice"
    assert follower.assignments.exists()
