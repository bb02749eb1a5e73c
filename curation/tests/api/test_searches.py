"""Query previews, standing searches, relations and quarantine by API."""

import pytest
from django.test import Client

from curation.models import Batch, Project, StandingSearch
from curation.tests import worlds
from curation.tests.articles.conftest import standin
from curation.tests.records import a_record, taken_in
from curation.tests.standin.server import Standin

__all__ = ["standin"]
NEW = {"title": "Zebras", "query": "zebra[ti]", "every_days": 1, "since": "2019-01-01"}


@pytest.fixture
def api(client: Client, who: worlds.People, project: Project, standin: Standin) -> Client:
    standin.library.take(a_record(901, title="Zebra.").encode())
    client.defaults["HTTP_AUTHORIZATION"] = worlds.token_of(who.moderator)
    return client


def test_a_preview_and_its_import(api: Client, standin: Standin) -> None:
    found = api.get("/api/v1/query-preview", {"query": "zebra[ti]", "project": "imnm"}).json()
    assert (found["count"], found["here"], found["in_project"], found["first"][0]["pmid"]) == (1, 0, 0, 901)
    made = api.post("/api/v1/batches", {"query": "zebra[ti]", "project": "imnm"}, content_type="application/json").json()
    assert (made["kind"], made["seen"], made["query"], made["state"]) == ("query", None, "zebra[ti]", "waiting")
    standin.behave("500", "500")
    problem = api.get("/api/v1/query-preview", {"query": "zebra"})
    assert (problem.status_code, problem.json()["status"]) == (503, 503)
    assert api.get("/api/v1/query-preview").status_code == 400
    both = api.post("/api/v1/batches", {"query": "z", "pmids": "1", "project": "imnm"}, content_type="application/json")
    assert both.status_code == 400
    assert Batch.objects.count() == 1


def test_a_standing_search(api: Client) -> None:
    made = api.post("/api/v1/projects/imnm/searches", NEW, content_type="application/json")
    assert (made.status_code, made.headers["ETag"], made.json()["watermark"]) == (201, '"1"', "2019-01-01")
    address = f"/api/v1/searches/{made.json()['id']}"
    assert api.post(f"{address}/pause").status_code == 428
    assert api.post(f"{address}/pause", headers={"If-Match": '"1"'}).json()["due_at"] is None
    assert api.post(f"{address}/resume", headers={"If-Match": '"1"'}).status_code == 412
    assert api.post(f"{address}/resume", headers={"If-Match": '"2"'}).status_code == 200
    assert api.post(f"{address}/run").json()["search"] == made.json()["id"]
    assert api.post(f"{address}/run").status_code == 409
    shown = api.get(address)
    assert len(shown.json()["runs"]) == 1
    assert api.get("/api/v1/projects/imnm/searches").json()[0]["title"] == "Zebras"
    assert api.delete(address, headers={"If-Match": shown.headers["ETag"]}).status_code == 204
    assert not StandingSearch.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"query": ""}, {"every_days": 2}, {"since": "soon"}, {"title": "a\0"}, {"query": "\ud800"}, {"title": {}}],
)
def test_bad_searches(api: Client, wrong: dict[str, object]) -> None:
    answer = api.post("/api/v1/projects/imnm/searches", NEW | wrong, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert not StandingSearch.objects.exists()


def test_relations(api: Client) -> None:
    (article,) = taken_in(a_record(901))
    address = f"/api/v1/articles/{article.pk}/relations"
    assert api.get(address).json() == {"state": "", "reason": "", "fetched_at": None, "groups": []}
    assert api.post(address).status_code == 202
    assert api.get(address).json()["state"] == "waiting"
    assert api.get("/api/v1/articles/999999/relations").status_code == 404


def test_nobody(client: Client, db: None, standin: Standin) -> None:
    assert client.get("/api/v1/query-preview", {"query": "zebra"}).status_code == 403
    assert client.get("/api/v1/quarantine").json()["count"] == 0
    assert not standin.asked
