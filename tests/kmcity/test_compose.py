"""What of the production set-up can be checked without Docker."""

import json
import re
from importlib.util import find_spec

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands
from django.utils.module_loading import import_string

from kmcity.celery import app

CHECKOUT = settings.BASE_DIR
OURS = {"migrate", "web", "worker", "beat"}
CONDITIONS = {"service_healthy", "service_completed_successfully"}


@pytest.fixture(scope="module")
def text():
    return (CHECKOUT / "docker-compose.yml").read_text()


@pytest.fixture(scope="module")
def compose(text):
    return yaml.safe_load(text)


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def dockerfile_command():
    dockerfile = (CHECKOUT / "Dockerfile").read_text()
    return json.loads(re.search(r"^CMD (.+)$", dockerfile, re.MULTILINE)[1])


def words(service):
    """Return the programs that *service* runs, each as its words."""
    command = service.get("command") or dockerfile_command()
    if command[:2] == ["sh", "-c"]:
        return [line.split() for line in command[2].split(" && ")]
    return [command]


def test_the_services_are_those_of_the_plan(services):
    assert set(services) == OURS | {"proxy", "db", "redis"}


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_command_exists(services, name):
    for python, first, what, *_ in words(services[name]):
        assert python == "python"
        if first == "manage.py":
            assert what in get_commands()
        else:
            assert (first, bool(find_spec(what))) == ("-m", True)


def test_the_programs_find_what_they_run(services):
    assert callable(import_string(dockerfile_command()[-1].replace(":", ".")))
    for name in ("worker", "beat"):
        (command,) = words(services[name])
        assert import_string(f"{command[command.index('-A') + 1]}.celery_app") is app


def test_the_worker_hears_the_queue_that_we_ring(services):
    (command,) = words(services["worker"])

    assert command[command.index("-Q") + 1] == settings.CELERY_TASK_DEFAULT_QUEUE


def test_only_the_proxy_can_be_reached_from_outside(services):
    assert [name for name in services if "ports" in services[name]] == ["proxy"]
    assert not any("network_mode" in service for service in services.values())


@pytest.mark.parametrize("name", ["web", "worker"])
def test_it_can_be_scaled(services, name):
    service = services[name]
    assert not {"container_name", "hostname", "ports"} & set(service)
    # Photos are shared by all; whatever else it wrote would be its own.
    assert service["volumes"] == ["media:/app/media"]


def test_every_dependency_is_a_service_and_waits_for_something(services):
    for service in services.values():
        for name, wish in service.get("depends_on", {}).items():
            assert name in services
            assert wish["condition"] in CONDITIONS


def test_who_is_waited_for_healthily_can_be_asked_for_its_health(services):
    checked = (CHECKOUT / "Dockerfile").read_text().count("\nHEALTHCHECK ")
    for name in ("web", "db", "redis"):
        assert "healthcheck" in services[name] or checked
    # The image's own check asks for a page, which these do not serve.
    for name in OURS - {"web"}:
        assert services[name]["healthcheck"] == {"disable": True}


def test_redis_drops_no_message_silently(services):
    command = services["redis"]["command"]

    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
    assert "--maxmemory" in command


def test_the_image_is_built_once(services):
    assert [name for name in services if "build" in services[name]] == ["migrate"]
    assert {services[name]["image"] for name in OURS} == {"kmcity"}


def test_nobody_has_more_rights_than_he_needs(services):
    for name, service in services.items():
        assert service["security_opt"] == ["no-new-privileges:true"]
        # PostgreSQL's start becomes another user.
        assert service.get("cap_drop") == (None if name == "db" else ["ALL"])


def test_database_and_broker_have_no_way_out(compose, services):
    assert compose["networks"] == {"front": None, "back": {"internal": True}}
    inside = {name for name in services if services[name]["networks"] == ["back"]}
    assert inside == {"db", "redis", "migrate", "beat"}
    assert services["proxy"]["networks"] == ["front"]


def test_the_database_is_healthy_only_when_others_can_reach_it(services):
    check = services["db"]["healthcheck"]

    assert check["test"][:4] == ["CMD", "pg_isready", "--host", "127.0.0.1"]
    assert check["start_period"]


def test_only_one_of_proxy_and_app_compresses():
    caddy = (CHECKOUT / "deploy" / "Caddyfile").read_text()

    assert not re.search(r"^\s*encode", caddy, re.MULTILINE)
    assert "django.middleware.gzip.GZipMiddleware" in settings.MIDDLEWARE


def test_postgresql_understands_thai(services):
    assert "C.UTF-8" in services["db"]["environment"]["POSTGRES_INITDB_ARGS"]


def test_every_volume_is_declared(compose, services):
    used = {
        volume.partition(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
        if not volume.startswith("./")
    }

    assert used == set(compose["volumes"])


def test_every_file_that_is_mounted_is_there(services):
    source = services["proxy"]["volumes"][0].partition(":")[0]

    assert (CHECKOUT / source).is_file()


def test_the_example_explains_every_variable_and_no_other(text):
    example = (CHECKOUT / ".env.example").read_text()

    used = set(re.findall(r"\$\{(\w+)", text))
    explained = set(re.findall(r"^(\w+)=", example, re.MULTILINE))

    assert used == explained


def test_nothing_starts_before_the_example_is_filled_in(text):
    example = (CHECKOUT / ".env.example").read_text()

    empty = set(re.findall(r"^(\w+)=$", example, re.MULTILINE))
    refused = set(re.findall(r"\$\{(\w+):\?", text))

    assert empty == refused
    assert {"SECRET_KEY", "POSTGRES_PASSWORD", "SITE_HOST"} <= empty
    assert not re.findall(r"\$\{\w+\}", text)


def test_the_settings_read_every_variable_that_they_are_given(services):
    source = (CHECKOUT / "kmcity" / "settings.py").read_text()

    for name in services["web"]["environment"]:
        assert f'"{name}"' in source


def test_the_image_holds_everything_that_it_runs():
    kept = (CHECKOUT / ".dockerignore").read_text().splitlines()

    for name in ("circles", "kmcity", "locale", "milestones", "static", "templates"):
        assert f"!{name}" in kept
    assert "!.env" not in kept
