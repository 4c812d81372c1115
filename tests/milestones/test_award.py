"""A milestone is reached exactly when stored sessions say so, and once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from milestones.actions import award
from milestones.models import Achievement, Event, Measure, Notice
from milestones.reports import reached_on, value_of
from tests.factories import (
    AchievementFactory,
    AmphoeFactory,
    AttendanceFactory,
    CircleFactory,
    LearningSessionFactory,
    LessonFactory,
    MembershipFactory,
    MilestoneFactory,
    ProvinceFactory,
    TambonFactory,
    VillageFactory,
    logged,
)

TODAY = timezone.localdate()


def days_ago(days):
    return TODAY - timedelta(days=days)


def reached():
    return list(Achievement.objects.order_by("pk").values_list("milestone", flat=True))


def test_one_session_short_is_not_enough(circle, facilitator):
    milestone = MilestoneFactory(circle=circle, target=3)

    logged(circle, facilitator)
    logged(circle, facilitator)
    assert reached() == []

    logged(circle, facilitator)
    assert reached() == [milestone.pk]


def test_one_person_short_is_not_enough(circle, facilitator):
    MilestoneFactory(circle=circle, measure=Measure.PEOPLE, target=3)
    ids = [seat.person_id for seat in MembershipFactory.create_batch(3, circle=circle)]

    logged(circle, facilitator, present=ids[:2])
    logged(circle, facilitator, present=ids[:2])  # the same two again
    assert reached() == []

    logged(circle, facilitator, present=ids[2:])
    assert len(reached()) == 1


def test_one_lesson_short_is_not_enough(circle, facilitator):
    MilestoneFactory(circle=circle, measure=Measure.LESSONS, target=4)

    logged(circle, facilitator, lessons=["ดิน", "น้ำ", "ปุ๋ย"])
    assert reached() == []

    logged(circle, facilitator, lessons=["บัญชี", "พันธุ์ข้าว"])  # beyond the target
    assert len(reached()) == 1


def test_absent_people_and_guests_are_no_members_taking_part(circle, facilitator):
    milestone = MilestoneFactory(circle=circle, measure=Measure.PEOPLE, target=2)
    came, _missed = MembershipFactory.create_batch(2, circle=circle)

    submission = logged(circle, facilitator, present=[came.person_id], guest_count=50)
    AttendanceFactory(session=submission.session, state="excused")

    assert value_of(milestone) == 1
    assert reached() == []


@pytest.mark.parametrize("measure", list(Measure))
def test_what_other_circles_do_does_not_count_for_a_circle(circle, measure):
    milestone = MilestoneFactory(circle=circle, measure=measure, target=1)
    other = LearningSessionFactory(circle=CircleFactory(place=circle.place))
    AttendanceFactory(session=other)
    LessonFactory(session=other)

    award(other)

    assert value_of(milestone) == 0
    assert reached() == []


def test_the_day_reached_is_the_day_of_the_session_that_crossed(circle, facilitator):
    """Logged out of order: the target of 3 was crossed by the third meeting held."""
    MilestoneFactory(circle=circle, target=3)

    for days in (2, 9, 30):  # the oldest is written down last
        submission = logged(circle, facilitator, held_on=days_ago(days))

    achievement = Achievement.objects.get()
    assert achievement.reached_on == days_ago(2)
    assert achievement.session == submission.session


def test_the_day_people_reached_it_is_when_the_last_of_them_first_came(circle):
    milestone = MilestoneFactory(circle=circle, measure=Measure.PEOPLE, target=2)
    late, middle, early = (
        LearningSessionFactory(circle=circle, held_on=days_ago(days))
        for days in (1, 10, 20)
    )
    AttendanceFactory(session=late)
    first = AttendanceFactory(session=middle)
    AttendanceFactory(session=early, person=first.person)

    assert reached_on(milestone) == days_ago(1)


def test_the_day_lessons_reached_it_is_when_the_last_was_told(circle):
    milestone = MilestoneFactory(circle=circle, measure=Measure.LESSONS, target=3)
    late = LearningSessionFactory(circle=circle, held_on=days_ago(1))
    early = LearningSessionFactory(circle=circle, held_on=days_ago(20))
    LessonFactory.create_batch(2, session=late)
    LessonFactory.create_batch(2, session=early)

    assert reached_on(milestone) == days_ago(1)
    milestone.target = 2
    assert reached_on(milestone) == days_ago(20)


def test_there_is_no_day_before_it_is_reached(circle):
    assert reached_on(MilestoneFactory(circle=circle)) is None


@pytest.mark.parametrize("level", ["tambon", "amphoe", "province"])
def test_a_place_counts_all_circles_below_it(roles, level):
    here, far = TambonFactory(), TambonFactory(parent=AmphoeFactory(code="8002"))
    places = {"tambon": here, "amphoe": here.parent, "province": here.parent.parent}
    circles = {
        "tambon": [CircleFactory(place=here), CircleFactory(place__parent=here)],
        "amphoe": [CircleFactory(place=here.parent), CircleFactory(place__parent=here)],
        "province": [CircleFactory(place=far), CircleFactory(place__parent=here)],
    }[level]
    outside = ProvinceFactory(code="81", name_th="กระบี่")
    elsewhere = {
        "tambon": CircleFactory(place=TambonFactory()),
        "amphoe": CircleFactory(place=far),
        "province": CircleFactory(place=outside),
    }[level]
    milestone = MilestoneFactory(circle=None, place=places[level], target=2)

    award(LearningSessionFactory(circle=circles[0]))
    award(LearningSessionFactory(circle=elsewhere))
    assert reached() == []

    award(LearningSessionFactory(circle=circles[1]))
    assert reached() == [milestone.pk]


def test_a_person_in_two_circles_is_one_person_of_the_tambon(circle, facilitator):
    tambon = circle.place.parent
    milestone = MilestoneFactory(
        circle=None, place=tambon, measure=Measure.PEOPLE, target=2
    )
    attendance = AttendanceFactory(session__circle=circle)
    second = CircleFactory(place=VillageFactory(parent=tambon))

    award(AttendanceFactory(session__circle=second, person=attendance.person).session)

    assert value_of(milestone) == 1
    assert reached() == []


def test_a_milestone_is_celebrated_once(circle, facilitator):
    MilestoneFactory(circle=circle, target=1)

    session = logged(circle, facilitator).session
    logged(circle, facilitator)

    assert award(session) == []
    assert Achievement.objects.count() == Event.objects.count() == 1


def test_taking_a_session_away_and_logging_it_again_celebrates_nothing(
    circle, facilitator
):
    MilestoneFactory(circle=circle, target=2)
    gone = LearningSessionFactory(circle=circle)
    logged(circle, facilitator)
    gone.delete()

    logged(circle, facilitator)

    assert Achievement.objects.count() == 1


def test_an_epoch_is_reached_once(circle):
    first = AchievementFactory(milestone__circle=circle)

    AchievementFactory(milestone=first.milestone, session=first.session, epoch=2)
    with pytest.raises(IntegrityError):
        AchievementFactory(milestone=first.milestone, session=first.session, epoch=1)


def test_one_session_may_cross_several_milestones(circle, facilitator):
    near = MilestoneFactory(circle=circle, target=1)
    far = MilestoneFactory(circle=circle, target=2)
    lessons = MilestoneFactory(circle=circle, measure=Measure.LESSONS, target=1)
    MilestoneFactory(circle=circle, target=3)
    LearningSessionFactory(circle=circle)

    logged(circle, facilitator, lessons=["ดิน"])

    assert reached() == [near.pk, far.pk, lessons.pk]


def test_each_achievement_has_an_event_of_its_own(circle, facilitator):
    milestone = MilestoneFactory(circle=circle, target=1)

    logged(circle, facilitator)

    event = Event.objects.get()
    assert event.key == f"milestone-{milestone.pk}-1"
    assert event.achievement.milestone == milestone


@pytest.mark.parametrize("why", [{"is_news": False}, {"held_on": days_ago(61)}])
def test_what_is_no_news_is_awarded_silently(circle, facilitator, why):
    MilestoneFactory(circle=circle, target=1)

    logged(circle, facilitator, **why)

    assert len(reached()) == 1
    assert not Event.objects.exists()
    assert not Notice.objects.exists()


def test_a_session_of_today_tells_what_backfills_brought_near(circle, facilitator):
    MilestoneFactory(circle=circle, target=2)
    logged(circle, facilitator, held_on=days_ago(7000))

    logged(circle, facilitator)

    assert Event.objects.count() == 1
    assert Notice.objects.filter(sent_at__isnull=False).count() == 1
