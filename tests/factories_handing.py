"""Minimal valid rows about people who leave, and who follows them."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from circles.models import Handover, Succession, WorkingNote
from tests.factories import AssignmentFactory, CircleFactory, PersonFactory, UserFactory


def in_days(n):
    """Return the day so many days from today, in Bangkok."""
    return timezone.localdate() + timedelta(days=n)


class HandoverFactory(DjangoModelFactory):
    """Somebody leaves in ten days."""

    class Meta:
        model = Handover

    person = factory.SubFactory(PersonFactory)
    last_day = factory.LazyFunction(lambda: in_days(10))
    author = factory.SubFactory(UserFactory)


class SuccessionFactory(DjangoModelFactory):
    """Nobody follows in one right, over a new circle unless ``assignment`` is given."""

    class Meta:
        model = Succession

    assignment = factory.LazyFunction(lambda: AssignmentFactory(circle=CircleFactory()))
    handover = factory.SubFactory(
        HandoverFactory, person=factory.SelfAttribute("..assignment.person")
    )
    kind = Succession.Kind.VACANT


class WorkingNoteFactory(DjangoModelFactory):
    class Meta:
        model = WorkingNote

    circle = factory.SubFactory(CircleFactory)
    text = "นัดวันอาทิตย์บ่าย"
    author = factory.SubFactory(UserFactory)
