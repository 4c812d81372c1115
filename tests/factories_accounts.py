"""What tests of accounts and invitations share."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from circles.models import Circle, Invitation, User
from tests.factories import (
    ContactPointFactory,
    MembershipFactory,
    UserFactory,
)


class InvitationFactory(DjangoModelFactory):
    """An invitation that is due, to an address of the account's person."""

    class Meta:
        model = Invitation

    user = factory.SubFactory(UserFactory)
    contact = factory.SubFactory(
        ContactPointFactory,
        person=factory.SelfAttribute("..user.person"),
        verified_at=None,
    )
    author = factory.SubFactory(UserFactory, is_superuser=True)
    due_at = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1))


def seated(circle: Circle, **fields: object) -> User:
    """Return an account whose person has a seat in *circle*."""
    user = UserFactory(**fields)
    MembershipFactory(circle=circle, person=user.person)
    return user
