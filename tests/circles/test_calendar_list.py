"""My private addresses: make, renew, delete."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.models import CalendarFeed
from circles.permissions import Role
from tests.factories import CircleFactory
from tests.factories_planning import CalendarFeedFactory

pytestmark = pytest.mark.django_db

URL = "/calendar/"


def test_calendar_list_makes_one_address_for_all(
    facilitator_client, facilitator, settings
):
    settings.SITE_URL = "https://kmcity.example"
    assertContains(facilitator_client.get(reverse("calendar-list")), 'value="make"')

    for _twice in range(2):
        form = {"act": "make", "circle": ""}
        assertRedirects(facilitator_client.post(URL, form), URL)

    feed = CalendarFeed.objects.get()
    assert (feed.user, feed.circle) == (facilitator, None)
    path = f"kmcity.example/calendar/{feed.token}.ics"
    page = facilitator_client.get(URL)
    assertContains(page, f'value="https://{path}"')
    assertContains(page, f'href="webcal://{path}"')


def test_an_address_of_one_circle(facilitator_client, facilitator, circle):
    facilitator_client.post(URL, {"act": "make", "circle": circle.pk})

    assert CalendarFeed.objects.get().circle == circle


def test_renewing_ends_the_old_address(facilitator_client, facilitator, client):
    feed = CalendarFeedFactory(user=facilitator)
    others = CalendarFeedFactory()

    facilitator_client.post(URL, {"act": "renew", "circle": ""})

    old = reverse("calendar-feed", args=[feed.token])
    assert client.get(old).status_code == 404
    feed.refresh_from_db()
    assert len(feed.token) >= 43
    assert CalendarFeed.objects.filter(token=others.token).exists()


def test_deleting_ends_mine_alone(facilitator_client, facilitator, circle):
    CalendarFeedFactory(user=facilitator)
    others = [
        CalendarFeedFactory(user=facilitator, circle=circle),
        CalendarFeedFactory(),
    ]

    facilitator_client.post(URL, {"act": "delete", "circle": ""})

    assert set(CalendarFeed.objects.all()) == set(others)


@pytest.mark.parametrize("circle_id", ["other", "9" * 18])
def test_a_circle_of_others_is_hidden(facilitator_client, circle_id):
    other = CircleFactory()
    given = other.pk if circle_id == "other" else circle_id

    response = facilitator_client.post(URL, {"act": "make", "circle": given})

    assert response.status_code == 404
    assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize(
    "form", [{}, {"act": "x\x00", "circle": "²"}, {"circle": "-1"}]
)
def test_what_makes_no_sense_changes_nothing(facilitator_client, form):
    assertRedirects(facilitator_client.post(URL, form), URL)
    assert not CalendarFeed.objects.exists()


def test_one_circle_can_be_asked_for(roles, circle):
    client = roles.client(Role.TAMBON_ADMIN, circle.place.parent)
    beside = CircleFactory(place__parent=circle.place.parent)

    assertContains(client.get(URL), beside.name)
    page = client.get(URL, {"circle": circle.pk})
    assertContains(page, circle.name)
    assertNotContains(page, beside.name)


def test_addresses_of_others_are_never_shown(facilitator_client, circle, roles):
    others = CalendarFeedFactory(user=roles.user(Role.KHUN_AMNUAY, circle))

    assertNotContains(facilitator_client.get(URL), others.token)


def test_the_page_asks_the_same_number_of_questions_of_one_row_and_of_three(
    roles, circle, django_assert_max_num_queries
):
    user = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    client, counts = roles.signed_in(user), []
    for _n in range(3):
        beside = CircleFactory(place__parent=circle.place.parent)
        CalendarFeedFactory(user=user, circle=beside)
        with django_assert_max_num_queries(9) as asked:
            client.get(URL)
        counts.append(len(asked))

    assert counts[0] == counts[2]
