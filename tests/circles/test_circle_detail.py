"""Pages: circle-detail."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from circles.models import LearningSession
from circles.permissions import Role
from tests.factories import (
    AttendanceFactory,
    LearningSessionFactory,
    LessonFactory,
    MembershipFactory,
    SubmissionFactory,
)
from tests.factories_planning import AppointmentFactory
from tests.factories_told import ProblemFactory, PromiseFactory, SupportRequestFactory
from tests.furnish import furnish_fully

pytestmark = pytest.mark.django_db

State = LearningSession.State


@pytest.mark.parametrize(("rows", "people"), [(1, 1), (3, 10), (3, 60)])
def test_circle_detail(
    facilitator, roles, circle, rows, people, django_assert_num_queries
):
    furnish_fully(circle, facilitator, rows=rows, people=people)
    client = roles.signed_in(facilitator)

    # Users, their rights and news: 5; circle, seats, sessions, lessons, promises,
    # appointments; road, how far, dream, stones of the sessions
    with django_assert_num_queries(15):
        response = client.get(circle.get_absolute_url())

    assert len(response.context["page"].object_list) == rows
    assertContains(response, f"{rows} จาก\u00a050")
    for listed in ("ahead", "promises", "lessons"):
        assert response.context[listed], listed


def test_the_timeline_says_what_is_special_about_a_session(facilitator_client, circle):
    session = LearningSessionFactory(circle=circle)
    SupportRequestFactory(session=session)
    ProblemFactory(session=session, text="ไม้หมด", solution="ขอจากวัด")
    ProblemFactory(session=session, text="เครื่องเสีย")
    LearningSessionFactory(circle=circle, state=State.IN_QUESTION)

    response = facilitator_client.get(circle.get_absolute_url())

    assertContains(response, "มีเรื่องขอให้ช่วย", count=1)
    assertContains(response, "อาจเป็นการพบกันครั้งเดียวกัน", count=1)
    assertContains(response, "จะนับเมื่อมีคนยืนยัน", count=1)
    assertContains(response, "เครื่องเสีย")
    assertNotContains(response, "ไม้หมด")


def test_a_withdrawn_session_is_listed_to_administrators_who_ask(
    tambon_admin_client, facilitator_client, circle
):
    shown = LearningSessionFactory(circle=circle)
    gone = LearningSessionFactory(circle=circle, state=State.WITHDRAWN)
    LessonFactory(session=gone, text="บทเรียนที่ถอน")
    url = circle.get_absolute_url()

    def listed(client, query=""):
        return list(client.get(url + query).context["page"].object_list)

    assert listed(tambon_admin_client) == [shown]
    assert listed(tambon_admin_client, "?withdrawn=1") == [gone]
    assert listed(facilitator_client, "?withdrawn=1") == [shown]
    assertContains(tambon_admin_client.get(url), "?withdrawn=1")
    for client in (tambon_admin_client, facilitator_client):
        assertNotContains(client.get(url), "บทเรียนที่ถอน")
    assertNotContains(facilitator_client.get(url), "?withdrawn=1")


def test_the_timeline_has_pages(facilitator_client, circle):
    for _n in range(6):
        LearningSessionFactory(circle=circle)

    first = facilitator_client.get(circle.get_absolute_url())
    second = facilitator_client.get(f"{circle.get_absolute_url()}?page=2")

    assert [page.context["page"].number for page in (first, second)] == [1, 2]
    assert len(second.context["page"].object_list) == 1


def test_the_seats_show_who_came_to_the_last_session_that_counts(
    facilitator_client, circle
):
    today = timezone.localdate()
    came, missed = (MembershipFactory(circle=circle).person for _n in range(2))
    held = LearningSessionFactory(circle=circle, held_on=today - timedelta(days=3))
    AttendanceFactory(session=held, person=came)
    doubted = LearningSessionFactory(circle=circle, state=State.IN_QUESTION)
    AttendanceFactory(session=doubted, person=missed)

    response = facilitator_client.get(circle.get_absolute_url())

    seats = {seat.person: seat.came for seat in response.context["seats"]}
    assert seats == {came: True, missed: False}
    assert response.context["seating"][0].present_count == 1


def test_an_unconfirmed_seat_says_so(facilitator_client, circle):
    MembershipFactory(circle=circle)
    assertNotContains(facilitator_client.get(circle.get_absolute_url()), "ยังไม่ยืนยัน")

    MembershipFactory(circle=circle, is_confirmed=False)
    assertContains(facilitator_client.get(circle.get_absolute_url()), "ยังไม่ยืนยัน")


def test_who_wrote_it_down_is_a_name_or_a_role(
    facilitator_client, office_client, facilitator, circle
):
    session = LearningSessionFactory(circle=circle)
    SubmissionFactory(session=session, author=facilitator)

    inside = facilitator_client.get(circle.get_absolute_url())
    outside = office_client.get(circle.get_absolute_url())

    assertContains(inside, f"{facilitator} บันทึก")
    assertNotContains(outside, str(facilitator))
    assertContains(outside, "บันทึก</p>")


def test_whoever_may_not_log_reads_what_is_ahead_and_ticks_nothing(
    office_client, facilitator_client, circle
):
    AppointmentFactory(circle=circle, on=timezone.localdate())
    session = LearningSessionFactory(circle=circle)
    promise = PromiseFactory(session=session)
    tools = ["session-create", "circle-sheet", "dream-create"]
    urls = [reverse(name, args=[circle.pk]) for name in tools]
    urls.append(reverse("promise-keep", args=[promise.pk]))

    inside = facilitator_client.get(circle.get_absolute_url())
    outside = office_client.get(circle.get_absolute_url())

    assertContains(outside, promise.text)
    assert len(outside.context["ahead"]) == 1
    for url in urls:
        assertContains(inside, url)
        assertNotContains(outside, url)


def test_a_promise_that_was_kept_is_no_longer_open(facilitator_client, circle):
    session = LearningSessionFactory(circle=circle)
    open_one = PromiseFactory(session=session)
    PromiseFactory(session=session, kept_on=timezone.localdate())
    PromiseFactory(session=LearningSessionFactory(circle=circle, state=State.WITHDRAWN))

    response = facilitator_client.get(circle.get_absolute_url())

    assert list(response.context["promises"]) == [open_one]


def test_a_province_looks_at_its_circle_as_any_other(roles, circle):
    client = roles.client(Role.PROVINCE_ADMIN, circle.place.parent.parent.parent)

    assertContains(client.get(circle.get_absolute_url()), circle.name)


def test_circle_detail_names_seats_only_to_whoever_may_read_them(
    facilitator_client, office_client, circle
):
    seat = MembershipFactory(circle=circle, person__called_as="น้ายงค์")

    assertContains(facilitator_client.get(circle.get_absolute_url()), "น้ายงค์")
    response = office_client.get(circle.get_absolute_url())
    assertNotContains(response, "น้ายงค์")
    assert response.context["seating"][0].seat_count == 1
    assert seat.is_confirmed
