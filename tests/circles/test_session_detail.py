"""Pages: session-detail."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from circles.models import LearningSession, Promise, PromiseReview, Revision
from circles.permissions import Role
from tests.factories import LearningSessionFactory, PersonFactory, SubmissionFactory
from tests.factories_told import PromiseFactory, PromiseReviewFactory
from tests.furnish import furnish, furnish_fully

pytestmark = pytest.mark.django_db

State = LearningSession.State
# Users, their rights and news: 5; the session and what was told there: 7; its stone,
# who came, photos, documents, changes, the next appointment: 6.
QUERIES = 18


@pytest.mark.parametrize(("rows", "people"), [(1, 1), (3, 10), (3, 60)])
def test_session_detail(
    facilitator, roles, circle, rows, people, django_assert_num_queries
):
    session = furnish_fully(circle, facilitator, rows=rows, people=people)
    client = roles.signed_in(facilitator)

    with django_assert_num_queries(QUERIES):
        response = client.get(session.get_absolute_url())

    assertContains(response, "ดินมันบอกเอง", count=rows)
    assertContains(response, session.submission.receipt)
    assert len(response.context["attendances"]) == people


def test_everything_the_log_holds_is_on_the_page(facilitator, roles, circle):
    session = furnish_fully(circle, facilitator)
    told = {
        "summary": "สรุปของวัน",
        "story": "เรื่องเล่าดี",
        "aar_hoped": "คาดหวังไว้",
        "aar_more": "ได้เกินคาด",
        "aar_less": "ได้น้อย",
        "aar_next": "กลับไปทำต่อ",
    }
    LearningSession.objects.filter(pk=session.pk).update(**told)

    response = roles.signed_in(facilitator).get(session.get_absolute_url())

    rows = [session.problems.get(), session.requests.get(), session.lessons.get()]
    for text in [*told.values(), *(row.text for row in rows)]:
        assertContains(response, text)
    assertContains(response, session.readings.get().indicator.unit)


@pytest.mark.parametrize(
    ("said", "kept", "words"),
    [
        (None, False, "รับปากไว้"),
        (PromiseReview.State.DOING, False, "กำลังทำ"),
        (PromiseReview.State.DONE, False, "ทำแล้ว"),
        (None, True, "ทำแล้ว"),
    ],
)
def test_a_promise_says_how_it_stands(facilitator_client, circle, said, kept, words):
    session = furnish(circle)
    promise = PromiseFactory(session=session)
    if said:
        later = LearningSessionFactory(circle=circle)
        PromiseReviewFactory(promise=promise, session=later, state=said)
    if kept:
        Promise.objects.update(kept_on=timezone.localdate())

    assertContains(
        facilitator_client.get(session.get_absolute_url()), f">{words}</span>"
    )


def test_an_administrator_logs_on_behalf_and_the_record_says_so(roles, circle):
    session = furnish(circle)
    session.submission.author_role = Role.TAMBON_ADMIN
    session.submission.save()

    client = roles.client(Role.TAMBON_ADMIN, circle.place.parent)

    assertContains(client.get(session.get_absolute_url()), "บันทึกแทนวง")


def test_what_may_be_the_same_meeting_leads_to_both_records(
    facilitator_client, kij_client, circle
):
    session = furnish(circle, state=State.IN_QUESTION)
    compare = reverse("session-compare", args=[session.pk])

    assertContains(facilitator_client.get(session.get_absolute_url()), compare)
    assertNotContains(kij_client.get(session.get_absolute_url()), compare)


def test_a_withdrawn_record_says_why_to_its_own_people_alone(
    tambon_admin_client, facilitator_client, office_client, facilitator, circle
):
    session = furnish(circle, state=State.WITHDRAWN)
    Revision.objects.create(
        session=session,
        kind=Revision.Kind.WITHDRAWN,
        version=2,
        author=facilitator,
        reason="บันทึกผิดวง",
    )

    for client in (tambon_admin_client, facilitator_client):
        assertContains(client.get(session.get_absolute_url()), "บันทึกผิดวง")
    assert office_client.get(session.get_absolute_url()).status_code == 404


def test_the_record_says_who_typed_and_who_confirmed(
    facilitator, facilitator_client, office_client, circle
):
    session = furnish(circle)
    Revision.objects.create(
        session=session,
        kind=Revision.Kind.EDITED,
        version=2,
        author=facilitator,
        typed_by="น้องลิขิต",
        confirmed_at=timezone.now(),
        confirmed_by=facilitator,
    )

    page = facilitator_client.get(session.get_absolute_url())
    assertContains(page, "น้องลิขิต")
    assertContains(page, str(facilitator))
    assertNotContains(office_client.get(session.get_absolute_url()), "น้องลิขิต")


def test_names_of_those_who_promised_stay_with_the_circle(
    facilitator_client, office_client, circle
):
    session = furnish(circle)
    owner = PersonFactory(first_name="ลับผู้รับปาก")
    promise = PromiseFactory(session=session, owner=owner)
    other = PromiseFactory(session=session, owner_name="ลับผู้ถูกออกชื่อ")
    for one in (promise, other):
        PromiseReviewFactory(promise=one, session=session)

    for name in ("ลับผู้รับปาก", "ลับผู้ถูกออกชื่อ"):
        for url in (session.get_absolute_url(), circle.get_absolute_url()):
            assertContains(facilitator_client.get(url), name)
            assertNotContains(office_client.get(url), name)


AFTERWARDS = {
    "aar_hoped": "หวังไว้ลับ",
    "aar_more": "ได้เกินลับ",
    "aar_less": "ได้น้อยลับ",
    "aar_next": "ไปต่อลับ",
}


@pytest.mark.parametrize("may_show", [True, False])
@pytest.mark.parametrize(
    ("role", "is_own"),
    [
        (Role.KHUN_AMNUAY, True),
        (Role.KHUN_KIJ, True),
        (Role.KHUN_LIKHIT, True),
        (Role.TAMBON_ADMIN, True),
        (Role.KHUN_UA, False),
        (Role.GOVERNOR_OFFICE, False),
    ],
)
def test_what_is_for_this_circle_alone_is_read_there_alone(
    roles, circle, role, is_own, may_show
):
    session = furnish(circle)
    told = {"story": "เรื่องลับ", "story_may_show": may_show} | AFTERWARDS
    LearningSession.objects.filter(pk=session.pk).update(**told)

    client = roles.client(role, roles.near(role, circle))
    page = client.get(session.get_absolute_url()).content.decode()

    assert ("เรื่องลับ" in page) == (is_own or may_show)
    assert {text in page for text in AFTERWARDS.values()} == {is_own}


def test_session_saved_says_what_is_still_open_and_until_when(
    facilitator_client, circle
):
    session = LearningSessionFactory(circle=circle)
    SubmissionFactory(session=session)

    response = facilitator_client.get(reverse("session-saved", args=[session.pk]))

    assertContains(response, session.submission.receipt)
    assertContains(response, "เติมทีหลังได้")
    for page in ("session-edit", "session-handoff", "session-photos"):
        assertContains(response, reverse(page, args=[session.pk]))
    assertContains(response, reverse("circle-plan", args=[circle.pk]))
