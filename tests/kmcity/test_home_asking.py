"""Page: home, the records that wait for a word, and the meeting that is begun."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from circles import thai
from circles.models import LearningSession, Revision
from circles.permissions import Role
from tests.factories import CircleFactory, logged
from tests.factories_planning import AppointmentFactory
from tests.factories_told import DraftFactory

pytestmark = pytest.mark.django_db
HOME = "/"
QUESTION, TYPED = "อาจเป็นการพบกันครั้งเดียวกัน", "คุณลิขิตเขียนเพิ่มแล้ว"
AWAY = "ขอถอนบันทึกนี้"


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


def revise(session, author, kind, **given):
    return Revision.objects.create(
        session=session, author=author, kind=kind, version=2, **given
    )


def test_a_record_in_question_waits(facilitator, facilitator_client, circle):
    first = logged(circle, facilitator, lessons=["ดิน"]).session
    LearningSession.objects.filter(pk=first.pk).update(state="in_question")

    response = facilitator_client.get(HOME)

    assert [one.pk for one in response.context["asking"]] == [first.pk]
    assertContains(response, QUESTION)


def test_what_a_note_taker_typed_waits_until_it_is_confirmed(
    facilitator, facilitator_client, circle
):
    session = logged(circle, facilitator).session
    change = revise(session, facilitator, "edited", typed_by="น้าลิขิต")
    assertContains(facilitator_client.get(HOME), TYPED)

    change.confirmed_at = timezone.now()
    change.save()
    assertNotContains(facilitator_client.get(HOME), TYPED)


def test_a_withdrawal_waits_for_an_administrator_only(
    facilitator, facilitator_client, tambon_admin_client, circle
):
    session = logged(circle, facilitator).session
    revise(session, facilitator, "asked", reason="ผิดวง")

    assertNotContains(facilitator_client.get(HOME), AWAY)
    assertContains(tambon_admin_client.get(HOME), AWAY)


def test_nothing_of_other_circles_waits(facilitator_client, roles):
    elsewhere = CircleFactory()
    author = roles.user(Role.KHUN_AMNUAY, elsewhere)
    session = logged(elsewhere, author).session
    LearningSession.objects.filter(pk=session.pk).update(state="in_question")

    assert facilitator_client.get(HOME).context["asking"] == []


def test_a_meeting_that_is_begun_is_written_on_not_begun_anew(
    facilitator, facilitator_client, circle
):
    day = days_ago(2)
    AppointmentFactory(circle=circle, on=day)
    draft = DraftFactory(author=facilitator, circle=circle, day=thai.thai_date(day))

    response = facilitator_client.get(HOME)

    create = reverse("session-create", args=[circle.pk])
    assert response.context["draft"] == draft
    assertContains(response, f'btn--sign" href="{create}?draft={draft.key}"')
    assert response.context["due"] == []


def test_the_draft_of_another_day_leaves_the_button_alone(
    facilitator, facilitator_client, circle
):
    AppointmentFactory(circle=circle, on=timezone.localdate())
    DraftFactory(author=facilitator, circle=circle, day="1/11/69")

    assert facilitator_client.get(HOME).context["draft"] is None
