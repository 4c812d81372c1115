"""Minimal valid rows about meetings ahead."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from circles.models import Appointment, CalendarFeed
from tests.factories import CircleFactory, UserFactory


class AppointmentFactory(DjangoModelFactory):
    """A day agreed on, a week ahead unless ``on`` says otherwise."""

    class Meta:
        model = Appointment

    circle = factory.SubFactory(CircleFactory)
    on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))


class CalendarFeedFactory(DjangoModelFactory):
    class Meta:
        model = CalendarFeed

    user = factory.SubFactory(UserFactory)
