"""Pages: one person."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.permissions import Role
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    LearningSessionFactory,
    LessonFactory,
    MembershipFactory,
    PersonFactory,
    UserFactory,
)
from tests.factories_people import MobileFactory, PersonMergeFactory
from tests.factories_told import PromiseFactory, PromiseReviewFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(circle):
    return MembershipFactory(circle=circle, person__village=circle.place).person


def page_of(client, person):
    return client.get(reverse("person-detail", args=[person.pk]))


@pytest.mark.parametrize("rows", [1, 3])
def test_person_detail(
    tambon_admin_client, person, rows, roles, circle, django_assert_max_num_queries
):
    UserFactory(person=person)
    for n in range(rows):
        MobileFactory(person=person)
        day = timezone.localdate().replace(year=2010 + n)
        MembershipFactory(circle=circle, person=person, since=day, until=day)
        AssignmentFactory(
            person=person, role=Role.KHUN_UA, place=circle.place, since=day
        )
        gone = PersonFactory(merged_into=person)
        PersonMergeFactory(kept=person, gone=gone)

    # session, user, assignments, news, person, contacts, seats, rights, merges
    with django_assert_max_num_queries(10):
        page = page_of(tambon_admin_client, person)

    assert len(page.context["merges"]) == rows


def test_the_passport_counts_only_sessions_that_count(
    tambon_admin_client, person, circle
):
    for state in ("held", "held", "withdrawn"):
        held = LearningSessionFactory(circle=circle, state=state)
        AttendanceFactory(session=held, person=person)
        LessonFactory(session=held, teller=person)
        done = PromiseFactory(session=held, owner=person)
        PromiseReviewFactory(session=held, promise=done, state="done")
        PromiseFactory(session=held, owner=person)
    missed = LearningSessionFactory(circle=circle)
    AttendanceFactory(session=missed, person=person, state="absent")

    shown = page_of(tambon_admin_client, person).context["person"]

    assert (shown.came_count, shown.told_count, shown.kept_count) == (2, 2, 2)


def test_numbers_are_masked_and_seats_to_be_confirmed_are_marked(
    tambon_admin_client, person, circle
):
    MobileFactory(person=person, address="0812345678")
    MembershipFactory(circle=circle, person=PersonFactory())
    person.memberships.update(is_confirmed=False)

    page = page_of(tambon_admin_client, person)

    assertContains(page, "08x-xxx-5678")
    assertNotContains(page, "0812345678")
    assertContains(page, "tag--warn")


def test_the_address_of_a_double_leads_to_who_it_is_now(
    tambon_admin_client, person, circle
):
    middle = PersonFactory(merged_into=person)
    double = PersonFactory(merged_into=middle)

    for name in ("person-detail", "person-edit", "person-merge"):
        response = tambon_admin_client.get(reverse(name, args=[double.pk]))
        assertRedirects(response, reverse("person-detail", args=[person.pk]))
    response = tambon_admin_client.get(reverse("person-contacts", args=[double.pk]))
    assertRedirects(response, reverse("person-contacts", args=[person.pk]))


def test_a_double_of_somebody_out_of_reach_stays_hidden(tambon_admin_client):
    double = PersonFactory(merged_into=MembershipFactory().person)

    assert page_of(tambon_admin_client, double).status_code == 404


def test_only_the_latest_merge_has_a_button(tambon_admin_client, person):
    merges = [
        PersonMergeFactory(kept=person, gone=PersonFactory(merged_into=person))
        for _n in range(2)
    ]

    page = page_of(tambon_admin_client, person)

    assertContains(page, reverse("merge-undo", args=[merges[1].pk]))
    assertNotContains(page, reverse("merge-undo", args=[merges[0].pk]))


def test_the_next_steps_lead_to_a_facilitator_who_can_begin(
    tambon_admin_client, circle
):
    def steps():
        return page_of(tambon_admin_client, newcomer).context["steps"]

    newcomer = PersonFactory(village=circle.place)
    elsewhere = MembershipFactory(person=newcomer, role=Role.KHUN_AMNUAY)
    assert steps() == []  # above the own reach: nobody is asked in vain
    elsewhere.delete()
    MembershipFactory(circle=circle, person=newcomer, role=Role.KHUN_AMNUAY)
    page = page_of(tambon_admin_client, newcomer)
    assert page.context["steps"] == ["contact", "right", "account"]
    for name in ("person-contacts", "person-rights", "person-account"):
        assertContains(page, reverse(name, args=[newcomer.pk]), 2)

    MobileFactory(person=newcomer)
    AssignmentFactory(person=newcomer, circle=circle)
    assert steps() == ["account"]
    user = UserFactory(person=newcomer)
    assert steps() == ["invite"]
    user.last_login = timezone.now()
    user.save()
    assert steps() == []


def test_whoever_is_a_practitioner_alone_needs_nothing(tambon_admin_client, person):
    assert page_of(tambon_admin_client, person).context["steps"] == []
