"""Pages: dream-create, and the sign at the end of the road."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.models import DreamVersion
from tests.factories_told import DreamVersionFactory

pytestmark = pytest.mark.django_db

AGREED = DreamVersion.Gate.AGREED
DREAM = "คนบ้านเราทำปุ๋ยใช้เอง"


def url(circle):
    return reverse("dream-create", args=[circle.pk])


def said(**changes):
    form = {"text": DREAM, "gate": "drafting", "agreed_on": "", "agreed_by": ""}
    return form | changes


def test_a_dream_is_kept_and_stands_at_the_end_of_the_road(facilitator_client, circle):
    form = said(gate="agreed", agreed_on="22 มิ.ย. 2569", agreed_by="18 คนในวง")

    response = facilitator_client.post(url(circle), form)

    assertRedirects(response, circle.get_absolute_url())
    dream = circle.dreams.get()
    assert (dream.agreed_on, dream.agreed_by) == (date(2026, 6, 22), "18 คนในวง")
    assert dream.author == facilitator_client.get(url(circle)).wsgi_request.user
    assertContains(facilitator_client.get(circle.get_absolute_url()), DREAM)


def test_versions_are_kept_and_listed_with_their_days(facilitator_client, circle):
    DreamVersionFactory(
        circle=circle, text="ฉบับแรก", gate=AGREED, agreed_on=date(2026, 6, 28)
    )

    facilitator_client.post(url(circle), said(text="ฉบับสอง"))

    response = facilitator_client.get(url(circle))
    assert [one.text for one in response.context["versions"]] == ["ฉบับสอง", "ฉบับแรก"]
    assertContains(response, "28 มิ.ย. 2569")
    assert response.context["form"]["text"].value() == "ฉบับสอง"


def test_sending_it_twice_keeps_one_version(facilitator_client, circle):
    for _n in range(2):
        facilitator_client.post(url(circle), said())

    assert circle.dreams.count() == 1


def test_the_road_leads_to_what_was_agreed_not_to_a_later_draft(
    facilitator_client, circle
):
    DreamVersionFactory(
        circle=circle, text="ที่ตกลงแล้ว", gate=AGREED, agreed_on=date(2026, 6, 28)
    )
    DreamVersionFactory(circle=circle, text="ที่กำลังเขียน")

    response = facilitator_client.get(circle.get_absolute_url())

    assertContains(response, "ที่ตกลงแล้ว")
    assertNotContains(response, "ที่กำลังเขียน")


def test_a_road_without_a_dream_invites(kij_client, circle):
    response = kij_client.get(circle.get_absolute_url())

    assertContains(response, "destsign--none")
    assertNotContains(response, url(circle))


def test_a_draft_has_neither_day_nor_people_who_agreed(facilitator_client, circle):
    facilitator_client.post(
        url(circle), said(agreed_on="22 มิ.ย. 2569", agreed_by="18 คน")
    )

    dream = circle.dreams.get()
    assert (dream.agreed_on, dream.agreed_by) == (None, "")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"text": " \u200b "}, "text", "required"),
        ({"text": "ก" * 1001}, "text", "max_length"),
        ({"text": "\x01"}, "text", "control_characters"),
        ({"text": "\ufffd"}, "text", "broken_text"),
        ({"gate": "reached"}, "gate", "invalid_choice"),
        ({"gate": "agreed"}, "agreed_on", "no_day"),
        ({"gate": "agreed", "agreed_on": "31/02/69"}, "agreed_on", None),
        ({"agreed_by": "ก" * 301}, "agreed_by", "max_length"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words_and_stays(
    facilitator_client, circle, changes, field, code
):
    response = facilitator_client.post(url(circle), said(**changes))

    assert not circle.dreams.exists()
    found = [error.code for error in response.context["form"].errors[field].as_data()]
    assert found
    assert code is None or code in found
    typed = said(**changes)
    assert response.context["form"]["agreed_by"].value() == typed["agreed_by"]


def test_an_agreement_is_not_of_tomorrow(facilitator_client, circle):
    day = timezone.localdate() + timedelta(days=1)
    form = said(gate="agreed", agreed_on=day.isoformat())

    response = facilitator_client.post(url(circle), form)

    errors = response.context["form"].errors["agreed_on"].as_data()
    assert [error.code for error in errors] == ["too_late"]


@pytest.mark.parametrize("who", ["kij_client", "likhit_client", "office_client"])
def test_only_who_sets_the_dream_opens_its_page(request, who, circle):
    client = request.getfixturevalue(who)

    assert client.get(url(circle)).status_code == 404
    assert client.post(url(circle), said()).status_code == 404
    assert not circle.dreams.exists()
