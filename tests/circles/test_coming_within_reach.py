"""Nobody ties an account of elsewhere to a place of their own, and then opens it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from circles.actions.doubles import merge_people
from circles.actions.handing import hand_over
from circles.actions.handing_seats import Step
from circles.actions.people import edit_person
from circles.actions.reaching import people_within_reach
from circles.actions.restoring import restore
from circles.actions.rights import assign
from circles.actions.seats import NewSeat, add_seat, end_seat
from circles.models import Assignment, Change, Membership, Succession
from circles.permissions import Role
from tests.factories import (
    AssignmentFactory,
    ContactPointFactory,
    MembershipFactory,
    PersonFactory,
    TambonFactory,
    UserFactory,
    VillageFactory,
)
from tests.factories_handing import in_days

KIJ = Role.KHUN_KIJ


@pytest.fixture
def admin(circle, roles):
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent)


@pytest.fixture
def elsewhere(circle):
    return VillageFactory(parent=TambonFactory())


@pytest.fixture
def past(circle, elsewhere):
    """The seat of somebody who moved away and whose account rests."""
    person = PersonFactory(village=elsewhere)
    days = {"since": in_days(-400), "until": in_days(-100)}
    return MembershipFactory(circle=circle, person=person, **days)


@pytest.fixture
def resting(past):
    UserFactory(person=past.person)
    return past.person


def give(admin, person, circle, day=0):
    assign(admin, person, KIJ, circle, in_days(day))


def give_tomorrow(admin, person, circle):
    give(admin, person, circle, 1)


def seat(admin, person, circle, day=0):
    add_seat(admin, circle, NewSeat(KIJ, in_days(day), person))


def seat_tomorrow(admin, person, circle):
    seat(admin, person, circle, 1)


def revive(admin, person, circle):
    end_seat(admin, person.memberships.get(), in_days(20))


def move_home(admin, person, circle):
    edit_person(admin, person, {"village": circle.place})


def put_back(admin, person, circle):
    row = person.memberships.get()
    told = {"until": [None, row.until.isoformat()]}
    change = Change.objects.create(
        subject="membership", subject_id=row.pk, kind="changed", circle=circle,
        person=person, changes=told,
    )  # fmt: skip
    restore(change, admin)


def succeed(admin, person, circle):
    right = AssignmentFactory(circle=circle)
    step = Step(right, Succession.Kind.SUCCESSOR, person)
    hand_over(admin, right.person, in_days(5), [step])


WAYS = [
    *(give, give_tomorrow, seat, seat_tomorrow, revive, move_home, put_back),
    succeed,
]


@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("way", WAYS)
def test_a_resting_account_is_not_brought_here(
    admin, circle, resting, way, is_active
):  # fmt: skip
    type(resting.user).objects.filter(person=resting).update(is_active=is_active)
    assert not people_within_reach(admin).filter(pk=resting.pk).exists()
    before = list(Membership.objects.values()), Assignment.objects.count()

    with pytest.raises(ValidationError) as error:
        way(admin, resting, circle)

    assert error.value.code == "not_yours"
    after = list(Membership.objects.values()), Assignment.objects.count()
    assert after[0] == before[0]
    assert after[1] <= before[1] + (way is succeed)
    assert not people_within_reach(admin).filter(pk=resting.pk).exists()


@pytest.mark.parametrize("way", WAYS)
def test_an_address_that_signs_in_is_not_brought_here(admin, circle, past, way):
    ContactPointFactory(person=past.person)

    with pytest.raises(ValidationError) as error:
        way(admin, past.person, circle)

    assert error.value.code == "not_yours"


@pytest.mark.parametrize("way", WAYS)
def test_who_has_no_way_in_may_come(admin, circle, past, way):
    ContactPointFactory(person=past.person, verified_at=None)

    way(admin, past.person, circle)


@pytest.mark.parametrize("way", WAYS)
def test_the_province_brings_whom_it_likes(roles, circle, resting, way):
    province = circle.place.parent.parent.parent
    way(roles.user(Role.PROVINCE_ADMIN, province), resting, circle)


@pytest.mark.parametrize("way", WAYS)
def test_who_is_within_reach_already_stays_so(admin, circle, resting, way):
    resting.village = circle.place
    resting.save()

    way(admin, resting, circle)


def test_a_merge_brings_no_address_here(admin, circle, past):
    ContactPointFactory(person=past.person)
    newcomer = MembershipFactory(circle=circle).person

    with pytest.raises(ValidationError) as error:
        merge_people(admin, past.person, newcomer)

    assert error.value.code == "not_yours"


def test_the_pages_say_so_in_words(roles, admin, circle, resting):
    client, today = roles.signed_in(admin), in_days(0).isoformat()
    right = {"act": "give", "role": "khun_kij", "circle": circle.pk, "ends": "open"}
    rights = reverse("person-rights", args=[resting.pk])
    new = {"act": "add", "person": resting.pk, "role": "khun_kij", "since": today}
    seats = reverse("circle-seats", args=[circle.pk])

    for path, form in ((rights, right | {"since": today}), (seats, new)):
        answer = client.post(path, form)
        assert answer.status_code == 200
        assert "อยู่นอกพื้นที่" in answer.text or "rests outside" in answer.text
    assert not resting.assignments.exists()
