"""What settings.py asks of the environment, translated for Django and Celery.

An empty variable is an unset one.  What makes no sense raises ImproperlyConfigured
with the variable's name, and never repeats an address, which may hold a password.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

LEAST_SECRET_LENGTH = 50
# What .env.example once held in place of a secret.
PLACEHOLDER = "replace-me"
LOG_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
MAIL_TIMEOUT_SECONDS = 5
CACHE_TABLE = "kmcity_cache"
# A full table forgets, and with it how often somebody has guessed.
MAX_CACHE_ENTRIES = 20_000


def env_text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, *, default: bool) -> bool:
    """Return the switch *name*: 1 or 0.  Raises ImproperlyConfigured for the rest."""
    match env_text(name):
        case "":
            return default
        case "1":
            return True
        case "0":
            return False
        case other:
            raise ImproperlyConfigured(f"{name} must be 0 or 1, not {other!r}")


def env_level(name: str) -> str:
    """Return *name*, a level of the log.  Raises ImproperlyConfigured for the rest."""
    value = env_text(name, "INFO")
    if value not in LOG_LEVELS:
        words = ", ".join(LOG_LEVELS)
        raise ImproperlyConfigured(f"{name} must be one of {words}, not {value!r}")
    return value


def env_secret(name: str, *, required: bool) -> str:
    """Return the secret *name*, long enough where it is required.

    Raises ImproperlyConfigured.
    """
    value = env_text(name)
    if not required:
        return value or "insecure, for development only"
    if not value:
        raise ImproperlyConfigured(f"{name} is required when DEBUG=0")
    if len(value) < LEAST_SECRET_LENGTH or value.startswith(PLACEHOLDER):
        raise ImproperlyConfigured(
            f"{name} must be {LEAST_SECRET_LENGTH} random characters or more: "
            "openssl rand -hex 32"
        )
    return value


def env_hosts(name: str, *, required: bool) -> list[str]:
    """Return the host names of *name*.  Raises ImproperlyConfigured if required
    and there are none."""
    if required and not env_text(name):
        raise ImproperlyConfigured(f"{name} is required when DEBUG=0")
    return env_text(name, "localhost 127.0.0.1").split()


def env_origin(name: str, *, default: str) -> str:
    """Return *name*, a scheme and a host, without a slash at its end.

    Raises ImproperlyConfigured.
    """
    value = env_text(name, default).rstrip("/")
    parts = address(name, value)
    is_bare = not (parts.path or parts.query or parts.username)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not is_bare:
        raise ImproperlyConfigured(
            f"{name} must be like https://kmcity.example.org: a scheme, a host, no path"
        )
    return value


def address(name: str, url: str) -> SplitResult:
    """Split *url*, the value of *name*.  Raises ImproperlyConfigured."""
    try:
        parts = urlsplit(url)
        odd = parts.port == 0 or "#" in url
    except ValueError:
        odd = True
    if odd:
        # Not "from": the error repeats what may be a password.
        raise ImproperlyConfigured(
            f"{name}: cannot read the address; its port must be a number from 1 to "
            "65535, and special characters in user and password written as %40"
        ) from None
    return parts


def folder_of(name: str, parts: SplitResult) -> str:
    """Return the absolute path in *parts*.  Raises ImproperlyConfigured."""
    if parts.hostname not in {None, "localhost"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name}: three slashes, then a folder: {parts.scheme}:///folder"
        )
    return unquote(parts.path)


def mailer(url: str) -> dict[str, Any]:
    """Translate ``MAIL_URL`` for Django's ``MAILERS``.

    ``console:``, ``file:///folder``, ``smtp://host:port`` (plain),
    ``smtp+tls://user:password@host:port`` (STARTTLS) or ``smtps://…`` (TLS).
    Every SMTP call gives up after 5 seconds; ``?timeout=`` changes that.
    Raises ImproperlyConfigured.
    """
    parts = address("MAIL_URL", url)
    match parts.scheme:
        case "console":
            return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
        case "file":
            options = {"folder": folder_of("MAIL_URL", parts)}
            return {"BACKEND": "kmcity.mail.EmailBackend", "OPTIONS": options}
        case "smtp" | "smtp+tls" | "smtps" if parts.hostname:
            backend = "django.core.mail.backends.smtp.EmailBackend"
            return {"BACKEND": backend, "OPTIONS": _smtp_options(parts)}
        case _:
            raise ImproperlyConfigured(
                f"MAIL_URL: cannot read {parts.scheme!r}, or it lacks a host"
            )


def _smtp_options(parts: SplitResult) -> dict[str, Any]:
    return {
        "host": parts.hostname,
        "port": parts.port or MAIL_PORTS[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme == "smtps",
        "timeout": _mail_timeout(parts.query),
    }


def _mail_timeout(query: str) -> int:
    options = parse_qs(query, keep_blank_values=True)
    values = options.pop("timeout", [str(MAIL_TIMEOUT_SECONDS)])
    seconds = int(values[-1]) if values[-1].isdecimal() else 0
    if not seconds or options:
        raise ImproperlyConfigured("MAIL_URL: after ? only timeout=, in whole seconds")
    return seconds


def broker(url: str) -> str:
    """Return *url*, the value of ``BROKER_URL``; empty if there is no broker.

    ``celery`` reads the variable too, before us: it must mean the same to both.
    Raises ImproperlyConfigured.
    """
    parts = address("BROKER_URL", url)
    match parts.scheme:
        case "" if not url:
            return ""
        case "filesystem":
            folder_of("BROKER_URL", parts)
            return url
        case "redis" | "rediss" if parts.hostname and _is_redis_path(parts.path):
            return url
        case _:
            raise ImproperlyConfigured(
                "BROKER_URL must be redis://host:port/number, rediss://…, "
                "filesystem:///folder or empty"
            )


def _is_redis_path(path: str) -> bool:
    number = path.strip("/")
    return not number or number.isdecimal()


def broker_options(url: str) -> dict[str, Any]:
    """Return kombu's transport options for ``BROKER_URL``.

    A web process must never wait long for the door-bell: Redis answers within
    0.8 seconds a try (three in all) or is given up.  ``filesystem:///folder``
    keeps messages in files.
    """
    parts = address("BROKER_URL", url)
    if parts.scheme == "filesystem":
        folder = Path(folder_of("BROKER_URL", parts))
        return {
            "data_folder_in": str(folder / "queue"),
            "data_folder_out": str(folder / "queue"),
            "control_folder": str(folder / "control"),
            "polling_interval": 0.25,
        }
    return {
        "socket_timeout": 0.8,
        "socket_connect_timeout": 0.8,
        "retry_on_timeout": False,
        "max_retries": 1,
        "visibility_timeout": 300,
    }


def cache(url: str) -> dict[str, Any]:
    """Translate ``CACHE_URL`` for Django's ``CACHES``.

    All processes must count in the same place: Redis, or a table of the database.
    Raises ImproperlyConfigured.
    """
    parts = address("CACHE_URL", url)
    match parts.scheme:
        case "" if not url:
            backend = "django.core.cache.backends.db.DatabaseCache"
            options = {"MAX_ENTRIES": MAX_CACHE_ENTRIES}
            return {"BACKEND": backend, "LOCATION": CACHE_TABLE, "OPTIONS": options}
        case "redis" | "rediss" if parts.hostname and _is_redis_path(parts.path):
            backend = "django.core.cache.backends.redis.RedisCache"
            waits = {"socket_timeout": 0.8, "socket_connect_timeout": 0.8}
            return {"BACKEND": backend, "LOCATION": url, "OPTIONS": waits}
        case _:
            raise ImproperlyConfigured(
                "CACHE_URL must be redis://host:port/number, rediss://… or empty"
            )
