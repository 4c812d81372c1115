"""What an administrator does to somebody's account, and what is out of reach."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.models import Assignment, Change, User
from circles.permissions import Role
from tests.factories import (
    AssignmentFactory,
    CircleFactory,
    ContactPointFactory,
    MembershipFactory,
)
from tests.factories_accounts import seated
from tests.kmcity.signing import account, factors, sign_in, who, with_app

pytestmark = pytest.mark.django_db


def url(person):
    return reverse("person-account", args=[person.pk])


def test_closing_ends_every_session_and_opening_lets_in_again(
    tambon_admin_client, circle, roles
):
    user = seated(circle)
    phone = roles.signed_in(user)
    assertContains(
        tambon_admin_client.post(url(user.person), {"act": "disable"}), 'class="err"'
    )

    form = {"act": "disable", "reason": "ย้ายไปที่อื่น"}
    assertRedirects(tambon_admin_client.post(url(user.person), form), url(user.person))

    assert not who(phone)
    assert phone.get(reverse("home")).status_code == 302
    user.refresh_from_db()
    assert not user.is_active
    change = Change.objects.get(person=user.person)
    assert (change.changes["is_active"], change.reason) == (
        [True, False],
        "ย้ายไปที่อื่น",
    )
    assertNotContains(tambon_admin_client.get(url(user.person)), 'value="invite"')

    tambon_admin_client.post(url(user.person), {"act": "enable"})
    user.refresh_from_db()
    assert user.is_active


def test_signing_somebody_out_leaves_the_others_alone(
    tambon_admin_client, client, circle, roles
):
    user, other = account(), seated(circle)
    MembershipFactory(circle=circle, person=user.person)
    with_app(user)
    sign_in(client, user.username)  # waits for the second factor
    phone, neighbour = roles.signed_in(user), roles.signed_in(other)

    tambon_admin_client.post(url(user.person), {"act": "sign-out"})

    assert not who(phone)
    assert "account_login" not in client.session
    assert who(neighbour) == str(other.pk)
    change = Change.objects.get(person=user.person)
    assert change.changes == {"signed_out": [None, True]}


def test_a_lost_phone_costs_its_factor_and_its_sessions(
    tambon_admin_client, circle, roles
):
    user = seated(circle)
    with_app(user)
    phone = roles.signed_in(user)
    page = url(user.person)
    refused = tambon_admin_client.post(page, {"act": "factor", "reason": "\u200b"})
    assertContains(refused, 'class="err"')

    tambon_admin_client.post(page, {"act": "factor", "reason": "ทำโทรศัพท์หาย"})

    assert not factors(user)
    assert not who(phone)
    assert Change.objects.get(person=user.person).reason == "ทำโทรศัพท์หาย"


def test_the_last_administrator_of_the_province_stays(circle, roles):
    province = circle.place.parent.parent.parent
    last = roles.user(Role.PROVINCE_ADMIN, province)
    root = roles.signed_in(account(is_superuser=True))

    form = {"act": "disable", "reason": "ลองดู"}
    assertContains(root.post(url(last.person), form), 'class="err"')

    last.refresh_from_db()
    assert last.is_active
    assert Assignment.objects.filter(person=last.person).exists()


ACTS = ["create", "invite", "disable", "enable", "sign-out", "factor"]


@pytest.mark.parametrize("act", [*ACTS, "", "nonsense"])
@pytest.mark.parametrize("case", ["oneself", "reaches out", "far role", "superuser"])
def test_out_of_reach_is_said_and_refused(circle, roles, case, act):
    tambon = circle.place.parent
    admin = roles.user(Role.TAMBON_ADMIN, tambon)
    person = admin.person if case == "oneself" else seated(circle).person
    if case == "reaches out":
        MembershipFactory(circle=CircleFactory(), person=person)
    if case == "far role":
        AssignmentFactory(person=person, role=Role.PROVINCE_ADMIN, place=tambon)
    if case == "superuser":
        User.objects.filter(person=person).update(is_superuser=True)
    point, client = ContactPointFactory(person=person), roles.signed_in(admin)

    page = client.get(url(person))
    form = {"act": act, "reason": "x", "contact": point.pk, "username": "x"}
    response = client.post(url(person), form)

    assert response.status_code == 404
    for one in ACTS:
        assertNotContains(page, f'name="act" value="{one}"')
    assertNotContains(page, reverse("slip-create"))
    assertContains(page, reverse("account") if case == "oneself" else "notice")
    assert not Change.objects.exists()


@pytest.mark.parametrize("level", ["province", "amphoe", "superuser"])
def test_what_the_province_closed_the_province_opens(
    tambon_admin_client, circle, roles, level
):
    user, amphoe = seated(circle), circle.place.parent.parent
    place = amphoe if level == "amphoe" else amphoe.parent
    above = roles.user(Role.PROVINCE_ADMIN, place)
    if level == "superuser":
        above.person.assignments.all().delete()
        User.objects.filter(pk=above.pk).update(is_superuser=True)
    form = {"act": "disable", "reason": "ใช้ในทางที่ผิด"}
    above = User.objects.get(pk=above.pk)
    assertRedirects(
        roles.signed_in(above).post(url(user.person), form), url(user.person)
    )

    tambon_admin_client.cookies.load({"django_language": "en"})
    answer = tambon_admin_client.post(url(user.person), {"act": "enable"}, follow=True)

    user.refresh_from_db()
    assert user.is_active == (level == "amphoe")
    assert ("closed this account" in answer.text) != user.is_active
    roles.signed_in(above).post(url(user.person), {"act": "enable"})
    user.refresh_from_db()
    assert user.is_active


def test_who_has_left_the_province_has_closed_it_all_the_same(
    tambon_admin_client, circle, roles
):
    user, province = seated(circle), circle.place.parent.parent.parent
    above = roles.user(Role.PROVINCE_ADMIN, province)
    form = {"act": "disable", "reason": "ใช้ในทางที่ผิด"}
    roles.signed_in(above).post(url(user.person), form)
    above.person.assignments.update(until="2020-01-01")

    tambon_admin_client.post(url(user.person), {"act": "enable"})

    user.refresh_from_db()
    assert not user.is_active
