"""What the sample province knows of places, agencies, years and posts that end."""

import re

import pytest
from django.utils import timezone

from circles import thai
from circles.models import (
    Agency,
    Area,
    Assignment,
    Change,
    Circle,
    Handover,
    Membership,
    Place,
    PlaceYear,
    Succession,
    User,
    WorkingNote,
)
from circles.permissions import Role

pytestmark = pytest.mark.usefixtures("accounts")


@pytest.fixture
def year():
    return thai.fiscal_year(timezone.localdate())


def test_agencies_have_kinds_seats_and_former_names():
    kinds = set(Agency.objects.values_list("kind", flat=True))
    assert {"state", "local", "education"} <= kinds
    [amphoe] = Agency.objects.matching("กศน.อำเภอ")
    assert amphoe.short_name == "สกร.อำเภอ"
    assert thai.thai_date(amphoe.names.get().until) == "18 พ.ค. 2566"
    for agency in Agency.objects.local_governments():
        assert agency.place.level == Place.Level.TAMBON


def test_two_local_governments_share_villages_only_in_part():
    for village in Place.objects.filter(areas__isnull=False).distinct():
        areas = Area.objects.filter(place=village)
        assert areas.count() == 1 or all(area.is_part for area in areas)
    shared = Area.objects.filter(is_part=True)
    assert {str(area.agency) for area in shared} == {"อบต.บางจาก", "ทต.บางจาก"}
    pilot = Place.objects.filter(parent__stage="target")
    assert not pilot.filter(areas=None).exists()


def test_a_town_tambon_has_municipal_communities():
    town = Place.objects.get(code="800101")
    communities = town.children.all()

    assert communities.count() == 3
    assert {one.level for one in communities} == {Place.Level.COMMUNITY}
    assert all("ตัวอย่าง" in one.name_th for one in communities)


def test_the_targets_have_a_landscape_and_somebody_to_ask():
    for tambon in Place.objects.targets():
        assert tambon.landscape in {"lowland", "coast"}
        assert "ตัวอย่าง" in tambon.contact_name
    for model in (Place, Agency):
        for row in model.objects.exclude(contact_phone=""):
            assert re.fullmatch(r"08000000\d\d", row.contact_phone)


def test_every_village_has_a_cohort_and_a_lead_last_year_and_this_year(year):
    for number in (year - 1, year):
        years = PlaceYear.objects.filter(fiscal_year=number)
        assert years.count() == 23
        assert not years.filter(lead_agency=None).exists()
        assert not years.filter(cohort=None).exists()
    assert PlaceYear.objects.filter(fiscal_year=year - 1).exclude(note="").exists()
    for village in Place.objects.filter(level=Place.Level.VILLAGE):
        leads = village.years.values_list("lead_agency", flat=True)
        assert len(set(leads)) == 2


def test_six_posts_end_in_september(year):
    last_day = thai.fiscal_year_range(year)[1]
    ending = Assignment.objects.filter(until=last_day)

    assert ending.values("person").distinct().count() == 6
    kinds = {
        one.person: {step.kind for step in one.successions.all()}
        for one in Handover.objects.standing().select_related("person")
    }
    assert sorted(kinds.values(), key=str) == [
        {"acting"},
        {"successor"},
        {"successor"},
        {"vacant"},
    ]
    for step in Succession.objects.exclude(kind="vacant"):
        assert step.follow_up.since == step.handover.first_day
        assert step.follow_up.person == step.successor
    assert Change.objects.filter(subject="handover").count() == 4


def test_nobody_has_left_yet(compost):
    assert compost.memberships.current().filter(is_lead=True).get().person.user
    assert not Handover.objects.due().exists()
    amnuay = User.objects.get(username="amnuay")
    assert amnuay.current_assignments


def test_each_circle_with_facilitators_has_one_that_leads():
    for circle in Circle.objects.filter(memberships__role=Role.KHUN_AMNUAY).distinct():
        leads = circle.memberships.current().filter(is_lead=True)
        assert leads.get().role == Role.KHUN_AMNUAY
    assert Membership.objects.filter(is_lead=True).count() >= 10


def test_a_closed_circle_keeps_its_past():
    [closed] = Circle.objects.exclude(pk__in=Circle.objects.open().values("pk"))
    opening = closed.openings.get()

    assert closed.sessions.count() == 3
    for session in closed.sessions.all():
        assert opening.opened_on <= session.held_on <= opening.closed_on
    assert not closed.appointments.open().exists()


def test_two_circles_say_what_works_there():
    circles = WorkingNote.objects.values("circle").distinct()

    assert circles.count() == 2
    assert all(note.text for note in WorkingNote.objects.all())


def test_there_is_an_administrator_for_each_height():
    codes = {
        user.username: one.place.code
        for user in User.objects.all()
        for one in user.current_assignments
        if one.role in {Role.TAMBON_ADMIN, Role.PROVINCE_ADMIN}
    }

    assert codes == {
        "tambon-admin": "800106",
        "amphoe-admin": "8001",
        "province-admin": "80",
    }
    assert User.objects.count() <= 12
