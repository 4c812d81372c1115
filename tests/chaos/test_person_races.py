"""Two administrators, or an administrator and a facilitator, at one moment."""

import pytest
from django.core.exceptions import ValidationError

from circles.actions.doubles import merge_people, undo_merge
from circles.models import Attendance, LearningSession, Membership, Person, PersonMerge
from circles.permissions import Role
from tests.chaos.test_races import Crowd
from tests.factories import CircleFactory, MembershipFactory, logged

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 10


def refused(action, *given):
    try:
        return action(*given)
    except ValidationError as error:
        return error.code


def test_two_who_merge_the_other_way_round_make_one_person(roles):
    circle = CircleFactory()
    admins = [roles.user(Role.TAMBON_ADMIN, circle.place.parent) for _n in range(2)]
    with Crowd(2) as crowd:
        for _round in range(ROUNDS):
            one, other = (MembershipFactory(circle=circle).person for _n in range(2))
            done = crowd.at_once(
                lambda one=one, other=other: refused(
                    merge_people, admins[0], one, other
                ),
                lambda one=one, other=other: refused(
                    merge_people, admins[1], other, one
                ),
            )
            assert sorted(isinstance(each, PersonMerge) for each in done) == [0, 1]

    assert Person.objects.exclude(merged_into=None).count() == ROUNDS
    assert not Person.objects.filter(merged_into__merged_into__isnull=False).exists()


def test_a_session_logged_during_a_merge_loses_nobody(roles):
    circle = CircleFactory()
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    author = roles.user(Role.KHUN_AMNUAY, circle)
    with Crowd(2) as crowd:
        for _round in range(ROUNDS):
            kept, gone = (MembershipFactory(circle=circle).person for _n in range(2))
            came = [kept.pk, gone.pk]
            crowd.at_once(
                lambda kept=kept, gone=gone: merge_people(admin, kept, gone),
                lambda came=came: logged(circle, author, present=came),
            )
            assert not Attendance.objects.filter(person=gone).exists()
            assert not Membership.objects.filter(person=gone).exists()
            latest = LearningSession.objects.order_by("-pk").first()
            assert latest.attendances.get(person=kept).state == "present"


def test_a_merge_is_undone_once(roles):
    circle = CircleFactory()
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    with Crowd(4) as crowd:
        for _round in range(ROUNDS):
            pair = [MembershipFactory(circle=circle).person for _n in range(2)]
            merge = merge_people(admin, *pair)
            crowd.at_once(*[lambda merge=merge: undo_merge(admin, merge)] * 4)

    assert Membership.objects.filter(circle=circle).count() == 2 * ROUNDS
    assert not Person.objects.exclude(merged_into=None).exists()
