"""Merging: what may not be is refused in words, and then nothing was changed."""

import pytest
from django.core.exceptions import ValidationError

from circles.actions.doubles import doubles_within_reach, merge_people, undo_merge
from circles.models import Change, Handover, Person, PersonMerge, Succession
from circles.permissions import Role
from tests.factories import (
    AssignmentFactory,
    CircleFactory,
    MembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(roles, circle):
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent)


@pytest.fixture
def province(roles, circle):
    return roles.user(Role.PROVINCE_ADMIN, circle.place.parent.parent.parent)


@pytest.fixture
def pair(circle):
    return [MembershipFactory(circle=circle).person for _n in range(2)]


def refusal(author, kept, gone):
    with pytest.raises(ValidationError) as refused:
        merge_people(author, kept, gone)
    assert not PersonMerge.objects.filter(kept=kept, gone=gone).exists()
    assert not Change.objects.filter(subject="personmerge", person=kept).exists()
    return refused.value.code


def test_with_oneself(admin, pair):
    assert refusal(admin, pair[0], pair[0]) == "same"


def test_the_author_is_never_one_of_the_two(admin, pair, circle):
    MembershipFactory(circle=circle, person=admin.person)

    assert refusal(admin, admin.person, pair[0]) == "above"
    assert refusal(admin, pair[0], admin.person) == "above"


def test_with_a_double_and_in_a_circle(admin, pair, circle):
    first, second = pair
    third = MembershipFactory(circle=circle).person
    merge_people(admin, first, second)

    assert refusal(admin, second, first) == "above"
    assert refusal(admin, second, third) == "above"
    assert refusal(admin, third, second) == "above"
    assert Person.objects.get(pk=second.pk).merged_into == first


def test_sent_twice_is_one_merge(admin, pair):
    assert merge_people(admin, *pair) == merge_people(admin, *pair)
    assert PersonMerge.objects.count() == 1


def test_out_of_reach_or_above(admin, pair, circle):
    near = pair[0]
    far = MembershipFactory().person
    both_here_and_there = MembershipFactory(circle=circle).person
    MembershipFactory(circle=CircleFactory(), person=both_here_and_there)
    above = MembershipFactory(circle=circle).person
    AssignmentFactory(
        person=above, role=Role.PROVINCE_ADMIN, place=circle.place.parent.parent.parent
    )

    for other in (far, both_here_and_there, above):
        assert refusal(admin, near, other) == "above"
        assert refusal(admin, other, near) == "above"


def test_a_name_that_did_nothing_lately_is_anybodys(admin, circle):
    """Somebody with a past seat and neither account nor duty can be merged."""
    near = MembershipFactory(circle=circle).person
    past = MembershipFactory(circle=circle, until="2010-01-01").person
    past.memberships.update(since="2009-01-01")

    assert past in doubles_within_reach(admin)
    assert merge_people(admin, near, past).gone == past
    assert past not in doubles_within_reach(admin)


def test_two_accounts(province, pair):
    users = [UserFactory(person=one) for one in pair]

    assert refusal(province, *pair) == "two_accounts"
    users[1].is_active = False
    users[1].save()
    merge = merge_people(province, *pair)
    users[1].refresh_from_db()
    assert users[1].person == merge.gone  # the closed one stays where it is


def test_whoever_has_an_account_stays(province, pair):
    kept, gone = pair
    UserFactory(person=gone)

    assert refusal(province, kept, gone) == "account_stays"
    assert merge_people(province, gone, kept)


def test_nobody_hands_on_rights_that_they_may_not_give(admin, pair, circle):
    """A tambon administrator gives no Khun Ua's rights: not by merging either."""
    kept, gone = pair
    UserFactory(person=kept)
    AssignmentFactory(person=gone, role=Role.KHUN_UA, place=circle.place.parent)

    assert refusal(admin, kept, gone) == "rights"
    assert not kept.assignments.exists()


def test_a_handover_between_the_two(province, pair, circle):
    kept, gone = pair
    right = AssignmentFactory(person=kept, circle=circle)
    handover = Handover.objects.create(
        person=kept, last_day="2099-09-30", author=province
    )
    Succession.objects.create(
        handover=handover, assignment=right, kind="successor", successor=gone
    )

    assert refusal(province, kept, gone) == "handover"
    assert refusal(province, gone, kept) == "handover"


def test_a_merge_that_a_later_one_builds_on_is_undone_last(admin, pair, circle):
    first, second = pair
    third = MembershipFactory(circle=circle).person
    early, late = merge_people(admin, first, second), merge_people(admin, first, third)
    beyond = MembershipFactory(circle=circle).person

    for built_on in (early,):
        with pytest.raises(ValidationError) as refused:
            undo_merge(admin, built_on)
        assert refused.value.code == "built_on"
    last = merge_people(admin, beyond, first)
    with pytest.raises(ValidationError):
        undo_merge(admin, late)
    for one in (last, late, early):
        undo_merge(admin, one)
    assert not Person.objects.exclude(merged_into=None).exists()


def test_undoing_needs_the_same_reach(admin, province, pair, circle):
    merge = merge_people(admin, *pair)
    MembershipFactory(circle=CircleFactory(), person=pair[0])

    with pytest.raises(ValidationError) as refused:
        undo_merge(admin, merge)
    assert refused.value.code == "above"
    assert undo_merge(province, merge).undone_at


def test_what_stands_in_the_way_is_said_and_nothing_half_done(admin, pair, circle):
    kept, gone = pair
    merge = merge_people(admin, kept, gone)
    # Somebody gave the double a seat by hand, as the admin's pages let them.
    MembershipFactory(circle=circle, person=gone)

    with pytest.raises(ValidationError) as refused:
        undo_merge(admin, merge)

    assert refused.value.code == "in_the_way"
    assert Person.objects.get(pk=gone.pk).merged_into == kept
    merge.refresh_from_db()
    assert merge.undone_at is None
