"""Minimal valid rows about people: a mobile number, two rows that were one person."""

import factory
from factory.django import DjangoModelFactory

from circles.models import ContactPoint, PersonMerge
from tests.factories import ContactPointFactory, PersonFactory, UserFactory


class MobileFactory(ContactPointFactory):
    channel = ContactPoint.Channel.PHONE
    address = factory.Sequence(lambda n: f"081{n:07}")


class PersonMergeFactory(DjangoModelFactory):
    """A merge in which nothing went over; ``gone`` has to say whose double it is."""

    class Meta:
        model = PersonMerge

    kept = factory.SubFactory(PersonFactory)
    gone = factory.SubFactory(PersonFactory)
    author = factory.SubFactory(UserFactory)
    moved = {}
