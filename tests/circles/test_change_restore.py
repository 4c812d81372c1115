"""Page: put back what stood there before a change, if it may and can be."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from circles.actions.carrying import call_off
from circles.actions.handing import hand_over
from circles.actions.handing_seats import Step
from circles.actions.restoring import is_restorable, restore
from circles.models import Change, CircleOpening, PlaceCode, Succession
from circles.permissions import Role
from tests.factories import (
    AgencyFactory,
    AssignmentFactory,
    CircleFactory,
    ContactPointFactory,
    MembershipFactory,
    PersonFactory,
    TambonFactory,
    UserFactory,
)
from tests.factories_changes import changed, made


def page(change):
    return reverse("change-restore", args=[change.pk])


@pytest.fixture
def browser(tambon_admin_client):
    return tambon_admin_client


@pytest.fixture
def author(circle, roles):
    return roles.user(Role.PROVINCE_ADMIN, circle.place.parent.parent.parent)


def test_change_restore_says_first_and_writes_down_what_it_did(browser, circle):
    circle.topic = "ปุ๋ย"
    circle.save()
    change = changed(circle, None, topic="ผัก", usual_venue="ศาลา")

    before = browser.get(page(change))
    assertContains(before, "ปุ๋ย")
    assertContains(before, "ผัก")
    response = browser.post(page(change), {"reason": "พิมพ์ผิด"})

    assertRedirects(response, reverse("change-list", query={"circle": circle.pk}))
    circle.refresh_from_db()
    assert (circle.topic, circle.usual_venue) == ("ปุ๋ย", "")
    again = Change.objects.latest_first().first()
    assert again.changes == {"topic": ["ผัก", "ปุ๋ย"], "usual_venue": ["ศาลา", ""]}
    assert (again.reason, again.author_role) == ("พิมพ์ผิด", Role.TAMBON_ADMIN)


def test_one_comes_back_to_the_list_one_came_from(browser, circle):
    change = changed(MembershipFactory(circle=circle), None, role=Role.KHUN_AMNUAY)
    listed = reverse("change-list", query={"person": change.person_id})
    path = f"{page(change)}?person={change.person_id}"

    assertContains(browser.get(listed), path)
    assertContains(browser.get(path), f'href="{listed}"')
    assertRedirects(browser.post(path, {"reason": ""}), listed)


@pytest.mark.parametrize("is_off", [False, True])
def test_what_a_handover_moved_is_not_put_back_by_halves(
    browser, circle, author, is_off
):
    right = AssignmentFactory(circle=circle)
    role = Role.KHUN_AMNUAY
    seat = MembershipFactory(circle=circle, person=right.person, role=role)
    steps = [Step(right, Succession.Kind.VACANT)]
    handover = hand_over(author, right.person, timezone.localdate(), steps)
    if is_off:
        call_off(author, handover)
    change = Change.objects.filter(subject="membership").latest_first().first()

    listed = browser.get(reverse("change-list"))
    response = browser.post(page(change), {"reason": ""})

    assert not any(one.may_restore for one in listed.context["entries"])
    assert response.status_code == 409
    seat.refresh_from_db()
    assert (seat.until is None) == is_off


def test_looking_changes_nothing(browser, circle):
    change = changed(circle, None, topic="ผัก")

    browser.get(page(change))

    circle.refresh_from_db()
    assert circle.topic == "ผัก"


def test_twice_does_it_once(browser, circle):
    change = changed(circle, None, topic="ผัก")
    browser.post(page(change))
    amount = Change.objects.count()

    response = browser.post(page(change), follow=True)

    assert response.status_code == 200
    assert Change.objects.count() == amount
    assert browser.get(page(change)).context["state"] == "old"


def test_what_was_changed_since_is_kept_and_both_are_shown(browser, circle):
    change = changed(circle, None, topic="ผัก")
    changed(circle, None, topic="ปลา")

    seen = browser.get(page(change))
    response = browser.post(page(change))

    assertContains(seen, "ปลา")
    assertContains(seen, "ผัก")
    assert "<form class" not in seen.text.partition("<main")[2].partition("</main")[0]
    assert response.status_code == 409
    assertContains(response, "ปลา", status_code=409)
    circle.refresh_from_db()
    assert circle.topic == "ปลา"


def test_a_long_reason_is_kept_and_refused_in_words(browser, circle):
    change = changed(circle, None, topic="ผัก")

    response = browser.post(page(change), {"reason": "ก" * 501})

    assert response.context["form"].has_error("reason", "max_length")
    assertContains(response, "ก" * 501)
    circle.refresh_from_db()
    assert circle.topic == "ผัก"


@pytest.mark.parametrize("name", ["place", "agency"])
def test_places_and_agencies_are_put_back_by_the_province_alone(
    name, browser, province_admin_client, circle
):
    tambon = circle.place.parent
    row = tambon if name == "place" else AgencyFactory(place=tambon)
    change = changed(row, None, contact_name="สมศรี")

    assert browser.get(page(change)).status_code == 404
    assert browser.post(page(change)).status_code == 404
    assert province_admin_client.post(page(change)).status_code == 302
    row.refresh_from_db()
    assert row.contact_name == ""


def test_a_person_is_put_back_with_village_and_agency(browser, circle):
    agency = AgencyFactory()
    person = PersonFactory(village=circle.place, agency=agency, first_name="สมศรี")
    change = changed(person, None, agency=None, first_name="สมชาย")

    assert browser.post(page(change)).status_code == 302

    person.refresh_from_db()
    assert (person.agency, person.first_name) == (agency, "สมศรี")
    assert person.sort_key


def test_out_of_reach_is_hidden(browser, circle):
    elsewhere = changed(CircleFactory(), None, topic="ผัก")

    assert browser.get(page(elsewhere)).status_code == 404
    assert browser.post(page(elsewhere)).status_code == 404


def not_here(circle):
    """Changes that have another way back, or none."""
    person = PersonFactory(village=circle.place)
    right = AssignmentFactory(circle=circle)
    code = PlaceCode.objects.create(place=circle.place, code="80019901")
    yield made(MembershipFactory(circle=circle))
    yield changed(right, None, until=timezone.localdate())
    yield changed(UserFactory(person=person), None, is_active=False)
    yield changed(ContactPointFactory(person=person), None, blocked_at=timezone.now())
    yield changed(code, None, until=timezone.localdate())
    yield changed(circle.place, None, code="80019902", name_en="Ban")
    yield changed(person, None, show_consent=True)
    yield changed(person, None, merged_into=PersonFactory())
    circle.place.closed_on = timezone.localdate()
    circle.place.save()
    yield changed(circle.place, None, closed_on=None)


def test_what_has_another_way_back_has_none_here(circle, author, roles):
    about = {"person": PersonFactory(village=circle.place)}
    client = roles.signed_in(author)
    changes = []
    for change in not_here(circle):
        if change.subject == "user":
            Change.objects.filter(pk=change.pk).update(person=about["person"])
        changes.append(change)

    assert len(changes) == 9
    for change in changes:
        assert not is_restorable(change)
        assert client.get(page(change)).status_code == 404
        assert client.post(page(change)).status_code == 404


def test_a_closed_circle_opens_again(browser, circle):
    change = changed(circle.openings.get(), None, closed_on=date(2020, 1, 1))

    assert browser.post(page(change)).status_code == 302

    assert CircleOpening.objects.get(circle=circle).closed_on is None


def test_a_village_comes_back_with_its_days_and_centre(circle, author):
    tambon = TambonFactory()
    changed(tambon, None, stage="target", joined_on=date(2026, 1, 2))
    changed(tambon, None, latitude=Decimal("8.43"), longitude=Decimal("99.96"))
    change = changed(tambon, None, latitude=None, longitude=None, stage="next")

    assert restore(change, author)

    tambon.refresh_from_db()
    assert (str(tambon.latitude), tambon.stage) == ("8.43000", "target")
    assert restore(change, author) is False
