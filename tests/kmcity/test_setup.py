"""The first steps of a province without sample data."""

from io import StringIO

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.models import Assignment, Person, Place, User
from circles.permissions import Role
from kmcity import mail_trial
from kmcity.checklist import missing_steps
from kmcity.environment import mailer
from tests.factories import (
    AgencyFactory,
    AssignmentFactory,
    CircleFactory,
    UserFactory,
)
from tests.factories_accounts import InvitationFactory
from tests.kmcity.signing import with_app
from tests.smtp import Sink

pytestmark = pytest.mark.django_db
ADDRESS = "governor@example.org"


@pytest.fixture(autouse=True)
def _clean(db):
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def admin(roles):
    """A database with nothing but the places and the first account."""
    call_command("load_places", stdout=StringIO())
    call_command("create_admin", stdout=StringIO())
    Place.objects.update(stage="")
    return User.objects.get(username="admin")


@pytest.fixture
def browser(admin, roles):
    return roles.signed_in(admin)


@pytest.fixture
def sink():
    sink = Sink()
    sink.start()
    with override_settings(MAILERS={"default": mailer(sink.url)}):
        yield sink
    sink.stop()


def undone(browser):
    return [
        one.page
        for one in browser.get(reverse("setup")).context["steps"]
        if not one.is_done
    ]


def test_setup(admin, browser, settings):
    settings.SECOND_FACTOR = False
    page = browser.get(reverse("setup"))

    assertContains(page, "170")
    assert undone(browser) == [
        *("place-targets", "agency-create", "circle-create", "person-create")
    ]
    line = reverse("setup")
    assertContains(browser.get(reverse("overview")), f'href="{line}"')

    Place.objects.filter(code="800106").update(stage="target")
    AgencyFactory()
    village = Place.objects.get(code="80010603")
    circle = CircleFactory(place=village)
    facilitator = UserFactory()
    AssignmentFactory(person=facilitator.person, role=Role.KHUN_AMNUAY, circle=circle)
    assert undone(browser) == ["person-create"]
    invitation = InvitationFactory(user=facilitator)
    assert undone(browser) == ["person-create"]  # not sent yet
    invitation.sent_at = invitation.due_at
    invitation.save()

    assert undone(browser) == []
    # Mail alone is left: both pages say so.
    assert missing_steps(admin) == 1
    assertContains(browser.get(reverse("overview")), f'href="{line}"')
    mail_trial.keep("", "", ADDRESS)
    assertNotContains(browser.get(reverse("overview")), f'href="{line}"')


def test_both_pages_count_the_same(admin, browser, settings):
    settings.SECOND_FACTOR = False

    page = browser.get(reverse("setup"))

    left = page.context["step_count"] - page.context["done_count"]
    assert left == missing_steps(admin) == 5
    assertContains(browser.get(reverse("overview")), f"{left} ")
    create = reverse("person-create")
    assertContains(page, f'href="{create}?for=facilitator"')
    first = browser.get(f"{create}?for=facilitator")
    assert first.context["form"]["role"].value() == Role.KHUN_AMNUAY
    assertContains(first, 'class="notice"')


def test_letters_in_a_folder_are_enough_for_trying_out(browser, tmp_path):
    kept = {"default": mailer(f"file://{tmp_path}/data/mail")}
    with override_settings(MAILERS=kept):
        before = browser.get(reverse("setup"))
        browser.post(reverse("setup"), {"address": ADDRESS})
        after = browser.get(reverse("setup"))

    for page in (before, after):
        assert page.context["mail_is_done"]
        assertContains(page, "<b>data/mail</b>")
        assertNotContains(page, "MAIL_URL")
    assert list((tmp_path / "data" / "mail").glob("*.eml"))


def test_the_first_administrator_needs_a_second_factor(admin, browser, settings):
    settings.SECOND_FACTOR = True
    other = UserFactory()
    AssignmentFactory(
        person=other.person,
        role=Role.PROVINCE_ADMIN,
        place=Place.objects.get(code="80"),
    )
    with_app(UserFactory())  # of somebody else
    session = browser.session
    session["second_factor_of"] = admin.pk
    session.save()
    assert "second-factor" in undone(browser)

    with_app(other)

    assert "second-factor" not in undone(browser)


def test_it_asks_as_often_for_few_as_for_many(browser, django_assert_max_num_queries):
    CircleFactory.create_batch(3)

    with django_assert_max_num_queries(10):
        browser.get(reverse("setup"))


def test_only_who_manages_places_pays_for_the_line(
    office_client, tambon_admin_client, circle
):
    for client in (office_client, tambon_admin_client):
        page = client.get(reverse("overview"), follow=True)
        assertNotContains(page, f'href="{reverse("setup")}"')


def test_a_letter_is_sent_and_the_answer_stays(browser, sink):
    response = browser.post(reverse("setup"), {"address": ADDRESS})

    assertRedirects(response, reverse("setup"))
    assert sink.addresses == [ADDRESS]
    page = browser.get(reverse("setup"))
    assert page.context["result"]["is_done"]
    assertContains(page, "g•••@example.org")
    assertNotContains(page, ADDRESS)
    browser.post(reverse("setup"), {"address": ADDRESS})  # pressed twice
    assert len(sink.addresses) == 1


@pytest.mark.parametrize(
    ("reply", "code"),
    [(f"550 <{ADDRESS}> is unknown", "refused"), ("451 busy", "later")],
)
def test_a_refusal_is_said_masked(browser, sink, reply, code):
    sink.refusals[ADDRESS] = reply

    browser.post(reverse("setup"), {"address": ADDRESS})

    page = browser.get(reverse("setup"))
    result = page.context["result"]
    assert (result["code"], result["is_done"]) == (code, False)
    assert result["answer"].startswith(reply[:3])
    assertNotContains(page, ADDRESS)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("smtp://127.0.0.1:9", "connection"),
        ("smtp://no.such.host.invalid", "connection"),
        ("console:", "kept"),
    ],
)
def test_what_reaches_nobody_is_not_done(browser, url, code):
    with override_settings(MAILERS={"default": mailer(url)}):
        browser.post(reverse("setup"), {"address": ADDRESS})

    result = browser.get(reverse("setup")).context["result"]
    assert (result["code"], result["is_done"]) == (code, False)


@pytest.mark.parametrize(
    "address",
    ["", "x", "a b@example.org", "a\x00@example.org", "ก" * 300, "a@b\nBcc: c@d"],
)
def test_what_is_no_address_is_refused_in_words(browser, address):
    response = browser.post(reverse("setup"), {"address": address})

    assertContains(response, 'class="err"')
    assert not mail.outbox


def test_an_empty_database_shows_it_too(roles):
    """Migrated only: a superuser without a person or a place."""
    root = roles.signed_in(UserFactory(is_superuser=True, person=None))

    assert len(undone(root)) == 6
    assert not Person.objects.exists()
    assert not Assignment.objects.exists()
