from typing import Any

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate


class KmcityConfig(AppConfig):
    name = "kmcity"

    def ready(self) -> None:
        from kmcity import receivers  # noqa: F401, PLC0415 -- app ready

        # The signal comes once for each app with tables, so not for this one.
        circles = apps.get_app_config("circles")
        post_migrate.connect(_make_cache_table, sender=circles)


def _make_cache_table(using: str, verbosity: int = 0, **kwargs: Any) -> None:
    """Without its table nobody could sign in, so it comes with the others."""
    call_command("createcachetable", database=using, verbosity=max(verbosity - 1, 0))
