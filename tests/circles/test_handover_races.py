"""Two workers, two administrators, one handover: real threads, real locks."""

from __future__ import annotations

import time

import pytest
from django.core.exceptions import ValidationError

from circles.actions import carrying, doubles, handing
from circles.actions.carrying import carry_out_due
from circles.actions.doubles import merge_people, undo_merge
from circles.actions.handing_seats import Step
from circles.actions.rights import RightRefused, assign, end_assignment
from circles.models import Assignment, Change, Handover, Succession
from circles.permissions import Role
from tests.chaos.test_races import Crowd
from tests.factories import AssignmentFactory, PersonFactory, UserFactory
from tests.factories_handing import in_days

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def admin(circle, roles):
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent)


def tried(action):
    """Do *action*; return the code of its refusal, or its answer."""

    def attempt():
        try:
            return action()
        except RightRefused as refused:
            return refused.code

    return attempt


def handed(admin, right, to):
    steps = [Step(right, Succession.Kind.SUCCESSOR, to)]
    return handing.hand_over(admin, right.person, in_days(5), steps)


def test_it_is_carried_out_once(circle, admin):
    for _n in range(5):
        right = AssignmentFactory(circle=circle)
        to = PersonFactory(village=circle.place)
        handover = handed(admin, right, to)
        Handover.objects.filter(pk=handover.pk).update(last_day=in_days(-1))
        with Crowd(4) as crowd:
            done = crowd.at_once(*[carry_out_due] * 4)
        assert sum(done) == 1

    assert Change.objects.filter(subject="handover", kind="done").count() == 5


def test_one_right_is_handed_over_once(circle, admin):
    for _n in range(5):
        right = AssignmentFactory(circle=circle)
        people = PersonFactory.create_batch(4, village=circle.place)
        with Crowd(4) as crowd:
            crowd.at_once(
                *[tried(lambda r=right, p=p: handed(admin, r, p)) for p in people]
            )
        assert right.successions.count() == 1
        assert Assignment.objects.filter(person__in=people).count() == 1


def test_one_right_is_given_once(circle, admin):
    role, day = Role.KHUN_AMNUAY, in_days(0)
    for _n in range(5):
        person = PersonFactory(village=circle.place)
        give = tried(lambda p=person: assign(admin, p, role, circle, day))
        with Crowd(4) as crowd:
            answers = crowd.at_once(*[give] * 4)
        assert sorted(map(str, answers)).count("twice") == 3
        assert person.assignments.count() == 1


def test_two_administrators_do_not_end_each_other(circle, roles):
    province = circle.place.parent.parent.parent
    boss = UserFactory(is_superuser=True)
    for _n in range(5):
        Assignment.objects.filter(role=Role.PROVINCE_ADMIN).delete()
        users = [roles.user(Role.PROVINCE_ADMIN, province) for _one in range(2)]
        rights = [user.person.assignments.get() for user in users]
        with Crowd(2) as crowd:
            crowd.at_once(
                *[
                    tried(lambda r=r: end_assignment(boss, r, in_days(1)))
                    for r in rights
                ]
            )
        left = Assignment.objects.filter(role=Role.PROVINCE_ADMIN, until=None)
        assert left.count() == 1


# Where the other side gets time to lock what comes next here.
MOMENTS = [
    *((carrying, "lock_people"), (carrying, "_pass_promises_on")),
    (doubles, "fold"),
]


def merged(admin, kept, gone):
    """Merge the two and take that back; return whether it went through."""
    try:
        undo_merge(admin, merge_people(admin, kept, gone))
    except ValidationError as refused:
        return refused.code
    return ""


@pytest.mark.parametrize("way", ["call_off", "carry_out"])
def test_a_merge_and_a_handover_wait_for_each_other(
    circle, admin, way, monkeypatch, caplog
):
    """Both touch the people and the handover: in one order, or one of them dies."""
    for module, name in MOMENTS:
        monkeypatch.setattr(module, name, late(getattr(module, name)))
    for _n in range(3):
        leaver, to, double = PersonFactory.create_batch(3, village=circle.place)
        right = AssignmentFactory(circle=circle, person=leaver)
        handover = handed(admin, right, to)
        if way == "carry_out":
            Handover.objects.filter(pk=handover.pk).update(last_day=in_days(-1))
        end = {
            "call_off": tried(lambda h=handover: carrying.call_off(admin, h)),
            "carry_out": carry_out_due,
        }[way]
        with Crowd(2) as crowd:
            done = crowd.at_once(end, lambda d=double, p=leaver: merged(admin, d, p))
        assert done[1] == ""
        end()  # what was left for the next time
        handover.refresh_from_db()
        assert handover.cancelled_at or handover.carried_out_at
        assert handover.person_id == leaver.pk
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


def late(action):
    """Let *action* begin a moment later, when the other side is under way."""

    def wait(*args):
        time.sleep(0.2)
        return action(*args)

    return wait
