"""Whom and what administrators look after: never outside, never above."""

from datetime import timedelta

import pytest
from django.utils import timezone

from circles.models import Agency, Assignment, Change, Circle, Person, Place
from circles.permissions import (
    GRANTS,
    Permission,
    Role,
    codes_of,
    may_grant,
    roles_grantable,
)
from tests.factories import (
    AgencyFactory,
    AmphoeFactory,
    AssignmentFactory,
    CircleFactory,
    MembershipFactory,
    PersonFactory,
    ProvinceFactory,
    TambonFactory,
    UserFactory,
    VillageFactory,
)
from tests.factories_changes import changed

ASKED = {
    Circle: Permission.MANAGE_CIRCLE,
    Place: Permission.MANAGE_CIRCLE,
    Person: Permission.MANAGE_PERSON,
    Agency: Permission.EDIT_CONTACT,
    Assignment: Permission.ASSIGN_ROLE,
    Change: Permission.VIEW_HISTORY,
}


def fill(tambon):
    """Make one row of each table in *tambon*; return them by table."""
    village = VillageFactory(parent=tambon)
    circle = CircleFactory(place=village)
    person = PersonFactory(village=village)
    right = AssignmentFactory(circle=circle)
    return {
        Circle: circle,
        Place: village,
        Person: person,
        Agency: AgencyFactory(place=tambon),
        Assignment: right,
        Change: changed(circle, None, topic="ปุ๋ย"),
    }


@pytest.fixture
def land(db):
    """Three tambons: two in amphoe 8001, one in 8002; and one of another province."""
    other = AmphoeFactory(code="8002", name_th="พรหมคีรี")
    krabi = ProvinceFactory(code="81", name_th="กระบี่")
    away = AmphoeFactory(code="8101", name_th="เมืองกระบี่", parent=krabi)
    tambons = {
        "a": TambonFactory(),
        "b": TambonFactory(),
        "c": TambonFactory(parent=other),
        "d": TambonFactory(parent=away),
    }
    return {name: (one, fill(one)) for name, one in tambons.items()}


def everywhere(tambons):
    return dict.fromkeys(ASKED, tambons)


def reached(user, land):
    """Return for each table the tambons of which *user* is given the row."""
    return {
        model: {
            name
            for name, (_tambon, rows) in land.items()
            if model.objects.allowed(user, permission)
            .filter(pk=rows[model].pk)
            .exists()
        }
        for model, permission in ASKED.items()
    }


@pytest.mark.parametrize(
    ("role", "code", "sees"),
    [
        (Role.TAMBON_ADMIN, "tambon", {"a"}),
        (Role.TAMBON_ADMIN, "amphoe", {"a", "b"}),
        (Role.PROVINCE_ADMIN, "amphoe", {"a", "b"}),
        (Role.TAMBON_ADMIN, "province", {"a", "b", "c"}),
        (Role.PROVINCE_ADMIN, "province", {"a", "b", "c"}),
        (Role.KHUN_AMNUAY, "tambon", set()),
        (Role.KHUN_UA, "province", set()),
        (Role.GOVERNOR_OFFICE, "province", set()),
        (Role.KHUN_LIKHIT, "amphoe", set()),
        (Role.KHUN_KIJ, "tambon", set()),
    ],
)
def test_an_administrator_reaches_what_lies_below_and_nothing_else(
    role, code, sees, land, roles
):
    tambon, _rows = land["a"]
    where = {"tambon": tambon, "amphoe": tambon.parent}
    user = roles.user(role, where.get(code, tambon.parent.parent))

    assert reached(user, land) == everywhere(sees)


def test_two_assignments_add_up(land, roles):
    user = roles.user(Role.TAMBON_ADMIN, land["a"][0])
    AssignmentFactory(person=user.person, role=Role.TAMBON_ADMIN, place=land["c"][0])

    assert reached(user, land) == everywhere({"a", "c"})
    assert sorted(codes_of(user, Permission.MANAGE_CIRCLE)) == sorted(
        [land["a"][0].code, land["c"][0].code]
    )


@pytest.mark.parametrize(("since", "until"), [(-9, -1), (1, 9), (1, None)])
def test_a_right_that_ended_or_has_not_begun_gives_nothing(since, until, land, roles):
    today = timezone.localdate()
    user = roles.user(
        Role.PROVINCE_ADMIN,
        land["a"][0].parent.parent,
        since=today + timedelta(days=since),
        until=today + timedelta(days=until) if until else None,
    )

    assert reached(user, land) == everywhere(set())
    assert roles_grantable(user) == []
    assert not may_grant(user, Role.KHUN_KIJ, "800101")


@pytest.mark.parametrize(("since", "until"), [(0, 0), (-9, 0), (0, None)])
def test_the_first_and_the_last_day_count(since, until, land, roles):
    today = timezone.localdate()
    user = roles.user(
        Role.TAMBON_ADMIN,
        land["a"][0],
        since=today + timedelta(days=since),
        until=today + timedelta(days=until) if until is not None else None,
    )

    assert reached(user, land) == everywhere({"a"})


def test_a_closed_account_has_no_rights(land, roles):
    user = roles.user(Role.PROVINCE_ADMIN, land["a"][0].parent.parent)
    user.is_active = False

    assert reached(user, land) == everywhere(set())


def test_an_account_without_a_person_has_none_and_a_superuser_all(land):
    assert reached(UserFactory(person=None), land) == everywhere(set())
    superuser = UserFactory(is_superuser=True)
    assert reached(superuser, land) == everywhere({"a", "b", "c", "d"})


def test_an_agency_without_a_seat_is_the_provinces(land, roles):
    tambon, _rows = land["a"]
    agency = AgencyFactory(place=None)
    history = changed(agency, None, short_name="ก")
    person = PersonFactory(agency=agency)

    def sees(role, where):
        user = roles.user(role, where)
        manages = Agency.objects.allowed(user, Permission.EDIT_CONTACT)
        reads = Change.objects.allowed(user, Permission.VIEW_HISTORY)
        people = Person.objects.allowed(user, Permission.MANAGE_PERSON)
        return agency in manages, history in reads, person in people

    assert sees(Role.PROVINCE_ADMIN, tambon.parent.parent) == (True, True, True)
    assert sees(Role.TAMBON_ADMIN, tambon.parent) == (False, False, False)


def test_places_and_agencies_are_managed_by_province_administrators_alone(land, roles):
    tambon, rows = land["a"]
    for role, where, manages in (
        (Role.TAMBON_ADMIN, tambon, False),
        (Role.TAMBON_ADMIN, tambon.parent.parent, False),
        (Role.PROVINCE_ADMIN, tambon.parent.parent, True),
    ):
        user = roles.user(role, where)
        places = Place.objects.allowed(user, Permission.MANAGE_PLACE)
        agencies = Agency.objects.allowed(user, Permission.MANAGE_AGENCY)
        assert (rows[Place] in places) is manages
        assert (rows[Agency] in agencies) is manages


def test_the_history_of_a_person_elsewhere_stays_there(land, roles):
    user = roles.user(Role.TAMBON_ADMIN, land["a"][0])
    here, there = land["a"][1][Person], land["b"][1][Person]
    of_here = changed(here, None, position="ครู")
    of_there = changed(there, None, position="ครู")
    MembershipFactory(circle=land["a"][1][Circle], person=here)

    read = Change.objects.allowed(user, Permission.VIEW_HISTORY)

    assert of_here in read
    assert of_there not in read


def test_nobody_gives_a_right_above_ones_own(land, roles):
    tambon, _rows = land["a"]
    for role in (Role.TAMBON_ADMIN, Role.PROVINCE_ADMIN):
        user = roles.user(role, tambon)
        assert set(roles_grantable(user)) == GRANTS[role]
        for asked in Role:
            assert may_grant(user, asked, tambon.code) is (asked in GRANTS[role])
            assert may_grant(user, asked, f"{tambon.code}01") is (asked in GRANTS[role])
            assert not may_grant(user, asked, tambon.parent.code)
            assert not may_grant(user, asked, land["b"][0].code)
            assert not may_grant(user, asked, None)


def test_nobody_sees_an_own_right_among_those_to_give_and_take(land, roles):
    user = roles.user(Role.PROVINCE_ADMIN, land["a"][0].parent.parent)
    other = roles.user(Role.PROVINCE_ADMIN, land["a"][0].parent.parent)

    found = Assignment.objects.allowed(user, Permission.ASSIGN_ROLE)

    assert not found.filter(person=user.person).exists()
    assert found.filter(person=other.person).exists()
