from __future__ import annotations

import pytest
from django.core.exceptions import NON_FIELD_ERRORS
from django.urls import reverse

from circles.models import Handover
from circles.permissions import Role
from circles.thai import thai_date
from tests.factories import AssignmentFactory, CircleFactory, PersonFactory
from tests.factories_handing import in_days


@pytest.fixture
def leaver(circle, roles):
    return roles.user(Role.KHUN_AMNUAY, circle).person


@pytest.fixture
def follower(circle):
    return PersonFactory(village=circle.place, first_name="สมศรี")


def url(person) -> str:
    return reverse("handover-create", args=[person.pk])


def leaving(follower=None, **typed):
    given = {"act": "arrange", "last_day": thai_date(in_days(10)), "kind": "successor"}
    return given | {"successor": follower.pk if follower else "0"} | typed


def test_somebody_leaves(tambon_admin_client, leaver, follower):
    typed = leaving(follower, closes_account="on", note="ย้ายไปพัทลุง")

    response = tambon_admin_client.post(url(leaver), typed)

    handover = Handover.objects.get()
    assert response.url == reverse("handover-detail", args=[handover.pk])
    assert (handover.last_day, handover.closes_account) == (in_days(10), True)
    assert handover.successions.get().successor == follower
    page = tambon_admin_client.get(response.url)
    assert "สมศรี" in page.text
    assert "ย้ายไปพัทลุง" in page.text


def test_a_different_successor_for_each_right(
    tambon_admin_client, leaver, follower, circle
):
    other = AssignmentFactory(person=leaver, circle=CircleFactory(place=circle.place))
    third = AssignmentFactory(person=leaver, circle=CircleFactory(place=circle.place))
    typed = leaving(follower) | {f"kind_{other.pk}": "vacant"}
    stands_in = PersonFactory(village=circle.place)
    typed |= {f"kind_{third.pk}": "acting", f"successor_{third.pk}": stands_in.pk}

    tambon_admin_client.post(url(leaver), typed)

    followed = Handover.objects.get().successions.order_by("pk")
    assert [(one.kind, one.successor) for one in followed] == [
        ("successor", follower),
        ("vacant", None),
        ("acting", stands_in),
    ]


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ({"kind": ""}, "kind", "required"),
        ({"successor": "0"}, "successor", "required"),
        ({"kind": "vacant"}, "successor", "vacant"),
        ({"last_day": ""}, "last_day", "required"),
        ({"last_day": "1 ม.ค. 2600"}, "last_day", "too_late"),
        ({"last_day": "1 ม.ค. 2560"}, "last_day", "too_early"),
        ({"successor": "9" * 30}, "successor", "gone"),
        ({"note": "x\x00"}, "note", "control_characters"),
    ],
)
def test_bad_input_is_refused_in_words(
    tambon_admin_client, leaver, follower, typed, field, code
):
    response = tambon_admin_client.post(url(leaver), leaving(follower, **typed))

    assert response.status_code == 200
    assert response.context["form"].has_error(field, code)
    assert not Handover.objects.exists()


def test_who_leaves_does_not_follow(tambon_admin_client, leaver):
    response = tambon_admin_client.post(url(leaver), leaving(leaver))

    assert response.context["form"].has_error("successor", "same")


def test_a_person_out_of_reach_is_no_choice(tambon_admin_client, leaver):
    response = tambon_admin_client.post(url(leaver), leaving(PersonFactory()))

    assert response.context["form"].has_error("successor", "gone")


def test_rights_out_of_reach_are_told_and_left_alone(
    tambon_admin_client, leaver, follower
):
    elsewhere = AssignmentFactory(person=leaver, circle=CircleFactory())

    page = tambon_admin_client.get(url(leaver))
    tambon_admin_client.post(url(leaver), leaving(follower))

    assert page.context["form"].left_alone == [elsewhere]
    # The account is outside too: it cannot be closed.
    assert "closes_account" not in page.context["form"].fields
    elsewhere.refresh_from_db()
    assert elsewhere.until is None


def test_the_day_comes_from_the_address_or_the_button(tambon_admin_client, leaver):
    asked = tambon_admin_client.get(url(leaver) + "?last_day=2027-03-31")
    odd = tambon_admin_client.get(url(leaver) + "?last_day=31/2/2570")
    button = tambon_admin_client.post(url(leaver), leaving(act="round"))

    assert "31 มี.ค. 2570" in asked.text
    assert "30 ก.ย." in str(odd.context["form"]["last_day"])
    assert "30 ก.ย." in str(button.context["form"]["last_day"])
    assert not Handover.objects.exists()


def test_nobody_hands_over_their_own_rights(circle, roles, follower):
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    client = roles.signed_in(admin)

    page = client.get(url(admin.person))
    response = client.post(url(admin.person), leaving(follower))

    assert 'value="arrange"' not in page.text
    assert response.context["form"].has_error(NON_FIELD_ERRORS, "nothing")
    assert admin.person.assignments.get().until is None


def test_the_last_province_administrator_is_told_so(roles, circle):
    province = circle.place.parent.parent.parent
    last = roles.user(Role.PROVINCE_ADMIN, province)
    passing = roles.user(Role.PROVINCE_ADMIN, province, until=in_days(5))
    client = roles.signed_in(passing)

    response = client.post(url(last.person), leaving(kind="vacant"))

    assert response.context["form"].has_error(NON_FIELD_ERRORS, "last_admin")
    assert last.person.assignments.get().until is None
