"""/healthz, /readyz, /metrics, and the headers every answer carries."""

import pytest
from django.test import Client, override_settings


def test_alive_asks_nobody(client: Client) -> None:
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_ready_when_every_part_answers(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.json() == {"ready": True, "database": "ok", "migrations": "ok", "broker": "ok"}
    assert answer.status_code == 200


@pytest.mark.django_db
def test_not_ready_names_the_part_that_is_down(client: Client) -> None:
    with override_settings(CELERY_BROKER_URL="redis://127.0.0.1:1/0"):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": "ok", "migrations": "ok", "broker": "does not answer"}


@pytest.mark.django_db
def test_metrics_are_in_prometheus_form(client: Client) -> None:
    client.get("/healthz")
    assert b"django_http_requests_total" in client.get("/metrics").content


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_health_is_read_only(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


def test_pages_may_load_nothing_from_elsewhere_and_run_nothing_inline(client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert client.get("/healthz").headers["X-Frame-Options"] == "DENY"
