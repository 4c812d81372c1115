"""A tambon administrator opens no account that reaches out of the tambon."""

from datetime import timedelta

import pytest
from django.utils import timezone

from circles.actions.slips import (
    SlipSpent,
    accounts_within_reach,
    find_slip,
    make_slip,
    use_slip,
)
from circles.models import Assignment
from circles.permissions import Role
from tests.factories import (
    AgencyFactory,
    AssignmentFactory,
    CircleFactory,
    MembershipFactory,
    TambonFactory,
    UserFactory,
)

NEW = "ข้าวปลาอาหาร-2570"


@pytest.fixture
def tambon(circle):
    return circle.place.parent


@pytest.fixture
def author(roles, tambon):
    return roles.user(Role.TAMBON_ADMIN, tambon)


@pytest.fixture
def user(roles, circle):
    """Somebody of the tambon, with a right and a seat there."""
    user = roles.user(Role.KHUN_LIKHIT, circle)
    MembershipFactory(circle=circle, person=user.person)
    return user


def day(distance):
    return timezone.localdate() + timedelta(days=distance)


def grown(user, tambon, case, **days):
    """Give *user* something outside of *tambon*."""
    province = tambon.parent.parent
    targets = {
        "circle": {"circle": CircleFactory()},
        "province's circle": {"circle": CircleFactory(place=province)},
        "tambon": {"place": TambonFactory()},
        "amphoe": {"place": tambon.parent},
        "agency": {"agency": AgencyFactory()},
    }
    if case == "seat":
        return MembershipFactory(circle=CircleFactory(), person=user.person, **days)
    return AssignmentFactory(
        person=user.person, role=Role.KHUN_AMNUAY, **targets[case], **days
    )


OUTSIDE = ["circle", "province's circle", "tambon", "amphoe", "agency", "seat"]


@pytest.mark.parametrize("begins_in", [-1, 1])
@pytest.mark.parametrize("case", OUTSIDE)
def test_whoever_reaches_out_is_out_of_reach(user, author, tambon, case, begins_in):
    grown(user, tambon, case, since=day(begins_in))

    assert user not in accounts_within_reach(author)


@pytest.mark.parametrize("case", OUTSIDE)
def test_what_is_over_is_nobody_s_business(user, author, tambon, case):
    grown(user, tambon, case, since=day(-9), until=day(-1))

    assert set(accounts_within_reach(author)) == {user}


def test_two_tambons_are_one_reach(user, author, tambon):
    second = grown(user, tambon, "tambon").place

    AssignmentFactory(person=author.person, role=Role.TAMBON_ADMIN, place=second)

    assert user in accounts_within_reach(author)


def test_who_enters_the_admin_s_pages_is_out_of_reach(user, author):
    user.is_staff = True
    user.save()

    assert user not in accounts_within_reach(author)


@pytest.mark.parametrize("case", OUTSIDE)
def test_a_slip_dies_when_its_account_reaches_out(user, author, tambon, case):
    _slip, secret = make_slip(author, user)
    assert find_slip(secret)

    grown(user, tambon, case)

    assert find_slip(secret) is None
    with pytest.raises(SlipSpent):
        use_slip(secret, NEW)


def test_a_slip_dies_with_the_duty_of_its_author(user, author):
    _slip, secret = make_slip(author, user)

    Assignment.objects.filter(person=author.person).update(until=day(-1))

    with pytest.raises(SlipSpent):
        use_slip(secret, NEW)


def test_an_account_without_anything_is_nobody_s(author):
    assert UserFactory() not in accounts_within_reach(author)
