"""Which tambons belong to the project; archiving a place, and bringing it back."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.actions.places import archive, set_stage
from circles.models import Change, Circle, Place
from circles.permissions import Role
from tests.factories import (
    CircleFactory,
    LearningSessionFactory,
    TambonFactory,
    UserFactory,
    VillageFactory,
)
from tests.factories_places import tambons

pytestmark = pytest.mark.django_db
URL = "/places/targets/"


@pytest.fixture
def tambon():
    return TambonFactory(name_th="ท่าไร่")


@pytest.fixture
def manager(roles, tambon):
    return roles.client(Role.PROVINCE_ADMIN, tambon.parent)


def stage(tambon):
    return Place.objects.get(pk=tambon.pk).stage


@pytest.mark.parametrize("rows", [3, 300])
def test_place_targets(province_admin_client, rows, django_assert_max_num_queries):
    tambons(rows, stage="target")
    TambonFactory(stage="next")

    # session, user, person, assignments, unread; count, tambons
    with django_assert_max_num_queries(7):
        response = province_admin_client.get(reverse("place-targets"))

    page = response.context["page"]
    assert len(page.object_list) == min(rows + 1, 25)
    assert page.object_list[0].stage == "target"
    assertNotContains(response, "<option")


def test_a_tambon_is_found_by_typing_and_chosen(manager, tambon):
    response = manager.post(URL, {"tambon_q": "ต.ท่าไร่", "act": "target"})

    assertRedirects(response, URL)
    assert stage(tambon) == "target"
    assert Change.objects.get().changes == {"stage": ["", "target"]}
    again = manager.post(URL, {"tambon_q": "ต.ท่าไร่", "act": "next"})
    assert again.context["form"].has_error("tambon", "unknown")
    assert stage(tambon) == "target"


def test_each_tambon_has_its_buttons(manager, tambon):
    for act, expected in (("next", "next"), ("target", "target"), ("off", "")):
        response = manager.post(URL, {"place": tambon.pk, "act": act})

        assert response.url.partition("?")[0] == URL
        assert stage(tambon) == expected
    manager.post(URL, {"place": tambon.pk, "act": "off"})
    assert Change.objects.count() == 3


@pytest.mark.parametrize("was", ["target", "next"])
def test_who_was_taken_off_by_a_slip_is_put_back(manager, tambon, was):
    set_stage(tambon, was, UserFactory(is_superuser=True))

    form = {"place": tambon.pk, "act": "off", "was": was}
    page = manager.post(URL, form, follow=True)

    assert page.context["taken_off"] == tambon
    put_back = f'<button class="btn btn--plain btn--sm" name="act" value="{was}">'
    assertContains(page, put_back, count=1)
    manager.post(URL, {"place": tambon.pk, "act": was})
    assert stage(tambon) == was


@pytest.mark.parametrize("off", ["x", "9" * 40, "๑", ""])
def test_an_address_that_names_no_tambon_offers_nothing(manager, off):
    page = manager.get(URL, {"off": off})

    assert page.status_code == 200
    assert page.context["taken_off"] is None


def test_only_tambons_within_reach_change(manager, tambon):
    other, far = tambons(2)
    Place.objects.filter(pk=far.pk).update(stage="target")

    picked = manager.post(URL, {"tambon": other.pk, "act": "next"})
    for number in (far.pk, "x", "9" * 40, ""):
        pressed = manager.post(URL, {"place": number, "act": "off"})
        assert pressed.status_code == 404

    assert picked.context["form"].has_error("tambon", "not_yours")
    assertContains(manager.get(URL), far.label)
    assertNotContains(manager.get(URL), f'value="{far.pk}"')
    assert stage(far) == "target"
    assert not Change.objects.exists()


def test_what_cannot_be_chosen_is_refused_in_words(manager, tambon):
    village = VillageFactory(parent=tambon)
    gone = TambonFactory(closed_on="2020-01-01")

    nothing = manager.post(URL, {"act": "target"})
    unknown = manager.post(URL, {"tambon_q": "ไม่มีชื่อนี้", "act": "target"})

    assert nothing.context["form"].has_error("tambon", "required")
    assertNotContains(nothing, "ฟิลด์นี้จำเป็น")
    assertContains(unknown, "ไม่มีชื่อนี้")
    for place in (village, gone):
        assert manager.post(URL, {"place": place.pk}).status_code == 200
        assert stage(place) == ""
    gone.refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        set_stage(gone, "target", UserFactory())
    assert refused.value.code == "archived"


def archive_url(place):
    return reverse("place-archive", args=[place.pk])


def test_place_archive(manager, tambon):
    circle = CircleFactory(
        place=VillageFactory(parent=tambon, closed_on="2020-01-01"),
        opening__closed_on="2020-01-01",
    )
    LearningSessionFactory.create_batch(2, circle=circle)

    asked = manager.get(archive_url(tambon))
    response = manager.post(archive_url(tambon), {"act": "archive"})
    manager.post(archive_url(tambon), {"act": "archive"})

    assert (asked.context["kept"].circles, asked.context["kept"].sessions) == (1, 2)
    assertRedirects(response, reverse("place-detail", args=[tambon.pk]))
    today = timezone.localdate()
    assert Place.objects.get(pk=tambon.pk).closed_on == today
    assert not Place.objects.tambons().open().exists()
    assert Circle.objects.count() == 1
    assert Change.objects.get().changes == {"closed_on": [None, today.isoformat()]}


def test_a_place_in_use_stays_with_the_numbers_said(manager, tambon):
    village, _other = VillageFactory.create_batch(2, parent=tambon)
    CircleFactory(place=village)
    CircleFactory(place=tambon, opening__opened_on="2099-01-01")
    CircleFactory(place=tambon, opening__closed_on=timezone.localdate())
    CircleFactory(place=tambon, opening__closed_on="2020-01-01")

    response = manager.post(archive_url(tambon), {"act": "archive"})

    with pytest.raises(ValidationError) as refused:
        archive(tambon, UserFactory())
    assert refused.value.code == "in_use"
    assert (refused.value.params["circles"], refused.value.params["places"]) == (3, 2)
    assertContains(response, refused.value.messages[0])
    assert Place.objects.get(pk=tambon.pk).closed_on is None
    assert not Change.objects.exists()


def test_what_was_archived_comes_back_after_its_tambon(manager, tambon):
    village = VillageFactory(parent=tambon, closed_on="2020-01-01")
    manager.post(archive_url(tambon), {"act": "archive"})

    refused = manager.post(archive_url(village), {"act": "restore"})
    assertContains(refused, "ต.ท่าไร่")
    assert Place.objects.get(pk=village.pk).closed_on is not None

    for place in (tambon, village, village):
        manager.post(archive_url(place), {"act": "restore"})
    assert Place.objects.open().filter(pk__in=[tambon.pk, village.pk]).count() == 2
    assert Change.objects.count() == 3


def test_the_province_is_never_archived(province_admin_client, circle):
    province = circle.place.parent.parent.parent

    province_admin_client.post(archive_url(province), {"act": "archive"})

    assert Place.objects.get(pk=province.pk).closed_on is None
