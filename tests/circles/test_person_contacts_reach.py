"""Nobody takes over an account above the own reach by changing its e-mail."""

from datetime import date

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertNotContains

from circles.actions.contacts import add_contact, verify_contact
from circles.models import ContactPoint, Person
from circles.permissions import Role
from tests.factories import (
    AssignmentFactory,
    CircleFactory,
    ContactPointFactory,
    MembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(roles, circle):
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent)


ABOVE = {
    "province": lambda user, circle: {
        "role": Role.PROVINCE_ADMIN,
        "place": circle.place.parent.parent.parent,
    },
    "colleague": lambda user, circle: {
        "role": Role.TAMBON_ADMIN,
        "place": circle.place.parent,
    },
    "elsewhere": lambda user, circle: {
        "role": Role.KHUN_AMNUAY,
        "circle": CircleFactory(),
    },
    "tomorrow": lambda user, circle: {
        "role": Role.GOVERNOR_OFFICE,
        "place": circle.place.parent.parent.parent,
        "since": timezone.localdate().replace(year=2999),
    },
}


@pytest.mark.parametrize("why", ABOVE)
def test_the_ways_in_of_somebody_above_stay(roles, circle, admin, why):
    user = UserFactory(person=MembershipFactory(circle=circle).person)
    AssignmentFactory(person=user.person, **ABOVE[why](user, circle))
    contact = ContactPointFactory(person=user.person, verified_at=None)
    client, url = (
        roles.signed_in(admin),
        reverse("person-contacts", args=[user.person_id]),
    )
    mine = {"channel": "email", "address": "me@evil.example", "is_verified": "on"}

    page = client.get(url)
    assertNotContains(page, 'value="add"')
    assert client.post(url, {"act": "add"} | mine).status_code == 404
    for what in ("verify", "remove", "block"):
        typed = {"act": what, "contact": contact.pk}
        assert client.post(url, typed).status_code == 404
    with pytest.raises(Person.DoesNotExist):
        add_contact(admin, user.person, "email", "me@evil.example", is_verified=True)
    with pytest.raises(Person.DoesNotExist):
        verify_contact(admin, contact, is_on=True)

    client.post(reverse("password-reset"), {"email": "me@evil.example"})
    assert not mail.outbox
    assert list(ContactPoint.objects.filter(person=user.person)) == [contact]


def test_ones_own_numbers_are_somebody_elses_to_change(roles, admin, circle):
    MembershipFactory(circle=circle, person=admin.person)
    client = roles.signed_in(admin)
    url = reverse("person-contacts", args=[admin.person_id])

    assert client.get(url).status_code == 200
    typed = {"act": "add", "channel": "email", "address": "me@example.org"}
    assert client.post(url, typed).status_code == 404
    assert not ContactPoint.objects.exists()


def test_the_right_that_ended_shows_no_number(roles, circle):
    yesterday = timezone.localdate().replace(year=2020)
    contact = ContactPointFactory(person=MembershipFactory(circle=circle).person)
    ended = roles.client(Role.KHUN_AMNUAY, circle, until=yesterday)

    answer = ended.post(reverse("contact-reveal", args=[contact.pk]))

    assert answer.status_code == 404


@pytest.mark.parametrize("level", ["tambon", "amphoe"])
def test_a_duty_that_is_over_shows_no_number(roles, circle, level):
    """A seat or a right of years ago is no reason to telephone today."""
    place = circle.place.parent if level == "tambon" else circle.place.parent.parent
    client = roles.client(Role.TAMBON_ADMIN, place)
    days = {"since": date(2019, 1, 1), "until": date(2021, 1, 1)}
    seat = MembershipFactory(circle=circle, **days)
    right = AssignmentFactory(circle=circle, **days)
    for row in (seat, right):
        contact = ContactPointFactory(person=row.person)
        path = reverse("contact-reveal", args=[contact.pk])
        assert client.post(path).status_code == 404

        row.until = None
        row.save()
        assert client.post(path).status_code == 200
