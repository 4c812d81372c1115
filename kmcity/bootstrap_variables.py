"""Which variables of the caller's shell ``quickstart`` and ``test`` must not see.

Another project's ``DATABASE_URL`` would send them into its database.  Must stay
readable for Python 3.6, like the file that uses it.
"""

from collections.abc import MutableMapping

# Those of docs/operations.md; kmcity/settings.py reads no other.
SETTINGS = [
    "DEBUG",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "HTTPS",
    "HSTS_SUBDOMAINS",
    "BEHIND_PROXY",
    "SECOND_FACTOR",
    "DATABASE_URL",
    "BROKER_URL",
    "CACHE_URL",
    "MAIL_URL",
    "MAIL_FROM",
    "STATIC_ROOT",
    "MEDIA_ROOT",
    "COLLECT",
    "LOG_LEVEL",
]
# Django, Celery and the web server read more of their own.
PREFIXES = ("DJANGO_", "CELERY_", "GRANIAN_")
ALONE = {"quickstart", "test"}


def is_foreign(name: str) -> bool:
    return name in SETTINGS or name.startswith(PREFIXES)


def forget_foreign(command: str, environ: "MutableMapping[str, str]") -> None:
    """Take out of *environ* what *command* must not see.  Repeatable.

    ``test`` finds its PostgreSQL in ``TEST_DATABASE_URL``, and only there.
    """
    if command not in ALONE:
        return
    for name in filter(is_foreign, list(environ)):
        del environ[name]
    if command == "test" and environ.get("TEST_DATABASE_URL"):
        environ["DATABASE_URL"] = environ["TEST_DATABASE_URL"]
