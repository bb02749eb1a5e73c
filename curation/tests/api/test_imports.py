"""Imports by API: the same refusals as problems, and the same batches."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from curation import tasks
from curation.choices import Scope
from curation.models import Batch, Project
from curation.tests import worlds
from curation.tests.articles.test_cutting import a_set, record

GOOD = a_set(record(1), record(2, "<b>"))


@pytest.fixture(autouse=True)
def uploads(settings: SimpleNamespace, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def api(client: Client, who: worlds.People, project: Project) -> Client:
    client.defaults["HTTP_AUTHORIZATION"] = worlds.token_of(who.curator)
    return client


def post(api: Client, data: object, address: str = "/api/v1/batches") -> SimpleNamespace:
    answer = api.post(address, data, content_type="application/json")
    return SimpleNamespace(status=answer.status_code, body=answer.json())


def upload(api: Client, data: bytes) -> SimpleNamespace:
    answer = api.post("/api/v1/batches", {"file": SimpleUploadedFile("some.xml", data), "project": "imnm"})
    return SimpleNamespace(status=answer.status_code, body=answer.json())


@pytest.mark.parametrize("pmids", ["34829411 9997", ["34829411", 9997], "PMID: 34829411,9997,"])
def test_pmids(api: Client, pmids: object) -> None:
    made = post(api, {"pmids": pmids, "project": "imnm"})
    assert (made.status, made.body["seen"], made.body["counts"]) == (201, 2, {"waiting": 2})


def test_a_file_and_its_records(api: Client) -> None:
    made = upload(api, GOOD)
    assert made.status == 201
    tasks.run_batch(made.body["id"])
    shown = api.get(f"/api/v1/batches/{made.body['id']}").json()
    assert (shown["state"], shown["seen"], shown["counts"]) == ("done", 2, {"new": 1, "quarantined": 1})
    items = api.get(f"/api/v1/batches/{made.body['id']}/items?state=quarantined").json()
    assert (items["count"], items["results"][0]["pmid"]) == (1, 2)
    assert "well-formed" in items["results"][0]["reason"]
    assert api.get("/api/v1/batches").json()["count"] == 1


def test_steering(api: Client) -> None:
    batch = upload(api, GOOD).body["id"]
    assert post(api, {}, f"/api/v1/batches/{batch}/stop").body["state"] == "stopped"
    assert post(api, {}, f"/api/v1/batches/{batch}/resume").body["state"] == "running"
    tasks.run_batch(batch)
    assert post(api, {}, f"/api/v1/batches/{batch}/retry").body == {"count": 1}
    tasks.run_batch(batch)
    item = api.get(f"/api/v1/batches/{batch}/items?state=quarantined").json()["results"][0]["id"]
    assert post(api, {}, f"/api/v1/batch-items/{item}/dismiss").body["state"] == "dismissed"
    assert post(api, {"items": [item]}, f"/api/v1/batches/{batch}/retry").status == 409


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"pmids": "abc", "project": "imnm"}, 422),
        ({"pmids": "\ud800", "project": "imnm"}, 400),
        ({"pmids": ["\ud800"], "project": "imnm"}, 400),
        ({"pmids": "1\0", "project": "imnm"}, 400),
        ({"pmids": {"a": 1}, "project": "imnm"}, 400),
        ({"pmids": [[1]], "project": "imnm"}, 400),
        ({"project": "imnm"}, 400),
        ([], 400),
        ({"pmids": "1"}, 403),
        ({"pmids": "1", "project": "nowhere"}, 404),
        ({"pmids": "1", "project": "no slug!"}, 400),
        ({"pmids": 10**30, "project": "imnm"}, 422),
    ],
)
def test_bad_input_is_a_problem_with_its_reason(api: Client, data: object, status: int) -> None:
    answer = post(api, data)
    assert (answer.status, answer.body["status"]) == (status, status)
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"), [(b"", "empty"), (b"<html></html>", "web page"), (b"\x1f\x8b\x08\x00abc", "damaged|cut off")]
)
def test_a_bad_file_is_a_problem_with_its_reason(api: Client, data: bytes, said: str) -> None:
    answer = upload(api, data)
    assert answer.status == 422
    assert any(words in answer.body["detail"] for words in said.split("|"))


def test_a_token_without_the_scope_may_look_but_not_import(client: Client, who: worlds.People, project: Project) -> None:
    client.defaults["HTTP_AUTHORIZATION"] = worlds.token_of(who.curator, Scope.READ)
    assert client.get("/api/v1/batches").status_code == 200
    assert post(client, {"pmids": "1", "project": "imnm"}).status == 403


def test_nobody_sees_no_import(client: Client, db: None) -> None:
    assert client.get("/api/v1/batches").json()["count"] == 0
    assert post(client, {"pmids": "1"}).status == 401
    assert client.get("/api/v1/batches/1").status_code == 404
    assert client.get(f"/api/v1/batches/{10**30}").status_code == 404
