"""Correcting somebody: recorded, and never lost out of one's own reach unawares."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from circles.actions.people import edit_person
from circles.models import Change, Person
from circles.permissions import Role
from tests.factories import (
    AgencyFactory,
    MembershipFactory,
    PersonFactory,
    UserFactory,
    VillageFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(circle):
    return PersonFactory(first_name="สมศรี", village=circle.place)


def post(client, person, **typed):
    typed = {"first_name": person.first_name} | typed
    return client.post(reverse("person-edit", args=[person.pk]), typed)


def codes(response):
    data = response.context["form"].errors.as_data()
    return {name: [one.code for one in errors] for name, errors in data.items()}


def test_person_edit(tambon_admin_client, person, circle):
    agency = AgencyFactory(place=circle.place.parent)

    response = post(
        tambon_admin_client,
        person,
        first_name="สมศรี",
        last_name="ใจดี",
        village=circle.place_id,
        agency_q=agency.name,
    )

    assertRedirects(response, reverse("person-detail", args=[person.pk]))
    person.refresh_from_db()
    assert (person.last_name, person.agency) == ("ใจดี", agency)
    change = Change.objects.get(person=person)
    assert change.changes == {"last_name": ["", "ใจดี"], "agency": [None, agency.pk]}


def test_what_changes_nothing_leaves_no_trace(tambon_admin_client, person, circle):
    post(tambon_admin_client, person, village=circle.place_id)

    assert not Change.objects.exists()


def test_what_was_typed_stays_after_a_refusal(tambon_admin_client, person):
    response = post(tambon_admin_client, person, first_name="", position="หมอดิน")

    assert codes(response) == {"first_name": ["required"]}
    assertContains(response, 'value="หมอดิน"')


def test_moving_out_of_the_own_reach_is_warned_about_once(tambon_admin_client, person):
    far = VillageFactory()

    warned = post(tambon_admin_client, person, village=far.pk)

    assert codes(warned) == {"__all__": ["moves_away"]}
    assertContains(warned, 'value="leave"')
    assert Person.objects.get(pk=person.pk).village != far
    moved = post(tambon_admin_client, person, village=far.pk, act="leave")
    assertRedirects(moved, reverse("person-list"))
    assert Person.objects.get(pk=person.pk).village == far


def test_nobody_brings_an_account_of_elsewhere_home(roles, circle):
    """A seat here once, an account, and today duties elsewhere or none: with a home
    here it would be within reach of this tambon's administrator."""
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    day = timezone.localdate().replace(year=2020)
    seat = MembershipFactory(circle=circle, since=day, until=day)
    UserFactory(person=seat.person)
    client = roles.signed_in(admin)

    refused = post(client, seat.person, village=circle.place_id)
    renamed = post(client, seat.person, first_name="ชื่อใหม่")

    assert codes(refused) == {"__all__": ["not_yours"]}
    assert renamed.status_code == 302
    assert Person.objects.get(pk=seat.person_id).village is None


def test_the_consent_taken_back_is_dated_today(tambon_admin_client, person, circle):
    Person.objects.filter(pk=person.pk).update(show_consent=True, consent_how="spoken")

    said = {"keep_consent": "yes", "show_consent": "no", "consent_how": "spoken"}
    post(tambon_admin_client, person, village=circle.place_id, **said)

    person.refresh_from_db()
    assert (person.keep_consent, person.show_consent) == (True, False)
    assert person.consent_on == timezone.localdate()


def test_an_action_refuses_whoever_is_not_looked_after(roles, circle, person):
    stranger = roles.user(Role.TAMBON_ADMIN, VillageFactory().parent)

    with pytest.raises(Person.DoesNotExist):
        edit_person(stranger, person, {"first_name": "เปลี่ยน"})


@pytest.mark.parametrize("number", ["9" * 30, "x", "-1"])
def test_a_senseless_choice_is_refused_in_words(tambon_admin_client, person, number):
    response = post(tambon_admin_client, person, agency=number)

    assert codes(response) == {"agency": ["gone"]}
