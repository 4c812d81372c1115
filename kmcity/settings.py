"""Every setting, in one file.

A checkout runs with no configuration: SQLite, tasks run in the web process,
mail goes to the console.  Each environment variable read here turns on one
production service; ``docs/operations.md`` lists them all.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from kmcity.environment import (
    address,
    broker,
    broker_options,
    env_bool,
    env_hosts,
    env_level,
    env_origin,
    env_secret,
    env_text,
    mailer,
)

BASE_DIR = Path(__file__).resolve().parent.parent


def database(url: str) -> dict[str, Any]:
    """Translate ``DATABASE_URL`` (``sqlite:///path`` or ``postgres://…``).

    This is the only place where SQLite and PostgreSQL differ.  Code outside
    it must be correct on both.  Raises ImproperlyConfigured.
    """
    parts = address("DATABASE_URL", url)
    name = unquote(parts.path.removeprefix("/"))
    match parts.scheme:
        case "sqlite" if name.strip("/") and not parts.netloc:
            return {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": BASE_DIR / name,
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


DEBUG = env_bool("DEBUG", default=True)
SECRET_KEY = env_secret("SECRET_KEY", required=not DEBUG)
ALLOWED_HOSTS = env_hosts("ALLOWED_HOSTS", required=not DEBUG)
SITE_URL = env_origin("SITE_URL", default="http://localhost:8000")

INSTALLED_APPS = [
    "kmcity",
    "circles",
    "milestones",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "kmcity.middleware.keep_pages_private",
    "kmcity.middleware.refuse_unreadable_text",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kmcity.middleware.choose_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kmcity.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "kmcity.urls"
WSGI_APPLICATION = "kmcity.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
]

DATABASES = {"default": database(env_text("DATABASE_URL", "sqlite:///db.sqlite3"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "circles.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())

LANGUAGE_CODE = "th"
LANGUAGES = [("th", "ไทย"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Bangkok"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / env_text("STATIC_ROOT", "staticfiles")
# Serve the sources where nothing was collected (tests, development); production
# collects: hashed names, compressed, cached for a year.
COLLECTED = (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED or env_bool("COLLECT", default=False)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],  # the admin's icons are data: images
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# A form refuses a text that is too long in words and keeps it, so let it arrive;
# what is larger still gets a page that says so.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

HTTPS = env_bool("HTTPS", default=not DEBUG)
# Only behind our own proxy, which overwrites the header, may it be believed.
if env_bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# A promise for every other name under ours: only who owns them all may make it.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env_bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS
SECURE_REFERRER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "kmcity.views.csrf_failure"

MAILERS = {"default": mailer(env_text("MAIL_URL", "console:"))}
DEFAULT_FROM_EMAIL = env_text("MAIL_FROM", "kmcity <kmcity@localhost>")

CELERY_BROKER_URL = broker(env_text("BROKER_URL"))
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(env_text("BROKER_URL"))
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# For ever; kombu waits 2, 4 ... 30 seconds between two tries.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_ALWAYS_EAGER = not CELERY_BROKER_URL
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_IGNORE_RESULT = True
# Acknowledged on arrival: the rows know what is left, so a message may be lost,
# while one that is held when Redis goes away can end the worker (kombu 5.7).
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_DEFAULT_QUEUE = "notices"
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0}
# Not 1: a Redis that hangs at an acknowledgement keeps that only slot for good.
CELERY_WORKER_PREFETCH_MULTIPLIER = 0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    # Finds what a crash, a lost message or a dead broker left behind.
    "deliver-due-notices": {
        "task": "milestones.tasks.deliver_due",
        "schedule": timedelta(seconds=10),
        # A sweep that nobody picked up is worthless after the next one.
        "options": {"expires": 10},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        # Every robot that tries the bare address of the machine is one.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False}
    },
    "root": {"handlers": ["stderr"], "level": env_level("LOG_LEVEL")},
}
