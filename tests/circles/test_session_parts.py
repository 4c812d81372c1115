"""The folded parts of the log form, newcomers and promises: what is stored of them."""

from datetime import date
from decimal import Decimal

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from circles.models import (
    Indicator,
    LearningSession,
    Lesson,
    Membership,
    Problem,
    Promise,
    PromiseReview,
    Reading,
    SupportRequest,
)
from tests.circles.posted import in_days, posted, url
from tests.factories import CircleFactory, LessonFactory, MembershipFactory, logged

pytestmark = pytest.mark.django_db


@pytest.fixture
def seats(circle):
    return MembershipFactory.create_batch(3, circle=circle)


def errors_of(response, prefix):
    return [form.errors for form in response.context["entry"].rows[prefix]]


def test_a_newcomer_needs_a_name_only_and_gets_an_unconfirmed_seat(
    facilitator_client, facilitator, circle, seats
):
    form = posted(seats, **{"newcomers-0-name": "น้ายงค์  ใจดี"})
    facilitator_client.post(url(circle), form)

    seat = Membership.objects.get(is_confirmed=False)
    assert (seat.person.first_name, seat.person.last_name) == ("น้ายงค์", "ใจดี")
    assert seat.circle == circle
    assert seat.role == "khun_kij"
    assert not seat.person.assignments.exists()
    session = LearningSession.objects.get()
    assert session.attendances.present().count() == 4


def test_newcomers_alone_are_somebody(facilitator_client, circle):
    form = posted([], lessons=(), **{"newcomers-0-name": "ก"})
    facilitator_client.post(url(circle), form)

    assert LearningSession.objects.get().attendances.present().count() == 1


def test_somebody_in_the_list_is_no_newcomer(facilitator_client, circle, seats):
    name = seats[0].person.first_name
    form = posted(seats[1:], **{"newcomers-0-name": name})
    response = facilitator_client.post(url(circle), form)

    assert errors_of(response, "newcomers")[0].keys() == {"name"}
    assertContains(response, f'value="{name}"')
    assert not LearningSession.objects.exists()


def test_two_of_one_name_are_told_apart(facilitator_client, circle):
    for last in ("ใจดี", "ใจงาม"):
        MembershipFactory(
            circle=circle, person__first_name="สมชาย", person__last_name=last
        )

    response = facilitator_client.get(url(circle))

    assertContains(response, "สมชาย (ใจดี)")
    assertContains(response, "สมชาย (ใจงาม)")


def test_promises_have_an_owner_and_are_due_at_the_next_session(
    facilitator_client, circle, seats
):
    owner = seats[0].person
    form = posted(
        seats,
        next_on=in_days(7),
        **{
            "promises-0-text": "ส่งตัวอย่างดิน",
            "promises-0-owner": owner.pk,
            "promises-1-text": "เชิญนายก อบต.",
            "promises-1-owner_name": "อบต.ท่าไร่",
            "promises-1-due_on": in_days(3),
        },
    )
    facilitator_client.post(url(circle), form)

    session = LearningSession.objects.get()
    first, second = Promise.objects.order_by("pk")
    assert (first.owner, first.due_on) == (owner, session.next_on)
    assert second.who == "อบต.ท่าไร่"
    assert second.due_on < first.due_on


@pytest.fixture
def promise(circle, facilitator):
    session = logged(circle, facilitator, held_on=date(2026, 11, 1)).session
    return Promise.objects.create(session=session, text="ส่งตัวอย่างดิน")


@pytest.mark.parametrize(
    ("answer", "is_open"), [("done", False), ("doing", True), ("not_yet", True)]
)
def test_last_times_promises_open_the_log(
    facilitator_client, circle, seats, promise, answer, is_open
):
    name = f"review-{promise.pk}"
    assertContains(facilitator_client.get(url(circle)), f'name="{name}"')

    facilitator_client.post(url(circle), posted(seats, **{name: answer}))

    assert PromiseReview.objects.get().state == answer
    assert Promise.objects.open().of(circle).exists() == is_open
    page = facilitator_client.get(url(circle))
    (assertContains if is_open else assertNotContains)(page, f'name="{name}"')


def test_a_promise_of_another_circle_cannot_be_answered(
    facilitator_client, circle, seats, promise
):
    other = CircleFactory()
    LearningSession.objects.filter(pk=promise.session_id).update(circle=other)

    form = posted(seats, **{f"review-{promise.pk}": "done"})
    assert facilitator_client.post(url(circle), form).status_code == 302

    assert not PromiseReview.objects.exists()


def test_a_withdrawn_answer_opens_the_promise_again(
    facilitator_client, circle, seats, promise
):
    form = posted(seats, **{f"review-{promise.pk}": "done"})
    facilitator_client.post(url(circle), form)
    session = LearningSession.objects.latest("pk")
    LearningSession.objects.filter(pk=session.pk).update(state="withdrawn")

    assert Promise.objects.open().of(circle).get() == promise


def test_all_the_rest_is_stored(facilitator_client, circle, seats):
    rice = Indicator.objects.create(name="ครัวเรือนที่ทำปุ๋ยใช้เอง", unit="ครัวเรือน")
    circle.indicators.add(rice)
    told = {
        "story": "ลูกปลาโตแล้ว",
        "story_may_show": "on",
        "aar_hoped": "ก",
        "aar_more": "ข",
        "aar_less": "ค",
        "aar_next": "ง",
        "problems-0-text": "เครื่องสับเสีย",
        "problems-0-solution": "ยืมวัด",
        "requests-0-text": "ขอเครื่องสับ",
        "requests-0-kind": "material",
        "lessons-0-words": "กลับมันทุกเจ็ดวันนะหลาน",
        f"reading-{rice.pk}": "๑,๒๕๐.๕",
    }
    facilitator_client.post(url(circle), posted(seats, **told))

    session = LearningSession.objects.get()
    assert (session.story, session.story_may_show) == ("ลูกปลาโตแล้ว", True)
    aar = session.aar_hoped, session.aar_more, session.aar_less, session.aar_next
    assert aar == ("ก", "ข", "ค", "ง")
    assert Problem.objects.get().solution == "ยืมวัด"
    assert SupportRequest.objects.get().kind == "material"
    assert Lesson.objects.get().words == "กลับมันทุกเจ็ดวันนะหลาน"
    assert Reading.objects.get().value == Decimal("1250.5")


@pytest.mark.parametrize(
    ("field", "value", "prefix"),
    [
        ("problems-0-solution", "ไม่มีปัญหา", "problems"),
        ("promises-0-owner_name", "ใครก็ไม่รู้", "promises"),
        ("promises-0-due_on", "31/2/69", "promises"),
        ("requests-0-text", "ก\ufffd", "requests"),
        ("requests-0-kind", "แปลก", "requests"),
        ("newcomers-0-role", "governor", "newcomers"),
        ("newcomers-0-name", "ก" * 151, "newcomers"),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    facilitator_client, circle, seats, field, value, prefix
):
    named = {"newcomers-0-name": "น้าใหม่"} if prefix == "newcomers" else {}
    form = posted(seats, **(named | {field: value}))
    response = facilitator_client.post(url(circle), form)

    assert response.status_code == 200
    assert any(errors_of(response, prefix))
    assertContains(response, "กลับกองปุ๋ยทุก 7 วัน")
    assert not LearningSession.objects.exists()


@pytest.mark.parametrize("chosen", ["promises-0-owner", "lessons-0-teller"])
def test_who_is_chosen_without_a_word_is_not_dropped_silently(
    facilitator_client, circle, seats, chosen
):
    form = posted(seats, lessons=(), **{chosen: seats[0].person_id})
    response = facilitator_client.post(url(circle), form)

    assert any(errors_of(response, chosen.partition("-")[0]))
    assert not LearningSession.objects.exists()


@pytest.mark.parametrize("typed", ["มาก", "1e999999", "NaN", "9" * 50, "1.234"])
def test_a_figure_is_a_figure(facilitator_client, circle, seats, typed):
    rice = Indicator.objects.create(name="ข้าว", unit="กก.")
    circle.indicators.add(rice)
    name = f"reading-{rice.pk}"
    response = facilitator_client.post(url(circle), posted(seats, **{name: typed}))

    assert response.context["entry"].form.errors.keys() == {name}
    assert not LearningSession.objects.exists()


def test_rows_of_other_sessions_cannot_be_claimed(facilitator_client, circle, seats):
    other = LessonFactory(text="ของวงอื่น")
    form = posted(seats, **{"lessons-0-id": str(other.pk)})
    facilitator_client.post(url(circle), form)

    other.refresh_from_db()
    assert other.text == "ของวงอื่น"
    assert Lesson.objects.count() == 2


@pytest.mark.parametrize("prefix", ["problems", "promises", "requests", "newcomers"])
def test_one_more_row_without_javascript(facilitator_client, circle, seats, prefix):
    form = posted(seats, act=f"add-{prefix}")
    response = facilitator_client.post(url(circle), form)

    assert len(response.context["entry"].rows[prefix]) == 2
    assert not LearningSession.objects.exists()


@pytest.mark.parametrize(("people", "has_search"), [(30, False), (31, True)])
def test_a_search_box_above_thirty(facilitator_client, circle, people, has_search):
    MembershipFactory.create_batch(people, circle=circle)

    assert facilitator_client.get(url(circle)).context["entry"].has_search == has_search
