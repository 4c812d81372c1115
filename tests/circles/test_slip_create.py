"""The two pages of a slip: the administrator's and the one it leads to."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from circles.actions.slips import make_slip
from circles.models import SignInSlip
from circles.permissions import Role
from tests.factories import MembershipFactory, UserFactory
from tests.factories_accounts import InvitationFactory
from tests.kmcity.signing import account, who, with_app

pytestmark = pytest.mark.django_db
NEW = "ข้าวปลาอาหาร-2570"
FORM = {"password1": NEW, "password2": NEW}


@pytest.fixture
def slip_of():
    def make(user):
        _slip, secret = make_slip(UserFactory(is_superuser=True), user)
        return reverse("slip-use", args=[secret])

    return make


def test_slip_create(tambon_admin_client, facilitator):
    url = reverse("slip-create")
    assertContains(tambon_admin_client.get(url), facilitator.username)

    response = tambon_admin_client.post(url, {"account": facilitator.pk})

    path = re.search(r"https?://[^/<]+(/slip/[^<]+/)", response.text)[1]
    assertContains(response, "<svg")
    assertContains(response, facilitator.username)
    assert "style=" not in response.text
    assertContains(tambon_admin_client.get(path), "password1")
    assert path.split("/")[2] not in tambon_admin_client.get(url).text
    assert SignInSlip.objects.get().author.username != facilitator.username


@pytest.mark.parametrize(
    "number", ["0", "-1", "x", "", "9" * 30, "๑", "\x00", "1e3", "²"]
)
def test_an_odd_number_of_an_account_is_no_account(tambon_admin_client, number):
    response = tambon_admin_client.post(reverse("slip-create"), {"account": number})

    assert response.status_code == 404


def test_an_account_out_of_reach_is_no_account(
    tambon_admin_client, province_admin_client, roles, circle
):
    above = roles.user(Role.PROVINCE_ADMIN, circle.place.parent.parent.parent)
    url = reverse("slip-create")

    assert tambon_admin_client.post(url, {"account": above.pk}).status_code == 404
    assertNotContains(tambon_admin_client.get(url), above.username)
    assertContains(province_admin_client.get(url), above.username)
    assert not SignInSlip.objects.exists()


@pytest.mark.parametrize("search", ["มาลี", "สุดสวย", "หมอดิน", "mali7", "มาลี สุด"])
def test_an_account_is_found_by_its_names(province_admin_client, search):
    found = UserFactory(
        username="mali7",
        person__first_name="มาลี",
        person__last_name="สุดสวย",
        person__called_as="หมอดิน",
    )
    UserFactory(person__first_name="สมชาย")

    response = province_admin_client.get(reverse("slip-create"), {"q": search})

    assert response.context["accounts"] == [found]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_one_as_for_three(
    province_admin_client, django_assert_num_queries, rows
):
    UserFactory.create_batch(rows)

    # session, account, assignments, the list, own circles of the menu, unread news
    with django_assert_num_queries(6):
        province_admin_client.get(reverse("slip-create"))


def test_a_long_list_says_that_there_are_more(province_admin_client):
    UserFactory.create_batch(32)

    response = province_admin_client.get(reverse("slip-create"))

    assert len(response.context["accounts"]) == 30
    assert response.context["has_more"]


def test_slip_use(client, roles, slip_of):
    user = account()
    elsewhere, path = roles.signed_in(user), slip_of(user)
    for _n in range(2):  # looking uses nothing up
        assertContains(client.get(path), user.username)

    response = client.post(path, FORM)

    assert response.url == reverse("home")
    assert who(client) == str(user.pk)
    assert elsewhere.get(reverse("account")).status_code == 302
    assertContains(client.post(path, FORM), "notice--warn", status_code=410)
    assertContains(client.get(path), "notice--warn", status_code=410)


def test_a_slip_does_not_replace_the_second_factor(client, slip_of):
    cache.clear()
    user = account()
    with_app(user)

    response = client.post(slip_of(user), FORM)

    assert response.url == reverse("second-factor-check")
    assert not who(client)


def test_a_slip_leaves_nothing_of_whoever_was_signed_in_there(
    facilitator_client, slip_of
):
    facilitator_client.get(reverse("home"))
    session = facilitator_client.session
    session["theirs"] = "something"
    session.save()
    user = account()

    facilitator_client.post(slip_of(user), FORM)

    assert who(facilitator_client) == str(user.pk)
    assert "theirs" not in facilitator_client.session


@pytest.mark.parametrize(
    "token", ["x", "abcde-abcde-abcde-abcde-abcde", "ก" * 300, "%ff", "a'b"]
)
def test_an_invented_slip_opens_nothing(client, token):
    for response in [
        client.get(f"/slip/{token}/"),
        client.post(f"/slip/{token}/", FORM),
    ]:
        assert response.status_code in {400, 410}


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"password1": "12345678", "password2": "12345678"},
        {"password1": NEW, "password2": "another"},
        {"password1": "\x00" * 9, "password2": "\x00" * 9},
        {"password1": "ก" * 10_000, "password2": "ก" * 10_000},
        {"password1": "user-name-7", "password2": "user-name-7"},
    ],
)
def test_a_password_that_will_not_do_uses_no_slip_up(client, slip_of, form):
    user = account(username="user-name-7")
    path = slip_of(user)

    assertContains(client.post(path, form), "errsum")

    assertContains(client.get(path), "password1")
    assert SignInSlip.objects.get().used_at is None


def test_who_never_had_a_password_gets_an_invitation(
    tambon_admin_client, circle, roles
):
    user = roles.user(Role.KHUN_AMNUAY, circle)
    MembershipFactory(circle=circle, person=user.person)  # not said twice
    form = {"account": user.pk}

    user.set_password(NEW)
    user.save()
    later = tambon_admin_client.post(reverse("slip-create"), form)
    user.set_unusable_password()
    user.save()
    first = tambon_admin_client.post(reverse("slip-create"), form)

    assert (later.context["is_first"], first.context["is_first"]) == (False, True)
    assertContains(first, circle.name)
    assertNotContains(later, circle.name)
    assert len(first.context["work"]) == 1
    assertContains(first, str(first.context["slip"].author))
    for page in (first, later):
        assertContains(page, "data-print")
        assertContains(page, reverse("person-account", args=[user.person_id]))


def test_a_card_says_beforehand_that_it_ends_a_letter(tambon_admin_client, facilitator):
    url = reverse("person-account", args=[facilitator.person_id])
    letter = InvitationFactory(user=facilitator)
    slip, _secret = make_slip(letter.author, facilitator)

    waiting = tambon_admin_client.get(url)
    letter.sent_at, letter.slip = letter.due_at, slip
    letter.save()
    sent = tambon_admin_client.get(url)
    slip.used_at = letter.due_at
    slip.save()
    used = tambon_admin_client.get(url)

    for page in (waiting, sent):
        assertContains(page, 'id="h-ends"')
    assertNotContains(used, 'id="h-ends"')
