"""What every test may ask for, and which tests may be skipped where.

Three markers need something that a bare machine does not have:

* ``e2e``: Chromium (or Google Chrome) on PATH,
* ``postgres``: ``TEST_DATABASE_URL`` names a PostgreSQL server; ``manage.py test``
  makes it ``DATABASE_URL``, which plain ``pytest`` reads,
* ``chaos``: the same, and ``TEST_REDIS_URL`` names a Redis database of its own.

Where that is missing the test is skipped with a plain reason.  A run that must
not skip says so: ``KMCITY_REQUIRE`` lists markers ("e2e", "postgres chaos").  A
listed marker that cannot run, or of which no test was selected, ends the run
before its first test.  ``.ci/run`` lists ``e2e`` in its SQLite run and ``postgres
chaos`` in its PostgreSQL run.
"""

from __future__ import annotations

import os
import shutil
from datetime import date

import pytest
from django.conf import settings
from django.test import Client, override_settings

from circles.models import Circle, Place, User
from circles.permissions import Role
from tests.factories import AssignmentFactory, CircleFactory, UserFactory

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _missing_browser() -> str:
    return "" if any(map(shutil.which, BROWSERS)) else "needs Chromium on PATH"


def _missing_postgres() -> str:
    url = os.environ.get("DATABASE_URL", "")
    is_postgres = url.startswith(("postgres://", "postgresql://"))
    return "" if is_postgres else "needs TEST_DATABASE_URL=postgres://…"


def _missing_redis() -> str:
    has_redis = os.environ.get("TEST_REDIS_URL", "").startswith("redis://")
    return "" if has_redis else "needs TEST_REDIS_URL=redis://…"


MISSING = {
    "e2e": _missing_browser,
    "postgres": _missing_postgres,
    "chaos": lambda: _missing_postgres() or _missing_redis(),
}


def pytest_configure(config: pytest.Config) -> None:
    if unknown := _required() - set(MISSING):
        raise pytest.UsageError(f"KMCITY_REQUIRE: no such marker: {sorted(unknown)}")
    if settings.CELERY_BROKER_URL:
        raise pytest.UsageError("unset BROKER_URL: the tests start their own brokers")


def _required() -> set[str]:
    return set(os.environ.get("KMCITY_REQUIRE", "").split())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # A browser leaves an event loop running in this thread: it comes last.
    items.sort(key=lambda item: item.get_closest_marker("e2e") is not None)
    for marker, missing in MISSING.items():
        if reason := missing():
            for item in items:
                if item.get_closest_marker(marker):
                    item.add_marker(pytest.mark.skip(reason=reason))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look at what is left after ``-m`` and ``-k`` have chosen."""
    for marker in sorted(_required()):
        if not any(item.get_closest_marker(marker) for item in session.items):
            raise pytest.UsageError(f"KMCITY_REQUIRE={marker}: no such test is here")
        if reason := MISSING[marker]():
            raise pytest.UsageError(f"{marker} may not be skipped here: {reason}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("e2e"):
        # Playwright's loop makes Django think that it was called from async code.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords():
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[hasher]):
        yield


@pytest.fixture(autouse=True, scope="session")
def _own_media(tmp_path_factory):
    """Uploads land beside the other files of this run."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


# Where the rights of a role usually lie; of the others, in one circle.
_LEVELS = {
    Role.KHUN_UA: Place.Level.TAMBON,
    Role.TAMBON_ADMIN: Place.Level.TAMBON,
    Role.GOVERNOR_OFFICE: Place.Level.PROVINCE,
    Role.PROVINCE_ADMIN: Place.Level.PROVINCE,
}


class Roles:
    """Accounts by role: ``roles.user(Role.KHUN_UA, circle)``."""

    def user(
        self,
        role: Role,
        where: Circle | Place,
        *,
        since: date = date(2005, 1, 1),
        until: date | None = None,
        **person: object,
    ) -> User:
        """Return an account that holds *role* over exactly that place or circle."""
        kind = "place" if isinstance(where, Place) else "circle"
        user = UserFactory(
            **{f"person__{name}": value for name, value in person.items()}
        )
        AssignmentFactory(
            person=user.person, role=role, since=since, until=until, **{kind: where}
        )
        return user

    def client(self, role: Role, where: Circle | Place, **kwargs: object) -> Client:
        """Return a browser in which such an account is signed in."""
        return self.signed_in(self.user(role, where, **kwargs))

    def near(self, role: Role, circle: Circle) -> Circle | Place:
        """Return where a person of *role* who looks after *circle* is assigned."""
        place: Place | None = circle.place
        level = _LEVELS.get(role)
        while level and place and place.level != level:
            place = place.parent
        return place if level and place else circle

    def signed_in(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client


@pytest.fixture
def roles(db) -> Roles:
    return Roles()


@pytest.fixture
def circle(db) -> Circle:
    """An open circle of villagers, in a village of a tambon of province 80."""
    return CircleFactory()


@pytest.fixture
def facilitator(circle, roles) -> User:
    return roles.user(Role.KHUN_AMNUAY, circle)


@pytest.fixture
def facilitator_client(facilitator, roles) -> Client:
    return roles.signed_in(facilitator)


@pytest.fixture
def kij_client(circle, roles) -> Client:
    return roles.client(Role.KHUN_KIJ, circle)


@pytest.fixture
def likhit_client(circle, roles) -> Client:
    return roles.client(Role.KHUN_LIKHIT, circle)


@pytest.fixture
def sponsor_client(circle, roles) -> Client:
    return roles.client(Role.KHUN_UA, roles.near(Role.KHUN_UA, circle))


@pytest.fixture
def office_client(circle, roles) -> Client:
    return roles.client(Role.GOVERNOR_OFFICE, roles.near(Role.GOVERNOR_OFFICE, circle))


@pytest.fixture
def tambon_admin_client(circle, roles) -> Client:
    return roles.client(Role.TAMBON_ADMIN, circle.place.parent)


@pytest.fixture
def province_admin_client(circle, roles) -> Client:
    return roles.client(Role.PROVINCE_ADMIN, roles.near(Role.PROVINCE_ADMIN, circle))


@pytest.fixture
def nobody_client(roles) -> Client:
    """Signed in, with no assignment at all."""
    return roles.signed_in(UserFactory())
