"""Every setting, in one file.

A checkout runs with no configuration: SQLite, tasks run in the web process,
mail goes to the console.  Each environment variable read here turns on one
production service; ``docs/operations.md`` lists them all.
"""

from datetime import timedelta
from pathlib import Path

from django.utils.csp import CSP

from kmcity.database import IN_THE_CHECKOUT, database
from kmcity.environment import (
    broker,
    broker_options,
    cache,
    env_bool,
    env_hosts,
    env_level,
    env_origin,
    env_secret,
    env_text,
    mailer,
)
from kmcity.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env_bool("DEBUG", default=True)
SECRET_KEY = env_secret("SECRET_KEY", required=not DEBUG)
ALLOWED_HOSTS = env_hosts("ALLOWED_HOSTS", required=not DEBUG)
SITE_URL = env_origin("SITE_URL", default="http://localhost:8000")

INSTALLED_APPS = [
    # Before kmcity, whose admin takes the place of theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "kmcity",
    "circles",
    "milestones",
    "django_htmx",
    "kmcity.admin_site.RareWorkConfig",
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
    "kmcity.middleware.refuse_large_uploads",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kmcity.middleware.LoginRequiredMiddleware",
    "kmcity.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
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

DATABASES = {"default": database(env_text("DATABASE_URL", IN_THE_CHECKOUT), BASE_DIR)}
CACHES = {"default": cache(env_text("CACHE_URL"))}
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
PASSWORD_RESET_TIMEOUT = int(timedelta(days=1).total_seconds())

# The sign-in is allauth's; the pages, forms and addresses are ours.
SECOND_FACTOR = env_bool("SECOND_FACTOR", default=not DEBUG)
ACCOUNT_ADAPTER = "kmcity.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}  # kmcity/identity.py finds the account
ACCOUNT_EMAIL_VERIFICATION = "none"  # administrators enter the addresses
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = (
    "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 -- a class
)
ACCOUNT_FORMS = {"user_token": "kmcity.forms.ResetTokenForm"}
# A hall full of people shares one address, so that limit is wide; an account and an
# address together are narrow; an account alone is wide again, so that nobody can
# lock it for its owner from one place.  These three count failures only.
ACCOUNT_RATE_LIMITS = {
    "login": "",  # replaced by the next three, which keep what was typed
    "sign_in_address": "100/10m/ip",
    "sign_in_pair": "5/5m/key,20/h/key",
    "sign_in_account": "100/h/key",
    "login_failed": "30/m/ip,5/5m/key,50/d/key",  # codes, and passwords typed again
    "reset_password": "30/h/ip,5/h/key",
}
MFA_ADAPTER = "kmcity.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "kmcity"

LANGUAGE_CODE = "th"
LANGUAGES = [("th", "ไทย"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Bangkok"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / env_text("STATIC_ROOT", "staticfiles")
MEDIA_ROOT = BASE_DIR / env_text("MEDIA_ROOT", "media")
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
# A photo of 12 MB and what is said about it.  Held in memory, so that no picture of a
# person lies in /tmp, and a full disk is noticed where it can be said in words.
MAX_UPLOAD_BYTES = FILE_UPLOAD_MAX_MEMORY_SIZE = 13_107_200
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700

HTTPS = env_bool("HTTPS", default=not DEBUG)
# Only behind our own proxy, which overwrites the headers, may they be believed.
if env_bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
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
CELERY_BEAT_SCHEDULE = SCHEDULE

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "kmcity.logs.MaskingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        # Django's own handlers would say all of it again, and unmasked.
        "django": {"handlers": [], "level": "INFO"},
        # Every robot that tries the bare address of the machine is one.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
    },
    "root": {"handlers": ["stderr"], "level": env_level("LOG_LEVEL")},
}
