"""The environment: what it may say, and what stops the start in words."""

import importlib.util
import traceback
from types import ModuleType

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from kmcity.bootstrap_variables import SETTINGS
from kmcity.database import database
from kmcity.environment import broker_options, env_bool, mailer
from kmcity.settings import BASE_DIR

KEY = "0123456789abcdef" * 4
PRODUCTION = {"DEBUG": "0", "SECRET_KEY": KEY, "ALLOWED_HOSTS": "km.example.org"}


ODD = {
    "SITE_URL": """
        kmcity.example.org localhost:8000 ftp://kmcity.example.org https://
        https://kmcity.example.org/km
    """,
    "DATABASE_URL": """
        mysql://localhost/km km.sqlite3 sqlite:// sqlite:/// sqlite://data/km.sqlite3
        postgres://localhost postgres://localhost/ postgres://localhost:port/km
        postgres://localhost:99999/km postgres://km:pass#word@localhost/km
        postgres://km:pass/word@localhost/km
    """,
    "BROKER_URL": """
        localhost:6379 amqp://localhost redis:// redis://localhost:port/0
        redis://localhost/zero filesystem:// filesystem://folder
    """,
    "CACHE_URL": "localhost redis:// redis://redis/x memcached://redis locmem://",
    "MAIL_URL": """
        pigeon://roof smtp: smtp:// smtp://mail:port smtp://mail:0 smtp://mail?timeout=soon
        smtp://mail?timeout=0 smtp://mail?timeout= smtp://mail?tls=1 file:// file:///
        file://folder/mail mail.example.org
    """,
}


@pytest.fixture
def load(monkeypatch):
    """Return what settings.py says in an environment of exactly these variables."""

    def load(**environment: str) -> ModuleType:
        for name in SETTINGS:
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        spec = importlib.util.spec_from_file_location(
            "settings_read_again", BASE_DIR / "kmcity" / "settings.py"
        )
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def test_a_checkout_runs_with_no_configuration(load):
    settings = load()

    assert settings.DEBUG is True
    assert settings.DATABASES["default"]["NAME"] == BASE_DIR / "db.sqlite3"
    assert settings.CELERY_TASK_ALWAYS_EAGER is True
    assert settings.MAILERS["default"]["BACKEND"].endswith("console.EmailBackend")
    assert settings.SESSION_COOKIE_SECURE is False


def test_production_is_closed_unless_opened(load):
    settings = load(**PRODUCTION)

    assert settings.SECURE_SSL_REDIRECT is True
    assert settings.SESSION_COOKIE_SECURE is settings.CSRF_COOKIE_SECURE is True
    assert settings.SECURE_HSTS_SECONDS > 0
    assert settings.SECOND_FACTOR is True
    assert not hasattr(settings, "SECURE_PROXY_SSL_HEADER")


@pytest.mark.parametrize(("switch", "expected"), [("", False), ("1", True)])
def test_other_names_of_the_domain_are_bound_only_by_a_switch(load, switch, expected):
    settings = load(HSTS_SUBDOMAINS=switch, **PRODUCTION)

    assert settings.SECURE_HSTS_INCLUDE_SUBDOMAINS is expected
    assert settings.SECURE_HSTS_PRELOAD is expected


def test_an_empty_variable_is_an_unset_one(load):
    empty, unset = load(**dict.fromkeys(SETTINGS, "")), load()

    for name in vars(unset):
        if name.isupper():
            assert vars(empty)[name] == vars(unset)[name], name


def test_robots_that_try_the_bare_address_leave_no_line(load):
    logger = load().LOGGING["loggers"]["django.security.DisallowedHost"]

    assert logger == {"handlers": ["nowhere"], "propagate": False}


def test_a_header_of_the_proxy_is_believed_only_behind_one(load):
    assert load(BEHIND_PROXY="1").SECURE_PROXY_SSL_HEADER[1] == "https"
    assert load(BEHIND_PROXY="1").ALLAUTH_TRUSTED_PROXY_COUNT == 1
    assert not hasattr(load(), "ALLAUTH_TRUSTED_PROXY_COUNT")


def test_a_broker_takes_the_tasks_out_of_the_web_process(load):
    settings = load(BROKER_URL="redis://localhost:6379/0")

    assert settings.CELERY_TASK_ALWAYS_EAGER is False
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["socket_timeout"] == 0.8


def test_a_worker_never_gives_a_broker_up(load):
    assert load().CELERY_BROKER_CONNECTION_MAX_RETRIES is None


@pytest.mark.parametrize(
    "url", ["rediss://:pass@redis:6380/1", "redis://redis", "filesystem:///var/km"]
)
def test_celery_and_we_read_the_same_broker(load, url):
    settings = load(BROKER_URL=url)

    assert vars(settings)["CELERY_BROKER_URL"] == url


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"DEBUG": "False"}, "DEBUG must be 0 or 1, not 'False'"),
        ({"HTTPS": "yes"}, "HTTPS must be 0 or 1"),
        ({"HSTS_SUBDOMAINS": "2"}, "HSTS_SUBDOMAINS must be 0 or 1"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL must be one of DEBUG, .+ not 'loud'"),
        (PRODUCTION | {"SECRET_KEY": ""}, "SECRET_KEY is required"),
        (PRODUCTION | {"SECRET_KEY": "x" * 49}, "SECRET_KEY must be 50 random"),
        (PRODUCTION | {"SECRET_KEY": f"replace-me-{KEY}"}, "SECRET_KEY must be 50"),
        (PRODUCTION | {"ALLOWED_HOSTS": " "}, "ALLOWED_HOSTS is required"),
        *(({name: url}, name) for name, urls in ODD.items() for url in urls.split()),
    ],
    ids=str,
)
def test_an_odd_value_stops_the_start_with_its_name(load, environment, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        load(**environment)


@pytest.mark.parametrize("name", ["BROKER_URL", "DATABASE_URL", "MAIL_URL"])
@pytest.mark.parametrize(
    "url", ["gopher://km:hunter2@localhost/km", "smtp://km:hunter2/@host:25"]
)
def test_a_password_in_a_wrong_url_is_not_repeated(load, name, url):
    with pytest.raises(ImproperlyConfigured) as error:
        load(**{name: url})

    told = "".join(traceback.format_exception(error.value, limit=0))
    assert name in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("0", False), ("", True), (None, True)]
)
def test_a_switch_is_1_or_0_or_left_alone(monkeypatch, value, expected):
    monkeypatch.delenv("A_SWITCH", raising=False)
    if value is not None:
        monkeypatch.setenv("A_SWITCH", value)

    assert env_bool("A_SWITCH", default=True) is expected


def test_a_relative_and_an_absolute_sqlite_path():
    assert database("sqlite:///data/km.db", BASE_DIR)["NAME"] == BASE_DIR / "data/km.db"
    assert str(database("sqlite:////var/km%20data/km.db", BASE_DIR)["NAME"]) == (
        "/var/km data/km.db"
    )


def test_sqlite_takes_its_lock_at_the_start_and_survives_a_power_cut():
    options = database("sqlite:///km.db", BASE_DIR)["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert "synchronous=FULL" in options["init_command"]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_postgres_url_may_hold_odd_characters(scheme):
    url = f"{scheme}://km:p%40ss%2Fword@db.example.org:5433/km%20city"
    found = database(url, BASE_DIR)

    assert found["PASSWORD"] == "p@ss/word"
    assert (found["USER"], found["HOST"]) == ("km", "db.example.org")
    assert (found["PORT"], found["NAME"]) == (5433, "km city")
    assert found["OPTIONS"] == {}


def test_a_postgres_url_may_hold_options():
    options = database("postgres://db/km?sslmode=require", BASE_DIR)["OPTIONS"]

    assert options == {"sslmode": "require"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail", {"port": 25, "use_tls": False, "use_ssl": False}),
        ("smtp+tls://mail", {"port": 587, "use_tls": True, "use_ssl": False}),
        ("smtps://mail", {"port": 465, "use_tls": False, "use_ssl": True}),
        ("smtp://mail:2525", {"port": 2525, "username": "", "password": ""}),
        ("smtps://a%40b:p%2F@mail", {"username": "a@b", "password": "p/"}),
        ("smtp://mail", {"timeout": 5}),
        ("smtp://mail?timeout=2", {"timeout": 2}),
    ],
)
def test_a_mail_url(url, expected):
    options = mailer(url)["OPTIONS"]

    assert options["host"] == "mail"
    assert options.items() >= expected.items()


def test_mail_into_a_folder():
    found = mailer("file:///var/km%20mail")

    assert found["OPTIONS"] == {"folder": "/var/km mail"}
    assert import_string(found["BACKEND"])


@pytest.mark.parametrize(
    "url", ["filesystem:///var/km%20broker", "filesystem://localhost/var/km%20broker"]
)
def test_a_broker_of_files_keeps_them_in_one_folder(url):
    options = broker_options(url)

    assert options["data_folder_in"] == options["data_folder_out"]
    assert options["data_folder_in"] == "/var/km broker/queue"


def test_redis_is_given_up_after_a_second():
    options = broker_options("redis://localhost:6379/0")

    assert options["socket_timeout"] == options["socket_connect_timeout"] == 0.8
    assert options["retry_on_timeout"] is False
