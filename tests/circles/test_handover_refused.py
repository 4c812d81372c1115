"""Handovers that may not be: refused in words, nothing half done."""

from __future__ import annotations

import pytest
from django.urls import reverse

from circles.actions.rights import RightRefused
from circles.models import Assignment, Change, Handover, Succession
from circles.permissions import Role
from tests.circles.test_handover_actions import hand_over
from tests.factories import (
    AssignmentFactory,
    CircleFactory,
    PersonFactory,
    UserFactory,
)
from tests.factories_handing import in_days

Kind = Succession.Kind


@pytest.fixture
def admin(circle, roles):
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent)


@pytest.fixture
def leaver(circle, roles):
    return roles.user(Role.KHUN_AMNUAY, circle)


@pytest.fixture
def follower(circle):
    return UserFactory(person__village=circle.place)


def refused(*args, **kwargs) -> str:
    before = list(Assignment.objects.values().order_by("pk"))
    with pytest.raises(RightRefused) as error:
        hand_over(*args, **kwargs)
    assert list(Assignment.objects.values().order_by("pk")) == before
    assert not Handover.objects.exists()
    assert not Change.objects.exists()
    return error.value.code


def test_who_may_not_follow(admin, leaver, circle):
    double = PersonFactory(village=circle.place, merged_into=PersonFactory())
    last = in_days(3)

    assert refused(admin, leaver.person, last, leaver.person) == "same"
    assert refused(admin, leaver.person, last, double) == "double"
    assert refused(admin, leaver.person, last, PersonFactory()) == "reach"
    assert refused(admin, leaver.person, last, admin.person) == "self"


def test_who_may_not_be_handed_over(admin, leaver, follower):
    stranger = UserFactory()

    assert refused(admin, admin.person, in_days(3), follower.person) == "self"
    assert refused(stranger, leaver.person, in_days(3), follower.person) == "nothing"
    account = {"closes_account": True}
    AssignmentFactory(person=leaver.person, circle=CircleFactory())
    assert (
        refused(admin, leaver.person, in_days(3), follower.person, **account)
        == "account"
    )


def test_the_last_province_administrator_leaves_with_a_successor(roles, circle):
    province = circle.place.parent.parent.parent
    boss = UserFactory(is_superuser=True)
    last = roles.user(Role.PROVINCE_ADMIN, province).person
    day = in_days(3)

    assert refused(boss, last, day, None, Kind.VACANT) == "last_admin"
    assert refused(boss, last, day, PersonFactory()) == "last_admin"  # no account

    hand_over(boss, last, day, UserFactory().person)
    assert last.assignments.get().until == day


def test_a_last_day_long_ago(admin, leaver, follower, roles):
    assert refused(admin, leaver.person, in_days(-91), follower.person) == "long_ago"

    client = roles.signed_in(admin)
    client.cookies.load({"django_language": "en"})
    typed = {"act": "arrange", "kind": "successor", "successor": follower.person_id}
    path = reverse("handover-create", args=[leaver.person_id])
    answer = client.post(path, typed | {"last_day": in_days(-91).isoformat()})
    assert answer.context["form"].errors["last_day"]
    assert not Handover.objects.exists()

    hand_over(admin, leaver.person, in_days(-90), follower.person)
    assert Handover.objects.get().carried_out_at
