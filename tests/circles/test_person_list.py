"""Pages: the list of people."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from circles.models import Person
from circles.permissions import Role
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CircleFactory,
    ContactPointFactory,
    LearningSessionFactory,
    MembershipFactory,
    PersonFactory,
    UserFactory,
)
from tests.factories_people import MobileFactory

pytestmark = pytest.mark.django_db


def seated(circle, role=Role.KHUN_KIJ, confirmed=True, **person):
    seat = MembershipFactory(
        circle=circle,
        role=role,
        is_confirmed=confirmed,
        person=PersonFactory(**person),
    )
    return seat.person


def listed(client, **asked):
    page = client.get(reverse("person-list"), asked).context["page"]
    return {person.first_name for person in page.object_list}


@pytest.mark.parametrize("rows", [3, 300])
def test_person_list(tambon_admin_client, circle, rows, django_assert_max_num_queries):
    held = LearningSessionFactory(circle=circle)
    for _n in range(rows):
        person = seated(circle)
        MobileFactory(person=person)
        AssignmentFactory(person=person, circle=circle)
        AttendanceFactory(session=held, person=person)

    with django_assert_max_num_queries(10):
        response = tambon_admin_client.get(reverse("person-list"))

    # and the administrator, who has a right here
    assert response.context["page"].paginator.count == rows + 1
    assert len(response.context["rows"]) == min(rows + 1, 25)


def test_a_line_tells_hat_circles_roads_consent_and_the_last_day(
    tambon_admin_client, circle
):
    person = seated(circle, Role.KHUN_LIKHIT, show_consent=True, first_name="สมศรี")
    MembershipFactory(circle=CircleFactory(), person=person)
    MobileFactory(person=person, address="0812345678")
    ContactPointFactory(person=person, address="somsri@example.org")
    latest = LearningSessionFactory(circle=circle)
    AttendanceFactory(session=latest, person=person)
    gone = timezone.localdate() - timedelta(days=3)
    LearningSessionFactory(circle=circle, held_on=gone, state="withdrawn")

    page = tambon_admin_client.get(reverse("person-list"), {"q": "สมศรี"})

    (row,) = page.context["rows"]
    assert row.hats == [Role.KHUN_KIJ, Role.KHUN_LIKHIT]
    assert row.circle_count == 2
    assert (row.person.has_phone, row.person.has_email) == (True, True)
    assert row.person.last_came == latest.held_on
    # the kinds alone: an address is shown nowhere in a list
    assertNotContains(page, "0812345678")
    assertNotContains(page, "somsri@example.org")


def test_only_people_of_the_own_reach_are_listed(tambon_admin_client, circle):
    near, far = (
        seated(circle, first_name="ใกล้"),
        seated(CircleFactory(), first_name="ไกล"),
    )
    PersonFactory(first_name="ไม่มีที่")
    PersonFactory(first_name="ซ้ำ", merged_into=near, village=circle.place)

    names = listed(tambon_admin_client)

    assert near.first_name in names
    assert {far.first_name, "ไม่มีที่", "ซ้ำ"}.isdisjoint(names)
    assert listed(tambon_admin_client, q="ไกล") == set()


@pytest.mark.parametrize(
    "asked", ["สมศรี", "ใจดี", "ป้าศรี", "หมอดิน", "ปุ๋ย", "หนองนก", "ม.1 หนองนก", "สมศรี ปุ๋ย"]
)
def test_person_list_is_searched_by_name_position_circle_and_village(
    tambon_admin_client, circle, asked
):
    circle.name = "วงปุ๋ยอินทรีย์ของสมศรี"
    circle.save()
    circle.place.name_th = "บ้านหนองนก"
    circle.place.save()
    seated(
        circle,
        first_name="สมศรี",
        last_name="ใจดี",
        called_as="ป้าศรี",
        position="หมอดินอาสา",
        village=circle.place,
    )
    PersonFactory(first_name="คนอื่น", village=circle.place.parent)

    assert listed(tambon_admin_client, q=asked) == {"สมศรี"}


def test_person_list_is_filtered_by_hat_of_a_seat_or_a_right(
    tambon_admin_client, circle
):
    seated(circle, Role.KHUN_UA, first_name="เอื้อ")
    right = AssignmentFactory(circle=circle, role=Role.KHUN_UA)
    Person.objects.filter(pk=right.person_id).update(first_name="สิทธิ")
    seated(circle, first_name="กิจ")

    assert listed(tambon_admin_client, role="khun_ua") == {"เอื้อ", "สิทธิ"}
    assert listed(tambon_admin_client, role="khun_kij") == {"กิจ"}


def test_person_list_is_filtered_by_what_needs_attention(tambon_admin_client, circle):
    seated(circle, confirmed=False, first_name="ใหม่", last_name="ก")
    seated(circle, first_name="แดง", last_name="ดี")
    PersonFactory(first_name="แดง", last_name="ดี", village=circle.place)
    UserFactory(person=seated(circle, first_name="บัญชี"))

    def only(*names):
        return listed(tambon_admin_client, only=names) - {
            one for one in listed(tambon_admin_client) if one.startswith("สมาชิก")
        }

    assert only("unconfirmed") == {"ใหม่"}
    assert only("twice") == {"แดง"}
    assert only("account") == {"บัญชี"}
    assert only("no-circle") == {"แดง"}
    assert only("twice", "unconfirmed") == set()


def test_a_double_outside_the_reach_is_not_told(tambon_admin_client, circle):
    seated(circle, first_name="แดง", last_name="ดี")
    seated(CircleFactory(), first_name="แดง", last_name="ดี")

    assert listed(tambon_admin_client, only="twice") == set()


@pytest.mark.parametrize(
    "query",
    ["role=boss", "only=x", "page=xyz", "page=99999", "q=" + "ก" * 101, "q=%E2%80%8B"],
)
def test_a_senseless_filter_still_shows_the_list(tambon_admin_client, circle, query):
    assert (
        tambon_admin_client.get(f"{reverse('person-list')}?{query}").status_code == 200
    )


def test_person_list_refreshes_only_its_part(tambon_admin_client, circle):
    response = tambon_admin_client.get(
        reverse("person-list"), headers={"HX-Request": "true", "HX-Target": "people"}
    )

    assert response.text.lstrip().startswith('<section id="people"')


def test_nobody_fits_is_said_in_words(tambon_admin_client, circle):
    page = tambon_admin_client.get(reverse("person-list"), {"q": "ไม่มีใคร"})

    assertContains(page, "panel--quiet")


def test_an_account_is_told_apart_from_numbers(tambon_admin_client, circle):
    person = seated(circle, first_name="สมศรี")
    UserFactory(person=person)

    tambon_admin_client.cookies["django_language"] = "en"
    page = tambon_admin_client.get(reverse("person-list"), {"q": "สมศรี"})

    assertContains(page, "no number or e-mail</span><br>")
    assertContains(page, "has an account</span>")
    assertContains(page, "never came yet")
