"""A code leads to one place: nobody notes another place's as a former one unawares."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django.asserts import assertContains

from circles.actions.place_codes import add_former_code
from circles.models import PlaceCode
from circles.permissions import Role
from tests.factories import TambonFactory, UserFactory, VillageFactory
from tests.factories_places import PlaceCodeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return UserFactory(is_superuser=True)


@pytest.fixture
def pair():
    tambon = TambonFactory(code="800106")
    return [VillageFactory(parent=tambon, code=f"8001060{n}") for n in (1, 2)]


def refusal(*given):
    with pytest.raises(ValidationError) as refused:
        add_former_code(*given)
    assert not PlaceCode.objects.filter(place=given[0]).exists()
    return refused.value


def test_the_code_that_another_place_has_now(root, pair):
    one, other = pair

    refused = refusal(one, other.code, date(2020, 1, 1), root)

    assert refused.code == "code_in_use"
    assert other.name_th in refused.messages[0]


def test_the_code_that_another_place_had(root, pair):
    one, other = pair
    PlaceCodeFactory(place=other, code="80010699", until=date(2010, 1, 1))

    assert refusal(one, "80010699", None, root).code == "code_known"
    assert refusal(one, "80010699", date(2010, 1, 1), root).code == "code_known"
    for _twice in range(2):
        add_former_code(one, "80010699", date(2020, 1, 1), root)
    assert add_former_code(one, "80010699", None, root).until == date(2020, 1, 1)


def test_the_page_says_so(roles, pair):
    one, other = pair
    client = roles.client(Role.PROVINCE_ADMIN, one.parent.parent.parent)

    response = client.post(
        reverse("place-edit", args=[one.pk]),
        {"former-code": other.code, "former-until": "", "act": "add-code"},
    )

    assertContains(response, 'class="err"')
    assertContains(response, other.name_th)
    assert not one.old_codes.exists()
