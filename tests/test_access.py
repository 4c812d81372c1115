"""Who may open what: every URL, every role, inside and outside their own places.

A URL that is missing from the table fails, so that nobody can forget to decide.
The table follows ACCESS.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from circles.permissions import Role
from kmcity.names import NameOnly
from tests.access_corrections import CORRECTIONS, corrections_arguments
from tests.access_manage import MANAGING, manage_arguments
from tests.access_pages import DREAMS_AND_PROMISES, pages_arguments
from tests.access_planning import PLANNING, planning_arguments
from tests.access_signing import SIGNING_IN, signing_arguments
from tests.factories import (
    AchievementFactory,
    CircleFactory,
    LearningSessionFactory,
    MilestoneFactory,
    ProvinceFactory,
    SubmissionFactory,
    TambonFactory,
    UserFactory,
)
from tests.factories_uploads import AttachmentFactory, PhotoFactory

# "login": the sign-in page.  "hidden": 404.  "away": another page.  Two words: inside
# and outside the places of the role; one word: the same for all from there on.
TABLE = """
url                 method  stranger  no-role  kij            amnuay     likhit         ua             office         tambon     province
home                GET     login     ok       ok             ok         ok             away           away           ok/away    ok/away
home                POST    login     405
overview            GET     login     403      ok
overview            POST    login     405
circle-list         GET     login     ok
circle-list         POST    login     405
circle-detail       GET     login     hidden   ok/hidden      ok/hidden  ok/hidden      ok/hidden      ok/hidden      ok/hidden  ok/hidden
circle-detail       POST    login     405
session-create      GET     login     hidden   hidden         ok/hidden  hidden         hidden         hidden         ok/hidden  ok/hidden
session-create      POST    login     hidden   hidden         ok/hidden  hidden         hidden         hidden         ok/hidden  ok/hidden
session-detail      GET     login     hidden   ok/hidden      ok/hidden  ok/hidden      ok/hidden      ok/hidden      ok/hidden  ok/hidden
session-detail      POST    login     405
session-saved       GET     login     hidden   hidden         ok/hidden  hidden         hidden         hidden         ok/hidden  ok/hidden
session-saved       POST    login     405
session-photos      GET     login     hidden   hidden         ok/hidden  ok/hidden      hidden         hidden         ok/hidden  ok/hidden
session-photos      POST    login     hidden   hidden         away/hidden  away/hidden  hidden         hidden         away/hidden  away/hidden
photo-create        GET     login     405
photo-create        POST    login     hidden   hidden         away/hidden  away/hidden  hidden         hidden         away/hidden  away/hidden
photo-file          GET     login     hidden   hidden         ok/hidden  ok/hidden      hidden         hidden         ok/hidden  ok/hidden
photo-file          POST    login     405
attachment-file     GET     login     hidden   hidden         ok/hidden  ok/hidden      hidden         hidden         ok/hidden  ok/hidden
attachment-file     POST    login     405
celebration-list    GET     login     ok
celebration-list    POST    login     405
celebration-detail  GET     login     hidden   ok/hidden      ok/hidden  ok/hidden      ok/hidden      ok/hidden      ok/hidden  ok/hidden
celebration-detail  POST    login     405
notice-list         GET     login     ok
notice-list         POST    login     away
manage              GET     login     403      403            403          403            403            403            ok           ok
manage              POST    login     405
options             GET     login     403      403            403          403            403            403            hidden     hidden
options             POST    login     405
language            GET     405
language            POST    away
help                GET     ok
help                POST    405
help-role           GET     ok
help-role           POST    405
healthz             GET     ok
healthz             POST    405
"""  # noqa: E501 -- a table is read in columns
TABLE += SIGNING_IN
TABLE += DREAMS_AND_PROMISES
TABLE += PLANNING
TABLE += CORRECTIONS
TABLE += MANAGING

ROLES = {
    "kij": Role.KHUN_KIJ,
    "amnuay": Role.KHUN_AMNUAY,
    "likhit": Role.KHUN_LIKHIT,
    "ua": Role.KHUN_UA,
    "office": Role.GOVERNOR_OFFICE,
    "tambon": Role.TAMBON_ADMIN,
    "province": Role.PROVINCE_ADMIN,
}
COLUMNS = [
    "stranger",
    "no-role",
    *(f"{one} {at}" for one in ROLES for at in ("in", "out")),
]


def _rows() -> Iterator[tuple[str, str, dict[str, str]]]:
    for line in TABLE.strip().splitlines()[1:]:
        url, method, *cells = line.split()
        # What is said last holds for all columns to the right.
        cells += cells[-1:] * (2 + len(ROLES) - len(cells))
        pairs = [(cell.split("/") * 2)[:2] for cell in cells[2:]]
        answers = [*cells[:2], *(word for pair in pairs for word in pair)]
        yield url, method, dict(zip(COLUMNS, answers, strict=True))


ROWS = list(_rows())


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    """Yield namespace and name of each URL, and an example of its path."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, NameOnly):
            continue  # a name for allauth, no address
        if isinstance(pattern, URLPattern):
            yield pattern.name or "", _example(route)
        else:
            yield from _patterns(pattern, route)


def _example(route: str) -> str:
    route = route.replace("^", "").replace("$", "")
    route = re.sub(r"\(\?P<\w+>(\w+)[^)]*\)", r"\1", route)  # the first of (a|b|c)
    return "/" + re.sub(r"<[^>]+>|\(\?P<\w+>\.\*\)", "1", route)


URLS = list(_patterns(get_resolver()))
OURS = {name for name, path in URLS if not path.startswith("/admin/")}


@pytest.fixture
def arguments(circle):
    """Return what fills the placeholders of each URL: rows of the inside circle."""
    session = LearningSessionFactory(circle=circle)
    SubmissionFactory(session=session)
    stone = MilestoneFactory(circle=circle)
    achievement = AchievementFactory(milestone=stone, session=session)
    return {
        "circle-detail": [circle.pk],
        "session-create": [circle.pk],
        "session-detail": [session.pk],
        "session-saved": [session.pk],
        "celebration-detail": [achievement.pk],
        **signing_arguments(),
        **pages_arguments(session),
        **planning_arguments(circle),
        **corrections_arguments(session),
        **manage_arguments(circle),
        "options": ["places"],
        "help-role": ["khun_amnuay"],
        "session-photos": [session.pk],
        "photo-create": [circle.pk],
        "photo-file": [PhotoFactory(session=session).pk],
        "attachment-file": [AttachmentFactory(session=session).pk],
    }


@pytest.fixture
def clients(circle, roles):
    """Return a browser for each column of the table."""
    elsewhere = {
        "circle": CircleFactory(),
        "tambon": TambonFactory(),
        "province": ProvinceFactory(code="81", name_th="กระบี่"),
    }
    found = {"stranger": Client(), "no-role": roles.signed_in(UserFactory())}
    for name, role in ROLES.items():
        inside = roles.near(role, circle)
        found[f"{name} in"] = roles.client(role, inside)
        outside = elsewhere[getattr(inside, "level", "circle")]
        found[f"{name} out"] = roles.client(role, outside)
    return found


def _word(response: HttpResponse) -> str:
    words = {200: "ok", 404: "hidden"}
    if response.status_code == 302:
        to_login = response.url.startswith(reverse("sign-in") + "?")
        return "login" if to_login else "away"
    return words.get(response.status_code, str(response.status_code))


def test_every_url_is_declared_for_get_and_post():
    declared = [(url, method) for url, method, _answers in ROWS]

    assert sorted(declared) == sorted(
        (name, method) for name in OURS for method in ("GET", "POST")
    )


@pytest.mark.parametrize(
    ("url", "method", "expected"), ROWS, ids=[f"{one[0]} {one[1]}" for one in ROWS]
)
def test_each_role_gets_what_the_table_says(url, method, expected, arguments, clients):
    path = reverse(url, args=arguments.get(url))

    answers = {
        column: _word(client.generic(method, path))
        for column, client in clients.items()
    }

    assert answers == expected


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("url", sorted(OURS))
def test_undeclared_methods_are_refused(url, method, arguments, facilitator_client):
    client = Client() if url == "sign-in" else facilitator_client

    response = client.generic(method, reverse(url, args=arguments.get(url)))

    assert response.status_code == 405


def test_a_strangers_refresh_of_a_part_moves_the_whole_page(client, circle):
    response = client.get(
        reverse("circle-list"), headers={"HX-Request": "true", "HX-Target": "circles"}
    )

    assert response.status_code == 200
    assert response.headers["HX-Redirect"].startswith(reverse("sign-in") + "?next=")
    assert response.content == b""
