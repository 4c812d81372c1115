"""A draft: kept on every change, on the server, until the form is sent."""

from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.actions.drafts import MAX_DRAFT_LENGTH
from circles.models import Draft, LearningSession
from circles.permissions import Role
from tests.circles.posted import posted, url
from tests.factories import CircleFactory, MembershipFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "save_state"}


@pytest.fixture
def seats(circle):
    return MembershipFactory.create_batch(2, circle=circle)


def autosave(client, circle, form):
    form = {name: value for name, value in form.items() if name != "act"}
    return client.post(f"{url(circle)}?act=draft", form, headers=HTMX)


def test_autosave_keeps_a_draft_and_says_where_it_is(facilitator_client, circle, seats):
    form = posted(seats, summary="ยังเขียนไม่เสร็จ")
    response = autosave(facilitator_client, circle, form)

    assertContains(response, "บันทึกร่างแล้ว")
    assertNotContains(response, "<html")
    draft = Draft.objects.get()
    assert str(draft.key) == form["key"]
    assert not LearningSession.objects.exists()

    autosave(facilitator_client, circle, form | {"summary": "เขียนต่อ"})
    assert Draft.objects.count() == 1


def test_a_draft_comes_back_whole(facilitator_client, circle, seats):
    form = posted(
        seats[:1],
        summary="ยังเขียนไม่เสร็จ",
        guest_count="7",
        **{"newcomers-1-name": "น้าใหม่", "lessons-3-text": "เรื่องที่สี่"},
    )
    autosave(facilitator_client, circle, form)

    page = facilitator_client.get(url(circle), {"draft": form["key"]})

    entry = page.context["entry"]
    assert entry.form["key"].value() == form["key"]
    assert entry.present_count == 1
    assert entry.form["guest_count"].value() == "7"
    for text in ("ยังเขียนไม่เสร็จ", "น้าใหม่", "เรื่องที่สี่"):
        assertContains(page, text)


def test_the_form_tells_of_a_draft(facilitator_client, circle, seats):
    form = posted(seats)
    autosave(facilitator_client, circle, form)

    assertContains(facilitator_client.get(url(circle)), f"?draft={form['key']}")


def test_sending_ends_the_draft_and_a_late_autosave_makes_none(
    facilitator_client, circle, seats
):
    form = posted(seats)
    autosave(facilitator_client, circle, form)
    facilitator_client.post(url(circle), form)
    assert not Draft.objects.exists()

    assert autosave(facilitator_client, circle, form).status_code == 200
    assert not Draft.objects.exists()


def test_a_draft_without_javascript(facilitator_client, circle, seats):
    response = facilitator_client.post(url(circle), posted(seats, act="draft"))

    assertRedirects(response, reverse("home"), fetch_redirect_response=False)
    assert Draft.objects.exists()


def test_a_draft_is_thrown_away_on_purpose_only(facilitator_client, circle, seats):
    form = posted(seats)
    autosave(facilitator_client, circle, form)

    facilitator_client.post(url(circle), form | {"act": "discard"})

    assert not Draft.objects.exists()


def test_a_draft_belongs_to_its_author(facilitator_client, circle, seats, roles):
    form = posted(seats, summary="บันทึกลับ")
    autosave(facilitator_client, circle, form)
    other = roles.client(Role.KHUN_AMNUAY, circle)

    assertNotContains(other.get(url(circle), {"draft": form["key"]}), "บันทึกลับ")
    autosave(other, circle, form | {"summary": "ของอีกคน"})
    other.post(url(circle), form | {"act": "discard"})
    page = facilitator_client.get(url(circle), {"draft": form["key"]})
    assertContains(page, "บันทึกลับ")


def test_no_draft_where_one_may_not_log(facilitator_client):
    elsewhere = CircleFactory()
    assert autosave(facilitator_client, elsewhere, posted()).status_code == 404


@pytest.mark.parametrize("key", ["", "x", "1" * 400, str(uuid4())[:-1] + "\x00"])
def test_a_broken_key_keeps_nothing_and_breaks_nothing(facilitator_client, circle, key):
    assert autosave(facilitator_client, circle, posted(key=key)).status_code == 200
    assert not Draft.objects.exists()


def test_what_is_too_long_for_a_draft_is_said_and_stays_on_the_page(
    facilitator_client, circle, seats
):
    form = posted(seats, summary="ก" * MAX_DRAFT_LENGTH)
    response = autosave(facilitator_client, circle, form)
    assertContains(response, "ยาวเกินกว่าจะเก็บเป็นร่าง")

    page = facilitator_client.post(url(circle), form | {"act": "draft"})
    assertContains(page, "ก" * 100)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("asked", ["1", "x", "9" * 30, "-1", "๑"])
def test_an_unknown_appointment_or_draft_is_ignored(facilitator_client, circle, asked):
    for name in ("appointment", "draft"):
        assert facilitator_client.get(url(circle), {name: asked}).status_code == 200
