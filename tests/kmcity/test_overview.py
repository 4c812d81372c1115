"""Pages: overview."""

import pytest
from django.urls import reverse

from tests.factories import (
    AttendanceFactory,
    CircleFactory,
    LearningSessionFactory,
    MilestoneFactory,
)
from tests.furnish import furnish

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_overview(office_client, circle, rows, django_assert_max_num_queries):
    for one in [circle, *CircleFactory.create_batch(rows - 1)]:
        tambon = one.place.parent
        tambon.stage = "target"
        tambon.save()
        furnish(one)
        MilestoneFactory(circle=None, place=tambon)

    # session, user, person, assignments, unread; tambons, 4 figures, roads, latest
    with django_assert_max_num_queries(12):
        response = office_client.get(reverse("overview"))

    figures = [
        (one.session_count, one.people_count, one.lesson_count)
        for one in response.context["columns"]
    ]
    assert figures == [(1, 1, 1)] * rows
    assert not response.context["is_partial"]


def test_overview_counts_people_once_and_guests_never(office_client, circle):
    circle.place.parent.stage = "target"
    circle.place.parent.save()
    session = furnish(circle, guest_count=40)
    person = session.attendances.get().person
    again = LearningSessionFactory(circle=circle)
    AttendanceFactory(session=again, person=person)
    AttendanceFactory(session=again, state="absent")

    (column,) = office_client.get(reverse("overview")).context["columns"]

    assert (column.session_count, column.people_count) == (2, 1)


def test_overview_of_a_practitioner_covers_the_own_circle_and_says_so(
    kij_client, circle
):
    tambon = circle.place.parent
    tambon.stage = "target"
    tambon.save()
    furnish(circle)
    furnish(CircleFactory(place=circle.place))

    response = kij_client.get(reverse("overview"))

    assert [one.session_count for one in response.context["columns"]] == [1]
    assert response.context["is_partial"]


def test_overview_of_a_facilitator_covers_the_tambon(facilitator_client, circle):
    circle.place.parent.stage = "target"
    circle.place.parent.save()
    furnish(circle)
    furnish(CircleFactory(place=circle.place))

    response = facilitator_client.get(reverse("overview"))

    assert [one.session_count for one in response.context["columns"]] == [2]
    assert not response.context["is_partial"]
