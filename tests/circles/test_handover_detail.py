from __future__ import annotations

import pytest
from django.urls import reverse

from circles.models import Succession
from circles.permissions import Role
from tests.factories import AssignmentFactory, CircleFactory, UserFactory
from tests.factories_handing import HandoverFactory, SuccessionFactory


@pytest.fixture
def handover(circle):
    handover = HandoverFactory(person=UserFactory().person, note="ย้ายไปพัทลุง")
    right = AssignmentFactory(person=handover.person, circle=circle)
    SuccessionFactory(
        handover=handover,
        assignment=right,
        kind=Succession.Kind.SUCCESSOR,
        successor=UserFactory().person,
    )
    return handover


def url(handover) -> str:
    return reverse("handover-detail", args=[handover.pk])


def test_handover_detail(handover, circle, tambon_admin_client):
    page = tambon_admin_client.get(url(handover))

    assert page.context["circles"] == [circle]
    assert reverse("circle-handover", args=[circle.pk]) in page.text
    assert reverse("handover-cancel", args=[handover.pk]) in page.text


def test_who_leaves_and_who_follows_read_it(handover, roles):
    for person in (handover.person, handover.successions.get().successor):
        page = roles.signed_in(person.user).get(url(handover))

        assert page.status_code == 200
        assert not page.context["may_call_off"]


def test_with_one_right_outside_it_is_not_the_tambons(handover, tambon_admin_client):
    outside = AssignmentFactory(person=handover.person, circle=CircleFactory())
    SuccessionFactory(handover=handover, assignment=outside)

    assert tambon_admin_client.get(url(handover)).status_code == 404


def test_rights_above_are_not_the_tambons(handover, tambon_admin_client, circle):
    above = AssignmentFactory(
        person=handover.person, place=circle.place.parent, role=Role.KHUN_UA
    )
    SuccessionFactory(handover=handover, assignment=above)

    assert tambon_admin_client.get(url(handover)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_same_queries_however_many_rights(
    handover, circle, province_admin_client, rows, django_assert_max_num_queries
):
    for _n in range(rows):
        other = CircleFactory(place=circle.place)
        right = AssignmentFactory(person=handover.person, circle=other)
        SuccessionFactory(handover=handover, assignment=right)

    with django_assert_max_num_queries(10):
        assert province_admin_client.get(url(handover)).status_code == 200


def test_a_vacant_post_names_no_successor(circle, tambon_admin_client):
    vacant = SuccessionFactory(assignment=AssignmentFactory(circle=circle)).handover
    first_day = f'datetime="{vacant.first_day:%Y-%m-%d}"'

    page = tambon_admin_client.get(url(vacant))

    assert first_day not in page.text
    assert f'datetime="{vacant.last_day:%Y-%m-%d}"' in page.text
