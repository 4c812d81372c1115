"""Administrators change places at one moment: real threads, real locks."""

import pytest
from django.core.exceptions import ValidationError

from circles.actions.place_codes import renumber
from circles.actions.places import add_place
from circles.models import Change, Place, PlaceCode
from tests.chaos.test_races import Crowd
from tests.factories import TambonFactory, UserFactory, VillageFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

DESKS = 6


def code_of(work):
    """Return the code of what *work* stores, or of why it was refused."""
    try:
        return work().code
    except ValidationError as refused:
        return refused.code


def test_one_code_is_given_once():
    tambon, author = TambonFactory(), UserFactory()

    def village(n):
        code = f"{tambon.code}{n:02}"
        return Place(parent=tambon, level="village", code=code, name_th="บ้านใหม่")

    with Crowd(DESKS) as crowd:
        for n in range(1, 6):
            said = crowd.at_once(
                *[lambda n=n: code_of(lambda: add_place(village(n), author))] * DESKS
            )
            assert sorted(set(said)) == [village(n).code, "code_taken"]
            assert said.count("code_taken") == DESKS - 1

    assert Change.objects.count() == Place.objects.filter(level="village").count() == 5


def test_each_community_gets_a_code_of_its_own():
    tambon, author = TambonFactory(), UserFactory()

    def community():
        one = Place(parent=tambon, level="community", name_th="ชุมชนใหม่")
        return add_place(one, author).code

    with Crowd(DESKS) as crowd:
        codes = [
            code for _n in range(3) for code in crowd.at_once(*[community] * DESKS)
        ]

    assert sorted(codes) == sorted(
        f"{tambon.code}{end}"
        for end in [*(f"A{n}" for n in range(1, 10)), *(f"B{n}" for n in range(1, 10))]
    )


def test_a_number_goes_to_one_of_those_who_want_it():
    author = UserFactory(is_superuser=True)
    tambons = TambonFactory.create_batch(DESKS)
    for one in tambons:
        VillageFactory(parent=one)
    code = f"{tambons[0].parent.code}77"

    with Crowd(DESKS) as crowd:
        said = crowd.at_once(
            *[
                lambda one=one: code_of(lambda: renumber(one, code, author))
                for one in tambons
            ]
        )

    assert sorted(said) == [code, *["code_taken"] * (DESKS - 1)]
    winner = Place.objects.get(code=code)
    assert winner.children.get().code == f"{code}01"
    assert PlaceCode.objects.count() == 2


def test_two_new_numbers_for_one_tambon_leave_one():
    author, tambon = UserFactory(is_superuser=True), TambonFactory()
    VillageFactory(parent=tambon)
    codes = [f"{tambon.parent.code}{n}" for n in range(70, 70 + DESKS)]

    with Crowd(DESKS) as crowd:
        said = crowd.at_once(
            *[
                lambda code=code: code_of(lambda: renumber(tambon, code, author))
                for code in codes
            ]
        )

    won = Place.objects.get(pk=tambon.pk).code
    assert sorted(said) == sorted([won, *["moved"] * (DESKS - 1)])
    assert tambon.children.get().code == f"{won}01"
