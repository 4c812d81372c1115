"""An ended right ends access at the next request: everywhere."""

from __future__ import annotations

import pytest
from django.urls import reverse

from circles.actions.rights import end_now
from circles.permissions import Role
from tests.factories import LearningSessionFactory, PersonFactory
from tests.factories_planning import AppointmentFactory, CalendarFeedFactory
from tests.factories_uploads import PhotoFactory


@pytest.fixture
def admin(circle, roles):
    return roles.user(Role.PROVINCE_ADMIN, circle.place.parent.parent.parent)


def end(admin, user):
    end_now(admin, user.person.assignments.get(), "พ้นหน้าที่")


def test_pages_and_photos(circle, facilitator, facilitator_client, admin):
    photo = PhotoFactory(session=LearningSessionFactory(circle=circle))
    paths = [
        reverse("circle-detail", args=[circle.pk]),
        reverse("session-create", args=[circle.pk]),
        reverse("session-detail", args=[photo.session_id]),
        reverse("photo-file", args=[photo.pk]),
        reverse("circle-handover", args=[circle.pk]),
    ]
    assert [facilitator_client.get(path).status_code for path in paths] == [200] * 5

    end(admin, facilitator)

    assert [facilitator_client.get(path).status_code for path in paths] == [404] * 5


def test_a_fragment_and_the_search(circle, facilitator, facilitator_client, admin):
    htmx = {"HX-Request": "true", "HX-Target": "circles"}
    path = reverse("circle-list") + f"?q={circle.name}"
    assert circle.name in facilitator_client.get(path, headers=htmx).text

    end(admin, facilitator)

    found = facilitator_client.get(path, headers=htmx)
    assert found.context["page"].object_list.count() == 0


def test_the_calendar_feed(client, circle, facilitator, admin):
    AppointmentFactory(circle=circle)
    feed = CalendarFeedFactory(user=facilitator)
    path = reverse("calendar-feed", args=[feed.token])
    assert circle.name in client.get(path).text

    end(admin, facilitator)

    assert circle.name not in client.get(path).text


def test_the_options_of_a_form(circle, roles, admin):
    user = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    client = roles.signed_in(user)
    somebody = PersonFactory(first_name="สมหญิง", village=circle.place)
    path = reverse("options", args=["people"]) + "?name=person&person_q=สมหญิง"
    assert f'value="{somebody.pk}"' in client.get(path).text

    end(admin, user)

    assert client.get(path).status_code == 403
