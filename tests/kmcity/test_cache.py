"""The table in which all processes count attempts to sign in."""

import os
import uuid

import pytest
from django.core.cache import cache
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.utils.module_loading import import_string

from kmcity.environment import CACHE_TABLE
from kmcity.environment import cache as cache_of


@pytest.mark.django_db
def test_migrate_makes_it_and_may_be_repeated():
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {CACHE_TABLE}")

    for _n in range(2):
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")

    cache.set("attempts", [1, 2])
    assert cache.get("attempts") == [1, 2]


@pytest.mark.chaos
def test_redis_counts_as_well():
    given = cache_of(os.environ["TEST_REDIS_URL"])
    first, second = (
        import_string(given["BACKEND"])(
            given["LOCATION"], {"OPTIONS": given["OPTIONS"]}
        )
        for _process in range(2)
    )
    key = str(uuid.uuid4())

    assert first.add(key, [1], timeout=5)
    assert not second.add(key, [2], timeout=5)
    assert second.get(key) == [1]
