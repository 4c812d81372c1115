"""Somebody who is in a handover already leaves on another day: found and done from
each page of theirs."""

from __future__ import annotations

import pytest
from django.urls import reverse

from circles.actions import handing
from circles.actions.carrying import call_off
from circles.actions.handing_seats import Step
from circles.models import Handover, Person, Succession
from circles.permissions import Permission, Role
from circles.thai import thai_date
from tests.factories import AssignmentFactory, CircleFactory, PersonFactory
from tests.factories_handing import in_days

Kind = Succession.Kind


@pytest.fixture
def admin(circle, roles):
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent)


@pytest.fixture
def leaver(circle):
    return AssignmentFactory(circle=circle).person


@pytest.fixture
def follower(circle):
    return PersonFactory(village=circle.place, first_name="สมศรี")


@pytest.fixture
def arranged(admin, leaver, follower) -> Handover:
    rights = handing.rights_to_hand(admin, leaver, in_days(20))
    steps = [Step(right, Kind.ACTING, follower) for right in rights]
    return handing.hand_over(admin, leaver, in_days(20), steps, note="คำสั่ง 12")


def anew(handover) -> str:
    path = reverse("handover-create", args=[handover.person_id])
    return f"{path}?instead={handover.pk}"


def typed(handover, **more):
    given = {"act": "arrange", "kind": "acting", "last_day": thai_date(in_days(10))}
    return given | {"successor": handover.successions.get().successor_id} | more


@pytest.mark.parametrize("name", ["person-detail", "person-rights", "handover-create"])
def test_a_standing_handover_is_told_on_each_page(arranged, admin, roles, name):
    page = roles.signed_in(admin).get(reverse(name, args=[arranged.person_id]))

    assert anew(arranged) in page.text
    assert reverse("handover-cancel", args=[arranged.pk]) in page.text


def test_what_is_partly_out_of_reach_is_told_without_a_way(
    arranged, leaver, admin, roles
):
    elsewhere = AssignmentFactory(person=leaver, circle=CircleFactory())
    Succession.objects.create(handover=arranged, assignment=elsewhere, kind=Kind.VACANT)
    path = reverse("handover-create", args=[leaver.pk])

    page = roles.signed_in(admin).get(path)

    assert thai_date(in_days(20)) in page.text
    assert reverse("handover-cancel", args=[arranged.pk]) not in page.text
    assert roles.signed_in(admin).get(anew(arranged)).context["instead"] is None


def test_the_new_day_is_arranged_in_one_step(arranged, leaver, follower, admin, roles):
    client = roles.signed_in(admin)

    page = client.get(anew(arranged))
    form = page.context["form"]
    assert (form["kind"].value(), form["note"].value()) == ("acting", "คำสั่ง 12")
    assert f'value="{follower.pk}" checked' in page.text
    assert not Handover.objects.filter(cancelled_at__isnull=False).exists()
    client.post(anew(arranged), typed(arranged))

    old, new = Handover.objects.order_by("pk")
    assert old.cancelled_at
    assert (new.last_day, new.successions.get().successor) == (in_days(10), follower)
    assert leaver.assignments.get().until == in_days(10)
    assert follower.assignments.get().since == in_days(11)


def test_also_to_a_later_day(arranged, leaver, admin, roles):
    late = typed(arranged, last_day=thai_date(in_days(30)))

    roles.signed_in(admin).post(anew(arranged), late)

    assert leaver.assignments.get().until == in_days(30)


def test_what_is_refused_leaves_the_old_one_standing(arranged, leaver, admin, roles):
    wrong = typed(arranged, successor=leaver.pk)

    response = roles.signed_in(admin).post(anew(arranged), wrong)

    assert response.context["form"].has_error("successor", "same")
    arranged.refresh_from_db()
    assert arranged.cancelled_at is None
    assert leaver.assignments.get().until == in_days(20)


def test_without_a_right_the_day_is_named_and_the_successor_kept(
    arranged, leaver, admin, roles, follower
):
    path = reverse("handover-create", args=[leaver.pk])

    page = roles.signed_in(admin).post(path, typed(arranged))

    assert thai_date(in_days(10)) in str(page.context["form"].non_field_errors())
    assert f'value="{follower.pk}" checked' in page.text


def test_who_was_named_can_be_named_again_and_nothing_more(
    admin, leaver, circle, roles, province_admin_client
):
    stranger = PersonFactory(first_name="สมปอง")
    province = roles.user(Role.PROVINCE_ADMIN, circle.place.parent.parent.parent)
    stranger.village = CircleFactory().place
    stranger.save()
    steps = [Step(leaver.assignments.get(), Kind.SUCCESSOR, stranger)]
    handover = handing.hand_over(province, leaver, in_days(20), steps)
    call_off(province, handover)
    client = roles.signed_in(admin)
    path = reverse("handover-create", args=[leaver.pk])

    def asked(kind):
        typed_name = {"name": "successor", "successor_q": "สมปอง"}
        return client.get(reverse("options", args=[kind]), typed_name).text

    assert f'value="{stranger.pk}"' in asked("successors")
    assert f'value="{stranger.pk}"' not in asked("people")
    within = Person.objects.allowed(admin, Permission.MANAGE_PERSON)
    assert not within.filter(pk=stranger.pk).exists()
    again = {"act": "arrange", "kind": "successor", "last_day": thai_date(in_days(5))}
    client.post(path, again | {"successor": stranger.pk})
    assert stranger.assignments.get().since == in_days(6)


def test_named_for_a_right_elsewhere_is_no_choice(admin, leaver, roles):
    stranger = PersonFactory(first_name="สมปอง", village=CircleFactory().place)
    elsewhere = AssignmentFactory(circle=CircleFactory())
    handover = Handover.objects.create(
        person=elsewhere.person, last_day=in_days(5), author=admin
    )
    Succession.objects.create(
        handover=handover,
        assignment=elsewhere,
        kind=Kind.SUCCESSOR,
        successor=stranger,
    )
    path = reverse("handover-create", args=[leaver.pk])
    given = {"act": "arrange", "kind": "successor", "last_day": thai_date(in_days(5))}

    response = roles.signed_in(admin).post(path, given | {"successor": stranger.pk})

    assert response.context["form"].has_error("successor", "gone")
