from __future__ import annotations

import pytest
from django.core.exceptions import NON_FIELD_ERRORS
from django.urls import reverse

from circles.models import Assignment
from circles.permissions import Role
from tests.factories import AssignmentFactory, CircleFactory, PersonFactory
from tests.factories_handing import in_days


@pytest.fixture
def person(circle):
    return PersonFactory(village=circle.place, first_name="สมชาย")


def url(person) -> str:
    return reverse("person-rights", args=[person.pk])


def giving(circle, /, **typed):
    given = {"act": "give", "role": "khun_amnuay", "circle": circle.pk}
    return given | {"since": "1 ต.ค. 2568", "ends": "open"} | typed


def ending(right, **typed):
    given = {"end": right.pk, "until": "30 ก.ย. 2569", "reason": "ย้าย"} | typed
    return {k if k == "end" else f"end{right.pk}-{k}": v for k, v in given.items()}


def test_a_facilitator_is_assigned(tambon_admin_client, person, circle):
    response = tambon_admin_client.post(url(person), giving(circle, is_acting="on"))

    assert response.url == url(person)
    right = person.assignments.get()
    assert (right.role, right.circle, right.is_acting) == ("khun_amnuay", circle, True)
    assert right.until is None


def test_until_the_end_of_the_fiscal_year(tambon_admin_client, person, circle):
    tambon_admin_client.post(url(person), giving(circle, ends="fiscal"))

    until = person.assignments.get().until
    assert (until.month, until.day) == (9, 30)
    assert until >= in_days(0)


def test_now_to_come_and_past_are_told_apart(tambon_admin_client, person, circle):
    now = AssignmentFactory(person=person, circle=circle, until=in_days(0))
    ahead = AssignmentFactory(person=person, circle=circle, since=in_days(1))
    past = AssignmentFactory(
        person=person, circle=circle, until=in_days(-1), role=Role.KHUN_KIJ
    )

    rights = tambon_admin_client.get(url(person)).context["rights"]

    assert rights == {"current": [now], "ahead": [ahead], "past": [past]}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"circle": ""}, "one_object"),
        ({"role": ""}, "required"),
        ({"role": "tambon_admin"}, "invalid_choice"),
        ({"since": "31/2/2569"}, None),
        ({"since": "1 ม.ค. 2600"}, "too_late"),
        ({"since": "", "ends": "day"}, "required"),
        ({"ends": "day"}, "required"),
        ({"ends": "day", "until": "1 ม.ค. 2568"}, "order"),
        ({"circle": "99999999999999999999"}, "gone"),
        ({"circle": "", "place_q": "x\x00"}, "control_characters"),
        ({"reason": "ก" * 501}, "max_length"),
    ],
)
def test_bad_input_is_refused_in_words(
    tambon_admin_client, person, circle, typed, code
):
    response = tambon_admin_client.post(url(person), giving(circle, **typed))

    assert response.status_code == 200
    errors = response.context["form"].errors.as_data()
    codes = {error.code for several in errors.values() for error in several}
    assert errors
    assert code is None or code in codes
    assert not Assignment.objects.filter(person=person).exists()


def test_a_place_and_a_circle_are_too_much(tambon_admin_client, person, circle):
    typed = giving(circle, place=circle.place.pk)

    response = tambon_admin_client.post(url(person), typed)

    assert response.context["form"].has_error("over", "one_object")


def test_what_stands_below_another_button_does_not_count(
    tambon_admin_client, person, circle
):
    typed = giving(circle, over="circle", place=circle.place.pk, agency_q="x\x00")
    empty = giving(circle, over="place", place_q="")

    refused = tambon_admin_client.post(url(person), empty)
    tambon_admin_client.post(url(person), typed)

    assert refused.context["form"].has_error("place", "one_object")
    assert person.assignments.get().circle == circle


def test_a_circle_out_of_reach_is_no_choice(tambon_admin_client, person):
    elsewhere = CircleFactory()

    response = tambon_admin_client.post(url(person), giving(elsewhere))

    assert response.context["form"].has_error("circle", "gone")


def test_twice_says_so(tambon_admin_client, person, circle):
    tambon_admin_client.post(url(person), giving(circle))
    response = tambon_admin_client.post(url(person), giving(circle))

    assert response.context["form"].has_error(NON_FIELD_ERRORS, "twice")
    assert person.assignments.count() == 1


def test_a_province_administrator_gives_every_role(
    province_admin_client, person, circle
):
    tambon = circle.place.parent
    typed = giving(circle, role="tambon_admin", circle="", place=tambon.pk)

    province_admin_client.post(url(person), typed)

    assert person.assignments.get().place == tambon


def test_nobody_gives_their_own(circle, roles):
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    client = roles.signed_in(admin)

    page = client.get(url(admin.person))
    client.post(url(admin.person), giving(circle))
    client.post(url(admin.person), ending(admin.person.assignments.get()))

    assert page.status_code == 200
    assert 'value="give"' not in page.text
    assert "end_form" not in vars(page.context["rights"]["current"][0])
    assert admin.person.assignments.get().until is None


def test_a_right_ends_with_a_reason(tambon_admin_client, person, circle):
    right = AssignmentFactory(person=person, circle=circle)
    typed = ending(right, until="30 ก.ย. 2570")

    no_reason = tambon_admin_client.post(url(person), ending(right, reason=""))
    tambon_admin_client.post(url(person), typed)

    (shown,) = no_reason.context["rights"]["current"]
    assert shown.end_form.has_error("reason", "required")
    assert person.assignments.get().until.isoformat() == "2027-09-30"


def test_a_right_ends_at_once(tambon_admin_client, person, circle):
    right = AssignmentFactory(person=person, circle=circle)

    tambon_admin_client.post(url(person), ending(right, at_once="on"))

    assert person.assignments.get().until == in_days(-1)


def test_a_right_above_ones_own_is_hidden_from_the_hand(
    tambon_admin_client, person, circle
):
    right = AssignmentFactory(
        person=person, place=circle.place.parent, role=Role.KHUN_UA
    )

    response = tambon_admin_client.post(url(person), ending(right))

    assert response.status_code == 404
    assert tambon_admin_client.post(url(person), {"end": "9" * 40}).status_code == 200
    right.refresh_from_db()
    assert right.until is None


@pytest.mark.parametrize("rows", [1, 3])
def test_person_rights_asks_the_same_however_many(
    tambon_admin_client, person, circle, rows, django_assert_num_queries
):
    for _n in range(rows):
        AssignmentFactory(person=person, circle=CircleFactory(place=circle.place))

    # session, user, own rights, person, mine, rights, handovers, unread, own name
    with django_assert_num_queries(9):
        assert tambon_admin_client.get(url(person)).status_code == 200
