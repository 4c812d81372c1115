"""Merging: nothing that points to a person is forgotten, and all of it comes back."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.utils import timezone

from circles.actions.doubles import merge_people, undo_merge
from circles.actions.doubles_journal import MOVES, STAYS
from circles.actions.newcomers import recognise
from circles.models import (
    Attendance,
    Change,
    Handover,
    Membership,
    Person,
    PersonMerge,
    Succession,
    WorkingNote,
)
from circles.permissions import Role
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CircleFactory,
    ContactPointFactory,
    LearningSessionFactory,
    LessonFactory,
    MembershipFactory,
    PersonFactory,
    UserFactory,
)
from tests.factories_people import MobileFactory
from tests.factories_told import PromiseFactory

pytestmark = pytest.mark.django_db
LONG_AGO = date(2010, 1, 1)


@pytest.fixture
def admin(roles, circle):
    return roles.user(Role.PROVINCE_ADMIN, circle.place.parent.parent.parent)


@pytest.fixture
def pair(circle):
    """Two rows of one person: the second by a name alone, typed into a form."""
    kept = PersonFactory(first_name="สมศรี", last_name="ใจดี", village=circle.place)
    return kept, PersonFactory(first_name="ศรี", called_as="ป้าศรี", position="หมอดิน")


def test_every_column_that_points_to_a_person_is_moved_or_stays():
    known = {(model, column) for model, column in MOVES.items()} | set(STAYS)

    pointing = {
        (relation.related_model, relation.field.name)
        for relation in Person._meta.related_objects
    }

    assert pointing == known
    # and no other app points to people but through these
    for model in apps.get_models():
        for field in model._meta.many_to_many:
            assert field.related_model is not Person


def everything():
    """Return every row of every table that a merge may touch, as text."""
    tables = [*MOVES, Person, PersonMerge, Succession, WorkingNote]
    left_out = (Change, PersonMerge)  # they only grow
    rows = {}
    for model in tables:
        if model not in left_out:
            found = serializers.serialize("python", model.objects.order_by("pk"))
            rows[model.__name__] = {row["pk"]: row["fields"] for row in found}
    return rows


def give_everything(kept, gone, admin, circle):
    """Give *gone* a row in every table, and where two could collide *kept* one too."""
    both, alone = (LearningSessionFactory(circle=circle) for _n in range(2))
    AttendanceFactory(session=both, person=kept, state="absent")
    AttendanceFactory(session=both, person=gone, role=Role.KHUN_LIKHIT)
    AttendanceFactory(session=alone, person=gone)
    LessonFactory(session=alone, teller=gone)
    PromiseFactory(session=alone, owner=gone)
    MembershipFactory(circle=circle, person=kept, is_confirmed=False)
    MembershipFactory(circle=circle, person=gone, since=date(2015, 1, 1), is_lead=True)
    MembershipFactory(circle=CircleFactory(), person=gone)
    MembershipFactory(circle=circle, person=gone, since=LONG_AGO, until=LONG_AGO)
    MobileFactory(person=gone)
    same = ContactPointFactory(person=kept, address="A@example.org")
    now = timezone.now()
    ContactPointFactory(person=gone, address="a@example.org", blocked_at=now)
    right = AssignmentFactory(person=kept, circle=circle, until=date(2030, 1, 1))
    twin = AssignmentFactory(person=gone, circle=circle)
    AssignmentFactory(person=gone, place=circle.place.parent, role=Role.KHUN_UA)
    handover = Handover.objects.create(person=gone, last_day=LONG_AGO, author=admin)
    handover.cancelled_at = now
    handover.save()
    Succession.objects.create(
        handover=handover, assignment=twin, kind="successor", successor=PersonFactory()
    )
    other = Handover.objects.create(
        person=PersonFactory(), last_day=LONG_AGO, author=admin
    )
    Succession.objects.create(
        handover=other, assignment=right, kind="acting", successor=gone
    )
    Change.objects.create(
        subject="person", subject_id=gone.pk, kind="changed", person=gone
    )
    return same


def test_a_merge_moves_everything_and_undoing_brings_it_back(admin, pair, circle):
    kept, gone = pair
    same = give_everything(kept, gone, admin, circle)
    before = everything()

    merge = merge_people(admin, kept, gone)

    for model, column in MOVES.items():
        left = model.objects.filter(**{column: gone})
        if model.__name__ == "ContactPoint":  # the same address again
            left = left.exclude(address__iexact=same.address)
        if model.__name__ == "Change":  # that it became a double
            left = left.exclude(changes__has_key="merged_into")
        assert not left.exists(), model
        assert model.objects.filter(**{column: kept}).exists(), model
    after = everything()
    assert after != before
    undo_merge(admin, merge)
    assert everything() == before
    assert not Person.objects.exclude(merged_into=None).exists()


def test_recognising_a_newcomer_is_undone_with_the_confirmation(admin, pair, circle):
    known, newcomer = pair
    seat = MembershipFactory(circle=circle, person=newcomer, is_confirmed=False)
    before = everything()

    merge = recognise(admin, seat, known)

    assert Membership.objects.filter(person=known, is_confirmed=True).exists()
    undo_merge(admin, merge)
    assert everything() == before
    assert not Membership.objects.get().is_confirmed
    told = Change.objects.filter(subject="membership").latest("pk").changes
    assert told["is_confirmed"] == [True, False]


def test_of_two_answers_for_one_session_came_counts(admin, pair, circle):
    kept, gone = pair
    session = LearningSessionFactory(circle=circle)
    AttendanceFactory(session=session, person=kept, state="absent")
    AttendanceFactory(session=session, person=gone, role=Role.KHUN_LIKHIT)

    merge_people(admin, kept, gone)

    row = Attendance.objects.get(session=session)
    assert (row.person, row.state, row.role) == (kept, "present", Role.KHUN_LIKHIT)


@pytest.mark.parametrize("confirmed", [True, False])
def test_of_two_seats_in_one_circle_the_confirmed_one_stays(
    admin, pair, circle, confirmed
):
    kept, gone = pair
    mine = MembershipFactory(
        circle=circle, person=kept, is_confirmed=not confirmed, role=Role.KHUN_LIKHIT
    )
    theirs = MembershipFactory(
        circle=circle, person=gone, is_confirmed=confirmed, since=LONG_AGO
    )

    merge_people(admin, kept, gone)

    seat = Membership.objects.get(circle=circle)
    assert seat.pk == (theirs if confirmed else mine).pk
    assert (seat.person, seat.is_confirmed) == (kept, True)
    assert seat.since == mine.since  # the earlier one


def test_three_seats_in_a_row_become_two_that_do_not_meet(admin, pair, circle):
    kept, gone = pair
    today = timezone.localdate()
    soon = today + timedelta(days=10)
    MembershipFactory(circle=circle, person=kept)
    MembershipFactory(circle=circle, person=gone, until=soon)
    MembershipFactory(circle=circle, person=gone, since=soon + timedelta(days=1))

    merge_people(admin, kept, gone)

    assert Membership.objects.filter(circle=circle, until=None).count() == 1
    assert set(Membership.objects.values_list("person", flat=True)) == {kept.pk}


def test_what_is_empty_is_filled_and_the_later_consent_counts(admin, pair):
    kept, gone = pair
    Person.objects.filter(pk=kept.pk).update(show_consent=True, consent_on=LONG_AGO)
    Person.objects.filter(pk=gone.pk).update(consent_on=date(2020, 1, 1))

    merge = merge_people(admin, kept, gone)

    kept.refresh_from_db()
    assert (kept.last_name, kept.called_as, kept.position) == ("ใจดี", "ป้าศรี", "หมอดิน")
    assert (kept.show_consent, kept.consent_on) == (False, date(2020, 1, 1))
    undo_merge(admin, merge)
    kept.refresh_from_db()
    assert (kept.called_as, kept.show_consent) == ("", True)


def test_a_number_of_anothers_account_opens_nothing_new(admin, pair):
    kept, gone = pair
    UserFactory(person=kept)
    other = MobileFactory()
    UserFactory(person=other.person)
    shared = MobileFactory(person=gone, address=other.address)
    own = MobileFactory(person=gone)

    merge_people(admin, kept, gone)

    shared.refresh_from_db()
    own.refresh_from_db()
    assert (shared.person, shared.verified_at) == (kept, None)
    assert (own.person, own.verified_at is None) == (kept, False)


def test_every_seat_and_right_that_goes_over_is_in_the_history(admin, pair, circle):
    kept, gone = pair
    seat = MembershipFactory(circle=circle, person=gone)
    right = AssignmentFactory(circle=circle, person=gone)

    merge = merge_people(admin, kept, gone)
    undo_merge(admin, merge)

    for row, subject in ((seat, "membership"), (right, "assignment")):
        told = Change.objects.filter(subject=subject, subject_id=row.pk).order_by("pk")
        there, back = [gone.pk, kept.pk], [kept.pk, gone.pk]
        assert [one.changes["person"] for one in told] == [there, back]
    merges = Change.objects.filter(subject="personmerge", person=kept)
    assert merges.count() == 2
