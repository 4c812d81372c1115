"""Who may enter the Django admin, which is for rare work."""

from __future__ import annotations

import pytest

from tests.factories import UserFactory
from tests.test_access import URLS, _word, arguments, clients

__all__ = ["arguments", "clients"]
ADMIN = sorted({path for _name, path in URLS if path.startswith("/admin/")})


@pytest.mark.parametrize("path", ADMIN)
def test_the_admin_refuses_everybody_but_superusers(path, clients):
    """One rule for its whole namespace: our sign-in page, or a refusal."""
    for column, client in clients.items():
        for method in ("GET", "POST"):
            response = client.generic(method, path)
            if path == "/admin/login/":  # the refusal itself
                expected = "login" if column == "stranger" else "403"
                assert _word(response) == expected, column
            elif path == "/admin/logout/":
                assert _word(response) in {"away", "405"}, column
            else:
                assert response.status_code == 302, (column, method)
                assert response.url.startswith(("/admin/login/?", "/sign-in/?"))


def test_the_admin_opens_for_superusers_and_shows_staff_nothing(roles, circle):
    root = roles.signed_in(UserFactory(is_staff=True, is_superuser=True))
    staff = roles.signed_in(UserFactory(is_staff=True))

    pages = [
        f"/admin/circles/{one}/" for one in ("circle", "person", "learningsession")
    ]

    assert [root.get(page).status_code for page in ["/admin/", *pages]] == [200] * 4
    assert [staff.get(page).status_code for page in pages] == [403] * 3
