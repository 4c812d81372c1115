"""Pages: circle-create."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models.signals import pre_save
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from circles import thai
from circles.actions.circles import create_circle
from circles.models import Change, Circle
from circles.permissions import Role
from tests.circles.posted import in_days
from tests.factories import CircleFactory, TambonFactory, UserFactory, VillageFactory

pytestmark = pytest.mark.django_db

URL = "circle-create"


def typed(place, /, **changes):
    return {
        "name": "วงปุ๋ยอินทรีย์",
        "role": Role.KHUN_KIJ,
        "place": str(place.pk),
        "topic": "ปุ๋ย",
        "usual_venue": "ศาลา",
        "usual_start": "13.30",
        "usual_end": "16.00",
        "cadence_days": "14",
        "opened_on": in_days(0),
    } | changes


def codes(response):
    errors = response.context["form"].errors.as_data()
    return {one.code for each in errors.values() for one in each}


def test_circle_create(tambon_admin_client, circle, django_assert_max_num_queries):
    place = circle.place

    # session, user, person, assignments, unread, own circles, the asked place
    with django_assert_max_num_queries(10):
        page = tambon_admin_client.get(reverse(URL), {"place": place.pk})
    response = tambon_admin_client.post(reverse(URL), typed(place))

    made = Circle.objects.get(name="วงปุ๋ยอินทรีย์")
    assertContains(page, place.full_label)
    assertRedirects(response, reverse("circle-seats", args=[made.pk]))
    assert (made.place, made.cadence_days, made.usual_venue) == (place, 14, "ศาลา")
    assert [one.opened_on for one in made.openings.all()] == [timezone.localdate()]


def test_what_was_opened_is_written_down(tambon_admin_client, circle):
    tambon_admin_client.post(reverse(URL), typed(circle.place))

    made = Circle.objects.get(name="วงปุ๋ยอินทรีย์")
    written = Change.objects.filter(circle=made).order_by("pk")
    assert [one.subject for one in written] == ["circle", "circleopening"]
    assert written[0].place == circle.place
    assert written[0].changes["name"] == [None, "วงปุ๋ยอินทรีย์"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "\u200b\u200b"}, "required"),
        ({"name": "วง\x00"}, "control_characters"),
        ({"name": "ก" * 201}, "max_length"),
        ({"role": "governor_office"}, "invalid_choice"),
        ({"place": ""}, "required"),
        ({"place": "9" * 30}, "gone"),
        ({"usual_start": "16.00", "usual_end": "9.00"}, "ends_first"),
        ({"cadence_days": "5"}, "invalid_choice"),
        ({"opened_on": ""}, "required"),
        ({"opened_on": "31/2/69"}, "no_such_day"),
        ({"opened_on": in_days(370)}, "too_late"),
    ],
)
def test_what_may_not_be_is_refused(tambon_admin_client, circle, changes, code):
    form = typed(circle.place, **changes)

    response = tambon_admin_client.post(reverse(URL), form)

    assert response.status_code == 200
    assert codes(response) == {code}
    assertContains(response, "ศาลา")
    assert list(Circle.objects.all()) == [circle]


@pytest.mark.parametrize(
    "name", ["วงทดลอง ม.3", " วงทดลอง  ม.๓ ", "\u200bวงทดลอง ม.3", "วงทดลอง หมู่ที่ 3"]
)
def test_a_name_is_taken_once_in_a_place(tambon_admin_client, circle, name):
    CircleFactory(name="วงทดลอง ม.3", place=circle.place)
    other = VillageFactory(parent=circle.place.parent)

    refused = tambon_admin_client.post(reverse(URL), typed(circle.place, name=name))
    tambon_admin_client.post(reverse(URL), typed(other, name=name))

    assert codes(refused) == {"name_taken"}
    assert Circle.objects.filter(name__startswith="วงทดลอง").count() == 3


def test_a_race_for_a_name_is_refused_in_words(circle):
    """Somebody who locks nothing (the Django admin) takes it between look and write."""
    place, wanted, author = circle.place, "วงเดียวกัน", UserFactory()
    new = Circle(name=wanted, role=Role.KHUN_KIJ, place=place)

    def take(sender, instance, **kwargs):
        first = Circle(name=wanted, role=Role.KHUN_KIJ, place=place)
        Circle.objects.bulk_create([first])

    pre_save.connect(take, sender=Circle)
    try:
        with pytest.raises(ValidationError) as refused:
            create_circle(author, new, timezone.localdate())
    finally:
        pre_save.disconnect(take, sender=Circle)

    assert refused.value.error_dict["name"][0].code == "name_taken"
    assert list(Circle.objects.all()) == [circle]


def test_only_places_within_reach_can_be_chosen(tambon_admin_client, circle):
    outside = VillageFactory(parent=TambonFactory())

    page = tambon_admin_client.get(reverse(URL), {"place": outside.pk})
    response = tambon_admin_client.post(reverse(URL), typed(outside))

    assert page.status_code == 200
    assert outside.name_th not in page.text
    assert codes(response) == {"gone"}
    assert not Circle.objects.filter(place=outside).exists()


def test_an_archived_place_gets_no_circle(tambon_admin_client, circle):
    place = circle.place
    place.closed_on = timezone.localdate() - timedelta(days=1)
    place.save()

    response = tambon_admin_client.post(reverse(URL), typed(place))

    assert codes(response) == {"gone"}


@pytest.mark.parametrize("place", ["x", "-1", "9" * 40, "๑", "0", "1\u0661"])
def test_an_address_that_names_no_place_still_shows_the_form(
    tambon_admin_client, place
):
    page = tambon_admin_client.get(reverse(URL), {"place": place})

    assert page.status_code == 200


def test_the_place_may_be_typed_without_javascript(tambon_admin_client, circle):
    form = typed(circle.place, place="", place_q=circle.place.name_th)

    tambon_admin_client.post(reverse(URL), form)

    assert Circle.objects.filter(name="วงปุ๋ยอินทรีย์", place=circle.place).exists()


def test_a_circle_that_opens_later_says_so(tambon_admin_client, circle):
    day = timezone.localdate() + timedelta(days=30)
    form = typed(circle.place, opened_on=thai.thai_date(day))
    tambon_admin_client.post(reverse(URL), form)

    made = Circle.objects.get(name="วงปุ๋ยอินทรีย์")
    page = tambon_admin_client.get(made.get_absolute_url())

    assertContains(page, thai.thai_date(day))
    assert not page.context["circle"].is_open
    assert not page.context["is_loggable"]
