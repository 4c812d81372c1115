"""Minimal valid rows.  Ask for what the test is about; leave the rest to these."""

import uuid
from datetime import date, timedelta

import factory
from django.db.models import Max
from django.utils import timezone
from factory.django import DjangoModelFactory

from circles.actions import Content, log_session
from circles.models import (
    Agency,
    Assignment,
    Attendance,
    Circle,
    CircleOpening,
    ContactPoint,
    LearningSession,
    Lesson,
    Membership,
    Person,
    Place,
    Submission,
    User,
)
from circles.permissions import Role
from milestones.models import Achievement, Event, Measure, Milestone, Notice

LONG_AGO = date(2005, 1, 1)


def _next_code(place: Place) -> str:
    """Return the first code below the parent that no place has yet."""
    children = Place.objects.filter(parent=place.parent)
    last = children.aggregate(last=Max("code"))["last"]
    return f"{int(last) + 1}" if last else f"{place.parent.code}01"


class PlaceFactory(DjangoModelFactory):
    """Give ``parent``; the code is the next free one below it."""

    class Meta:
        model = Place
        django_get_or_create = ("code",)

    code = factory.LazyAttribute(_next_code)
    name_th = factory.LazyAttribute(lambda place: f"ทดลอง{place.code}")


class ProvinceFactory(PlaceFactory):
    code = "80"
    level = Place.Level.PROVINCE
    parent = None


class AmphoeFactory(PlaceFactory):
    """The amphoe 8001 unless another code (with its parent) is asked for."""

    code = "8001"
    level = Place.Level.AMPHOE
    parent = factory.SubFactory(ProvinceFactory)


class TambonFactory(PlaceFactory):
    """A new one each time, as with villages; at most 99 in one parent."""

    level = Place.Level.TAMBON
    parent = factory.SubFactory(AmphoeFactory)


class VillageFactory(PlaceFactory):
    level = Place.Level.VILLAGE
    parent = factory.SubFactory(TambonFactory)


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = Agency

    name = factory.Sequence(lambda n: f"สำนักงานที่ {n}")


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    first_name = factory.Sequence(lambda n: f"สมาชิก{n}")


class UserFactory(DjangoModelFactory):
    """An account with a person.  Sign in with ``force_login``: it has no password."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    password = "!"
    person = factory.SubFactory(PersonFactory)


class CircleFactory(DjangoModelFactory):
    """A circle of villagers, open since 2005, in a new village of a new tambon."""

    class Meta:
        model = Circle
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"วงทดลอง {n}")
    role = Role.KHUN_KIJ
    place = factory.SubFactory(VillageFactory)
    opening = factory.RelatedFactory(
        "tests.factories.CircleOpeningFactory", factory_related_name="circle"
    )


class CircleOpeningFactory(DjangoModelFactory):
    class Meta:
        model = CircleOpening

    circle = factory.SubFactory(CircleFactory, opening=None)
    opened_on = LONG_AGO


class AssignmentFactory(DjangoModelFactory):
    """Rights over the ``circle``, ``place`` or ``agency`` that is given."""

    class Meta:
        model = Assignment

    person = factory.SubFactory(PersonFactory)
    role = Role.KHUN_AMNUAY
    since = LONG_AGO


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    circle = factory.SubFactory(CircleFactory)
    person = factory.SubFactory(PersonFactory)
    role = Role.KHUN_KIJ
    since = LONG_AGO


class LearningSessionFactory(DjangoModelFactory):
    """A bare session of today with the next number; ``logged`` makes whole ones."""

    class Meta:
        model = LearningSession

    circle = factory.SubFactory(CircleFactory)
    number = factory.LazyAttribute(
        lambda one: (one.circle.sessions.aggregate(n=Max("number"))["n"] or 0) + 1
    )
    held_on = factory.LazyFunction(timezone.localdate)


class SubmissionFactory(DjangoModelFactory):
    class Meta:
        model = Submission

    session = factory.SubFactory(LearningSessionFactory)
    author = factory.SubFactory(UserFactory)
    author_role = Role.KHUN_AMNUAY
    digest = "0" * 64


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = Attendance

    session = factory.SubFactory(LearningSessionFactory)
    person = factory.SubFactory(PersonFactory)
    state = Attendance.State.PRESENT
    role = Role.KHUN_KIJ


class LessonFactory(DjangoModelFactory):
    class Meta:
        model = Lesson

    session = factory.SubFactory(LearningSessionFactory)
    text = "ปุ๋ยหมักใช้ได้ใน 30 วัน"


class MilestoneFactory(DjangoModelFactory):
    """The next stone of ``circle``; give ``circle=None, place=…`` for a place's."""

    class Meta:
        model = Milestone

    circle = factory.SubFactory(CircleFactory)
    position = factory.Sequence(lambda n: n % 30000 + 1)
    title = factory.Sequence(lambda n: f"หลักที่ {n}")
    measure = Measure.SESSIONS
    target = 3


class AchievementFactory(DjangoModelFactory):
    class Meta:
        model = Achievement

    milestone = factory.SubFactory(MilestoneFactory)
    session = factory.SubFactory(
        LearningSessionFactory, circle=factory.SelfAttribute("..milestone.circle")
    )
    reached_on = factory.SelfAttribute("session.held_on")


class EventFactory(DjangoModelFactory):
    class Meta:
        model = Event

    kind = Event.Kind.MILESTONE
    achievement = factory.SubFactory(AchievementFactory)
    key = factory.Sequence(lambda n: f"milestone-{n}")


class ContactPointFactory(DjangoModelFactory):
    class Meta:
        model = ContactPoint

    person = factory.SubFactory(PersonFactory)
    channel = ContactPoint.Channel.EMAIL
    address = factory.Sequence(lambda n: f"reader{n}@example.org")
    verified_at = factory.LazyFunction(timezone.now)


class NoticeFactory(DjangoModelFactory):
    class Meta:
        model = Notice

    event = factory.SubFactory(EventFactory)
    contact = factory.SubFactory(ContactPointFactory)
    due_at = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1))


def logged(circle, author, *, key=None, present=(), lessons=(), **given) -> Submission:
    """Log a session of today, one of its own, by the action; *lessons* are texts."""
    asked = {"received_at", "is_news", "is_separate"} & set(given)
    options = {"is_separate": True} | {name: given.pop(name) for name in asked}
    given.setdefault("held_on", timezone.localdate())
    told = [Lesson(text=text) for text in lessons]
    content = Content(LearningSession(circle=circle, **given), present, lessons=told)
    return log_session(content, author=author, key=key or uuid.uuid4(), **options)
