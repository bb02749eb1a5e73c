"""The settings that were paid for are in force, under names that Django and Celery really know."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from portal import env
from portal.celery import app

SHOW = "import json; from portal import settings; print(json.dumps(settings.DATABASES['default']))"


def database_of(role: str) -> dict[str, Any]:
    """The database settings of a fresh process of that role."""
    environment = env.for_child(CASEBOOK_ROLE=role, SECRET_KEY="x", DATABASE_URL="postgresql://host/name")
    done = subprocess.run([sys.executable, "-c", SHOW], cwd=env.ROOT, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_pages_keep_their_connections_and_give_up_on_slow_statements() -> None:
    database = database_of("web")
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (60, True)
    assert "statement_timeout=8s" in database["OPTIONS"]["options"]


def test_workers_keep_no_connection_and_may_take_their_time() -> None:
    database = database_of("work")
    assert database["CONN_MAX_AGE"] == 0
    assert "statement_timeout" not in database["OPTIONS"]["options"]


@pytest.mark.parametrize("role", ["web", "work"])
def test_the_planner_is_told_that_pages_are_near(role: str) -> None:
    assert database_of(role)["OPTIONS"]["options"].startswith("-c random_page_cost=1.1 -c jit=off")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("task_acks_late", True),
        ("task_reject_on_worker_lost", True),
        ("task_retry_on_worker_lost", True),
        ("task_ignore_result", True),
        ("task_serializer", "json"),
        ("accept_content", ["json"]),
        ("worker_prefetch_multiplier", 1),
        ("beat_scheduler", "portal.beat.OneBeat"),
    ],
)
def test_celery_follows_the_settings(name: str, value: object) -> None:
    assert app.conf[name] == value


def test_a_frozen_broker_holds_nobody_up_and_lost_tasks_come_back_soon() -> None:
    options = app.conf.broker_transport_options
    assert options["socket_timeout"] <= 2
    assert options["socket_connect_timeout"] <= 1
    assert options["unacked_restore_interval"] * options["unacked_restore_throttle"] <= 5


def test_passwords_are_kept_by_argon2() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from portal import settings; print(settings.PASSWORD_HASHERS[0])"],
        cwd=env.ROOT,
        env=env.for_child(SECRET_KEY="x"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip().endswith("Argon2PasswordHasher")


def test_no_client_can_name_its_own_address() -> None:
    assert settings.REST_FRAMEWORK["NUM_PROXIES"] == settings.TRUSTED_PROXY_COUNT == 0
