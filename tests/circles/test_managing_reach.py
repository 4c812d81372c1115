"""Whose ways in an administrator may change: nobody's with a right outside or above."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from circles.actions.reaching import (
    accounts_within_reach,
    all_accounts_within_reach,
    people_within_reach,
)
from circles.models import Assignment, Membership, Person
from circles.permissions import Role
from tests.factories import (
    AgencyFactory,
    AssignmentFactory,
    CircleFactory,
    MembershipFactory,
    PersonFactory,
    UserFactory,
    VillageFactory,
)

FAR = {Role.TAMBON_ADMIN, Role.PROVINCE_ADMIN, Role.GOVERNOR_OFFICE}


@pytest.fixture
def tambon(circle):
    return circle.place.parent


@pytest.fixture
def admin(tambon, roles):
    return roles.user(Role.TAMBON_ADMIN, tambon)


@pytest.fixture
def province_admin(tambon, roles):
    return roles.user(Role.PROVINCE_ADMIN, tambon.parent.parent)


@pytest.fixture
def villager(circle):
    return PersonFactory(village=circle.place)


def test_whoever_lives_sits_or_works_here_is_within_reach(admin, circle, tambon):
    lives = PersonFactory(village=circle.place)
    sits = MembershipFactory(circle=circle).person
    works = PersonFactory(agency=AgencyFactory(place=tambon))
    serves = AssignmentFactory(circle=circle).person
    PersonFactory(village=VillageFactory())

    assert set(people_within_reach(admin)) == {lives, sits, works, serves}


# Every role over every kind of thing, here and elsewhere, now and to come.
CASES = list(itertools.product(Role, ["place", "circle"], ["in", "out"], [0, 1]))


@pytest.mark.parametrize(("role", "kind", "at", "begins"), CASES)
def test_nobody_with_a_right_outside_or_above_is_ever_within_reach(
    role, kind, at, begins, admin, villager, circle, tambon
):
    rows = {"in": (tambon, circle), "out": (VillageFactory().parent, CircleFactory())}
    place, one = rows[at]
    AssignmentFactory(
        person=villager,
        role=role,
        since=timezone.localdate() + timedelta(days=begins),
        **({"place": place} if kind == "place" else {"circle": one}),
    )

    is_within = villager in people_within_reach(admin)

    assert is_within is (at == "in" and role not in FAR)


def test_a_right_that_is_over_keeps_nobody_away(admin, villager):
    yesterday = timezone.localdate() - timedelta(days=1)
    AssignmentFactory(person=villager, circle=CircleFactory(), until=yesterday)

    assert villager in people_within_reach(admin)


@pytest.mark.parametrize("days", [0, 30])
def test_a_seat_elsewhere_keeps_somebody_away(days, admin, villager):
    begins = timezone.localdate() + timedelta(days=days)
    MembershipFactory(person=villager, circle=CircleFactory(), since=begins)

    assert villager not in people_within_reach(admin)


def test_an_amphoes_right_is_above_a_tambons(admin, villager, tambon, roles):
    amphoe_admin = roles.user(Role.TAMBON_ADMIN, tambon.parent)
    AssignmentFactory(person=villager, role=Role.KHUN_AMNUAY, place=tambon.parent)

    assert villager not in people_within_reach(admin)
    assert villager in people_within_reach(amphoe_admin)


def test_an_agency_of_the_whole_province_is_above_a_tambon(admin, villager):
    AssignmentFactory(person=villager, agency=AgencyFactory(place=None))

    assert villager not in people_within_reach(admin)


def test_nobody_reaches_oneself(admin, province_admin, circle):
    for user in (admin, province_admin):
        MembershipFactory(circle=circle, person=user.person)
        assert user.person not in people_within_reach(user)
        assert user not in all_accounts_within_reach(user)


def test_superusers_and_staff_are_out_of_every_reach(admin, province_admin, circle):
    for flags in ({"is_superuser": True}, {"is_staff": True}):
        person = UserFactory(person__village=circle.place, **flags).person
        for user in (admin, province_admin):
            assert person not in people_within_reach(user)
            assert person.user not in all_accounts_within_reach(user)


def test_the_province_reaches_its_tambon_administrators_but_no_other_province(
    admin, province_admin, villager
):
    outside = AssignmentFactory(circle=CircleFactory(), role=Role.TAMBON_ADMIN)

    within = people_within_reach(province_admin)

    assert admin.person in within
    assert villager in within
    assert outside.person in within  # the same province
    assert province_admin.person not in people_within_reach(admin)


def test_doubles_are_nobody(admin, circle, villager):
    double = PersonFactory(village=circle.place, merged_into=villager)

    assert double not in people_within_reach(admin)


def test_closed_accounts_are_reached_to_open_them_again(admin, circle):
    user = UserFactory(person__village=circle.place, is_active=False)

    assert user not in accounts_within_reach(admin)
    assert user in all_accounts_within_reach(admin)


@pytest.mark.parametrize(
    "role", [one for one in Role if one not in {Role.TAMBON_ADMIN, Role.PROVINCE_ADMIN}]
)
def test_who_administers_nothing_reaches_nobody(role, circle, villager, roles):
    user = roles.user(role, roles.near(role, circle))
    UserFactory(person=villager)

    assert not people_within_reach(user).exists()
    assert not all_accounts_within_reach(user).exists()


@pytest.mark.parametrize(("since", "until"), [(-9, -1), (1, None)])
def test_a_right_that_ended_or_has_not_begun_reaches_nobody(
    since, until, tambon, villager, roles
):
    today = timezone.localdate()
    user = roles.user(
        Role.TAMBON_ADMIN,
        tambon,
        since=today + timedelta(days=since),
        until=today + timedelta(days=until) if until else None,
    )

    assert not people_within_reach(user).exists()


def test_a_closed_administrator_reaches_nobody(admin, villager):
    admin.is_active = False

    assert not people_within_reach(admin).exists()
    assert not all_accounts_within_reach(admin).exists()


def test_it_holds_for_any_mixture_of_people(admin, circle, tambon):
    """Whoever is within reach: each right and seat of theirs, today or later, is here
    and reaches no further."""
    places = [tambon, tambon.parent, VillageFactory().parent, circle.place]
    roles = itertools.cycle(Role)
    for number in range(40):
        person = PersonFactory(village=circle.place if number % 2 else None)
        AssignmentFactory(person=person, role=next(roles), place=places[number % 4])
        if number % 3 == 0:
            where = circle if number % 6 else CircleFactory()
            MembershipFactory(person=person, circle=where)

    within = Person.objects.filter(pk__in=people_within_reach(admin).values("pk"))

    assert 0 < within.count() < 40
    for right in Assignment.objects.filter(person__in=within):
        assert right.place.code.startswith(tambon.code)
        assert right.role not in FAR
    for seat in Membership.objects.filter(person__in=within):
        assert seat.circle.place.code.startswith(tambon.code)
