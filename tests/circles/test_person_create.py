"""Entering somebody: who looks after them is said, and nobody is entered twice."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from circles.models import Change, Membership, Person
from circles.permissions import Role
from tests.factories import AgencyFactory, CircleFactory, PersonFactory, VillageFactory

pytestmark = pytest.mark.django_db


def post(client, **typed):
    return client.post(reverse("person-create"), typed)


def codes(response):
    data = response.context["form"].errors.as_data()
    return {name: [one.code for one in errors] for name, errors in data.items()}


def test_person_create(tambon_admin_client, circle):
    response = post(
        tambon_admin_client,
        title="นาง",
        first_name="  สมศรี ",
        last_name="ใจดี",
        village=circle.place_id,
        position="หมอดินอาสา",
    )

    person = Person.objects.get(first_name="สมศรี")
    assertRedirects(response, reverse("person-detail", args=[person.pk]))
    assert person.full_name == "นาง สมศรี ใจดี"
    assert (person.keep_consent, person.show_consent) == (True, False)
    change = Change.objects.get(subject="person", person=person)
    assert change.kind == Change.Kind.MADE


def test_a_first_seat_is_given_with_its_hat(tambon_admin_client, circle):
    post(
        tambon_admin_client,
        first_name="สมศรี",
        circle_q=circle.name,
        role=Role.KHUN_LIKHIT.value,
    )

    seat = Membership.objects.get(person__first_name="สมศรี")
    assert (seat.circle, seat.role) == (circle, Role.KHUN_LIKHIT)
    assert seat.is_confirmed
    assert Change.objects.filter(subject="membership", circle=circle).exists()


def test_a_title_that_was_typed_into_the_name_is_no_part_of_it(
    tambon_admin_client, circle
):
    known = PersonFactory(first_name="สมหญิง", last_name="ใจงาม", village=circle.place)
    typed = {"first_name": "นาง สมหญิง ใจงาม", "village": circle.place_id}

    asked = post(tambon_admin_client, **typed)
    assert codes(asked) == {"__all__": ["same_name"]}
    post(tambon_admin_client, **typed, alike=f"{known.pk},")

    person = Person.objects.exclude(pk=known.pk).get(first_name="สมหญิง")
    assert (person.title, person.last_name) == ("นาง", "ใจงาม")


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u200b", "\ufeff"])
def test_a_name_of_nothing_is_refused(tambon_admin_client, circle, name):
    response = post(tambon_admin_client, first_name=name, village=circle.place_id)

    assert codes(response) == {"first_name": ["required"]}
    assert not Person.objects.filter(village=circle.place).exists()


def test_who_would_be_out_of_the_own_reach_is_refused_in_words(
    tambon_admin_client, circle
):
    elsewhere = CircleFactory()
    agency = AgencyFactory(place=elsewhere.place.parent)
    homes = [{}, {"village": VillageFactory().pk}, {"agency": agency.pk}]

    answers = [post(tambon_admin_client, first_name="ไกล", **home) for home in homes]
    seat = post(tambon_admin_client, first_name="ไกล", circle=elsewhere.pk)

    assert [codes(one) for one in answers] == [{"__all__": ["outside"]}] * 3
    assert codes(seat) == {"circle": ["gone"]}
    assertContains(answers[0], 'value="ไกล"')
    assert not Person.objects.filter(first_name="ไกล").exists()


def test_the_province_takes_whoever_belongs_nowhere(province_admin_client):
    response = post(province_admin_client, first_name="ใครสักคน")

    assert response.status_code == 302


def test_a_closed_circle_takes_nobody(tambon_admin_client, circle):
    circle.openings.update(closed_on=timezone.localdate().replace(year=2020))

    response = post(tambon_admin_client, first_name="สมศรี", circle=circle.pk)

    assert codes(response) == {"circle": ["closed"]}
    assert not Person.objects.filter(first_name="สมศรี").exists()


def test_the_same_name_is_shown_first_and_told_apart_once(tambon_admin_client, circle):
    known = PersonFactory(
        first_name="สมศรี", last_name="ใจดี", village=circle.place, called_as="ป้าศรี"
    )
    PersonFactory(first_name="สมศรี", last_name="ใจดี")  # of nobody's reach
    typed = {"first_name": "สมศรี", "last_name": "ใจดี", "village": circle.place_id}

    asked = post(tambon_admin_client, **typed)

    assert codes(asked) == {"__all__": ["same_name"]}
    assert asked.context["alike"] == [known]
    assertContains(asked, "ป้าศรี")
    assert Person.objects.filter(first_name="สมศรี").count() == 2
    told = post(tambon_admin_client, **typed, alike=f"{known.pk},")
    assert told.status_code == 302


def test_the_button_tapped_twice_enters_one_person(tambon_admin_client, circle):
    typed = {"first_name": "สมศรี", "village": circle.place_id, "alike": ""}

    first, second = (post(tambon_admin_client, **typed) for _n in range(2))

    assert (first.status_code, second.status_code) == (302, 200)
    assert Person.objects.filter(first_name="สมศรี").count() == 1


@pytest.mark.parametrize("alike", ["x", "1e9", "-1", "๑", "9" * 390])
def test_a_senseless_list_of_people_is_no_error(tambon_admin_client, circle, alike):
    typed = {"first_name": "สมศรี", "village": circle.place_id, "alike": alike}

    assert post(tambon_admin_client, **typed).status_code == 302


def test_a_facilitator_without_a_right_is_said_to_have_none(
    tambon_admin_client, circle
):
    typed = {"circle": circle.pk, "role": Role.KHUN_AMNUAY.value}
    form = {"first_name": "สมศรี"} | typed
    page = tambon_admin_client.post(reverse("person-create"), form, follow=True)

    person = Person.objects.get(first_name="สมศรี")
    assert "right" in page.context["steps"]
    assertContains(page, reverse("person-rights", args=[person.pk]), 2)
