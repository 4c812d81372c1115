"""Who may enter the Django admin, which is for rare work."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from circles.permissions import Role
from tests.factories import UserFactory
from tests.kmcity.signing import with_app
from tests.test_access import URLS, _word, arguments, clients

__all__ = ["arguments", "clients"]
ADMIN = sorted({path for _name, path in URLS if path.startswith("/admin/")})
ENTER = {"province in", "province out"}


@pytest.mark.parametrize("path", ADMIN)
def test_the_admin_refuses_everybody_but_administrators_of_a_province(path, clients):
    """One rule for its whole namespace: our sign-in page, or a refusal."""
    for column, client in clients.items():
        for method in ("GET", "POST"):
            response = client.generic(method, path)
            if path == "/admin/login/":  # the refusal itself
                expected = "login" if column == "stranger" else "403"
                if column in ENTER:
                    assert response.url == "/admin/", column
                else:
                    assert _word(response) == expected, column
            elif path == "/admin/logout/":
                assert _word(response) in {"away", "405"}, column
            elif column in ENTER:
                assert response.status_code in {200, 302, 403, 404, 405}, path
            else:
                assert response.status_code == 302, (column, method)
                assert response.url.startswith(("/admin/login/?", "/sign-in/?"))


# What an administrator of a province finds there, and what not.
OPEN = ["place", "agency", "person", "circle", "learningsession"]
SHUT = [
    *("circles/user", "auth/group", "mfa/authenticator"),
    *("milestones/milestone", "milestones/achievement", "milestones/notice"),
]


def test_an_administrator_of_the_province_sees_some_of_it(province_admin_client):
    index = province_admin_client.get("/admin/")

    assert index.status_code == 200
    for one in OPEN:
        page = f"/admin/circles/{one}/"
        assert province_admin_client.get(page).status_code == 200
        assert page in index.text
        assert province_admin_client.get(f"{page}add/").status_code == 403
        assert province_admin_client.post(f"{page}add/", {}).status_code == 403
    for one in SHUT:
        page = f"/admin/{one}/"
        assert province_admin_client.get(page).status_code == 403
        assert province_admin_client.get(f"{page}add/").status_code == 403
        assert page not in index.text


def test_the_second_factor_comes_first(roles, circle, settings):
    settings.SECOND_FACTOR = True
    province = roles.near(Role.PROVINCE_ADMIN, circle)
    user = roles.user(Role.PROVINCE_ADMIN, province)
    client = roles.signed_in(user)
    assert client.get("/admin/").url == reverse("second-factor")

    with_app(user)

    assert client.get("/admin/").status_code == 200


def test_a_duty_that_is_over_opens_nothing(roles, circle):
    user = roles.user(Role.PROVINCE_ADMIN, roles.near(Role.PROVINCE_ADMIN, circle))
    client = roles.signed_in(user)
    assert client.get("/admin/").status_code == 200

    user.person.assignments.update(until="2020-01-01")

    assert client.get("/admin/").url.startswith("/admin/login/?")


def test_the_admin_opens_for_superusers_and_shows_staff_nothing(roles, circle):
    root = roles.signed_in(UserFactory(is_staff=True, is_superuser=True))
    member = UserFactory(is_staff=True)
    member.user_permissions.set(Permission.objects.all())
    staff = roles.signed_in(member)

    pages = [f"/admin/circles/{one}/" for one in [*OPEN, "user"]]

    assert {root.get(page).status_code for page in ["/admin/", *pages]} == {200}
    assert {staff.get(page).status_code for page in pages} == {403}


def test_the_password_is_changed_in_one_place_only(province_admin_client):
    response = province_admin_client.get("/admin/password_change/")

    assert response.url == reverse("password-change")
