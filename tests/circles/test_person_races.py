"""Two administrators at one moment: one slip, one owner of an address, one person."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from circles.actions.accounts import create_account
from circles.actions.contacts import add_contact, verify_contact
from circles.actions.inviting import print_slip
from circles.actions.people import create_person
from circles.actions.slips import SlipSpent, make_slip, use_slip
from circles.models import ContactPoint, Person, SignInSlip, User
from circles.permissions import Role
from kmcity.tasks import send_invitations
from tests.factories import ContactPointFactory, PersonFactory, UserFactory
from tests.factories_accounts import InvitationFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
CROWD, ROUNDS = 10, 5


def at_once(*calls):
    """Run *calls* together; return what each returned or refused with."""
    start = Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            return call()
        except ValidationError as refused:
            return refused.code
        except SlipSpent:
            return "spent"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def root():
    return UserFactory(is_superuser=True)


@pytest.mark.parametrize("make", [make_slip, print_slip])
def test_of_ten_slips_for_one_account_one_is_good(root, make):
    for _round in range(ROUNDS):
        user = UserFactory()
        at_once(*[lambda user=user: make(root, user)] * CROWD)

        assert SignInSlip.objects.valid().filter(user=user).count() == 1


def test_a_slip_is_not_used_beside_a_newer_one(root):
    for n in range(ROUNDS):
        user = UserFactory()
        _slip, secret = make_slip(root, user)
        at_once(
            lambda user=user: print_slip(root, user),
            lambda secret=secret, n=n: use_slip(secret, f"ข้าวปลาอาหาร-{n}"),
        )

        slips = SignInSlip.objects.filter(user=user)
        assert slips.valid().count() == 1


def owners(address):
    points = ContactPoint.objects.filter(address=address).exclude(verified_at=None)
    return points.count() + User.objects.filter(username=address).count()


def test_an_address_goes_to_one_account(root):
    for n in range(ROUNDS):
        address = f"shared{n}@example.org"
        people = [UserFactory().person for _n in range(CROWD)]
        answers = at_once(
            *[
                lambda one=one, a=address: add_contact(
                    root, one, "email", a, is_verified=True
                )
                for one in people
            ]
        )

        assert answers.count("shared") == CROWD - 1
        assert owners(address) == 1


def test_an_address_is_verified_for_one_account(root):
    for n in range(ROUNDS):
        points = [
            ContactPointFactory(
                person=UserFactory().person,
                address=f"both{n}@example.org",
                verified_at=None,
            )
            for _n in range(CROWD)
        ]
        at_once(
            *[lambda one=one: verify_contact(root, one, is_on=True) for one in points]
        )

        assert owners(f"both{n}@example.org") == 1


def test_an_address_that_becomes_a_user_name_is_nobody_elses(root):
    for n in range(ROUNDS):
        address, newcomer = f"name{n}@example.org", PersonFactory()
        ContactPointFactory(person=newcomer, address=address, verified_at=None)
        other = UserFactory().person
        at_once(
            lambda one=newcomer, a=address: create_account(root, one, a),
            lambda one=other, a=address: add_contact(
                root, one, "email", a, is_verified=True
            ),
        )

        assert owners(address) == 1


def test_two_administrators_enter_one_person_once(roles, circle):
    village = circle.place
    authors = [
        roles.user(Role.TAMBON_ADMIN, village.parent),
        roles.user(Role.PROVINCE_ADMIN, village.parent.parent.parent),
    ]
    for n in range(ROUNDS):
        given = {"first_name": f"สมศรี{n}", "last_name": "ใจดี", "village": village}
        answers = at_once(
            *[lambda one=one, g=given: create_person(one, g) for one in authors]
        )

        assert answers.count("same_name") == 1
        assert Person.objects.filter(first_name=given["first_name"]).count() == 1


def test_a_printed_card_and_a_letter_do_not_wait_for_each_other(root):
    for _round in range(ROUNDS):
        row = InvitationFactory()
        answers = at_once(
            send_invitations, lambda one=row: print_slip(root, one.user) and "printed"
        )

        assert answers == [None, "printed"]
        assert SignInSlip.objects.valid().filter(user=row.user).count() == 1
