"""The page of somebody's account, as administrators see and use it."""

import pytest
from django.core import mail
from django.urls import reverse
from kombu.exceptions import OperationalError
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.actions.accounts import suggest_username
from circles.models import Change, Invitation, User
from circles.permissions import Role
from kmcity import tasks
from tests.factories import (
    ContactPointFactory,
    MembershipFactory,
    PersonFactory,
)
from tests.factories_accounts import InvitationFactory, seated
from tests.kmcity.signing import account

pytestmark = pytest.mark.django_db


def url(person):
    return reverse("person-account", args=[person.pk])


@pytest.fixture
def user(circle):
    return seated(circle)


@pytest.fixture
def newcomer(circle):
    person = PersonFactory(first_name="สมพร")
    MembershipFactory(circle=circle, person=person)
    return person


def test_person_account(tambon_admin_client, user):
    ContactPointFactory(person=user.person, address="somporn@example.org")

    page = tambon_admin_client.get(url(user.person))

    assertContains(page, user.username)
    assertContains(page, "s•••@example.org")
    assertNotContains(page, "somporn@")
    for act in ("invite", "disable", "sign-out"):
        assertContains(page, f'value="{act}"')
    assertContains(page, reverse("slip-create"))
    assertNotContains(page, 'value="factor"')  # there is none to take away


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_often_for_one_address_as_for_three(
    tambon_admin_client, user, rows, django_assert_max_num_queries
):
    for one in ContactPointFactory.create_batch(rows, person=user.person):
        InvitationFactory(user=user, contact=one)

    with django_assert_max_num_queries(10):
        tambon_admin_client.get(url(user.person))


def test_an_account_is_opened_with_a_name_that_is_thought_of(
    tambon_admin_client, newcomer
):
    assertContains(tambon_admin_client.get(url(newcomer)), 'value="สมพร"')

    for _twice in range(2):
        form = {"act": "create", "username": "Somporn"}
        response = tambon_admin_client.post(url(newcomer), form)
        assertRedirects(response, url(newcomer))

    made = User.objects.get(person=newcomer)
    assert (made.username, made.has_usable_password()) == ("somporn", False)
    change = Change.objects.get(subject="user", person=newcomer)
    assert change.kind == Change.Kind.MADE


@pytest.mark.parametrize(
    "name",
    [
        *("", "   ", "\u200b", "two words", "สมศรี้", "a/b", "<b>", "a\x00b", "ก" * 151),
        *("mali", "MALI", "0812345678", "mali@example.org"),  # somebody else's
    ],
)
def test_a_name_that_will_not_do_is_refused_in_words(
    tambon_admin_client, newcomer, name
):
    other = account(username="Mali")
    ContactPointFactory(person=other.person, channel="phone", address="0812345678")
    ContactPointFactory(person=other.person, address="mali@example.org")

    form = {"act": "create", "username": name}
    response = tambon_admin_client.post(url(newcomer), form)

    assertContains(response, 'class="err"')
    assert not User.objects.filter(person=newcomer).exists()


@pytest.mark.parametrize("typed", ["0812345678", "๐๘๑๒๓๔๕๖๗๘", "+66812345678"])
def test_a_telephone_number_is_no_user_name(tambon_admin_client, newcomer, typed):
    """It would stand in full on pages on which the number is masked."""
    ContactPointFactory(person=newcomer, channel="phone", address="0812345678")

    page = tambon_admin_client.get(url(newcomer))
    form = {"act": "create", "username": typed}
    refused = tambon_admin_client.post(url(newcomer), form)

    assertNotContains(page, "0812345678")
    [error] = refused.context["name_form"].errors.as_data()["username"]
    assert error.code == "phone"
    assert not User.objects.filter(person=newcomer).exists()


@pytest.mark.parametrize(
    ("first", "last", "called", "taken", "idea"),
    [
        ("สมหญิง", "ใจงาม", "", [], "somying"),
        ("สมหญิง", "ใจงาม", "ป้าหญิง", ["somying"], "somying.c"),
        ("สมหญิง", "", "", ["somying"], "somying2"),
        ("สมพร", "ใจงาม", "", [], "สมพร"),
        ("สมพร", "ใจงาม", "", ["สมพร"], "somphon"),
        ("ครู้", "", "น้า", [], "khru"),
        ("๑", "", "", ["๑"], "account2"),
        ("Žofie", "", "", [], "žofie"),
    ],
)
def test_a_user_name_is_thought_of_from_the_name(db, first, last, called, taken, idea):
    for name in taken:
        account(username=name)
    person = PersonFactory(first_name=first, last_name=last, called_as=called)
    ContactPointFactory(person=person, channel="phone", address="0812345678")

    assert suggest_username(person) == idea


def test_an_invitation_stands_on_the_page_as_sent(
    tambon_admin_client, user, django_capture_on_commit_callbacks
):
    point = ContactPointFactory(person=user.person, address="somporn@example.org")

    with django_capture_on_commit_callbacks(execute=True):
        form = {"act": "invite", "contact": point.pk}
        response = tambon_admin_client.post(url(user.person), form)

    assertRedirects(response, url(user.person))
    assert mail.outbox[0].to == ["somporn@example.org"]
    page = tambon_admin_client.get(url(user.person))
    assertContains(page, "s•••@example.org")
    assertNotContains(page, "somporn@")
    assert page.context["stands"].letter.invitation.sent_at


def test_a_broker_that_is_away_breaks_no_page(
    tambon_admin_client, user, monkeypatch, django_capture_on_commit_callbacks
):

    def away():
        raise OperationalError

    monkeypatch.setattr(tasks.send_invitations, "delay", away)
    point = ContactPointFactory(person=user.person)

    with django_capture_on_commit_callbacks(execute=True):
        form = {"act": "invite", "contact": point.pk}
        response = tambon_admin_client.post(url(user.person), form)

    assertRedirects(response, url(user.person))
    assert Invitation.objects.get().sent_at is None


@pytest.mark.parametrize("contact", ["", "0", "x", "-1", "9" * 30, "theirs", "\x00"])
def test_a_letter_goes_to_no_other_address(tambon_admin_client, user, contact):
    ContactPointFactory(person=user.person)
    theirs = ContactPointFactory()

    number = theirs.pk if contact == "theirs" else contact
    form = {"act": "invite", "contact": number}
    response = tambon_admin_client.post(url(user.person), form)

    assertContains(response, 'class="err"')
    assert not Invitation.objects.exists()


def test_a_second_factor_is_required_only_where_it_is_asked_for(
    province_admin_client, circle, roles, settings
):
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    for is_asked in (False, True):
        settings.SECOND_FACTOR = is_asked
        stands = account_page(province_admin_client, admin)
        assert stands.must_have_factor is is_asked


def account_page(client, user):
    session = client.session
    session["second_factor_of"] = int(session["_auth_user_id"])
    session.save()
    return client.get(url(user.person)).context["stands"]
