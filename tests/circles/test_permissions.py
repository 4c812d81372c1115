"""Rights: how far each role reaches, when they begin, and when they end."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from circles.models import Circle, Place
from circles.permissions import (
    Permission,
    Role,
    covers_place,
    holds,
    places_allowed,
    require,
    role_to,
)
from tests.factories import (
    AgencyFactory,
    AssignmentFactory,
    CircleFactory,
    MembershipFactory,
    ProvinceFactory,
    TambonFactory,
    UserFactory,
    VillageFactory,
)


@pytest.fixture
def land(db):
    """Return circles at every level, of one tambon, of its neighbours and beyond."""
    village = VillageFactory()
    tambon = village.parent
    amphoe = tambon.parent
    return {
        "village": CircleFactory(place=village),
        "neighbours": CircleFactory(place=VillageFactory(parent=tambon)),
        "sponsors": CircleFactory(place=village, role=Role.KHUN_UA),
        "tambon": CircleFactory(place=tambon),
        "far": CircleFactory(place=TambonFactory()),
        "amphoe": CircleFactory(place=amphoe),
        "province": CircleFactory(place=amphoe.parent, role=Role.KHUN_UA),
        "abroad": CircleFactory(place=ProvinceFactory(code="81")),
    }


def allowed(land, user, permission):
    found = set(Circle.objects.allowed(user, permission))
    return {name for name, circle in land.items() if circle in found}


IN_TAMBON = {"village", "neighbours", "sponsors", "tambon"}
IN_PROVINCE = IN_TAMBON | {"far", "amphoe", "province"}
OWN = {"village"}
SEEN = [IN_PROVINCE, set(), set()]
VIEW, NAMES = Permission.VIEW_CIRCLE, Permission.VIEW_NAMES
LOG, FIGURES = Permission.LOG_SESSION, Permission.VIEW_FIGURES
EDIT, WITHDRAW = Permission.EDIT_SESSION, Permission.WITHDRAW_SESSION
ASKED = [VIEW, NAMES, LOG, FIGURES, EDIT, WITHDRAW]

REACHES = [
    # role, assigned to: view, names, log, figures, edit, withdraw
    (Role.KHUN_KIJ, "village", [OWN, OWN, set(), OWN, set(), set()]),
    (Role.KHUN_AMNUAY, "village", [OWN, OWN, OWN, IN_TAMBON, OWN, set()]),
    (Role.KHUN_LIKHIT, "village", [OWN, OWN, set(), OWN, OWN, set()]),
    (Role.KHUN_LIKHIT, "sponsors", [*[{"sponsors"}] * 5, set()]),
    (Role.KHUN_UA, "sponsors", [*[{"sponsors"}] * 5, set()]),
    (Role.KHUN_UA, "village", [OWN, set(), set(), OWN, set(), set()]),
    (Role.KHUN_AMNUAY, "province", [*[{"province"}] * 5, set()]),
    (Role.KHUN_UA, "of tambon", [IN_TAMBON, *[set()] * 2, IN_TAMBON, *[set()] * 2]),
    (Role.KHUN_AMNUAY, "of tambon", [*[IN_TAMBON] * 5, set()]),
    (Role.GOVERNOR_OFFICE, "of province", [*SEEN, SEEN[0], set(), set()]),
    (Role.TAMBON_ADMIN, "of tambon", [IN_TAMBON] * 6),
    (Role.PROVINCE_ADMIN, "of province", [IN_PROVINCE] * 6),
]


@pytest.mark.parametrize(("role", "where", "reaches"), REACHES)
def test_how_far_each_role_reaches(land, roles, role, where, reaches):
    owner = land[where.removeprefix("of ")]
    user = roles.user(role, owner.place if where.startswith("of ") else owner)

    assert [allowed(land, user, permission) for permission in ASKED] == reaches


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
def test_the_filter_and_the_question_agree(land, roles, role, permission):
    wheres = [*land.values(), *(circle.place for circle in land.values())]
    for where in wheres:
        user = roles.user(role, where)
        asked = {
            name
            for name, circle in land.items()
            if role_to(permission, user, circle) == role
        }
        assert asked == allowed(land, user, permission), where


@pytest.mark.parametrize("role", list(Role))
def test_rights_in_an_agency_cover_no_circle(land, role):
    user = UserFactory()
    AssignmentFactory(person=user.person, role=role, agency=AgencyFactory())

    assert allowed(land, user, VIEW) == set()


def test_the_governors_office_logs_where_it_is_the_note_taker(land, roles):
    user = roles.user(Role.GOVERNOR_OFFICE, land["province"].place)
    AssignmentFactory(
        person=user.person, role=Role.KHUN_LIKHIT, circle=land["province"]
    )

    assert allowed(land, user, LOG) == allowed(land, user, NAMES) == {"province"}
    assert allowed(land, user, VIEW) == IN_PROVINCE


def test_several_rights_add_up(land, roles):
    user = roles.user(Role.KHUN_KIJ, land["village"])
    AssignmentFactory(person=user.person, role=Role.KHUN_AMNUAY, circle=land["far"])

    assert allowed(land, user, VIEW) == {"village", "far"}
    assert allowed(land, user, LOG) == {"far"}


def test_a_superuser_holds_everything_everywhere(land):
    user = UserFactory(is_superuser=True)

    assert allowed(land, user, LOG) == set(land)
    assert role_to(LOG, user, land["abroad"]) == Role.PROVINCE_ADMIN
    assert covers_place(user, FIGURES, "80")
    assert Place.objects.filter(places_allowed(user, FIGURES)).count() > 5
    require(user, FIGURES)


def test_a_right_of_ones_own_comes_before_one_on_behalf(land, roles):
    user = roles.user(Role.PROVINCE_ADMIN, land["province"].place)
    AssignmentFactory(person=user.person, circle=land["village"])

    assert role_to(LOG, user, land["village"]) == Role.KHUN_AMNUAY
    assert role_to(LOG, user, land["far"]) == Role.PROVINCE_ADMIN
    assert role_to(LOG, user, land["abroad"]) is None


def test_whoever_holds_it_nowhere_is_refused(roles, circle):
    kij = roles.user(Role.KHUN_KIJ, circle)

    assert holds(kij, FIGURES)
    require(kij, FIGURES)
    assert not holds(kij, LOG)
    with pytest.raises(PermissionDenied):
        require(kij, LOG)


def test_figures_of_places_are_for_those_in_them_and_above_them(land, roles):
    village = land["village"].place
    user = roles.user(Role.KHUN_KIJ, land["village"])

    known = set(Place.objects.filter(places_allowed(user, FIGURES)))

    tambon = village.parent
    assert known == {village, tambon, tambon.parent, tambon.parent.parent}


def test_whose_figures_are_whole(land, roles):
    tambon = land["tambon"].place
    facilitator = roles.user(Role.KHUN_AMNUAY, land["village"])
    kij = roles.user(Role.KHUN_KIJ, land["village"])

    assert covers_place(facilitator, FIGURES, tambon.code)
    assert not covers_place(facilitator, FIGURES, tambon.parent.code)
    assert not covers_place(kij, FIGURES, tambon.code)


def test_rights_are_read_once_a_request(land, roles, django_assert_num_queries):
    user = roles.user(Role.KHUN_AMNUAY, land["village"])

    with django_assert_num_queries(1):
        holds(user, LOG)
        role_to(LOG, user, land["village"])
        covers_place(user, FIGURES, "80")


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("since", "until", "status"),
    [(-9, None, 200), (-9, 0, 200), (0, None, 200), (-9, -1, 404), (1, None, 404)],
    ids=["open", "last day", "first day", "ended yesterday", "begins tomorrow"],
)
def test_rights_last_from_their_first_to_their_last_day(
    circle, roles, since, until, status
):
    today = timezone.localdate()
    ends = None if until is None else today + until * DAY
    client = roles.client(
        Role.KHUN_AMNUAY, circle, since=today + since * DAY, until=ends
    )

    assert client.get(circle.get_absolute_url()).status_code == status


def test_rights_that_end_are_gone_at_the_next_request(circle, roles):
    user = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    client = roles.signed_in(user)
    page = circle.get_absolute_url()
    assert client.get(page).status_code == 200

    user.person.assignments.update(until=timezone.localdate() - DAY)

    assert client.get(page).status_code == 404
    assert client.get(reverse("overview")).status_code == 403


def test_a_closed_account_is_a_stranger_at_the_next_request(circle, roles):
    user = roles.user(Role.KHUN_AMNUAY, circle)
    client = roles.signed_in(user)

    user.is_active = False
    user.save()

    response = client.get(circle.get_absolute_url())
    assert response.url.startswith(reverse("sign-in"))


@pytest.mark.parametrize("role", [Role.KHUN_UA, Role.KHUN_AMNUAY, Role.KHUN_KIJ])
def test_a_seat_grants_nothing(circle, roles, role):
    user = UserFactory()
    MembershipFactory(circle=circle, person=user.person, role=role)

    client = roles.signed_in(user)

    assert client.get(circle.get_absolute_url()).status_code == 404
    assert client.get(reverse("overview")).status_code == 403


def test_an_account_without_a_person_has_no_rights(circle, roles):
    AssignmentFactory(circle=circle)

    client = roles.signed_in(UserFactory(person=None))

    assert client.get(circle.get_absolute_url()).status_code == 404
    assert client.get(reverse("home")).status_code == 200
    assert client.get(reverse("notice-list")).status_code == 200
