"""Pages: circle-seats."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from circles.models import Assignment, Change, Membership, Person
from circles.permissions import Role
from tests.circles.posted import in_days
from tests.factories import (
    AssignmentFactory,
    CircleFactory,
    MembershipFactory,
    PersonFactory,
)
from tests.factories_seats import NewcomerFactory

pytestmark = pytest.mark.django_db


def url(circle):
    return reverse("circle-seats", args=[circle.pk])


def day(days):
    return timezone.localdate() + timedelta(days=days)


def press(client, seat, act, **typed):
    name = f"{act}-{seat.pk}"
    form = {f"{name}-{field}": value for field, value in typed.items()}
    return client.post(url(seat.circle), {"act": name} | form)


def add(client, circle, **typed):
    form = {"act": "add", "role": Role.KHUN_KIJ, "since": in_days(0)} | typed
    return client.post(url(circle), form)


def codes(form):
    return {one.code for each in form.errors.as_data().values() for one in each}


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_circle_seats(tambon_admin_client, circle, rows, django_assert_max_num_queries):
    NewcomerFactory.create_batch(rows, circle=circle)
    MembershipFactory.create_batch(rows, circle=circle, role=Role.KHUN_AMNUAY)
    MembershipFactory.create_batch(rows, circle=circle, until=day(-1))

    # session, user, person, assignments, unread; circle, newcomers, count, seats,
    # who leads, past
    with django_assert_max_num_queries(12):
        page = tambon_admin_client.get(url(circle))

    assert page.context["page"].paginator.count == rows
    assert len(page.context["waiting"]) == min(rows, 30)
    assert page.context["nobody_leads"]


def test_newcomers_are_confirmed_one_by_one_or_all_at_once(tambon_admin_client, circle):
    first, *others = NewcomerFactory.create_batch(4, circle=circle)
    elsewhere = NewcomerFactory()
    unseen = others.pop()
    seats = [one.pk for one in [*others, elsewhere]]

    press(tambon_admin_client, first, "confirm")
    form = {"act": "confirm-all", "seats": [*seats, "x", "9" * 40]}
    tambon_admin_client.post(url(circle), form)

    waiting = Membership.objects.filter(is_confirmed=False)
    assert set(waiting) == {unseen, elsewhere}
    written = Change.objects.filter(subject="membership", circle=circle)
    assert {one.subject_id for one in written} == {first.pk, *(o.pk for o in others)}
    assert written[0].changes == {"is_confirmed": [False, True]}
    assert written[0].person is not None


def test_a_newcomer_who_is_none_of_the_circle_goes(tambon_admin_client, circle):
    week, today = NewcomerFactory(circle=circle), NewcomerFactory(circle=circle)
    Membership.objects.filter(pk=today.pk).update(since=day(0))

    for seat in (week, today):
        press(tambon_admin_client, seat, "away")

    for seat in (week, today):
        seat.refresh_from_db()
    assert (week.until, today.until) == (day(-1), day(0))
    assert Person.objects.filter(pk=week.person_id).exists()
    assert not tambon_admin_client.get(url(circle)).context["waiting"]


def test_a_newcomer_is_somebody_known(tambon_admin_client, circle):
    newcomer = NewcomerFactory(circle=circle, person__first_name="ยงค์")
    known = PersonFactory(first_name="ประยงค์", called_as="น้ายงค์", village=circle.place)

    nobody = press(tambon_admin_client, newcomer, "recognise", person_q="ไม่มีใคร")
    done = press(tambon_admin_client, newcomer, "recognise", person=known.pk)
    page = tambon_admin_client.get(url(circle))

    assert codes(nobody.context["waiting"][0].recognise_form) == {"unknown"}
    assertRedirects(done, url(circle), fetch_redirect_response=False)
    newcomer.person.refresh_from_db()
    assert newcomer.person.merged_into == known
    seat = Membership.objects.get(circle=circle, person=known, until=None)
    assert seat.is_confirmed
    merge = known.merges.get()
    assertContains(page, "ประยงค์ (น้ายงค์)")
    assertContains(page, reverse("merge-undo", args=[merge.pk]))


def test_a_newcomer_is_not_merged_with_somebody_out_of_reach(
    tambon_admin_client, circle
):
    newcomer = NewcomerFactory(circle=circle)
    stranger = MembershipFactory(circle=CircleFactory()).person

    page = press(tambon_admin_client, newcomer, "recognise", person=stranger.pk)
    same = press(tambon_admin_client, newcomer, "recognise", person=newcomer.person_id)

    assert codes(page.context["waiting"][0].recognise_form) == {"gone"}
    assert codes(same.context["waiting"][0].recognise_form) == {"gone"}
    newcomer.person.refresh_from_db()
    assert newcomer.person.merged_into is None


def test_somebody_known_gets_a_seat(tambon_admin_client, circle):
    known = PersonFactory(first_name="สมใจ", village=circle.place)

    add(tambon_admin_client, circle, person=known.pk, since=in_days(-3))

    seat = circle.memberships.get()
    assert (seat.person, seat.role, seat.since) == (known, Role.KHUN_KIJ, day(-3))
    assert seat.is_confirmed
    assert Change.objects.get(circle=circle, person=known).kind == "made"


def test_somebody_new_gets_a_seat_by_name(tambon_admin_client, circle):
    add(tambon_admin_client, circle, name=" นางสมใจ  ใจดี\u200b")
    again = add(tambon_admin_client, circle, name="น.ส. สมใจ ใจดี")

    assert codes(again.context["form"]) == {"known"}
    person = circle.memberships.get().person
    assert (person.title, person.first_name, person.last_name) == ("นาง", "สมใจ", "ใจดี")
    assert person.village == circle.place
    assert Change.objects.filter(person=person).count() == 2


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({}, "nobody"),
        ({"name": "\u200b"}, "nobody"),
        ({"name": "ก" * 151}, "max_length"),
        ({"name": "ก\x00"}, "control_characters"),
        ({"name": "น้ายงค์"}, "known"),
        ({"name": "ใหม่", "role": "tambon_admin"}, "invalid_choice"),
        ({"name": "ใหม่", "since": in_days(366)}, "too_far"),
        ({"name": "ใหม่", "since": "31/12/2547"}, "not_open"),
        ({"name": "ใหม่", "since": ""}, "required"),
        ({"name": "ใหม่", "may_log": "on"}, "no_right"),
        ({"person_q": "ไม่มีใคร"}, "unknown"),
        ({"person": "9" * 40}, "gone"),
    ],
)
def test_what_may_not_be_is_refused(tambon_admin_client, circle, typed, code):
    MembershipFactory(circle=circle, person__called_as="น้ายงค์")
    people = Person.objects.count()

    response = add(tambon_admin_client, circle, **typed)

    assert codes(response.context["form"]) == {code}
    assertContains(response, "errsum")
    assert (circle.memberships.count(), Person.objects.count()) == (1, people)
    assert not Change.objects.exists()


def test_choosing_and_naming_at_once_is_asked_about(tambon_admin_client, circle):
    known = PersonFactory(village=circle.place)

    response = add(tambon_admin_client, circle, person=known.pk, name="คนอื่น")

    assert codes(response.context["form"]) == {"both"}


@pytest.mark.parametrize("since", [in_days(0), "1/1/2549"])
def test_one_seat_a_person_at_a_time(tambon_admin_client, circle, since):
    seat = MembershipFactory(circle=circle)

    response = add(tambon_admin_client, circle, person=seat.person_id, since=since)
    MembershipFactory(person=seat.person)  # elsewhere is another matter

    assert codes(response.context["form"]) == {"seated"}
    assert circle.memberships.count() == 1


def test_who_has_left_may_come_back(tambon_admin_client, circle):
    seat = MembershipFactory(circle=circle, until=day(-1))

    add(tambon_admin_client, circle, person=seat.person_id)

    assert circle.memberships.current().get().person == seat.person


def test_who_logs_gets_the_right_with_the_seat(tambon_admin_client, circle):
    add(
        tambon_admin_client,
        circle,
        name="ครูใหม่",
        role=Role.KHUN_AMNUAY,
        may_log="on",
    )

    seat = circle.memberships.get()
    right = Assignment.objects.get(person=seat.person)
    assert (right.role, right.circle, right.since) == (seat.role, circle, seat.since)
    assert Change.objects.filter(subject="assignment", circle=circle).exists()
    assert tambon_admin_client.get(url(circle)).context["page"].object_list[0].may_log


def test_a_right_that_is_there_already_is_no_obstacle(tambon_admin_client, circle):
    known = PersonFactory(village=circle.place)
    AssignmentFactory(person=known, circle=circle, role=Role.KHUN_LIKHIT)

    typed = {"person": known.pk, "role": Role.KHUN_LIKHIT, "may_log": "on"}
    add(tambon_admin_client, circle, **typed)

    assert circle.memberships.get().person == known
    assert Assignment.objects.filter(person=known).count() == 1


def test_nobody_gives_themselves_a_right(circle, roles):
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    typed = {"person": admin.person_id, "role": Role.KHUN_AMNUAY}
    client = roles.signed_in(admin)

    refused = add(client, circle, may_log="on", **typed)
    seats = circle.memberships.count()
    add(client, circle, **typed)

    assert codes(refused.context["form"]) == {"self"}
    assert (seats, circle.memberships.count()) == (0, 1)
    assert Assignment.objects.filter(person=admin.person).count() == 1
