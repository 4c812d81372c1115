"""Whoever gives a role that reaches far looks at the ways in of who gets it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from circles.permissions import Role
from tests.factories import ContactPointFactory


@pytest.fixture
def risen(circle, roles):
    user = roles.user(Role.KHUN_AMNUAY, circle)
    user.set_password("ฝนตกในหน้าฝนทุกปี")
    user.save()
    return user.person


def url(person) -> str:
    return reverse("person-rights", args=[person.pk])


def giving(circle, **typed):
    given = {"act": "give", "role": "tambon_admin", "over": "place", "ends": "open"}
    return given | {"since": "1 ต.ค. 2568", "place": circle.place.parent_id} | typed


def test_the_verified_addresses_are_listed_masked_and_only_those_ticked_stay(
    province_admin_client, circle, risen
):
    kept = ContactPointFactory(person=risen, address="somjai@example.org")
    lost = ContactPointFactory(person=risen, address="other@example.net")

    page = province_admin_client.get(url(risen))
    province_admin_client.post(url(risen), giving(circle, keeps=[kept.pk]))

    assert "s•••@example.org" in page.text
    assert "somjai" not in page.text
    kept.refresh_from_db()
    lost.refresh_from_db()
    assert (bool(kept.verified_at), bool(lost.verified_at)) == (True, False)


def test_somebody_elses_address_is_no_choice(province_admin_client, circle, risen):
    ContactPointFactory(person=risen)
    strange = ContactPointFactory()

    response = province_admin_client.post(
        url(risen), giving(circle, keeps=[strange.pk])
    )

    assert response.context["form"].has_error("keeps", "invalid_choice")


def test_who_gives_only_roles_near_by_is_not_asked(tambon_admin_client, risen):
    ContactPointFactory(person=risen)

    page = tambon_admin_client.get(url(risen))

    assert "keeps" not in page.context["form"].fields
