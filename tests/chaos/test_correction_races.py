"""Several people change one record at the same moment: nothing lost, nothing twice."""

import pytest
from django.core.exceptions import PermissionDenied

from circles.actions.corrections import StaleVersion, correct_session
from circles.actions.merging import merge, tell_apart
from circles.actions.revising import OutOfStep, content_of
from circles.actions.withdrawing import restore, withdraw
from circles.models import (
    Attendance,
    Circle,
    LearningSession,
    Lesson,
    Revision,
    User,
)
from circles.permissions import Role
from tests.chaos.test_races import PAIRS, Crowd
from tests.factories import CircleFactory, MembershipFactory, MilestoneFactory, logged

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

State = LearningSession.State


@pytest.fixture
def land(roles):
    circle = CircleFactory()
    MilestoneFactory(circle=circle, target=2)
    authors = [roles.user(Role.KHUN_AMNUAY, circle) for _one in range(2)]
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    return circle, authors, admin


def quietly(action, *args, **kwargs):
    """Return an action that says how it ended: its result, or the refusal's name."""

    def act():
        try:
            return action(*args, **kwargs)
        except (OutOfStep, PermissionDenied, StaleVersion) as refused:
            return type(refused)

    return act


def as_of(user):
    """Return the account as a request of its own would have it."""
    return User.objects.get(pk=user.pk)


def correction(session, author, text):
    content = content_of(LearningSession.objects.get(pk=session.pk))
    content.session.summary = text
    content.lessons = [*content.lessons, Lesson(text=text)]
    how = {"author": as_of(author), "version": content_version(session)}
    return quietly(correct_session, session, content, **how)


def content_version(session):
    return LearningSession.objects.values_list("version", flat=True).get(pk=session.pk)


def test_of_two_corrections_one_is_stored_and_one_is_shown_both(land):
    circle, (one, other), _admin = land
    session = logged(circle, one).session

    with Crowd(2) as crowd:
        for number in range(PAIRS):
            results = crowd.at_once(
                correction(session, one, f"หนึ่ง {number}"),
                correction(session, other, f"สอง {number}"),
            )
            assert results.count(StaleVersion) == 1

    session.refresh_from_db()
    assert session.version == PAIRS + 1
    assert session.lessons.count() == session.revisions.count() == PAIRS


def test_one_correction_sent_ten_times_is_one(land):
    circle, (one, _other), _admin = land
    session = logged(circle, one).session
    sent = [correction(session, one, "ดิน") for _time in range(10)]

    with Crowd(10) as crowd:
        results = crowd.at_once(*sent)

    assert {result.pk for result in results} == {Revision.objects.get().pk}
    assert session.lessons.count() == 1


def test_merging_and_telling_apart_at_once_has_one_answer(land):
    circle, (one, other), _admin = land
    seats = MembershipFactory.create_batch(2, circle=circle)
    first = logged(circle, one, present=[seats[0].person_id], lessons=["ดิน"]).session

    with Crowd(3) as crowd:
        for number in range(PAIRS):
            told = {"present": [seats[1].person_id], "lessons": [f"น้ำ {number}"]}
            second = logged(circle, other, is_separate=False, **told).session
            crowd.at_once(
                quietly(merge, second, first, as_of(one)),
                quietly(merge, second, first, as_of(other)),
                quietly(tell_apart, second, as_of(other)),
            )
            second.refresh_from_db()
            is_merged = second.merged_into_id == first.pk
            assert second.state == (State.WITHDRAWN if is_merged else State.HELD)
            came = first.lessons.filter(text=f"น้ำ {number}").count()
            assert came == is_merged
            assert second.revisions.count() == 1

    people = Attendance.objects.filter(session=first).values_list("person")
    assert len(people) == len(set(people)) == 2
    counted = Circle.objects.with_totals().get(pk=circle.pk).session_count
    assert counted == circle.sessions.counted().count()


def test_withdrawing_correcting_logging_and_restoring_do_not_wait_for_each_other(land):
    circle, (one, other), admin = land
    session = logged(circle, one).session

    with Crowd(4) as crowd:
        for number in range(PAIRS):
            crowd.at_once(
                quietly(withdraw, session, as_of(admin), "ซ้ำ"),
                quietly(restore, session, as_of(admin), "ไม่ซ้ำ"),
                quietly(logged, circle, as_of(other)),
                correction(session, one, f"แก้ {number}"),
            )
            restore(session, as_of(admin), "ไม่ซ้ำ")

    session.refresh_from_db()
    kinds = list(session.revisions.values_list("kind", flat=True))
    assert kinds.count("withdrawn") == kinds.count("restored") > 0
    assert session.version == len(kinds) + 1
    assert circle.sessions.counted().count() == PAIRS + 1
