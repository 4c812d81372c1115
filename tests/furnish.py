"""A circle with a little of everything, for the tests of pages."""

from tests.factories import (
    AchievementFactory,
    AttendanceFactory,
    LearningSessionFactory,
    LessonFactory,
    MembershipFactory,
    MilestoneFactory,
    SubmissionFactory,
)


def furnish(circle, **session):
    """Give *circle* a seat, a road, and a session with people and a lesson."""
    seat = MembershipFactory(circle=circle)
    stone = MilestoneFactory(circle=circle, position=1)
    held = LearningSessionFactory(circle=circle, **session)
    SubmissionFactory(session=held)
    AttendanceFactory(session=held, person=seat.person)
    LessonFactory(session=held, teller=seat.person)
    AchievementFactory(milestone=stone, session=held)
    MilestoneFactory(circle=circle, position=2, target=50)
    return held
