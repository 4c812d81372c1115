"""A province keeps an administrator: every day from today on, and in the end."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from circles.actions.accounts import disable_account
from circles.actions.carrying import call_off
from circles.actions.doubles import merge_people, undo_merge
from circles.actions.handing import hand_over
from circles.actions.handing_seats import Step
from circles.actions.rights import end_assignment, end_now
from circles.models import Assignment, Handover, Succession, User
from circles.permissions import Role
from tests.factories import AssignmentFactory, PersonFactory, UserFactory
from tests.factories_handing import in_days


@pytest.fixture
def province(circle):
    return circle.place.parent.parent.parent


@pytest.fixture
def boss(db):
    return UserFactory(is_superuser=True)


def admin(province, since, until=None):
    """Return an account that administers the province from day to day."""
    user = UserFactory()
    AssignmentFactory(
        person=user.person,
        role=Role.PROVINCE_ADMIN,
        place=province,
        since=in_days(since),
        until=None if until is None else in_days(until),
    )
    return user


def right_of(user):
    return user.person.assignments.get()


def code_of(action, *args):
    """Return why it is refused, after a look that nothing was half done; "" if done."""

    def stored():
        rights = Assignment.objects.order_by("pk").values()
        accounts = User.objects.order_by("pk").values("pk", "is_active")
        return list(rights), list(accounts), list(Handover.objects.values())

    before = stored()
    try:
        action(*args)
    except ValidationError as refused:
        assert stored() == before
        return refused.code
    return ""


# The days of the others, and whether the first one (open-ended) may go today.
OTHERS = [
    ([(-9, None)], True),
    ([], False),
    ([(-9, 3), (300, None)], False),  # a gap
    ([(-9, 3), (4, None)], True),
    ([(-9, 3), (5, None)], False),  # one day
    ([(-9, 10), (2, 40), (-3, 5), (41, None)], True),
    ([(0, None)], True),
    ([(1, None)], False),
    ([(-9, 900)], False),  # nobody in the end
    ([(-9, -1), (0, None)], True),
]


@pytest.mark.parametrize(("others", "may_go"), OTHERS)
@pytest.mark.parametrize("way", ["close", "end"])
def test_the_others_cover_every_day(province, boss, others, may_go, way):
    first = admin(province, -100)
    for days in others:
        admin(province, *days)

    if way == "close":
        code = code_of(disable_account, boss, first, "x")
    else:
        code = code_of(end_now, boss, right_of(first))

    assert code == ("" if may_go else "last_admin")


def test_what_was_not_covered_before_is_no_reason(province, boss):
    """Nobody follows anyway: but it does not come earlier."""
    first, second = admin(province, -9, 50), admin(province, -9, 20)

    assert code_of(end_assignment, boss, right_of(second), in_days(10)) == ""
    assert code_of(end_assignment, boss, right_of(first), in_days(30)) == "last_admin"


def test_calling_off_does_not_take_the_one_who_follows(province, boss):
    leaver, passing = admin(province, -10), admin(province, -10, 60)
    follower = UserFactory()
    step = Step(right_of(leaver), Succession.Kind.SUCCESSOR, follower.person)
    handover = hand_over(boss, leaver.person, in_days(30), [step])
    assert code_of(disable_account, passing, leaver, "x") == ""

    assert code_of(call_off, boss, handover) == "last_admin"

    assert right_of(follower).until is None
    admin(province, -1)
    assert code_of(call_off, boss, handover) == ""


def test_undoing_a_merge_takes_the_right_from_nobody_s_last(province, boss):
    first, passing = admin(province, -10), admin(province, -10, 60)
    kept, gone = UserFactory().person, PersonFactory()
    AssignmentFactory(person=gone, role=Role.PROVINCE_ADMIN, place=province)
    merge = merge_people(boss, kept, gone)
    assert code_of(end_now, passing, right_of(first)) == ""

    assert code_of(undo_merge, boss, merge) == "last_admin"

    admin(province, -1)
    assert code_of(undo_merge, boss, merge) == ""


@pytest.mark.parametrize("has_account", [True, False])
def test_a_handover_to_somebody_without_an_account(province, boss, has_account):
    leaver = admin(province, -10)
    follower = UserFactory().person if has_account else PersonFactory()
    step = Step(right_of(leaver), Succession.Kind.SUCCESSOR, follower)

    code = code_of(hand_over, boss, leaver.person, in_days(3), [step])

    assert code == ("" if has_account else "last_admin")
