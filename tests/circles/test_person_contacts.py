"""Numbers: masked, shown one at a time, each look written down."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.models import Change, ContactPoint
from tests.factories import (
    CircleFactory,
    ContactPointFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories_people import MobileFactory

pytestmark = pytest.mark.django_db
NUMBER, MASKED = "0812345678", "08x-xxx-5678"


@pytest.fixture
def contact(circle):
    person = MembershipFactory(circle=circle).person
    return MobileFactory(person=person, address=NUMBER)


def page_of(contact):
    return reverse("person-contacts", args=[contact.person_id])


def reveal(client, contact):
    return client.post(reverse("contact-reveal", args=[contact.pk]))


def act(client, contact, what, **typed):
    typed = {"act": what, "contact": contact.pk} | typed
    return client.post(page_of(contact), typed)


@pytest.mark.parametrize("rows", [1, 3])
def test_person_contacts(
    tambon_admin_client, contact, rows, django_assert_max_num_queries
):
    ContactPointFactory.create_batch(rows - 1, person=contact.person)

    with django_assert_max_num_queries(10):
        page = tambon_admin_client.get(page_of(contact))

    assert len(page.context["contacts"]) == rows
    assertContains(page, MASKED)
    assertNotContains(page, NUMBER)


@pytest.mark.parametrize("who", ["facilitator_client", "tambon_admin_client"])
def test_one_tap_shows_one_number_once_and_is_written_down(who, contact, request):
    client = request.getfixturevalue(who)
    other = MobileFactory(person=contact.person, address="0899999999")

    answer = reveal(client, contact)

    assertContains(answer, "tel:0812345678")
    assertNotContains(answer, other.address)
    assert "no-store" in answer["Cache-Control"]
    assertNotContains(client.get(page_of(contact)), NUMBER)
    change = Change.objects.get(person=contact.person)
    assert (change.kind, change.subject) == (Change.Kind.SEEN, "contactpoint")
    assert change.author_id == int(client.session["_auth_user_id"])
    assert NUMBER not in str(change.changes)


def test_a_province_administrator_sees_masked_numbers_only(
    province_admin_client, contact
):
    page = province_admin_client.get(page_of(contact))

    assertNotContains(page, reverse("contact-reveal", args=[contact.pk]))
    assert reveal(province_admin_client, contact).status_code == 404
    assert not Change.objects.exists()


def test_a_facilitator_sees_numbers_of_seats_of_today_alone(
    facilitator_client, contact, circle
):
    today = timezone.localdate()
    contact.person.memberships.update(until=today.replace(year=today.year - 1))
    elsewhere = MobileFactory(person=MembershipFactory(circle=CircleFactory()).person)

    for one in (contact, elsewhere):
        assert facilitator_client.get(page_of(one)).status_code == 404
        assert reveal(facilitator_client, one).status_code == 404


def test_a_facilitator_only_looks(facilitator_client, contact):
    page = facilitator_client.get(page_of(contact))

    assertNotContains(page, 'value="remove"')
    assert act(facilitator_client, contact, "remove").status_code == 404
    assert ContactPoint.objects.filter(pk=contact.pk).exists()


def test_the_inbox_is_neither_shown_nor_changed(tambon_admin_client, contact):
    inbox = ContactPointFactory(person=contact.person, channel="inbox", address="")

    page = tambon_admin_client.get(page_of(contact))

    assert list(page.context["contacts"]) == [contact]
    assert reveal(tambon_admin_client, inbox).status_code == 404
    assert act(tambon_admin_client, inbox, "remove").status_code == 404


def test_a_number_is_stored_as_digits(tambon_admin_client, contact):
    response = act(
        tambon_admin_client, contact, "add", channel="phone", address="+66 89-111-2222"
    )

    assertRedirects(response, page_of(contact))
    new = ContactPoint.objects.get(address="0891112222")
    assert (new.person, new.verified_at) == (contact.person, None)


@pytest.mark.parametrize(
    ("channel", "address", "code"),
    [
        ("phone", "12345", "no_phone"),
        ("email", "somsri@", "no_email"),
        ("email", "", "required"),
        ("phone", NUMBER, "known"),
        ("phone", "081-234-5678", "known"),
        ("email", "a@b.example\x00", "control_characters"),
    ],
)
def test_what_is_no_address_is_refused_in_words(
    tambon_admin_client, contact, channel, address, code
):
    response = act(
        tambon_admin_client, contact, "add", channel=channel, address=address
    )

    errors = response.context["form"].errors.as_data()
    assert [one.code for one in errors["address"]] == [code]
    assert ContactPoint.objects.count() == 1


@pytest.mark.parametrize("channel", ["inbox", "line", ""])
def test_only_telephone_and_e_mail_are_offered(tambon_admin_client, contact, channel):
    act(tambon_admin_client, contact, "add", channel=channel, address="x@example.org")

    assert ContactPoint.objects.count() == 1


def test_contacts_are_verified_switched_off_and_removed(tambon_admin_client, contact):
    ContactPoint.objects.update(verified_at=None)

    def state(what):
        act(tambon_admin_client, contact, what)
        contact.refresh_from_db()
        return contact.verified_at is not None, contact.blocked_at is not None

    assert state("verify") == (True, False)
    assert state("block") == (True, True)
    assert state("unblock") == (True, False)
    assert state("unverify") == (False, False)
    act(tambon_admin_client, contact, "remove")
    assert not ContactPoint.objects.exists()
    kinds = Change.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["changed"] * 4 + ["removed"]
    assert not any(NUMBER in str(one.changes) for one in Change.objects.all())


def other_account(way, address):
    match way:
        case "contact":
            point = MobileFactory(address=address)
            return UserFactory(person=point.person)
        case "username":
            return UserFactory(username=address)


@pytest.mark.parametrize("way", ["contact", "username"])
def test_a_number_of_anothers_account_is_kept_only_as_shared(
    tambon_admin_client, contact, way
):
    other_account(way, "0897777777")
    typed = {"channel": "phone", "address": "0897777777"}

    own = act(tambon_admin_client, contact, "add", is_verified="on", **typed)
    shared = act(tambon_admin_client, contact, "add", **typed)

    errors = own.context["form"].errors.as_data()
    assert [one.code for one in errors["address"]] == ["shared"]
    assert shared.status_code == 302
    new = ContactPoint.objects.get(person=contact.person, address="0897777777")
    act(tambon_admin_client, new, "verify")
    new.refresh_from_db()
    assert new.verified_at is None


def test_an_accounts_own_address_is_anothers_too(tambon_admin_client, contact):
    UserFactory(email="Boss@Example.org")
    typed = {"channel": "email", "address": "boss@example.org", "is_verified": "on"}

    act(tambon_admin_client, contact, "add", **typed)

    assert ContactPoint.objects.count() == 1


@pytest.mark.parametrize("number", ["", "x", "9" * 30, "-1", "\x00"])
def test_a_senseless_number_of_a_row_is_hidden(tambon_admin_client, contact, number):
    typed = {"act": "remove", "contact": number}
    response = tambon_admin_client.post(page_of(contact), typed)

    assert response.status_code in {400, 404}
    assert ContactPoint.objects.count() == 1
