"""Where scope is usually forgotten: search, fragments, photo files, feeds."""

import inspect
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from circles.models import Assignment, CalendarFeed, Circle, Person
from circles.permissions import Role
from tests import test_access
from tests.factories import (
    CircleFactory,
    LearningSessionFactory,
    MembershipFactory,
    PersonFactory,
    TambonFactory,
)
from tests.factories_planning import AppointmentFactory, CalendarFeedFactory
from tests.factories_uploads import AttachmentFactory, PhotoFactory
from tests.test_architecture import PAGES, _view

SECRET = "ปกปิด"
arguments = test_access.arguments  # the same rows, as a fixture


def _fragments():
    """Return the name of each page with each of the parts that htmx may ask for."""
    for pattern in PAGES:
        source = inspect.getsource(_view(pattern))
        for listed in re.findall(r"partials=\[([^]]*)\]", source):
            for part in re.findall(r'"([\w-]+)"', listed):
                yield pattern.name, part


FRAGMENTS = sorted(_fragments())


def fragment(client, url, part, args):
    headers = {"HX-Request": "true", "HX-Target": part}
    return client.get(reverse(url, args=args), headers=headers)


@pytest.fixture
def outsiders(roles):
    """Return who may administer elsewhere, who may do nothing, and a stranger."""
    elsewhere, yesterday = TambonFactory(), timezone.localdate() - timedelta(days=1)
    return {
        "tambon": roles.client(Role.TAMBON_ADMIN, elsewhere),
        "facilitator": roles.client(Role.KHUN_AMNUAY, elsewhere),
        "no role": roles.client(Role.TAMBON_ADMIN, elsewhere, until=yesterday),
        "stranger": Client(),
    }


def hide(circle):
    """Give everybody and every circle that is here a name that must not be seen."""
    MembershipFactory(circle=circle)
    PersonFactory(village=circle.place)
    Person.objects.update(first_name=SECRET, called_as=SECRET, last_name="")
    for one in Circle.objects.all():
        one.name = f"{SECRET} {one.pk}"
        one.save()


@pytest.mark.parametrize(("url", "part"), FRAGMENTS)
def test_no_fragment_shows_more_than_its_page(
    url,
    part,
    arguments,
    circle,
    outsiders,
):
    hide(circle)
    # The outsiders' own names were hidden, too: theirs may stand on the page.
    Person.objects.filter(assignments__place__isnull=False).update(
        first_name="คนนอก", called_as=""
    )
    for name, client in outsiders.items():
        answer = fragment(client, url, part, arguments.get(url))
        assert answer.status_code in {200, 302, 403, 404}, name
        assert SECRET not in answer.text, name


@pytest.mark.parametrize(
    ("url", "part"), [("circle-list", "circles"), ("person-list", "people")]
)
def test_the_same_fragments_show_them_inside(url, part, circle, tambon_admin_client):
    hide(circle)

    assert SECRET in fragment(tambon_admin_client, url, part, None).text


@pytest.mark.parametrize("url", ["circle-list", "person-list", "slip-create"])
def test_no_search_finds_what_lies_outside(url, circle, outsiders, roles):
    roles.user(Role.KHUN_AMNUAY, circle)
    hide(circle)
    Person.objects.filter(assignments__place__isnull=False).update(
        first_name="คนนอก", called_as=""
    )
    for name, client in outsiders.items():
        answer = client.get(reverse(url), {"q": "ปก", "search": "ปก"})
        assert SECRET not in answer.text, name


def test_search_finds_it_inside(circle, tambon_admin_client, roles):
    roles.user(Role.KHUN_AMNUAY, circle)
    hide(circle)

    for url in ("circle-list", "person-list"):
        assert SECRET in tambon_admin_client.get(reverse(url), {"q": "ปก"}).text


def test_no_file_leaves_its_tambon(circle, outsiders, tambon_admin_client):
    session = LearningSessionFactory(circle=circle)
    files = [
        reverse("photo-file", args=[PhotoFactory(session=session).pk]),
        reverse("attachment-file", args=[AttachmentFactory(session=session).pk]),
    ]

    for path in files:
        assert tambon_admin_client.get(path).status_code == 200
        for name, client in outsiders.items():
            expected = 302 if name == "stranger" else 404
            assert client.get(path).status_code == expected, name


def feed_of(client, user):
    feed = CalendarFeed.objects.filter(user=user).first()
    feed = feed or CalendarFeedFactory(user=user)
    return client.get(reverse("calendar-feed", args=[feed.token])).content.decode()


def test_a_feed_holds_what_its_owner_may_see_today(client, circle, roles):
    circle.name = SECRET
    circle.save()
    AppointmentFactory(circle=circle)
    AppointmentFactory(circle=CircleFactory(name="วงอื่น"))
    inside = roles.user(Role.KHUN_AMNUAY, circle)
    outside = roles.user(Role.TAMBON_ADMIN, TambonFactory())

    assert SECRET in feed_of(client, inside)
    assert "วงอื่น" not in feed_of(client, inside)
    assert SECRET not in feed_of(client, outside)


def test_a_right_that_ended_empties_the_feed_and_closes_the_files(
    client, circle, roles
):
    AppointmentFactory(circle=circle)
    session = LearningSessionFactory(circle=circle)
    photo = reverse("photo-file", args=[PhotoFactory(session=session).pk])
    user = roles.user(Role.KHUN_AMNUAY, circle)
    browser = roles.signed_in(user)
    assert "VEVENT" in feed_of(client, user)
    assert browser.get(photo).status_code == 200

    Assignment.objects.update(until=timezone.localdate() - timedelta(days=1))

    assert "VEVENT" not in feed_of(client, user)
    assert browser.get(photo).status_code == 404
    assert browser.get(circle.get_absolute_url()).status_code == 404
