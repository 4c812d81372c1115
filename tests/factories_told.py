"""Minimal valid rows of what a session holds beyond people and lessons."""

import uuid
from urllib.parse import urlencode

import factory
from factory.django import DjangoModelFactory

from circles.models import (
    Draft,
    DreamVersion,
    Indicator,
    Problem,
    Promise,
    PromiseReview,
    Reading,
    SupportRequest,
)
from tests.factories import CircleFactory, LearningSessionFactory, UserFactory


class PromiseFactory(DjangoModelFactory):
    class Meta:
        model = Promise

    session = factory.SubFactory(LearningSessionFactory)
    text = "ส่งตัวอย่างดิน 3 แปลงไปตรวจ"


class PromiseReviewFactory(DjangoModelFactory):
    class Meta:
        model = PromiseReview

    session = factory.SubFactory(LearningSessionFactory)
    promise = factory.SubFactory(PromiseFactory)
    state = PromiseReview.State.DOING


class ProblemFactory(DjangoModelFactory):
    class Meta:
        model = Problem

    session = factory.SubFactory(LearningSessionFactory)
    text = "เครื่องสับใบไม้เสีย"


class SupportRequestFactory(DjangoModelFactory):
    class Meta:
        model = SupportRequest

    session = factory.SubFactory(LearningSessionFactory)
    text = "ขอยืมเครื่องสับใบไม้"


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = Indicator

    name = factory.Sequence(lambda n: f"ครัวเรือนที่ทำปุ๋ย {n}")
    unit = "ครัวเรือน"


class ReadingFactory(DjangoModelFactory):
    class Meta:
        model = Reading

    session = factory.SubFactory(LearningSessionFactory)
    indicator = factory.SubFactory(IndicatorFactory)
    value = 9


class DreamVersionFactory(DjangoModelFactory):
    class Meta:
        model = DreamVersion

    circle = factory.SubFactory(CircleFactory)
    author = factory.SubFactory(UserFactory)
    text = "คนบ้านเราทำปุ๋ยใช้เอง"


class DraftFactory(DjangoModelFactory):
    """What a form holds after its day was typed as ``day``."""

    class Meta:
        model = Draft

    class Params:
        day = "20 พ.ย. 69"

    author = factory.SubFactory(UserFactory)
    circle = factory.SubFactory(CircleFactory)
    key = factory.LazyFunction(uuid.uuid4)
    payload = factory.LazyAttribute(
        lambda one: urlencode({"held_on": one.day, "present": "7"})
    )
