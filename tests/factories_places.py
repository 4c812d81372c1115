"""Rows round a place: ชุมชน, former codes, areas, years."""

import factory
from factory.django import DjangoModelFactory

from circles.models import Agency, Area, Place, PlaceCode, PlaceYear
from tests.factories import (
    AgencyFactory,
    AmphoeFactory,
    PlaceFactory,
    TambonFactory,
    VillageFactory,
)


class CommunityFactory(PlaceFactory):
    """A municipal ชุมชน; give ``code`` and ``parent``."""

    level = Place.Level.COMMUNITY


class PlaceCodeFactory(DjangoModelFactory):
    class Meta:
        model = PlaceCode

    place = factory.SubFactory(VillageFactory)
    code = factory.Sequence(lambda n: f"8001{n % 10000:04}")


class AreaFactory(DjangoModelFactory):
    class Meta:
        model = Area

    agency = factory.SubFactory(AgencyFactory, kind=Agency.Kind.LOCAL_GOVERNMENT)
    place = factory.SubFactory(VillageFactory)


class PlaceYearFactory(DjangoModelFactory):
    class Meta:
        model = PlaceYear

    place = factory.SubFactory(VillageFactory)
    fiscal_year = 2569


def tambons(amount, **given):
    """Make *amount* tambons, fifty in each amphoe, and return them."""
    return [
        TambonFactory(parent=AmphoeFactory(code=f"80{11 + n // 50}"), **given)
        for n in range(amount)
    ]
