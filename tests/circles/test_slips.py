"""For whom an administrator may make a slip, and what a slip is worth."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from circles.actions import slips
from circles.actions.slips import (
    SlipSpent,
    accounts_within_reach,
    find_slip,
    make_slip,
    use_slip,
)
from circles.models import SignInSlip
from circles.permissions import Role
from tests.factories import (
    AssignmentFactory,
    CircleFactory,
    MembershipFactory,
    ProvinceFactory,
    TambonFactory,
    UserFactory,
)

NEW = "ข้าวปลาอาหาร-2570"


@pytest.fixture
def tambon(circle):
    return circle.place.parent


@pytest.fixture
def tambon_admin(roles, tambon):
    return roles.user(Role.TAMBON_ADMIN, tambon)


@pytest.fixture
def province_admin(roles, tambon):
    return roles.user(Role.PROVINCE_ADMIN, tambon.parent.parent)


def within(author):
    return set(accounts_within_reach(author))


def test_a_tambon_administrator_reaches_rights_and_seats_of_the_tambon(
    roles, circle, tambon, tambon_admin
):
    sponsor = roles.user(Role.KHUN_UA, tambon)
    facilitator = roles.user(Role.KHUN_AMNUAY, circle)
    in_village = roles.user(Role.KHUN_AMNUAY, circle.place)
    seated = UserFactory()
    MembershipFactory(circle=circle, person=seated.person)

    assert within(tambon_admin) == {sponsor, facilitator, in_village, seated}


def test_nobody_else_s_people_and_nobody_whose_time_is_over(
    roles, circle, tambon_admin
):
    yesterday = timezone.localdate() - timedelta(days=1)
    roles.user(Role.KHUN_AMNUAY, CircleFactory())
    roles.user(Role.KHUN_AMNUAY, TambonFactory())
    roles.user(Role.KHUN_AMNUAY, circle, until=yesterday)
    gone = UserFactory()
    MembershipFactory(circle=circle, person=gone.person, until=yesterday)
    closed = UserFactory(is_active=False)
    AssignmentFactory(person=closed.person, circle=circle)

    assert within(tambon_admin) == set()


@pytest.mark.parametrize(
    "role",
    [Role.TAMBON_ADMIN, Role.PROVINCE_ADMIN, Role.GOVERNOR_OFFICE, Role.KHUN_UA],
)
@pytest.mark.parametrize("begins_in", [-1, 1])
def test_a_tambon_administrator_reaches_no_role_that_reaches_further(
    circle, tambon, tambon_admin, role, begins_in
):
    """Also not before it begins: a slip is good for a week."""
    place = tambon if role == Role.TAMBON_ADMIN else tambon.parent.parent
    user = UserFactory()
    MembershipFactory(circle=circle, person=user.person)
    AssignmentFactory(
        person=user.person,
        role=role,
        place=place,
        since=timezone.localdate() + timedelta(days=begins_in),
    )

    assert user not in within(tambon_admin)


def test_a_province_administrator_reaches_all_but_superusers(
    roles, province_admin, tambon_admin
):
    nobody, root = UserFactory(person=None), UserFactory(is_superuser=True)

    assert within(province_admin) == {tambon_admin, nobody}
    assert within(root) == {tambon_admin, nobody, province_admin}


@pytest.mark.parametrize("role", [Role.KHUN_AMNUAY, Role.KHUN_UA, Role.GOVERNOR_OFFICE])
def test_others_reach_nobody(roles, circle, role):
    author = roles.user(role, roles.near(role, circle))
    roles.user(Role.KHUN_KIJ, circle)

    assert within(author) == set()


def test_nobody_reaches_oneself(roles, circle, tambon_admin):
    MembershipFactory(circle=circle, person=tambon_admin.person)

    assert tambon_admin not in within(tambon_admin)


def test_a_slip_sets_a_password_once(province_admin):
    user = UserFactory()
    slip, secret = make_slip(province_admin, user)

    assert secret not in slip.token_hash
    assert find_slip(secret.upper()) == slip
    assert use_slip(secret, NEW) == user

    user.refresh_from_db()
    assert user.check_password(NEW)
    with pytest.raises(SlipSpent):
        use_slip(secret, "another-password-9")
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_a_new_slip_ends_the_old_one(province_admin):
    user = UserFactory()
    _old, first = make_slip(province_admin, user)
    _new, second = make_slip(province_admin, user)

    assert find_slip(first) is None
    assert find_slip(second)


def end(slip, **change):
    SignInSlip.objects.filter(pk=slip.pk).update(**change)


@pytest.mark.parametrize("case", ["expired", "used", "closed", "risen", "author gone"])
def test_a_slip_is_worth_what_its_author_may_do_today(
    case, circle, tambon, tambon_admin, roles
):
    user = roles.user(Role.KHUN_AMNUAY, circle)
    slip, secret = make_slip(tambon_admin, user)
    assert find_slip(secret)

    match case:
        case "expired":
            end(slip, expires_at=timezone.now())
        case "used":
            end(slip, used_at=timezone.now())
        case "closed":
            type(user).objects.filter(pk=user.pk).update(is_active=False)
        case "risen":
            AssignmentFactory(
                person=user.person, role=Role.PROVINCE_ADMIN, place=ProvinceFactory()
            )
        case _:
            type(user).objects.filter(pk=tambon_admin.pk).update(is_active=False)

    assert find_slip(secret) is None
    with pytest.raises(SlipSpent):
        use_slip(secret, NEW)


def test_slips_are_good_for_seven_days(province_admin):
    slip, _secret = make_slip(province_admin, UserFactory())

    assert slip.expires_at - slip.created_at == timedelta(days=7)


def test_who_has_read_the_slip_too_early_loses(province_admin, monkeypatch):
    """Both of two uses may have found it good before one of them wrote."""
    user = UserFactory()
    _slip, secret = make_slip(province_admin, user)
    stale = find_slip(secret)
    use_slip(secret, NEW)
    monkeypatch.setattr(slips, "find_slip", lambda secret: stale)

    with pytest.raises(SlipSpent):
        use_slip(secret, "another-password-9")

    user.refresh_from_db()
    assert user.check_password(NEW)


# The test database of SQLite is shared memory, which knows no waiting.
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_six_uses_at_once_one_wins():
    author, user = UserFactory(is_superuser=True), UserFactory()
    _slip, secret = make_slip(author, user)
    passwords = [f"ข้าวปลาอาหาร-{n}" for n in range(6)]
    together = Barrier(len(passwords))

    def use(password):
        together.wait()
        try:
            use_slip(secret, password)
        except SlipSpent:
            return ""
        finally:
            connections.close_all()
        return password

    with ThreadPoolExecutor(len(passwords)) as pool:
        won = [password for password in pool.map(use, passwords) if password]

    user.refresh_from_db()
    assert len(won) == 1
    assert user.check_password(won[0])
