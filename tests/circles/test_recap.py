"""What is sent home to the circle: the texts, and the section that offers them."""

from datetime import date, time, timedelta
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django.asserts import assertContains, assertNotContains

from circles.models import LearningSession
from circles.reports.recap import invitation, next_appointment, recap
from tests.factories import (
    LearningSessionFactory,
    LessonFactory,
    PersonFactory,
    SubmissionFactory,
)
from tests.factories_planning import AppointmentFactory
from tests.factories_told import PromiseFactory

pytestmark = pytest.mark.django_db
SHOWN = {"first_name": "ลุงเผย", "show_consent": True}
SECRET = {"first_name": "ลับมาก", "show_consent": False}


@pytest.fixture
def session(circle):
    circle.name, circle.usual_start = "วงปุ๋ยอินทรีย์", time(13, 30)
    circle.save()
    session = LearningSessionFactory(
        circle=circle, number=8, held_on=date(2026, 11, 22), guest_count=19
    )
    SubmissionFactory(session=session)
    return session


def text(session):
    whole = LearningSession.objects.with_totals().get(pk=session.pk)
    return recap(whole, next_appointment(whole))


def test_the_recap_says_which_circle_when_how_many_and_thanks(session):
    said = text(session)

    assert said.splitlines()[:3] == [
        "วงปุ๋ยอินทรีย์ พบกันครั้งที่ 8",
        "วันอาทิตย์ที่ 22 พฤศจิกายน พ.ศ. 2569",
        "มา 19 คน",
    ]
    assert said.endswith("ขอบคุณทุกคนในวง")


def test_the_recap_names_only_those_who_agreed(session):
    for number, person in enumerate([SHOWN, SECRET]):
        someone = PersonFactory(**person)
        LessonFactory(session=session, text=f"บทเรียน {number}", teller=someone)
        PromiseFactory(session=session, text=f"รับปาก {number}", owner=someone)
    PromiseFactory(session=session, text="รับปาก 2", owner_name="ลับมากเหมือนกัน")

    said = text(session)

    assert "บทเรียน 0 (ลุงเผย)" in said
    assert "- บทเรียน 1\n" in said
    assert "รับปาก 1 (สมาชิก)" in said
    assert "รับปาก 2 (สมาชิก)" in said
    assert "ลับมาก" not in said


def test_the_recap_keeps_the_tea_and_phone_numbers_at_home(session):
    for name in ("aar_hoped", "aar_more", "aar_less", "aar_next"):
        setattr(session, name, "คุยกันในวงน้ำชา")
    session.save()
    for number in ("081-234-5678", "+66 81 234 5678", "0812345678"):
        LessonFactory(session=session, text=f"โทรหา {number} ได้")

    said = text(session)

    assert "น้ำชา" not in said
    assert "5678" not in said
    assert said.count("โทรหา … ได้") == 3


def test_a_long_session_becomes_a_short_message(session):
    for number in range(9):
        LessonFactory(session=session, text=f"{number} " + "ยาว" * 2000)

    said = text(session)

    assert len(said) < 1500
    assert "และอีก 4 เรื่อง" in said


@pytest.mark.parametrize("booked", [True, False])
def test_the_next_appointment_has_its_time_and_place(session, booked):
    day = timezone.localdate() + timedelta(days=3)
    session.circle.usual_venue = "ศาลาอเนกประสงค์"
    session.circle.save()
    session.held_on, session.next_on = timezone.localdate(), day
    session.save()
    if booked:
        AppointmentFactory(circle=session.circle, on=day, purpose="ดูกองปุ๋ย")

    ahead = next_appointment(session)
    short = invitation(session, ahead)

    assert ahead.on == day
    for said in (text(session), short):
        assert "เวลา 13.30 น." in said
        assert f"ที่ ศาลาอเนกประสงค์ {session.circle.where}" in said
    assert ("ดูกองปุ๋ย" in short) is booked


def test_what_was_agreed_comes_before_a_day_booked_earlier(session):
    today = timezone.localdate()
    AppointmentFactory(circle=session.circle, on=today + timedelta(days=4))
    session.next_on = today + timedelta(days=30)
    session.save()
    AppointmentFactory(circle=session.circle, on=session.next_on)

    assert next_appointment(session).on == session.next_on


def test_a_day_that_has_passed_is_no_appointment(session):
    day = timezone.localdate() - timedelta(days=1)
    session.held_on, session.next_on = day - timedelta(days=7), day
    session.save()
    AppointmentFactory(circle=session.circle, on=day)

    assert next_appointment(session) is None
    assert "นัดครั้งต่อไป" not in text(session)


def test_the_recap_follows_the_readers_language(session):
    with translation.override("en"):
        assert "Sunday 22 November BE 2569" in text(session)


@pytest.mark.parametrize("page", ["session-detail", "session-saved"])
def test_both_pages_offer_the_texts_and_a_link_to_line(
    facilitator_client, session, page
):
    AppointmentFactory(circle=session.circle)
    LessonFactory(session=session, text="ดิน & <น้ำ>")

    response = facilitator_client.get(reverse(page, args=[session.pk]))

    assertContains(response, "- ดิน &amp; &lt;น้ำ&gt;")
    assertContains(response, 'rel="noopener')
    links = [
        part.partition('"')[0]
        for part in response.text.split('href="https://line.me/R/share?text=')[1:]
    ]
    assert unquote(links[0]) == response.context["recap"]
    assert unquote(links[1]) == response.context["invitation"]
    assert "& <น้ำ>" in response.context["recap"]


def test_a_withdrawn_record_is_not_sent_home(tambon_admin_client, session):
    session.state = LearningSession.State.WITHDRAWN
    session.save()

    response = tambon_admin_client.get(session.get_absolute_url())

    assertNotContains(response, "line.me")


def test_whoever_sees_the_circle_but_no_names_sends_none(office_client, session):
    LessonFactory(session=session, teller=PersonFactory(**SECRET))

    assertNotContains(office_client.get(session.get_absolute_url()), "ลับมาก")
