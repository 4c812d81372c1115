"""Pages: help, one a role, for whoever is in front of it."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from pytest_django.asserts import assertContains

from circles.permissions import Role
from kmcity.views.help import ABOUT, ROLE_TOPICS, TOPICS

PARTS = settings.BASE_DIR / "templates" / "kmcity" / "help"


def page_of(role):
    return reverse("help-role", args=[role])


def links_in(page):
    main = page.partition("<main")[2].partition("</main>")[0]
    return re.findall(r'href="([^"]+)"', main)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_page_that_anybody_may_read(client, role, db):
    response = client.get(page_of(role))

    assertContains(response, f"{role.label}</h1>")
    assert ROLE_TOPICS[role]
    assert ABOUT[role]
    for topic in ROLE_TOPICS[role]:
        assertContains(response, f'id="{topic}"')


def test_a_link_from_another_page_opens_its_topic(client, db):
    page = client.get(page_of(Role.KHUN_AMNUAY), {"topic": "photos"}).text

    assert re.findall(r'id="(\w+)" open', page) == ["photos"]


@pytest.mark.parametrize("role", list(Role))
def test_every_link_of_a_role_leads_somewhere_for_that_role(roles, circle, role):
    client = roles.client(role, roles.near(role, circle))
    page = client.get(page_of(role)).text
    ids = set(re.findall(r'id="([^"]+)"', page))

    for link in links_in(page):
        if link.startswith("#"):
            assert link[1:] in ids
        else:
            assert client.get(link, follow=True).status_code == 200, link
    assert reverse("help") in links_in(page)


def test_help_offers_the_readers_own_roles_first(roles, circle, client):
    tambon = circle.place.parent
    links = links_in(roles.client(Role.TAMBON_ADMIN, tambon).get(reverse("help")).text)
    by_stranger = links_in(client.get(reverse("help")).text)

    assert links[0] == page_of(Role.TAMBON_ADMIN)
    assert sorted(links) == sorted(by_stranger) == sorted(map(page_of, Role))
    assert by_stranger[0] == page_of(Role.KHUN_UA)


@pytest.mark.parametrize("role", ["nobody", "khun", "KHUN_UA", "_khun_ua", "..", "ก"])
def test_an_unknown_role_is_404_in_words(client, db, role):
    response = client.get(f"/help/{role}/")

    assert response.status_code == 404


def test_every_page_leads_to_help(client, facilitator_client):
    for page in (client.get(reverse("help")), facilitator_client.get(reverse("home"))):
        footer = page.text.partition("<footer")[2]
        assert f'href="{reverse("help")}"' in footer


def test_no_part_is_left_over_and_none_is_missing():
    parts = {path.stem for path in PARTS.glob("*.html")}

    told = {topic for topics in ROLE_TOPICS.values() for topic in topics}
    assert told == set(TOPICS)
    assert parts == {f"_topic_{one}" for one in TOPICS} | {f"_{one}" for one in Role}


def test_help_asks_the_database_nothing_for_a_stranger(
    client, db, django_assert_num_queries
):
    with django_assert_num_queries(0):
        client.get(page_of(Role.KHUN_AMNUAY))


ADMINISTRATORS = {Role.TAMBON_ADMIN, Role.PROVINCE_ADMIN}
MANAGING = {
    *("open_circle", "confirm", "invite", "grant"),
    *("handover", "doubles", "history"),
}


def test_administrators_alone_are_told_how_to_administer():
    for role, topics in ROLE_TOPICS.items():
        told = MANAGING & set(topics)
        assert told == (MANAGING if role in ADMINISTRATORS else set())
    told_of_targets = {role for role in Role if "targets" in ROLE_TOPICS[role]}
    assert told_of_targets == {Role.PROVINCE_ADMIN}


def test_the_history_is_a_link_for_whoever_may_read_it(
    client, tambon_admin_client, facilitator_client
):
    page, link = page_of(Role.TAMBON_ADMIN), reverse("change-list")

    assert link in links_in(tambon_admin_client.get(page).text)
    for other in (client, facilitator_client):
        assert link not in links_in(other.get(page).text)
