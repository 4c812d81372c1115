"""Which of the rows found is meant most likely: whose own name is what was typed."""

from __future__ import annotations

import re
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, F, Model, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from circles import thai
from circles.models import Agency, Circle, Person, Place

_KIND_OF_PLACE = re.compile(r"\A[ตอจ]\.(?=.)")
# What each is called; of a person the title is no part of the name.
OWN_NAMES: dict[type[Model], dict[str, Any]] = {
    Person: {
        "whole_name": Concat("first_name", Value(" "), "last_name"),
        "other_name": F("called_as"),
    },
    Place: {"whole_name": F("name_th"), "other_name": F("name_en")},
    Agency: {"whole_name": F("name"), "other_name": F("short_name")},
    Circle: {"whole_name": F("name")},
}


def nearest_first(rows: QuerySet, typed: str) -> QuerySet:
    """Order *rows* by how near their own name is to the whole text *typed*: equal or
    beginning with it, then containing it, then the rest; alike ones as ever.

    Nothing typed leaves them as they are.  Asks nothing by itself.
    """
    texts = _spellings(typed, rows.model)
    if not texts:
        return rows
    names = OWN_NAMES[rows.model]
    near: QuerySet = rows.alias(**names).alias(
        nearness=Case(
            When(_any(names, texts, "iexact"), then=Value(0)),
            When(_any(names, texts, "istartswith"), then=Value(1)),
            When(_any(names, texts, "icontains"), then=Value(2)),
            default=Value(3),
        )
    )
    as_ever = rows.query.order_by or rows.model._meta.ordering
    return near.order_by("nearness", *as_ever)


def _spellings(typed: str, model: type[Model]) -> set[str]:
    """Return *typed* as it is, and as everybody spells it."""
    name = thai.clean_name(typed)
    if model is Person:
        name = thai.split_name(name).bare
    unified = _KIND_OF_PLACE.sub("", thai.search_text(name))
    return {one for one in (name, unified) if one}


def _any(names: dict[str, Any], texts: set[str], how: str) -> Q:
    return reduce(or_, (Q((f"{one}__{how}", text)) for one in names for text in texts))
