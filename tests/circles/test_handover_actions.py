"""Somebody leaves: rights, seats, promises and the account, in one step."""

from __future__ import annotations

import pytest
import time_machine
from django.utils import timezone

from circles.actions import handing
from circles.actions.carrying import carry_out_due
from circles.actions.handing_seats import Step
from circles.models import (
    Change,
    Circle,
    Handover,
    Membership,
    Promise,
    Succession,
)
from circles.permissions import Permission, Role
from circles.tasks import carry_out_handovers
from tests.factories import (
    AssignmentFactory,
    CircleFactory,
    LearningSessionFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories_handing import in_days

Kind = Succession.Kind


@pytest.fixture
def admin(circle, roles):
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent)


@pytest.fixture
def leaver(circle, roles):
    """A facilitator with a right, a leading seat and an open promise."""
    user = roles.user(Role.KHUN_AMNUAY, circle)
    role = Role.KHUN_AMNUAY
    MembershipFactory(circle=circle, person=user.person, role=role, is_lead=True)
    return user


@pytest.fixture
def follower(circle):
    return UserFactory(person__village=circle.place)


def promise(circle, owner):
    session = LearningSessionFactory(circle=circle)
    return Promise.objects.create(session=session, text="ตามเรื่อง", owner=owner)


def hand_over(author, person, last_day, to, kind=Kind.SUCCESSOR, **more) -> Handover:
    """Hand all rights of *person* to *to*."""
    rights = handing.rights_to_hand(author, person, last_day)
    steps = [Step(right, kind, to) for right in rights]
    return handing.hand_over(author, person, last_day, steps, **more)


def may_log(user) -> bool:
    """Whether *user* may log somewhere, at the next request."""
    fresh = type(user).objects.get(pk=user.pk)
    return Circle.objects.allowed(fresh, Permission.LOG_SESSION).exists()


def test_rights_and_seats_change_hands_by_themselves(admin, leaver, follower, circle):
    hand_over(admin, leaver.person, in_days(10), follower.person)

    assert (may_log(leaver), may_log(follower)) == (True, False)
    with time_machine.travel(timezone.now() + (in_days(11) - in_days(0))):
        assert (may_log(leaver), may_log(follower)) == (False, True)
    old, new = Membership.objects.order_by("pk")
    assert (old.until, new.since, new.until) == (in_days(10), in_days(11), None)
    assert (new.person, new.role, new.is_lead) == (follower.person, old.role, True)


def test_somebody_acts(admin, leaver, follower):
    hand_over(admin, leaver.person, in_days(3), follower.person, Kind.ACTING)

    assert follower.person.assignments.get().is_acting


def test_a_vacant_post_is_found_and_filled_later(admin, leaver, follower):
    hand_over(admin, leaver.person, in_days(3), None, Kind.VACANT)
    assert leaver.person.assignments.get().until == in_days(3)

    hand_over(admin, leaver.person, in_days(3), follower.person)

    assert follower.person.assignments.get().since == in_days(4)
    assert not handing.rights_to_hand(admin, leaver.person, in_days(3))


def test_open_promises_go_on_that_day(admin, leaver, follower, circle):
    open_one = promise(circle, leaver.person)
    elsewhere = promise(CircleFactory(), leaver.person)
    kept = promise(circle, leaver.person)
    Promise.objects.filter(pk=kept.pk).update(kept_on=in_days(0))
    handover = hand_over(admin, leaver.person, in_days(0), follower.person)

    assert carry_out_due() == 0
    assert Promise.objects.get(pk=open_one.pk).owner == leaver.person
    with time_machine.travel(timezone.now() + (in_days(1) - in_days(0))):
        carry_out_handovers()
        carry_out_handovers()

    owners = [
        Promise.objects.get(pk=one.pk).owner for one in (open_one, elsewhere, kept)
    ]
    assert owners == [follower.person, leaver.person, leaver.person]
    handover.refresh_from_db()
    assert handover.carried_out_at
    assert Change.objects.filter(subject="handover", kind="done").count() == 1


def test_a_day_that_is_over_is_carried_out_at_once(admin, leaver, follower, circle):
    one = promise(circle, leaver.person)

    handover = hand_over(admin, leaver.person, in_days(-1), follower.person)

    assert handover.carried_out_at
    assert (may_log(leaver), may_log(follower)) == (False, True)
    assert Promise.objects.get(pk=one.pk).owner == follower.person


def test_the_account_is_closed_on_the_day_after(admin, leaver, follower, client):
    client.force_login(leaver)
    last = in_days(0)
    hand_over(admin, leaver.person, last, follower.person, closes_account=True)
    assert client.get("/").status_code == 200

    with time_machine.travel(timezone.now() + (in_days(1) - in_days(0))):
        carry_out_due()

    leaver.refresh_from_db()
    assert not leaver.is_active
    assert client.get("/").status_code == 302
    assert Change.objects.filter(subject="user", person=leaver.person).count() == 1


def test_an_account_with_rights_since_then_stays_open(admin, leaver, follower, circle):
    last = in_days(0)
    hand_over(admin, leaver.person, last, follower.person, closes_account=True)
    new_post = CircleFactory(place=circle.place)
    AssignmentFactory(person=leaver.person, circle=new_post, since=in_days(1))

    with time_machine.travel(timezone.now() + (in_days(1) - in_days(0))):
        carry_out_due()

    leaver.refresh_from_db()
    assert leaver.is_active
    assert Change.objects.get(subject="handover", kind="done").reason


def test_a_right_that_the_successor_has_already_stays(admin, leaver, follower, circle):
    own = AssignmentFactory(person=follower.person, circle=circle)
    Membership.objects.filter(person=leaver.person).update(is_lead=False)
    seat = MembershipFactory(circle=circle, person=follower.person)

    handover = hand_over(admin, leaver.person, in_days(3), follower.person)

    assert list(follower.person.assignments.all()) == [own]
    assert list(Membership.objects.filter(person=follower.person)) == [seat]
    assert handover.successions.get().follow_up is None


def test_a_successor_who_sits_there_leads_from_the_first_day(
    admin, leaver, follower, circle
):
    sits = MembershipFactory(circle=circle, person=follower.person, role=Role.KHUN_KIJ)

    hand_over(admin, leaver.person, in_days(3), follower.person)

    sits.refresh_from_db()
    now = Membership.objects.get(person=follower.person, until=None)
    assert (sits.until, sits.is_lead, sits.role) == (in_days(3), False, Role.KHUN_KIJ)
    assert (now.since, now.is_lead, now.role) == (in_days(4), True, Role.KHUN_AMNUAY)
    with time_machine.travel(timezone.now() + (in_days(4) - in_days(0))):
        led = Membership.objects.current().filter(circle=circle, is_lead=True)
        assert [one.person for one in led] == [follower.person]


def test_what_was_given_for_a_time_is_handed_on_for_the_rest(admin, circle, follower):
    right = AssignmentFactory(circle=circle, until=in_days(100))

    hand_over(admin, right.person, in_days(3), follower.person)

    assert follower.person.assignments.get().until == in_days(100)


def test_rights_out_of_reach_are_left_alone(admin, leaver, follower):
    elsewhere = AssignmentFactory(person=leaver.person, circle=CircleFactory())

    hand_over(admin, leaver.person, in_days(3), follower.person)

    elsewhere.refresh_from_db()
    assert elsewhere.until is None
    assert follower.person.assignments.count() == 1


def test_one_that_fails_does_not_keep_the_others(
    admin, leaver, follower, circle, monkeypatch, caplog
):
    hand_over(admin, leaver.person, in_days(0), follower.person)
    right = AssignmentFactory(circle=circle)
    second = hand_over(admin, right.person, in_days(0), None, Kind.VACANT)
    Handover.objects.filter(person=leaver.person).update(last_day=in_days(-5))
    Handover.objects.filter(pk=second.pk).update(last_day=in_days(-4))
    real = Promise.objects.open

    def broken():
        raise RuntimeError("disk")

    monkeypatch.setattr(Promise.objects, "open", broken)
    assert carry_out_due() == 1
    monkeypatch.setattr(Promise.objects, "open", real)
    assert carry_out_due() == 1
    assert "disk" in caplog.text
