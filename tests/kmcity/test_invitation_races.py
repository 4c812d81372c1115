"""Two at once: one letter, one account."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection

from circles.actions.accounts import AccountRefused, create_account
from circles.models import SignInSlip, User
from kmcity.tasks import send_invitations
from tests.factories import PersonFactory, UserFactory
from tests.factories_accounts import InvitationFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WORKERS = 4


def at_once(*calls):
    """Run *calls* together; return what each returned or refused with."""
    start = Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            return call()
        except AccountRefused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_many_workers_send_one_letter_each():
    rows = InvitationFactory.create_batch(10)

    at_once(*[send_invitations] * WORKERS)

    addresses = sorted(to for letter in mail.outbox for to in letter.to)
    assert addresses == sorted(row.contact.address for row in rows)
    assert SignInSlip.objects.count() == len(rows)


def test_one_person_gets_one_account_and_one_name_goes_once():
    root, person = UserFactory(is_superuser=True), PersonFactory()

    answers = at_once(
        *[lambda: create_account(root, person, "mali").username] * WORKERS
    )
    assert sorted(answers) == ["exists"] * (WORKERS - 1) + ["mali"]

    others = PersonFactory.create_batch(WORKERS)
    answers = at_once(
        *[
            lambda one=one: create_account(root, one, "Somporn").username
            for one in others
        ]
    )
    assert sorted(answers) == ["somporn"] + ["taken"] * (WORKERS - 1)
    assert User.objects.filter(username__iexact="somporn").count() == 1
