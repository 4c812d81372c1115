"""What people type to find something, as filters: every word somewhere.

"ม.3 ท่าไร่", "หมู่ที่ ๓ ตำบลท่าไร่", "เมืองคอน" and a code all work.  Read from the columns
themselves, so that nothing has to be kept up to date.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import and_, or_

from django.apps import apps
from django.db.models import Q

from circles import thai

MOST_WORDS = 8  # more is a text, not a search
ANYTHING = Q()


def each_word(typed: str, *finders: str, place: str | None = None) -> Q:
    """Return the filter for rows in which every word of *typed* stands somewhere: in
    one of the columns *finders*, or in the place at the path *place* ("" is the row).

    Nothing typed keeps everything.
    """
    as_typed = typed.split()[:MOST_WORDS]
    unified = thai.search_text(typed).split()[:MOST_WORDS]
    if not unified:
        return ANYTHING
    # As typed, or as everybody spells it: names are stored as their owners write them.
    return _all(as_typed, finders, place) | _all(unified, finders, place)


def _all(words: list[str], finders: tuple[str, ...], place: str | None) -> Q:
    return reduce(and_, (_word(word, finders, place) for word in words), Q())


def _word(word: str, finders: tuple[str, ...], place: str | None) -> Q:
    found = [Q((f"{one}__icontains", word)) for one in finders]
    if place is not None:
        found.append(in_place(word, place))
    return reduce(or_, found, Q(pk__in=()))


def in_place(word: str, path: str = "") -> Q:
    """Return the filter for one word about the place at *path*, as ``search_text``
    spells it: "ม.3", "ต.ท่าไร่", "800106"."""
    at = f"{path}__" if path else ""
    if village := re.fullmatch(r"ม\.(\d{1,2})", word):
        number = f"{int(village[1]):02}"
        return Q((f"{at}level", "village"), (f"{at}code__endswith", number))
    bare = re.sub(r"^([ตอจ]\.|ชุมชน)(?=.)", "", word)
    columns = [
        f"{at}{above}name_{language}__icontains"
        for above in ("", "parent__", "parent__parent__")
        for language in ("th", "en")
    ]
    named: Q = reduce(or_, (Q((column, bare)) for column in columns))
    if re.fullmatch(r"\d{2,6}[0-9a-z]{0,2}", word):
        named |= Q((f"{at}code__istartswith", word))
        # Not by a join, which would show a place with two former codes twice.
        former = apps.get_model("circles", "PlaceCode").objects.order_by()
        known = former.filter(code=word.upper()).values("place")
        named |= Q((f"{path}__in" if path else "pk__in", known))
    return named
