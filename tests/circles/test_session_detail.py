"""Pages: sessions."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from circles.permissions import Role
from tests.factories import (
    LearningSessionFactory,
    SubmissionFactory,
)
from tests.furnish import furnish

pytestmark = pytest.mark.django_db


def test_session_detail(facilitator_client, circle, django_assert_max_num_queries):
    session = furnish(circle)

    with django_assert_max_num_queries(10):
        response = facilitator_client.get(session.get_absolute_url())

    assertContains(response, session.lessons.get().text)
    assertContains(response, session.submission.receipt)


def test_an_administrator_logs_on_behalf_and_the_record_says_so(roles, circle):
    session = furnish(circle)
    session.submission.author_role = Role.TAMBON_ADMIN
    session.submission.save()

    client = roles.client(Role.TAMBON_ADMIN, circle.place.parent)

    assertContains(client.get(session.get_absolute_url()), "บันทึกแทนวง")


def test_session_saved_says_what_is_still_open(facilitator_client, circle):
    session = LearningSessionFactory(circle=circle)
    SubmissionFactory(session=session)

    response = facilitator_client.get(reverse("session-saved", args=[session.pk]))

    assertContains(response, session.submission.receipt)
    assertContains(response, "เติมทีหลังได้")
