"""What may be given and taken, and what is refused in words."""

from __future__ import annotations

import pytest

from circles.actions.accounts import AccountRefused, disable_account
from circles.actions.rights import (
    RightRefused,
    assign,
    end_assignment,
    end_now,
)
from circles.models import Assignment, Change
from circles.permissions import Role
from tests.factories import (
    AgencyFactory,
    AssignmentFactory,
    CircleFactory,
    PersonFactory,
    ProvinceFactory,
    UserFactory,
)
from tests.factories_handing import SuccessionFactory, in_days


@pytest.fixture
def province(circle):
    return circle.place.parent.parent.parent


@pytest.fixture
def admin(circle, roles):
    """The administrator of the circle's tambon."""
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent)


@pytest.fixture
def governor(province, roles):
    """The only administrator of the province."""
    return roles.user(Role.PROVINCE_ADMIN, province)


@pytest.fixture
def person(circle):
    return PersonFactory(village=circle.place)


def refused(action, *args, **kwargs) -> str:
    """Return the code of the refusal, and see that nothing was half done."""
    before = (list(Assignment.objects.values().order_by("pk")), Change.objects.count())
    with pytest.raises((RightRefused, AccountRefused)) as error:
        action(*args, **kwargs)
    assert error.value.messages[0]
    after = (list(Assignment.objects.values().order_by("pk")), Change.objects.count())
    assert before == after
    return error.value.code


def test_a_right_is_given_and_written_down(admin, person, circle):
    right = assign(admin, person, Role.KHUN_AMNUAY, circle, in_days(0), reason="คำสั่ง 1")

    assert (right.person, right.circle, right.until) == (person, circle, None)
    change = Change.objects.get()
    assert (change.subject, change.kind) == ("assignment", "made")
    assert (change.person, change.circle) == (person, circle)
    assert (change.author, change.reason) == (admin, "คำสั่ง 1")


def test_never_to_oneself(admin, circle):
    code = refused(assign, admin, admin.person, Role.KHUN_AMNUAY, circle, in_days(0))

    assert code == "self"


def test_a_superuser_gives_themselves_nothing_either(circle):
    boss = UserFactory(is_superuser=True)

    code = refused(assign, boss, boss.person, Role.KHUN_AMNUAY, circle, in_days(0))

    assert code == "self"


def test_never_above_ones_own(admin, person, circle, province):
    tambon = circle.place.parent
    outside = CircleFactory()

    for role, where in [
        (Role.TAMBON_ADMIN, tambon),
        (Role.PROVINCE_ADMIN, province),
        (Role.KHUN_UA, tambon),
        (Role.KHUN_AMNUAY, province),
        (Role.KHUN_AMNUAY, outside),
        (Role.KHUN_AMNUAY, AgencyFactory()),
    ]:
        assert refused(assign, admin, person, role, where, in_days(0)) == "above"


def test_an_administrator_of_an_amphoe_reaches_its_tambons_and_no_further(
    circle, roles, person
):
    amphoe = circle.place.parent.parent
    admin = roles.user(Role.TAMBON_ADMIN, amphoe)

    assign(admin, person, Role.KHUN_AMNUAY, circle, in_days(0))

    code = refused(assign, admin, person, Role.KHUN_UA, amphoe.parent, in_days(0))
    assert code == "above"


def test_administrators_have_a_place(governor, person, circle):
    code = refused(assign, governor, person, Role.TAMBON_ADMIN, circle, in_days(0))

    assert code == "object"


def test_an_end_before_the_beginning(admin, person, circle):
    days = (in_days(3), in_days(2))

    assert refused(assign, admin, person, Role.KHUN_KIJ, circle, *days) == "order"


@pytest.mark.parametrize(("since", "until"), [(0, None), (-9, 0), (5, 6), (10, None)])
def test_the_same_right_twice_in_the_same_days(admin, person, circle, since, until):
    assign(admin, person, Role.KHUN_AMNUAY, circle, in_days(0), in_days(10))

    last = None if until is None else in_days(until)
    again = (person, Role.KHUN_AMNUAY, circle, in_days(since), last)
    assert refused(assign, admin, *again) == "twice"


def test_the_same_right_again_afterwards(admin, person, circle):
    assign(admin, person, Role.KHUN_AMNUAY, circle, in_days(0), in_days(10))

    assign(admin, person, Role.KHUN_AMNUAY, circle, in_days(11))

    assert person.assignments.count() == 2


def test_nothing_is_given_to_a_double(admin, person, circle):
    double = PersonFactory(village=circle.place, merged_into=person)

    assert refused(assign, admin, double, Role.KHUN_KIJ, circle, in_days(0)) == "double"


def test_a_right_ends_and_stays(admin, circle):
    right = AssignmentFactory(circle=circle)

    end_assignment(admin, right, in_days(5), "ย้าย")
    end_assignment(admin, right, in_days(5), "ย้าย")

    assert Assignment.objects.get(pk=right.pk).until == in_days(5)
    change = Change.objects.get()
    assert change.changes == {"until": [None, in_days(5).isoformat()]}


def test_what_has_begun_is_never_deleted(admin, circle):
    right = AssignmentFactory(circle=circle)

    end_now(admin, right, "พลาด")

    assert Assignment.objects.get(pk=right.pk).until == in_days(-1)


def test_what_has_not_begun_is_withdrawn_and_its_history_stays(admin, circle):
    right = AssignmentFactory(circle=circle, since=in_days(3))

    end_now(admin, right, "พลาด")

    assert not Assignment.objects.filter(pk=right.pk).exists()
    assert Change.objects.get(subject="assignment").kind == "removed"


def test_ends_that_make_no_sense(admin, circle):
    right = AssignmentFactory(circle=circle, since=in_days(-5), until=in_days(5))

    assert refused(end_assignment, admin, right, in_days(-6)) == "order"
    assert refused(end_assignment, admin, right, in_days(6)) == "later"


def test_nobody_ends_what_lies_above_or_is_their_own(admin, governor, circle):
    own = admin.person.assignments.get()
    above = AssignmentFactory(place=circle.place.parent, role=Role.KHUN_UA)

    assert refused(end_assignment, admin, own, in_days(0)) == "self"
    assert refused(end_assignment, admin, above, in_days(0)) == "above"


def test_what_a_handover_ends_is_left_to_it(admin, circle):
    right = AssignmentFactory(circle=circle)
    SuccessionFactory(assignment=right)

    assert refused(end_assignment, admin, right, in_days(0)) == "handover"
    assert refused(end_now, admin, right) == "handover"


def test_the_last_province_administrator_stays(governor, province):
    boss = UserFactory(is_superuser=True)
    right = governor.person.assignments.get()
    # None of these takes over: no account, a closed one, for a time, another province.
    AssignmentFactory(role=Role.PROVINCE_ADMIN, place=province)
    closed = UserFactory(is_active=False).person
    AssignmentFactory(role=Role.PROVINCE_ADMIN, place=province, person=closed)
    passing = UserFactory().person
    AssignmentFactory(
        role=Role.PROVINCE_ADMIN, place=province, person=passing, until=in_days(9)
    )
    other = ProvinceFactory(code="81")
    AssignmentFactory(
        role=Role.PROVINCE_ADMIN, place=other, person=UserFactory().person
    )

    assert refused(disable_account, boss, governor, "") == "last_admin"
    assert refused(end_assignment, boss, right, in_days(100)) == "last_admin"
    assert refused(end_now, boss, right) == "last_admin"


def test_with_a_second_one_the_first_may_go(governor, province):
    boss, second = UserFactory(is_superuser=True), UserFactory().person
    AssignmentFactory(role=Role.PROVINCE_ADMIN, place=province, person=second)

    end_assignment(boss, governor.person.assignments.get(), in_days(0))

    assert refused(disable_account, boss, second.user, "") == "last_admin"


def test_until_the_next_one_begins_the_first_is_needed(governor, province):
    """Closing the account now would leave nobody for ten days."""
    second = UserFactory().person
    AssignmentFactory(
        role=Role.PROVINCE_ADMIN, place=province, person=second, since=in_days(10)
    )

    boss = UserFactory(is_superuser=True)
    assert refused(disable_account, boss, governor, "") == "last_admin"
    disable_account(boss, UserFactory(), "")
