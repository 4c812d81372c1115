"""Which database ``DATABASE_URL`` means."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from django.core.exceptions import ImproperlyConfigured

from kmcity.environment import address

# Where nothing is configured: a file beside the program.
IN_THE_CHECKOUT = "sqlite:///db.sqlite3"


def database(url: str, base: Path) -> dict[str, Any]:
    """Translate ``DATABASE_URL`` (``sqlite:///path`` or ``postgres://…``).

    A relative path counts from *base*.  This is the only place where SQLite and
    PostgreSQL differ; code outside it must be correct on both.  Raises
    ImproperlyConfigured.
    """
    parts = address("DATABASE_URL", url)
    name = unquote(parts.path.removeprefix("/"))
    match parts.scheme:
        case "sqlite" if name.strip("/") and not parts.netloc:
            return {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": base / name,
                "OPTIONS": {
                    # Take the write lock when a transaction starts, so that a
                    # read followed by a write cannot fail half-way.
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 5,
                    "init_command": (
                        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                    ),
                },
            }
        case "postgres" | "postgresql" if name:
            return {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": name,
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": parts.hostname or "",
                "PORT": parts.port or "",
                "CONN_MAX_AGE": 60,
                "CONN_HEALTH_CHECKS": True,
                "OPTIONS": dict(parse_qsl(parts.query)),  # sslmode and the like
                "TEST": {"TEMPLATE": "template0"},
            }
        case other:
            raise ImproperlyConfigured(
                f"DATABASE_URL: {other!r} is unknown or lacks a path or a name"
            )
