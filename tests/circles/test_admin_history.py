"""Whatever is saved in the Django admin stands in our history."""

from datetime import date

import pytest
from django.urls import reverse

from circles.models import Change, Membership, User
from tests.factories import (
    ContactPointFactory,
    MembershipFactory,
    PersonFactory,
    UserFactory,
)
from tests.kmcity.signing import factors, with_app

pytestmark = pytest.mark.django_db


def page(kind, row, view="change"):
    return reverse(f"admin:circles_{kind}_{view}", args=[row.pk])


def seats(circle, *forms):
    """Return the posted form of *circle* with these seats in its inline."""
    form = {
        "name": circle.name,
        "openings-TOTAL_FORMS": 0,
        "openings-INITIAL_FORMS": 0,
        "memberships-TOTAL_FORMS": len(forms),
        "memberships-INITIAL_FORMS": sum("id" in one for one in forms),
    }
    for number, one in enumerate(forms):
        form |= {f"memberships-{number}-{name}": value for name, value in one.items()}
    return form


def seat(row, **changes):
    told = {"id": row.pk, "circle": row.circle_id, "person": row.person_id}
    told |= {"role": row.role, "since": "2005-01-01", "is_confirmed": "on"}
    return told | changes


@pytest.fixture
def root(roles):
    return roles.signed_in(UserFactory(is_superuser=True, is_staff=True))


def test_a_change_says_who_and_from_what_to_what(root, circle):
    place = circle.place
    form = {"name_th": "บ้านใหม่", "contact_name": "ผู้ใหญ่"}
    told = ("code", "level", "stage")
    form |= {name: getattr(place, name) for name in told} | {"parent": place.parent_id}

    assert root.post(page("place", place), form).status_code == 302

    change = Change.objects.get()
    assert (change.place, change.reason) == (place, "Django admin")
    assert change.author_role == "province_admin"
    assert change.changes == {
        "name_th": [place.name_th, "บ้านใหม่"],
        "contact_name": ["", "ผู้ใหญ่"],
    }


def test_a_superuser_s_inlines_are_written_down_too(root, circle):
    row, kept = MembershipFactory.create_batch(2, circle=circle)
    person = PersonFactory()
    new = {"person": person.pk, "role": "khun_kij", "since": "2020-01-01"}
    form = seats(circle, seat(row, DELETE="on"), seat(kept), new)
    form |= {"role": circle.role, "place": circle.place_id}

    assert root.post(page("circle", circle), form).status_code == 302

    told = {(one.kind, one.subject_id) for one in Change.objects.all()}
    made = Membership.objects.get(person=person)
    assert told == {("removed", row.pk), ("made", made.pk)}
    assert made.since == date(2020, 1, 1)


def test_a_superuser_adds_and_deletes_on_the_record(root):
    form = {"first_name": "มาลี", "keep_consent": "on"}
    for inline in ("contact_points", "assignments"):
        form |= {f"{inline}-TOTAL_FORMS": 0, f"{inline}-INITIAL_FORMS": 0}
    assert root.post("/admin/circles/person/add/", form).status_code == 302
    change = Change.objects.get()
    assert change.kind == Change.Kind.MADE

    point = ContactPointFactory(person=change.person, address="mali@example.org")
    inline = "contact_points-0-"
    form |= {
        "contact_points-TOTAL_FORMS": 1,
        "contact_points-INITIAL_FORMS": 1,
        f"{inline}id": point.pk,
        f"{inline}person": point.person_id,
        f"{inline}channel": "email",
        f"{inline}address": "new@example.org",
    }
    assert root.post(page("person", point.person), form).status_code == 302
    change = Change.objects.latest("pk")
    assert change.changes["address"] == ["m•••@example.org", "n•••@example.org"]


def test_accounts_of_nobody_break_nothing(root):
    nobody = UserFactory(person=None)
    form = {"username": "somebody", "is_active": "on"}
    form |= {"date_joined_0": "2020-01-01", "date_joined_1": "00:00:00"}

    assert root.post(page("user", nobody), form).status_code == 302

    assert User.objects.get(pk=nobody.pk).username == "somebody"
    assert not Change.objects.exists()


def test_a_factor_deleted_there_is_written_down(root):
    user = UserFactory()
    with_app(user)
    path = "/admin/mfa/authenticator/"
    factor = user.authenticator_set.get()

    root.post(f"{path}{factor.pk}/delete/", {"post": "yes"})

    assert not factors(user)
    assert Change.objects.get().changes == {"second_factor": [None, False]}
