"""Minimal valid rows about seats."""

from datetime import timedelta

import factory
from django.utils import timezone

from tests.factories import MembershipFactory


class NewcomerFactory(MembershipFactory):
    """A seat that a facilitator gave a week ago, by a name alone."""

    is_confirmed = False
    since = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=7))
