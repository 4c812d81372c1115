import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from circles.models import Place
from circles.permissions import CODE_LENGTHS

FACTS = Path(__file__).resolve().parents[2] / "facts"
PROVINCE = ("80", "นครศรีธรรมราช", "Nakhon Si Thammarat")
# The list of the pilot; an administrator changes it on the pages of places.
OFFICIAL_LEVELS = [
    *(Place.Level.PROVINCE, Place.Level.AMPHOE),
    *(Place.Level.TAMBON, Place.Level.VILLAGE),
]
FIRST_TARGETS = ["800106", "800114", "800119"]

ADDED = "เพิ่ม {added} แห่ง มีอยู่แล้ว {kept} แห่ง | {added} places added, {kept} kept"
TARGETS = "ตำบลเป้าหมาย {count} ตำบล | {count} target tambons marked"

type Official = tuple[str, str, str]  # code, Thai name, English name


class Command(BaseCommand):
    help = (
        "Add the province, its amphoe and tambons and the villages of the target "
        "tambons. Repeatable: what is there stays as it is."
    )

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        official = read_official()
        added = add_missing(official)
        kept = len(official) - added
        self.stdout.write(ADDED.format(added=added, kept=kept))
        if marked := mark_first_targets():
            self.stdout.write(TARGETS.format(count=marked))
        fill_centres()


def read_official() -> list[Official]:
    """Return the official list, each place once."""
    tambons, villages = _rows("tambons.csv"), _rows("villages.csv")
    amphoe = {
        (row["amphoe_code"], row["amphoe_th"], row["amphoe_en"]) for row in tambons
    }
    named = [(r["code"], r["name_th"], r["name_en"]) for r in [*tambons, *villages]]
    return [PROVINCE, *sorted(amphoe), *named]


def _rows(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def add_missing(official: list[Official]) -> int:
    """Add the places whose code is not there yet, parents first; return how many."""
    ids = dict(Place.objects.values_list("code", "pk"))
    before = len(ids)
    for length, level in zip(CODE_LENGTHS, OFFICIAL_LEVELS, strict=True):
        missing = [
            Place(
                code=code,
                level=level,
                name_th=name_th,
                name_en=name_en,
                parent_id=ids.get(code[:-2]),
            )
            for code, name_th, name_en in official
            if len(code) == length and code not in ids
        ]
        created = Place.objects.bulk_create(missing)
        ids |= {place.code: place.pk for place in created}
    return len(ids) - before


def mark_first_targets() -> int:
    """Mark the target tambons of the pilot, unless somebody has chosen already."""
    if Place.objects.targets().exists():
        return 0
    return (
        Place.objects.tambons()
        .filter(code__in=FIRST_TARGETS)
        .update(stage=Place.Stage.TARGET)
    )


def fill_centres() -> None:
    """Give the tambons their centre where nobody has given them one."""
    centres = {row["code"]: (row["lat"], row["lon"]) for row in _rows("tambons.csv")}
    empty = list(Place.objects.tambons().filter(code__in=centres, latitude=None))
    for place in empty:
        place.latitude, place.longitude = map(Decimal, centres[place.code])
    Place.objects.bulk_update(empty, ["latitude", "longitude"])
