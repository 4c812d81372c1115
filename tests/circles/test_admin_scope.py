"""The Django admin of a province's administrator: rows within reach, by every way."""

import pytest
from django.urls import reverse

from circles.models import Agency, Circle, Person, Place
from circles.permissions import Role
from tests.factories import (
    AgencyFactory,
    AmphoeFactory,
    CircleFactory,
    ContactPointFactory,
    LearningSessionFactory,
    MembershipFactory,
    PersonFactory,
    ProvinceFactory,
    TambonFactory,
    VillageFactory,
)

pytestmark = pytest.mark.django_db
KINDS = ["place", "agency", "person", "circle", "learningsession"]


def rows(circle, name):
    """Return one row of each kind near *circle*, called *name*."""
    person = PersonFactory(first_name=name, village=circle.place)
    MembershipFactory(circle=circle, person=person)
    Place.objects.filter(pk=circle.place_id).update(name_th=name)
    Circle.objects.filter(pk=circle.pk).update(name=name)
    return {
        "place": circle.place,
        "agency": AgencyFactory(name=name, place=circle.place.parent),
        "person": person,
        "circle": circle,
        "learningsession": LearningSessionFactory(circle=circle),
    }


@pytest.fixture
def inside(circle):
    return rows(circle, "ข้างใน")


@pytest.fixture
def outside(db):
    krabi = ProvinceFactory(code="81", name_th="กระบี่")
    tambon = TambonFactory(parent=AmphoeFactory(code="8101", parent=krabi))
    return rows(CircleFactory(place=VillageFactory(parent=tambon)), "ข้างนอก")


@pytest.fixture
def admin(inside, outside, province_admin_client):
    return province_admin_client


def page(kind, row, view="change"):
    return reverse(f"admin:circles_{kind}_{view}", args=[row.pk])


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_shows_what_is_within_reach(admin, inside, outside, kind):
    found = admin.get(reverse(f"admin:circles_{kind}_changelist"))

    shown = set(found.context["cl"].queryset)
    assert inside[kind] in shown
    assert outside[kind] not in shown
    assert "ข้างนอก" not in found.text
    assert "delete_selected" not in found.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_outside_is_as_if_it_were_not_there(admin, inside, outside, kind):
    assert admin.get(page(kind, inside[kind])).status_code == 200

    for view in ("change", "history"):
        for query in ("", "?_popup=1", "?_to_field=id&_popup=1"):
            for send in (admin.get, admin.post):
                response = send(page(kind, outside[kind], view) + query)
                assert response.status_code == 302
                assert response.url == reverse("admin:index")
                assert "ข้างนอก" not in admin.get("/admin/").text.replace(
                    f"“{outside[kind].pk}”", ""
                )
    gone = admin.post(page(kind, outside[kind], "delete"), {"post": "yes"})
    assert gone.status_code in {302, 403}
    assert admin.post(page(kind, inside[kind], "delete")).status_code == 403
    assert type(outside[kind]).objects.filter(pk=outside[kind].pk).exists()


@pytest.mark.parametrize("kind", KINDS)
def test_many_are_not_deleted_at_once(admin, inside, kind):
    row = inside[kind]
    form = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}

    admin.post(reverse(f"admin:circles_{kind}_changelist"), form)

    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("model", "field"),
    [
        *(("place", "parent"), ("agency", "place"), ("person", "village")),
        *(("person", "agency"), ("membership", "person"), ("user", "person")),
        *(("circle", "place"), ("assignment", "circle"), ("learningsession", "circle")),
    ],
)
def test_autocomplete_finds_what_is_within_reach(admin, model, field):
    query = {"app_label": "circles", "model_name": model, "field_name": field}

    for term in ("", "ข้าง"):
        found = admin.get("/admin/autocomplete/", query | {"term": term})
        told = str(found.json()["results"])
        assert "ข้างนอก" not in told
        assert "ข้างใน" in told


@pytest.mark.parametrize(
    ("model", "field"), [("slip", "user"), ("signinslip", "user"), ("change", "author")]
)
def test_autocomplete_knows_no_accounts(admin, model, field):
    query = {"app_label": "circles", "model_name": model, "field_name": field}

    assert admin.get("/admin/autocomplete/", query).status_code == 403


def test_a_row_is_pointed_at_nothing_outside(admin, inside, outside):
    agency, person = inside["agency"], inside["person"]
    form = {"kind": "state", "place": outside["place"].pk}
    assert "errornote" in admin.post(page("agency", agency), form).text
    form = {"first_name": "ก", "village": outside["place"].pk}
    assert "errornote" in admin.post(page("person", person), form).text
    form["village"], form["agency"] = inside["place"].pk, outside["agency"].pk
    assert "errornote" in admin.post(page("person", person), form).text

    agency.refresh_from_db()
    person.refresh_from_db()
    assert agency.place_id != outside["place"].pk
    assert (person.first_name, person.agency_id) == ("ข้างใน", None)


def test_what_points_outside_already_stays_so(admin, inside, outside):
    person = inside["person"]
    Person.objects.filter(pk=person.pk).update(agency=outside["agency"])

    form = {"first_name": "ใหม่", "village": inside["place"].pk, "agency": ""}
    assert admin.post(page("person", person), form).status_code == 302

    person.refresh_from_db()
    assert (person.first_name, person.agency_id) == ("ใหม่", outside["agency"].pk)


def test_what_is_decided_elsewhere_is_not_decided_here(admin, inside, outside):
    place, circle, agency = inside["place"], inside["circle"], inside["agency"]
    stays = {"place": place.code, "circle": circle.place_id, "agency": agency.name}
    form = {
        "code": "81",
        "level": "province",
        "name_th": "ใหม่",
        "closed_on": "2020-1-1",
    }
    assert admin.post(page("place", place), form).status_code == 302
    form = {"name": "ใหม่", "place": outside["place"].pk, "role": "khun_ua"}
    admin.post(page("circle", circle), form)
    admin.post(page("agency", agency), {"name": "ใหม่", "kind": "other"})

    place.refresh_from_db()
    assert (place.code, place.level, place.closed_on) == (
        stays["place"],
        "village",
        None,
    )
    assert Circle.objects.get(pk=circle.pk).place_id == stays["circle"]
    assert Agency.objects.get(pk=agency.pk).name == stays["agency"]


def test_a_person_s_ways_in_and_rights_are_not_there(admin, inside):
    person = inside["person"]
    point = ContactPointFactory(person=person, address="inside@example.org")
    assert "inside@" not in admin.get(page("person", person)).text

    inline = "contact_points-0-"
    form = {
        "first_name": "ก",
        "contact_points-TOTAL_FORMS": 1,
        "contact_points-INITIAL_FORMS": 1,
        f"{inline}id": point.pk,
        f"{inline}person": person.pk,
        f"{inline}channel": "email",
        f"{inline}address": "mine@example.org",
        "assignments-TOTAL_FORMS": 1,
        "assignments-INITIAL_FORMS": 0,
        "assignments-0-role": Role.PROVINCE_ADMIN,
        "assignments-0-place": inside["place"].pk,
        "assignments-0-since": "2020-01-01",
    }
    assert admin.post(page("person", person), form).status_code == 302

    point.refresh_from_db()
    assert point.address == "inside@example.org"
    assert not person.assignments.exists()


@pytest.mark.parametrize("query", ["_to_field=first_name", "_to_field=sort_key"])
def test_another_column_is_no_key(admin, query):
    for path in ("/admin/circles/person/", "/admin/circles/person/?_popup=1"):
        answer = admin.get(f"{path}{'&' if '?' in path else '?'}{query}")
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        *("user__password__startswith=!", "contact_points__address__contains=@"),
        *("village__parent__name_th=x", "assignments__role=khun_ua"),
    ],
)
def test_a_list_answers_no_question_about_what_it_does_not_show(admin, query):
    assert admin.get(f"/admin/circles/person/?{query}").status_code == 400


def test_the_history_is_ours(admin, inside):
    for kind in ("place", "agency", "person", "circle"):
        answer = admin.get(page(kind, inside[kind], "history"))
        asked = f"{reverse('change-list')}?{kind}={inside[kind].pk}"
        assert answer.url == asked
