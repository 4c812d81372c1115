"""Who is told: everybody it concerns, once, and nobody else."""

from __future__ import annotations

from datetime import date
from unittest import mock

import pytest
from django.utils import timezone

from circles.models import ContactPoint
from circles.permissions import Role
from milestones.actions import tell
from milestones.actions.notices import people_to_tell
from milestones.models import Notice
from milestones.tasks import deliver_due
from tests.factories import (
    AssignmentFactory,
    CircleFactory,
    ContactPointFactory,
    EventFactory,
    MembershipFactory,
    MilestoneFactory,
    ProvinceFactory,
    TambonFactory,
    UserFactory,
    VillageFactory,
    logged,
)

LAST_YEAR, IN_A_CENTURY = date(2020, 1, 1), date(2126, 1, 1)
INBOX, EMAIL = ContactPoint.Channel.INBOX, ContactPoint.Channel.EMAIL


def told(circle):
    return set(people_to_tell(circle))


def test_people_with_a_confirmed_seat_are_told(circle):
    seat = MembershipFactory(circle=circle)

    assert told(circle) == {seat.person}


@pytest.mark.parametrize(
    "seat",
    [
        {"is_confirmed": False},
        {"until": LAST_YEAR},
        {"since": IN_A_CENTURY},
        {"circle": None},
    ],
    ids=["unconfirmed", "ended", "not yet", "another circle's"],
)
def test_other_seats_are_not_told(circle, seat):
    place = circle.place
    where = {"circle": CircleFactory(place=place)} if "circle" in seat else {}

    MembershipFactory(**({"circle": circle} | seat | where))

    assert told(circle) == set()


@pytest.mark.parametrize("role", [Role.KHUN_AMNUAY, Role.KHUN_LIKHIT, Role.KHUN_KIJ])
def test_whoever_has_rights_in_the_circle_is_told(circle, role):
    assignment = AssignmentFactory(circle=circle, role=role)

    assert told(circle) == {assignment.person}


@pytest.mark.parametrize("role", [Role.KHUN_AMNUAY, Role.KHUN_UA])
@pytest.mark.parametrize("where", ["village", "tambon"])
def test_facilitators_and_sponsors_of_the_tambon_are_told(circle, role, where):
    place = circle.place if where == "village" else circle.place.parent
    assignment = AssignmentFactory(place=place, role=role)

    assert told(circle) == {assignment.person}


@pytest.mark.parametrize("where", ["tambon", "amphoe", "province"])
def test_the_governors_office_is_told(circle, where):
    tambon = circle.place.parent
    places = {
        "tambon": tambon,
        "amphoe": tambon.parent,
        "province": tambon.parent.parent,
    }
    assignment = AssignmentFactory(place=places[where], role=Role.GOVERNOR_OFFICE)

    assert told(circle) == {assignment.person}


@pytest.mark.parametrize("dates", [{"until": LAST_YEAR}, {"since": IN_A_CENTURY}])
@pytest.mark.parametrize("role", [Role.KHUN_AMNUAY, Role.KHUN_UA, Role.GOVERNOR_OFFICE])
def test_rights_of_another_time_are_not_told(circle, role, dates):
    AssignmentFactory(place=circle.place.parent, role=role, **dates)
    AssignmentFactory(circle=circle, role=role, **dates)

    assert told(circle) == set()


def test_those_of_other_places_are_not_told(circle):
    tambon = circle.place.parent
    other_tambon, other_village = TambonFactory(), VillageFactory(parent=tambon)
    for role in (Role.KHUN_UA, Role.KHUN_AMNUAY, Role.GOVERNOR_OFFICE):
        AssignmentFactory(place=other_tambon, role=role)
        AssignmentFactory(place=other_village, role=role)
        AssignmentFactory(circle=CircleFactory(place=circle.place), role=role)
    AssignmentFactory(place=ProvinceFactory(code="81"), role=Role.GOVERNOR_OFFICE)
    # A sponsor of the whole province is told by the overview, not by every circle.
    AssignmentFactory(place=tambon.parent.parent, role=Role.KHUN_UA)

    assert told(circle) == set()


@pytest.mark.parametrize("role", [Role.TAMBON_ADMIN, Role.PROVINCE_ADMIN])
def test_administrators_are_not_told(circle, role, roles):
    roles.user(role, roles.near(role, circle))

    assert told(circle) == set()


def test_a_circle_of_an_amphoe_tells_its_own_sponsors(circle):
    amphoe = circle.place.parent.parent
    sponsor = AssignmentFactory(place=amphoe, role=Role.KHUN_UA)
    AssignmentFactory(place=circle.place.parent, role=Role.KHUN_UA)

    assert told(CircleFactory(place=amphoe)) == {sponsor.person}


def test_somebody_with_many_reasons_is_told_once(circle, facilitator):
    MembershipFactory(circle=circle, person=facilitator.person)
    AssignmentFactory(
        person=facilitator.person, place=circle.place.parent, role=Role.KHUN_UA
    )
    ContactPointFactory(person=facilitator.person)

    tell(EventFactory(), circle)

    assert people_to_tell(circle).count() == 1
    assert sorted(Notice.objects.values_list("contact__channel", flat=True)) == [
        EMAIL,
        INBOX,
    ]


def test_each_road_of_a_person_is_used_once(circle, facilitator):
    ContactPointFactory.create_batch(2, person=facilitator.person)
    event = EventFactory()

    tell(event, circle)
    tell(event, circle)

    assert Notice.objects.filter(contact__channel=EMAIL).count() == 2
    assert Notice.objects.filter(contact__channel=INBOX).count() == 1


def test_a_road_that_is_switched_off_is_not_used(circle, facilitator):
    ContactPointFactory(person=facilitator.person, blocked_at=timezone.now())

    tell(EventFactory(), circle)

    assert not Notice.objects.filter(contact__channel=EMAIL).exists()


def test_an_unverified_road_is_not_used(circle, facilitator):
    ContactPointFactory(person=facilitator.person, verified_at=None)

    tell(EventFactory(), circle)

    assert not Notice.objects.filter(contact__channel=EMAIL).exists()


def test_the_roads_of_a_closed_account_are_not_used(circle):
    closed = UserFactory(is_active=False)
    MembershipFactory(circle=circle, person=closed.person)
    ContactPointFactory(person=closed.person)

    tell(EventFactory(), circle)

    assert not Notice.objects.exists()


def test_an_inbox_is_opened_for_every_account_and_its_notice_is_there(
    circle, facilitator
):
    tell(EventFactory(), circle)

    notice = Notice.objects.get()
    assert (notice.contact.person, notice.contact.channel) == (
        facilitator.person,
        INBOX,
    )
    assert notice.sent_at is not None
    assert notice.due_at is None
    assert list(Notice.objects.inbox(facilitator).unread()) == [notice]


def test_no_inbox_for_who_has_no_account_or_a_closed_one(circle):
    MembershipFactory(circle=circle)
    closed = UserFactory(is_active=False)
    MembershipFactory(circle=circle, person=closed.person)

    tell(EventFactory(), circle)

    assert not Notice.objects.exists()
    assert not ContactPoint.objects.exists()


def test_an_e_mail_is_due_at_once(circle, facilitator):
    ContactPointFactory(person=facilitator.person)

    tell(EventFactory(), circle)

    notice = Notice.objects.get(contact__channel=EMAIL)
    assert (notice.attempts, notice.sent_at) == (0, None)
    assert notice.due_at <= timezone.now()


@pytest.mark.django_db(transaction=True)
def test_no_address_and_no_name_leave_the_database(circle, facilitator):
    ContactPointFactory(person=facilitator.person, address="secret@example.org")
    MilestoneFactory(circle=circle, target=1)

    with mock.patch.object(deliver_due, "apply_async") as publish:
        logged(circle, facilitator)

    assert Notice.objects.filter(contact__address="secret@example.org").exists()
    assert [call.args for call in publish.call_args_list] == [((), {})]
    assert not any(call.kwargs for call in publish.call_args_list)
