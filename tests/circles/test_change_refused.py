"""What stood there before does not fit any more: refused in words."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from circles.actions import restoring
from circles.actions.restoring import restore
from circles.actions.restoring_seats import Refused
from circles.models import Change, Handover, SeatSuccession
from circles.permissions import Role
from tests.factories import (
    AgencyFactory,
    CircleFactory,
    CircleOpeningFactory,
    LearningSessionFactory,
    MembershipFactory,
    PersonFactory,
    VillageFactory,
)
from tests.factories_changes import changed


def page(change):
    return reverse("change-restore", args=[change.pk])


@pytest.fixture
def browser(tambon_admin_client):
    return tambon_admin_client


@pytest.fixture
def author(circle, roles):
    return roles.user(Role.PROVINCE_ADMIN, circle.place.parent.parent.parent)


def refused(change, author) -> str:
    with pytest.raises((Refused, ValidationError)) as caught:
        restore(change, author)
    if isinstance(caught.value, ValidationError):
        assert all(caught.value.messages)
        several = getattr(caught.value, "error_dict", {"": [caught.value]})
        return next(iter(several.values()))[0].code
    assert caught.value.words
    return caught.value.code


def test_a_name_that_is_taken_by_now_is_refused(circle, author):
    old = circle.name
    change = changed(circle, None, name="วงใหม่")
    CircleFactory(place=circle.place, name=old)

    assert refused(change, author) == "name_taken"


def test_an_agencys_name_that_is_taken_by_now_is_refused(province_admin_client, circle):
    agency = AgencyFactory(name="ก", place=circle.place.parent)
    change = changed(agency, None, name="ข")
    AgencyFactory(name="ก")

    response = province_admin_client.post(page(change))

    assert response.status_code == 409
    assert response.context["refusal"]
    agency.refresh_from_db()
    assert agency.name == "ข"


def test_a_circle_does_not_move_out_of_ones_reach(browser, circle):
    here = circle.place
    circle.place = VillageFactory()
    circle.save()
    change = changed(circle, None, place=here)

    response = browser.post(page(change))

    assert response.status_code == 409
    circle.refresh_from_db()
    assert circle.place == here


def test_an_archived_place_is_not_put_back(circle, author):
    person = PersonFactory(village=VillageFactory(closed_on=date(2020, 1, 1)))
    change = changed(person, None, village=circle.place)

    assert refused(change, author) == "target_gone"


def test_what_the_change_was_about_is_gone(circle, author):
    seat = MembershipFactory(circle=circle)
    change = changed(seat, None, is_lead=True)
    seat.delete()

    assert refused(change, author) == "gone"


def test_openings_that_would_meet_are_refused(circle, author):
    opening = circle.openings.get()
    change = changed(opening, None, closed_on=date(2020, 1, 1))
    CircleOpeningFactory(circle=circle, opened_on=date(2021, 1, 1))

    assert refused(change, author) == "overlaps"
    assert circle.openings.count() == 2


def test_seats_keep_their_rules(circle, author):
    today = timezone.localdate()
    seat = MembershipFactory(circle=circle, is_lead=True)
    led = changed(seat, None, is_lead=False)
    MembershipFactory(circle=circle, is_lead=True)
    assert refused(led, author) == "seat_leads_once_at_a_time"

    ended = changed(seat, None, until=today - timedelta(days=9))
    MembershipFactory(circle=circle, person=seat.person, since=today)

    assert refused(ended, author) == "seat_overlap"


def test_a_seat_that_a_handover_ended_comes_back_by_the_handover(circle, author):
    seat = MembershipFactory(circle=circle)
    change = changed(seat, None, until=timezone.localdate())
    handover = Handover.objects.create(
        person=seat.person, last_day=timezone.localdate(), author=author
    )
    SeatSuccession.objects.create(handover=handover, seat=seat)

    assert refused(change, author) == "in_handover"
    handover.cancelled_at = timezone.now()
    handover.save()
    assert restore(change, author)


def test_a_racing_writer_leaves_nothing_half_done(circle, author, monkeypatch):
    change = changed(circle, None, topic="ผัก")

    def too_late(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(restoring, "_say_why", too_late)

    assert refused(change, author) == "taken"
    circle.refresh_from_db()
    assert circle.topic == "ผัก"


def test_an_account_of_elsewhere_is_not_brought_home(circle, roles, browser):
    """Whoever lives here can be reached from here, with the account."""
    far = roles.user(Role.PROVINCE_ADMIN, circle.place.parent.parent.parent)
    person = far.person
    person.village = circle.place
    person.save()
    MembershipFactory(circle=circle, person=person)
    change = changed(person, None, village=VillageFactory())

    response = browser.post(page(change))

    assert response.status_code in {404, 409}
    person.refresh_from_db()
    assert person.village != circle.place


def test_an_opening_keeps_the_sessions_that_were_held_in_it(circle, author):
    opening = circle.openings.get()
    change = changed(opening, None, opened_on=date(2004, 1, 1))
    LearningSessionFactory(circle=circle, held_on=date(2004, 6, 1))

    assert refused(change, author) == "sessions"


def test_a_place_in_an_archived_one_stays_archived(circle, author):
    tambon, today = circle.place.parent, timezone.localdate()
    change = changed(circle.place, None, closed_on=today)
    changed(tambon, None, closed_on=today)

    assert refused(change, author) == "archived"
    changed(tambon, None, closed_on=None)
    assert restore(change, author, "กลับมา")
    assert Change.objects.latest_first().first().reason == "กลับมา"
