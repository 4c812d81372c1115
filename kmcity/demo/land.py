"""From the tables to rows: what the sample province knows of places and agencies."""

from __future__ import annotations

from circles import thai
from circles.models import Agency, AgencyName, Area, Place, PlaceYear
from kmcity.demo.province import PHONE, Province
from kmcity.demo.reading_land import (
    AgencyRow,
    YearRow,
    read_agencies,
    read_areas,
    read_communities,
    read_contacts,
    read_former_names,
    read_landscapes,
    read_years,
)


def make_land(province: Province) -> None:
    """Make agencies, communities and what is known of both.

    What an administrator has entered already is kept: only empty columns are filled.
    """
    _make_communities(province)
    for row in read_agencies():
        province.agencies[row.short_name] = _agency(province, row)
    _name_former(province)
    _draw_areas(province)
    for code, landscape in read_landscapes().items():
        _fill(province.places[code], landscape=landscape)
    for key, (name, number) in read_contacts().items():
        known = province.places.get(key) or province.agencies[key]
        _fill(known, contact_name=name, contact_phone=PHONE.format(number))
    PlaceYear.objects.bulk_create(
        [year for row in read_years() for year in _years(province, row)],
        ignore_conflicts=True,
    )


def _make_communities(province: Province) -> None:
    for code, name in read_communities():
        province.places[code] = Place.objects.get_or_create(
            code=code,
            defaults={
                "level": Place.Level.COMMUNITY,
                "parent": province.places[code[:6]],
                "name_th": name,
            },
        )[0]


def _agency(province: Province, row: AgencyRow) -> Agency:
    """Return the agency of that name; one that is there already is taken."""
    return Agency.objects.get_or_create(
        name=row.name,
        defaults={
            "short_name": row.short_name,
            "kind": row.kind,
            "place": province.places.get(row.seat),
        },
    )[0]


def _name_former(province: Province) -> None:
    for row in read_former_names():
        AgencyName.objects.get_or_create(
            agency=province.agencies[row.agency],
            name=row.name,
            defaults={
                "short_name": row.short_name,
                "until": province.typed_date(row.until),
            },
        )


def _draw_areas(province: Province) -> None:
    Area.objects.bulk_create(
        [
            Area(
                agency=province.agencies[row.agency],
                place=province.places[code],
                is_part=is_part,
            )
            for row in read_areas()
            for is_part, codes in ((False, row.whole), (True, row.in_part))
            for code in codes.split()
        ],
        ignore_conflicts=True,
    )


def _fill(row: Place | Agency, **columns: str) -> None:
    """Fill those of *columns* that are empty."""
    empty = {name: value for name, value in columns.items() if not getattr(row, name)}
    for name, value in empty.items():
        setattr(row, name, value)
    if empty:
        row.save(update_fields=list(empty))


def _years(province: Province, row: YearRow) -> list[PlaceYear]:
    this_year = thai.fiscal_year(province.today)
    return [
        PlaceYear(
            place=place,
            fiscal_year=this_year + row.year,
            cohort=row.cohort,
            lead_agency=province.agencies[row.lead],
            note=row.note,
        )
        for place in province.places.values()
        if place.level == Place.Level.VILLAGE and place.code.startswith(row.tambon)
    ]
