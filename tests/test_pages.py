"""The pages that only show: right rows, and a query count that does not grow."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.models import ContactPoint
from circles.permissions import Role
from tests.factories import (
    AchievementFactory,
    AssignmentFactory,
    AttendanceFactory,
    CircleFactory,
    ContactPointFactory,
    LearningSessionFactory,
    LessonFactory,
    MembershipFactory,
    MilestoneFactory,
    NoticeFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db


def furnish(circle, **session):
    """Give *circle* a seat, a road, and a session with people and a lesson."""
    seat = MembershipFactory(circle=circle)
    stone = MilestoneFactory(circle=circle, position=1)
    held = LearningSessionFactory(circle=circle, **session)
    SubmissionFactory(session=held)
    AttendanceFactory(session=held, person=seat.person)
    LessonFactory(session=held, teller=seat.person)
    AchievementFactory(milestone=stone, session=held)
    MilestoneFactory(circle=circle, position=2, target=50)
    return held


# -- home -----------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_home(roles, circle, rows, django_assert_max_num_queries):
    user = roles.user(Role.KHUN_AMNUAY, circle)
    furnish(circle, next_on=timezone.localdate() + timedelta(days=1))
    for _n in range(rows - 1):
        other = CircleFactory()
        AssignmentFactory(person=user.person, circle=other)
        furnish(other)
    client = roles.signed_in(user)

    # session, user, person, assignments, unread, may log, due, coming, circles, roads
    with django_assert_max_num_queries(10):
        response = client.get(reverse("home"))

    assert len(response.context["circles"]) == rows
    assert response.context["next_circle"] == circle
    assertContains(response, reverse("session-create", args=[circle.pk]))


def test_home_shows_the_appointment_that_has_come_before_the_next(roles, circle):
    user = roles.user(Role.KHUN_AMNUAY, circle)
    today = timezone.localdate()
    soon, missed = CircleFactory(), CircleFactory()
    for other, days in [(soon, 3), (missed, -4)]:
        AssignmentFactory(person=user.person, circle=other)
        before = today - timedelta(days=30)
        LearningSessionFactory(
            circle=other, held_on=before, next_on=today + timedelta(days=days)
        )
    LearningSessionFactory(
        circle=circle, held_on=today - timedelta(days=7), next_on=today
    )

    response = roles.signed_in(user).get(reverse("home"))

    assert response.context["next_circle"] == circle
    assert list(response.context["due"]) == [missed]


def test_home_invites_whoever_has_no_circle(client, django_user_model):
    client.force_login(django_user_model.objects.create(username="new"))

    response = client.get(reverse("home"))

    assertContains(response, "ยังไม่มีวงของคุณ")
    assertNotContains(response, reverse("overview"))


def test_home_offers_no_log_button_to_whoever_may_not_log(kij_client, circle):
    furnish(circle)

    response = kij_client.get(reverse("home"))

    assertContains(response, circle.name)
    assertNotContains(response, reverse("session-create", args=[circle.pk]))


# -- circles --------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_circle_list(office_client, circle, rows, django_assert_max_num_queries):
    for one in [circle, *CircleFactory.create_batch(rows - 1)]:
        furnish(one)

    # session, user, person, assignments, unread, count, circles, roads
    with django_assert_max_num_queries(9):
        response = office_client.get(reverse("circle-list"))

    assert len(response.context["page"].object_list) == rows


def test_circle_list_finds_by_name_and_place(office_client, circle):
    wanted = CircleFactory(name="วงปุ๋ยอินทรีย์")

    found = office_client.get(reverse("circle-list"), {"q": "ปุ๋ย"})
    below = office_client.get(reverse("circle-list"), {"place": wanted.place.code})

    assert list(found.context["page"].object_list) == [wanted]
    assert list(below.context["page"].object_list) == [wanted]
    assertContains(below, wanted.place.full_label)


@pytest.mark.parametrize("query", ["q=%00", "q=%ff", "place=8001%00"])
def test_an_unreadable_address_is_refused_in_words(office_client, query):
    response = office_client.get(f"{reverse('circle-list')}?{query}")

    assertContains(response, "อ่านไม่ได้", status_code=400)


@pytest.mark.parametrize("query", ["place=abc", "page=xyz", "page=99999", "q=" + "ก" * 101])
def test_a_senseless_filter_still_shows_the_list(office_client, circle, query):
    assert office_client.get(f"{reverse('circle-list')}?{query}").status_code == 200


def test_circle_list_refreshes_only_its_part(office_client, circle):
    response = office_client.get(
        reverse("circle-list"), headers={"HX-Request": "true", "HX-Target": "circles"}
    )

    assert response.text.lstrip().startswith('<section id="circles"')
    assert "HX-Target" in response["Vary"]


@pytest.mark.parametrize("rows", [1, 3])
def test_circle_detail(facilitator_client, circle, rows, django_assert_max_num_queries):
    for _n in range(rows):
        LessonFactory(session=LearningSessionFactory(circle=circle))
        MembershipFactory(circle=circle)
    MilestoneFactory(circle=circle, target=50)

    # session, user, person, assignments, unread; circle, may log, may see seats,
    # seats, count, sessions, stones' sessions, seating (2), lessons, road, value
    with django_assert_max_num_queries(17):
        response = facilitator_client.get(circle.get_absolute_url())

    assert len(response.context["page"].object_list) == rows
    assertContains(response, f"{rows} จาก 50")


def test_circle_detail_names_seats_only_to_whoever_may_read_them(
    facilitator_client, office_client, circle
):
    seat = MembershipFactory(circle=circle, person__called_as="น้ายงค์")

    assertContains(facilitator_client.get(circle.get_absolute_url()), "น้ายงค์")
    response = office_client.get(circle.get_absolute_url())
    assertNotContains(response, "น้ายงค์")
    assert response.context["seating"][0].seat_count == 1
    assert seat.is_confirmed


# -- sessions -------------------------------------------------------------------


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


# -- overview -------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_overview(office_client, circle, rows, django_assert_max_num_queries):
    for one in [circle, *CircleFactory.create_batch(rows - 1)]:
        tambon = one.place.parent
        tambon.is_target = True
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
    circle.place.parent.is_target = True
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
    tambon.is_target = True
    tambon.save()
    furnish(circle)
    furnish(CircleFactory(place=circle.place))

    response = kij_client.get(reverse("overview"))

    assert [one.session_count for one in response.context["columns"]] == [1]
    assert response.context["is_partial"]


def test_overview_of_a_facilitator_covers_the_tambon(facilitator_client, circle):
    circle.place.parent.is_target = True
    circle.place.parent.save()
    furnish(circle)
    furnish(CircleFactory(place=circle.place))

    response = facilitator_client.get(reverse("overview"))

    assert [one.session_count for one in response.context["columns"]] == [2]
    assert not response.context["is_partial"]


# -- celebrations and notices ---------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_celebration_list(office_client, circle, rows, django_assert_max_num_queries):
    for one in [circle, *CircleFactory.create_batch(rows - 1)]:
        furnish(one)

    with django_assert_max_num_queries(8):
        response = office_client.get(reverse("celebration-list"))

    assert len(response.context["page"].object_list) == rows


def test_celebration_detail_leads_to_the_evidence(facilitator_client, circle):
    session = furnish(circle)
    achievement = session.achievements.get()

    response = facilitator_client.get(achievement.get_absolute_url())

    assertContains(response, session.get_absolute_url())
    assertContains(response, "วันที่ถึง")


def test_a_place_s_celebration_shows_only_evidence_one_may_read(
    facilitator_client, circle
):
    elsewhere = furnish(CircleFactory(place=circle.place))
    stone = MilestoneFactory(circle=None, place=circle.place.parent)
    achievement = AchievementFactory(milestone=stone, session=elsewhere)

    response = facilitator_client.get(achievement.get_absolute_url())

    assert response.status_code == 200
    assertNotContains(response, elsewhere.get_absolute_url())


@pytest.mark.parametrize("rows", [1, 3])
def test_notice_list(roles, circle, rows, django_assert_max_num_queries):
    user = roles.user(Role.KHUN_AMNUAY, circle)
    inbox = ContactPointFactory(
        person=user.person, channel=ContactPoint.Channel.INBOX, address=""
    )
    session = furnish(circle)
    for position in range(3, 3 + rows):
        stone = MilestoneFactory(circle=circle, position=position)
        achievement = AchievementFactory(milestone=stone, session=session)
        NoticeFactory(
            event__achievement=achievement,
            contact=inbox,
            due_at=None,
            sent_at=timezone.now(),
        )
    NoticeFactory()  # somebody else's
    client = roles.signed_in(user)

    with django_assert_max_num_queries(8):
        response = client.get(reverse("notice-list"))
    assert len(response.context["page"].object_list) == rows

    assertRedirects(client.post(reverse("notice-list")), reverse("notice-list"))
    assertNotContains(client.get(reverse("notice-list")), 'class="count"')


# -- everything round it --------------------------------------------------------


def test_english_is_a_choice_and_comes_back(facilitator_client):
    home = reverse("home")
    assertContains(facilitator_client.get(home), "วงของฉัน")

    form = {"language": "en", "next": home}
    assertRedirects(facilitator_client.post(reverse("language"), form), home)

    assertContains(facilitator_client.get(home), "My circles")


def test_the_browser_s_language_does_not_decide(facilitator_client):
    response = facilitator_client.get(reverse("home"), headers={"Accept-Language": "en"})

    assertContains(response, "วงของฉัน")


def test_the_language_switch_leads_nowhere_else(client):
    form = {"language": "xx", "next": "https://elsewhere.example/"}
    response = client.post(reverse("language"), form)

    assert response.url == reverse("home")
    assert not response.cookies


@pytest.mark.parametrize("path", ["/nowhere/", "/circles/0/", "/sessions/99999999999999999999/"])
def test_unknown_addresses_are_404_in_words(facilitator_client, path):
    assertContains(facilitator_client.get(path), "ทางนี้ไปต่อไม่ได้", status_code=404)


def test_signing_in_leads_to_the_page_asked_for(client, roles, circle):
    user = roles.user(Role.KHUN_AMNUAY, circle)
    user.set_password("ปุ๋ยอินทรีย์-2569")
    user.save()
    page = circle.get_absolute_url()

    assertRedirects(client.get(page), f"{reverse('sign-in')}?next={page}")
    form = {"username": user.username, "password": "ปุ๋ยอินทรีย์-2569", "next": page}
    assertRedirects(client.post(reverse("sign-in"), form), page)


@pytest.mark.parametrize(
    ("role", "page"), [(Role.GOVERNOR_OFFICE, "overview"), (Role.KHUN_KIJ, "home")]
)
def test_signing_in_lands_where_the_day_begins(client, roles, circle, role, page):
    user = roles.user(role, roles.near(role, circle))
    user.set_password("ปุ๋ยอินทรีย์-2569")
    user.save()

    form = {"username": user.username, "password": "ปุ๋ยอินทรีย์-2569"}

    assert client.post(reverse("sign-in"), form).url == reverse(page)


def test_a_wrong_password_is_said_in_words_and_keeps_the_name(client):
    form = {"username": "amnuay", "password": "wrong"}
    response = client.post(reverse("sign-in"), form)

    assertContains(response, 'value="amnuay"')
    assertContains(response, "errsum")


def test_signing_out(facilitator_client):
    assertRedirects(facilitator_client.post(reverse("sign-out")), reverse("sign-in"))
    assert facilitator_client.get(reverse("home")).status_code == 302


def test_every_page_is_sent_with_the_strict_policy(facilitator_client):
    policy = facilitator_client.get(reverse("home"))["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_healthz_asks_nobody(client, django_assert_num_queries):
    cache.clear()
    with django_assert_num_queries(0):
        assert client.get(reverse("healthz")).text == "ok\n"


def test_a_form_without_its_token_is_refused_in_words(roles, circle):
    client = roles.client(Role.KHUN_AMNUAY, circle)
    client.handler.enforce_csrf_checks = True

    response = client.post(reverse("sign-out"))

    assertContains(response, "เปิดค้างไว้นานเกินไป", status_code=403)


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "nonsense", "tis-620"])
def test_a_body_in_an_odd_charset_is_never_an_error_page(facilitator_client, circle, charset):
    response = facilitator_client.post(
        reverse("session-create", args=[circle.pk]),
        b"act=save&summary=%ff%fe\xff",
        content_type=f"application/x-www-form-urlencoded; charset={charset}",
    )

    assert response.status_code in {200, 400}


def test_too_much_at_once_is_refused_in_words(facilitator_client, circle, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    url = reverse("session-create", args=[circle.pk])

    response = facilitator_client.post(url, {"summary": "ก" * 5000})

    assertContains(response, "มากเกินไปในคราวเดียว", status_code=400)
