"""Names stay with those whom they concern, proved by names that could leak."""

import pytest
from django.urls import reverse

from circles.permissions import Role
from tests.factories import (
    AchievementFactory,
    AttendanceFactory,
    LearningSessionFactory,
    LessonFactory,
    MembershipFactory,
    MilestoneFactory,
    PersonFactory,
    SubmissionFactory,
    UserFactory,
)

CAME, TOLD, WROTE, SAT = "ลับผู้มา", "ลับผู้เล่า", "ลับผู้บันทึก", "ลับที่นั่ง"
SECRETS = {CAME, TOLD, WROTE, SAT}


@pytest.fixture
def session(circle):
    """A session in which four people are named, none of whom may be shown."""
    session = LearningSessionFactory(circle=circle, summary="คุยเรื่องดิน")
    author = UserFactory(person__first_name=WROTE, username="secret-author")
    SubmissionFactory(session=session, author=author)
    AttendanceFactory(session=session, person__first_name=CAME)
    LessonFactory(session=session, text="ดินดี", teller=PersonFactory(first_name=TOLD))
    MembershipFactory(circle=circle, person__first_name=SAT)
    return session


def pages(session):
    """Return every page on which the session or its circle appears."""
    stone = MilestoneFactory(circle=session.circle)
    achievement = AchievementFactory(milestone=stone, session=session)
    names = ["home", "overview", "circle-list", "celebration-list", "notice-list"]
    urls = [*map(reverse, names), session.circle.get_absolute_url()]
    return [*urls, session.get_absolute_url(), achievement.get_absolute_url()]


def names_seen(client, session):
    text = "".join(client.get(url).content.decode() for url in pages(session))
    assert "ดินดี" in text
    return {name for name in SECRETS if name in text}


def test_the_governors_office_reads_what_was_learned_and_no_names(
    office_client, session
):
    assert names_seen(office_client, session) == set()


def test_a_sponsor_of_the_tambon_reads_who_has_a_seat_and_no_more(
    sponsor_client, session
):
    assert names_seen(sponsor_client, session) == {SAT}


@pytest.mark.parametrize(
    "role",
    [Role.KHUN_KIJ, Role.KHUN_AMNUAY, Role.KHUN_LIKHIT, Role.TAMBON_ADMIN],
)
def test_the_circles_own_people_read_the_names(roles, session, role):
    client = roles.client(role, roles.near(role, session.circle))

    assert names_seen(client, session) == SECRETS


def test_a_teller_who_agreed_is_named_to_the_governors_office(office_client, session):
    teller = session.lessons.get().teller
    teller.show_consent = True
    teller.save()

    assert names_seen(office_client, session) == {TOLD}


def test_consent_of_one_names_no_other(office_client, session):
    shown = PersonFactory(first_name="เผยได้", show_consent=True)
    LessonFactory(session=session, teller=shown)

    page = office_client.get(session.get_absolute_url()).content.decode()

    assert shown.first_name in page
    assert TOLD not in page


def test_nobody_else_sees_the_account_that_wrote_it_down(office_client, session):
    text = "".join(office_client.get(url).content.decode() for url in pages(session))

    assert "secret-author" not in text
