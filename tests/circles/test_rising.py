"""Who rises to a role that reaches far begins with new ways in."""

from __future__ import annotations

import pytest
from django.urls import reverse

from circles.actions.contacts import add_contact
from circles.actions.doubles import merge_people
from circles.actions.handing import hand_over
from circles.actions.handing_seats import Step
from circles.actions.rights import assign
from circles.actions.slips import make_slip
from circles.models import Change, Succession, User
from circles.permissions import Role
from tests.factories import ContactPointFactory, PersonFactory, UserFactory
from tests.factories_accounts import InvitationFactory
from tests.factories_handing import in_days
from tests.kmcity.signing import factors, with_app


@pytest.fixture
def province(circle):
    return circle.place.parent.parent.parent


@pytest.fixture
def boss(province, roles):
    return roles.user(Role.PROVINCE_ADMIN, province)


@pytest.fixture
def risen(circle):
    user = UserFactory(person__village=circle.place)
    user.set_password("เดิม-1234")
    user.save()
    return user


def opens(user):
    return User.objects.get(pk=user.pk).has_usable_password()


FAR = [
    *((role, "province") for role in (Role.PROVINCE_ADMIN, Role.GOVERNOR_OFFICE)),
    *((Role.TAMBON_ADMIN, "tambon"), (Role.KHUN_UA, "province")),
]
NEAR = [(Role.KHUN_UA, "tambon"), (Role.KHUN_AMNUAY, "tambon")]


def where(circle, level):
    tambon = circle.place.parent
    return tambon if level == "tambon" else tambon.parent.parent


@pytest.mark.parametrize(("role", "level"), FAR)
def test_everything_that_opened_the_account_is_closed(
    roles, circle, boss, risen, role, level
):
    client = roles.signed_in(risen)
    with_app(risen)
    slip, _secret = make_slip(boss, risen)
    letter = InvitationFactory(user=risen)
    point = ContactPointFactory(person=risen.person)

    assign(boss, risen.person, role, where(circle, level), in_days(1))

    assert not opens(risen)
    assert "sign-in" in client.get("/").url
    assert not factors(risen)
    slip.refresh_from_db()
    letter.refresh_from_db()
    point.refresh_from_db()
    assert not type(slip).objects.valid().filter(pk=slip.pk).exists()
    assert letter.failed_at
    assert point.verified_at is None
    told = Change.objects.filter(person=risen.person)
    assert told.filter(changes__has_key="ways_in_closed").count() == 1
    assert told.filter(subject="contactpoint", kind="changed").count() == 1


def test_an_address_that_the_giver_confirms_stays(circle, boss, risen):
    kept, lost = (ContactPointFactory(person=risen.person) for _n in range(2))

    assign(
        boss,
        risen.person,
        Role.TAMBON_ADMIN,
        circle.place.parent,
        in_days(0),
        keeps=[kept.pk],
    )

    kept.refresh_from_db()
    lost.refresh_from_db()
    assert kept.verified_at
    assert lost.verified_at is None


@pytest.mark.parametrize(("role", "level"), NEAR)
def test_a_role_near_by_closes_nothing(circle, boss, risen, role, level):
    assign(boss, risen.person, role, where(circle, level), in_days(0))

    assert opens(risen)


def test_who_is_up_already_keeps_the_password(circle, boss, risen, province):
    risen.person.assignments.create(role=Role.GOVERNOR_OFFICE, place=province)

    assign(boss, risen.person, Role.TAMBON_ADMIN, circle.place.parent, in_days(0))

    assert opens(risen)


def test_of_an_account_never_used_only_what_the_province_said_stays(
    roles, circle, boss
):
    """A letter for a new password goes to whatever is verified."""
    user = UserFactory(password="!", person__village=circle.place)
    below = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    said = {"channel": "email", "is_verified": True}
    planted = add_contact(below, user.person, address="evil@example.org", **said)
    known = add_contact(boss, user.person, address="own@example.org", **said)

    assign(boss, user.person, Role.TAMBON_ADMIN, circle.place.parent, in_days(0))

    planted.refresh_from_db()
    known.refresh_from_db()
    assert planted.verified_at is None
    assert known.verified_at
    assert not Change.objects.filter(changes__has_key="ways_in_closed").exists()


def test_a_successor_rises_too(circle, boss, risen, roles):
    leaver = roles.user(Role.TAMBON_ADMIN, circle.place.parent).person
    step = Step(leaver.assignments.get(), Succession.Kind.SUCCESSOR, risen.person)

    hand_over(boss, leaver, in_days(5), [step])

    assert not opens(risen)


def test_a_merge_may_raise_too(boss, risen, province):
    office = PersonFactory()
    office.assignments.create(role=Role.GOVERNOR_OFFICE, place=province)

    merge_people(boss, risen.person, office)

    assert not opens(risen)


def test_the_page_says_to_invite_anew(roles, circle, boss, risen):
    form = {"act": "give", "role": "tambon_admin", "place": circle.place.parent_id}
    form |= {"since": in_days(0).isoformat(), "ends": "open"}
    client = roles.signed_in(boss)
    client.cookies.load({"django_language": "en"})

    path = reverse("person-rights", args=[risen.person_id])
    assert "Invite this person anew" in client.post(path, form, follow=True).text

    other = PersonFactory(village=circle.place)
    path = reverse("person-rights", args=[other.pk])
    assert "Invite this person" not in client.post(path, form, follow=True).text
