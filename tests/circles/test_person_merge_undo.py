"""Undoing a merge gives nobody what the author may not give, and nothing that somebody
has taken away since; merging gives nobody a way into what is above the author."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from circles.actions.carrying import carry_out_due
from circles.actions.doubles import merge_people, undo_merge
from circles.actions.rights import end_assignment, end_now
from circles.actions.seats import end_seat
from circles.models import Assignment, Change, Handover, Membership, Succession
from circles.permissions import Role
from tests.factories import (
    AssignmentFactory,
    CircleFactory,
    ContactPointFactory,
    MembershipFactory,
    PersonFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def admin(roles, circle):
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent)


@pytest.fixture
def province_place(circle):
    return circle.place.parent.parent.parent


@pytest.fixture
def province(roles, province_place):
    return roles.user(Role.PROVINCE_ADMIN, province_place)


@pytest.fixture
def pair(circle):
    return [PersonFactory(village=circle.place) for _n in range(2)]


def refusal(author, merge):
    told = Change.objects.count()
    with pytest.raises(ValidationError) as refused:
        undo_merge(author, merge)
    merge.refresh_from_db()
    assert (merge.undone_at, merge.gone.merged_into) == (None, merge.kept)
    assert Change.objects.count() == told
    return refused.value.code


def test_a_right_that_was_taken_away_since_does_not_come_back(
    admin, province, pair, province_place
):
    kept, gone = pair
    MembershipFactory(circle=CircleFactory(place=kept.village), person=kept)
    for one in pair:
        AssignmentFactory(
            person=one,
            role=Role.GOVERNOR_OFFICE,
            place=province_place,
            since=timezone.localdate() - 50 * DAY,
        )
    merge = merge_people(province, kept, gone)
    end_now(province, Assignment.objects.get(person=kept))

    undo_merge(admin, merge)  # there is nothing above the tambon any more

    assert not gone.assignments.exists()
    assert not kept.assignments.to_come().exists()


@pytest.mark.parametrize("role", [Role.GOVERNOR_OFFICE, Role.KHUN_UA])
@pytest.mark.parametrize("kind", ["twin", "moved", "shortened"])
def test_nobody_gives_by_undoing_what_they_may_not_give(
    admin, province, pair, province_place, kind, role
):
    """A Khun Ua of the tambon is within reach of its administrator, who gives no such
    right; somebody of the governor's office is not within reach at all."""
    kept, gone = pair
    is_far = role == Role.GOVERNOR_OFFICE
    place = province_place if is_far else kept.village.parent
    right = {"role": role, "place": place}
    AssignmentFactory(person=gone, **right)
    if kind != "moved":
        AssignmentFactory(person=kept, **right)
    merge = merge_people(province, kept, gone)
    if kind == "shortened":
        end_assignment(
            province, Assignment.objects.get(person=kept), timezone.localdate() + DAY
        )

    assert refusal(admin, merge) == "above"
    assert not gone.assignments.exists()
    undo_merge(province, merge)
    assert gone.assignments.to_come().count() == 1


def test_both_have_to_be_within_reach(province, pair, circle):
    kept, gone = pair
    merge = merge_people(province, kept, gone)
    type(gone).objects.filter(pk=gone.pk).update(village=None)
    UserFactory(person=gone, is_staff=True)

    assert refusal(province, merge) == "above"


def test_a_twin_comes_back_as_far_as_its_twin_still_stands(admin, pair, circle):
    kept, gone = pair
    for one, until in ((kept, None), (gone, date(2099, 1, 1))):
        AssignmentFactory(person=one, circle=circle, until=until)
    merge = merge_people(admin, kept, gone)
    soon = timezone.localdate() + 9 * DAY
    end_assignment(admin, Assignment.objects.get(person=kept), soon)

    undo_merge(admin, merge)

    assert kept.assignments.get().until == gone.assignments.get().until == soon


def test_a_seat_that_was_ended_since_does_not_come_back(admin, pair, circle):
    kept, gone = pair
    for one in pair:
        MembershipFactory(circle=circle, person=one)
    merge = merge_people(admin, kept, gone)
    seat = Membership.objects.get(person=kept)
    end_seat(admin, seat, timezone.localdate() - DAY)

    undo_merge(admin, merge)

    assert not Membership.objects.exclude(pk=seat.pk).exists()


def test_what_had_ended_by_itself_comes_back_as_it_was(admin, pair, circle):
    kept, gone = pair
    last = timezone.localdate() - DAY
    for one in pair:
        AssignmentFactory(person=one, circle=circle, until=last)
    merge = merge_people(admin, kept, gone)

    undo_merge(admin, merge)

    assert kept.assignments.get().until == gone.assignments.get().until == last


def test_a_handover_does_not_point_to_what_does_not_come_back(admin, pair, circle):
    kept, gone = pair
    own = AssignmentFactory(person=kept, circle=circle)
    twin = AssignmentFactory(person=gone, circle=circle)
    old = Handover.objects.create(
        person=gone,
        last_day=date(2010, 1, 1),
        author=admin,
        cancelled_at=timezone.now(),
    )
    row = Succession.objects.create(handover=old, assignment=twin, kind="vacant")
    merge = merge_people(admin, kept, gone)
    end_now(admin, own)

    undo_merge(admin, merge)

    row.refresh_from_db()
    assert row.assignment == own
    assert not gone.assignments.exists()


@pytest.mark.parametrize("is_near", [True, False])
def test_a_merge_plants_no_way_in(admin, pair, circle, is_near):
    """Who has only a past seat here is not within reach: today it may be merged, and
    tomorrow have an account."""
    gone = pair[0]
    kept = pair[1] if is_near else PersonFactory()
    if not is_near:
        MembershipFactory(
            circle=circle, person=kept, since="2009-01-01", until="2010-01-01"
        )
    point = ContactPointFactory(person=gone)

    merge_people(admin, kept, gone)

    point.refresh_from_db()
    assert (point.person, point.verified_at is not None) == (kept, is_near)


def test_a_double_s_handover_closes_no_account(province, circle, pair):
    kept, gone = pair
    user = UserFactory(person=kept)
    handover = Handover.objects.create(
        person=gone,
        last_day=timezone.localdate() - DAY,
        closes_account=True,
        author=province,
    )

    merge = merge_people(province, kept, gone)

    handover.refresh_from_db()
    assert (handover.person, handover.closes_account) == (kept, False)
    assert Change.objects.filter(subject="handover", changes__has_key="closes_account")
    undo_merge(province, merge)
    handover.refresh_from_db()
    assert (handover.person, handover.closes_account) == (gone, True)
    merge_people(province, kept, gone)
    carry_out_due()
    user.refresh_from_db()
    assert user.is_active
