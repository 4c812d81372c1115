"""Two administrators at one moment: real threads, real locks."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from circles.actions.agencies import add_agency, archive_agency
from circles.actions.areas import Extent, add_areas
from circles.actions.years import set_years, villages
from circles.models import Agency, Area, Change, Place, PlaceYear, User
from circles.permissions import Role
from circles.thai import fiscal_year
from tests.chaos.test_races import Crowd
from tests.factories import AgencyFactory, VillageFactory
from tests.factories_agencies import LocalGovernmentFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

DESKS = 6
ROUNDS = 8


@pytest.fixture
def author(circle, roles) -> User:
    user = roles.user(Role.PROVINCE_ADMIN, circle.place.parent.parent.parent)
    # Read once, before the threads share it.
    assert user.current_assignments
    return user


def or_refused(do, *args):
    """Return a call that says whether it was done or refused in words."""

    def tried() -> bool:
        try:
            do(*args)
        except ValidationError:
            return False
        return True

    return tried


def test_a_name_is_taken_once(author):
    with Crowd(DESKS) as crowd:
        for n in range(ROUNDS):
            given = {"name": f"สำนักงานใหม่ {n}"}
            made = crowd.at_once(*[or_refused(add_agency, given, author)] * DESKS)
            assert sum(made) == 1

    assert Agency.objects.count() == ROUNDS == Change.objects.count()


def test_a_village_is_whole_in_one_local_government(author, circle):
    with Crowd(2) as crowd:
        for place in VillageFactory.create_batch(ROUNDS, parent=circle.place.parent):
            wanted = Place.objects.filter(pk=place.pk)
            takers = LocalGovernmentFactory.create_batch(2, place=place.parent)
            made = crowd.at_once(
                *(
                    or_refused(add_areas, one, wanted, Extent.WHOLE, author)
                    for one in takers
                )
            )
            assert sum(made) == 1

    assert Area.objects.count() == ROUNDS


def test_a_village_has_one_row_a_year(author, circle):
    VillageFactory.create_batch(5, parent=circle.place.parent)
    year = fiscal_year(timezone.localdate())

    with Crowd(DESKS) as crowd:
        changed = crowd.at_once(
            *(
                lambda n=n: set_years(villages(), year, {"cohort": n}, author)
                for n in range(1, DESKS + 1)
            )
        )

    assert changed == [6] * DESKS
    assert PlaceYear.objects.count() == 6
    # One desk was the last, for all of them.
    assert PlaceYear.objects.order_by().values("cohort").distinct().count() == 1


def test_an_agency_leads_or_is_archived(author, circle):
    year = fiscal_year(timezone.localdate())

    with Crowd(2) as crowd:
        for _n in range(ROUNDS):
            agency = AgencyFactory()
            given = {"lead_agency": agency}
            done = crowd.at_once(
                or_refused(archive_agency, agency, author),
                or_refused(set_years, villages(), year, given, author),
            )
            assert sum(done) == 1
