"""What settings.py asks of the environment, translated for Django and Celery."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def env_bool(name: str, *, default: bool) -> bool:
    """Return the switch *name*: 1 or 0.  Raises ImproperlyConfigured for the rest."""
    match os.environ.get(name):
        case None | "":
            return default
        case "1":
            return True
        case "0":
            return False
        case other:
            raise ImproperlyConfigured(f"{name} must be 0 or 1, not {other!r}")


def env_secret(name: str, *, required: bool) -> str:
    """Return the secret *name*.  Raises ImproperlyConfigured if required and unset."""
    value = os.environ.get(name, "")
    if required and not value:
        raise ImproperlyConfigured(f"{name} is required when DEBUG=0")
    return value or "insecure, for development only"


def mailer(url: str) -> dict[str, Any]:
    """Translate ``MAIL_URL`` for Django's ``MAILERS``.

    ``console:``, ``file:///folder``, ``smtp://host:port`` (plain),
    ``smtp+tls://user:password@host:port`` (STARTTLS) or ``smtps://…`` (TLS).
    Every SMTP call gives up after 5 seconds; ``?timeout=`` changes that.
    """
    parts = urlsplit(url)
    backends = "django.core.mail.backends"
    match parts.scheme:
        case "console":
            return {"BACKEND": f"{backends}.console.EmailBackend"}
        case "file":
            folder = unquote(parts.path)
            return {
                "BACKEND": f"{backends}.filebased.EmailBackend",
                "OPTIONS": {"file_path": folder},
            }
        case "smtp" | "smtp+tls" | "smtps" if parts.hostname:
            ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
            return {
                "BACKEND": f"{backends}.smtp.EmailBackend",
                "OPTIONS": {
                    "host": parts.hostname,
                    "port": parts.port or ports[parts.scheme],
                    "username": unquote(parts.username or ""),
                    "password": unquote(parts.password or ""),
                    "use_tls": parts.scheme == "smtp+tls",
                    "use_ssl": parts.scheme == "smtps",
                    "timeout": int(parse_qs(parts.query).get("timeout", ["5"])[0]),
                },
            }
        case _:
            raise ImproperlyConfigured(f"MAIL_URL: cannot read {parts.scheme!r}")


def broker_options(url: str) -> dict[str, Any]:
    """Return kombu's transport options for ``BROKER_URL``.

    A web process must never wait long for the door-bell: Redis answers within
    0.8 seconds a try (three in all) or is given up.  ``filesystem:///folder``
    keeps messages in files.
    """
    parts = urlsplit(url)
    if parts.scheme == "filesystem":
        folder = Path(unquote(parts.path))
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
