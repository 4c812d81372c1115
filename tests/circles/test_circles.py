"""Pages: circles."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from tests.factories import (
    CircleFactory,
)
from tests.furnish import furnish

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_circle_list(office_client, circle, rows, django_assert_max_num_queries):
    for one in [circle, *CircleFactory.create_batch(rows - 1)]:
        furnish(one)

    # session, user, person, assignments, unread, count, circles, roads
    with django_assert_max_num_queries(9):
        response = office_client.get(reverse("circle-list"))

    assert len(response.context["page"].object_list) == rows


def test_circle_list_finds_by_name_and_place(office_client, circle):
    wanted = CircleFactory(name="วงปุ๋ยอินทรีย์")

    found = office_client.get(reverse("circle-list"), {"q": "ปุ๋ย"})
    below = office_client.get(reverse("circle-list"), {"place": wanted.place.code})

    assert list(found.context["page"].object_list) == [wanted]
    assert list(below.context["page"].object_list) == [wanted]
    assertContains(below, wanted.place.full_label)


@pytest.mark.parametrize(
    "asked",
    ["ม.1", "หมู่ 1", "หมู่ที่ ๑", "ต.หนองนก", "ตำบลหนองนก", "หนองนก ม.1", "จังหวัดเรา"],
)
def test_circle_list_is_searched_as_people_say_it(office_client, circle, asked):
    circle.place.parent.name_th = "หนองนก"
    circle.place.parent.save()
    circle.name = "วงปุ๋ยของจังหวัดเรา"
    circle.save()
    CircleFactory(place__code="80990102", name="วงอื่น")

    found = office_client.get(reverse("circle-list"), {"q": asked})

    assert list(found.context["page"].object_list) == [circle]


@pytest.mark.parametrize("query", ["q=%00", "q=%ff", "place=8001%00"])
def test_an_unreadable_address_is_refused_in_words(office_client, query):
    response = office_client.get(f"{reverse('circle-list')}?{query}")

    assertContains(response, "อ่านไม่ได้", status_code=400)


@pytest.mark.parametrize(
    "query", ["place=abc", "page=xyz", "page=99999", "q=" + "ก" * 101]
)
def test_a_senseless_filter_still_shows_the_list(office_client, circle, query):
    assert office_client.get(f"{reverse('circle-list')}?{query}").status_code == 200


def test_circle_list_refreshes_only_its_part(office_client, circle):
    response = office_client.get(
        reverse("circle-list"), headers={"HX-Request": "true", "HX-Target": "circles"}
    )

    assert response.text.lstrip().startswith('<section id="circles"')
    assert "HX-Target" in response["Vary"]
