"""Agencies with villages, and the years of villages."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from circles.models import Agency, AgencyName, Area, PlaceYear
from circles.thai import fiscal_year
from tests.factories import AgencyFactory, TambonFactory, VillageFactory


class LocalGovernmentFactory(AgencyFactory):
    """An อปท. with its seat in a new tambon, and no village yet."""

    name = factory.Sequence(lambda n: f"องค์การบริหารส่วนตำบลที่ {n}")
    kind = Agency.Kind.LOCAL_GOVERNMENT
    place = factory.SubFactory(TambonFactory)


class AgencyNameFactory(DjangoModelFactory):
    class Meta:
        model = AgencyName

    agency = factory.SubFactory(AgencyFactory)
    name = factory.Sequence(lambda n: f"ชื่อเดิมที่ {n}")


class AreaFactory(DjangoModelFactory):
    """A whole village."""

    class Meta:
        model = Area

    agency = factory.SubFactory(LocalGovernmentFactory)
    place = factory.SubFactory(VillageFactory)


class PlaceYearFactory(DjangoModelFactory):
    """A village in this fiscal year."""

    class Meta:
        model = PlaceYear

    place = factory.SubFactory(VillageFactory)
    fiscal_year = factory.LazyFunction(lambda: fiscal_year(timezone.localdate()))


def posted_agency(**given) -> dict[str, object]:
    """Return the filled form of an agency's page."""
    form = {"act": "save", "name": "สำนักงานประมง", "short_name": "", "kind": "state"}
    form |= {"place": "0", "place_q": "", "contact_name": "", "contact_phone": ""}
    return form | given
