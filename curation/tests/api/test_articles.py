"""Articles, projects and oneself by the machine door."""

import pytest
from django.test import Client

from curation.choices import Scope
from curation.models import ApiToken, Article, Project
from curation.tests import worlds
from curation.tests.records import a_record, taken_in

PROBLEM = "application/problem+json"


@pytest.fixture
def shelf(db: None, project: Project, who: worlds.People) -> list[Article]:
    articles = taken_in(a_record(11, title="CD4<sup>+</sup> cells.", cites=1), a_record(12, notice="ErratumIn"))
    worlds.included(project, articles[0], who.moderator)
    return articles


def test_the_list_is_cut_down_to_what_one_may_see(client: Client, shelf: list[Article], who: worlds.People) -> None:
    assert client.get("/api/v1/articles").json()["count"] == 1
    client.force_login(who.stranger)
    page = client.get("/api/v1/articles", {"page_size": 1}).json()
    assert (page["count"], page["count_is_exact"], page["previous"]) == (2, True, None)
    assert page["next"].endswith("/api/v1/articles?page=2&page_size=1")
    assert client.get("/api/v1/articles", {"pmid": 12}).json()["results"][0]["pmid"] == 12


@pytest.mark.parametrize("query", ["page=x", "year_from=1e9", "words=%00", "page=9999", "state=lost&project=imnm", "pmid=-1"])
def test_what_cannot_be_searched_for_is_a_problem(client: Client, db: None, query: str) -> None:
    answer = client.get(f"/api/v1/articles?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)
    assert answer.json()["faults"][0]["where"] == query.partition("=")[0]


def test_an_article_comes_whole(client: Client, shelf: list[Article]) -> None:
    found = client.get(f"/api/v1/articles/{shelf[0].pk}").json()
    title, abstract = found["sections"]
    assert (title["key"], title["text"], title["version"]) == ("title", "CD4<sup>+</sup> cells.", 1)
    assert abstract["key"] == "abstract"
    assert len(abstract["sha256"]) == 64
    assert found["references"] == [
        {"position": 1, "heading": "", "citation": "Cited 0.", "doi": "", "pmid": 1, "pmcid": "", "article": None}
    ]
    assert found["source"]["kind"] == "pubmed"


def test_an_article_one_may_not_see_is_absent(client: Client, shelf: list[Article]) -> None:
    for pk in (shelf[1].pk, 10**15):
        answer = client.get(f"/api/v1/articles/{pk}")
        assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


def test_projects_with_their_numbers(client: Client, shelf: list[Article], private_project: Project, who: worlds.People) -> None:
    (shown,) = client.get("/api/v1/projects").json()["results"]
    assert (shown["slug"], shown["articles_included"], shown["role"]) == ("imnm", 1, None)
    assert client.get("/api/v1/projects/private").status_code == 404
    client.force_login(who.curator)
    answer = client.get("/api/v1/projects/private")
    assert (answer.json()["role"], answer["ETag"]) == ("curator", '"1"')


def test_oneself(client: Client, project: Project, who: worlds.People) -> None:
    assert client.get("/api/v1/me").status_code == 401
    told = client.get("/api/v1/me", headers={"Authorization": worlds.token_of(who.curator)}).json()
    assert told["username"] == "curator"
    assert told["memberships"] == [{"project": "imnm", "role": "curator"}]
    blind = worlds.token_of(who.curator, Scope.IMPORT)
    assert client.get("/api/v1/me", headers={"Authorization": blind}).status_code == 403


def test_a_token_is_made_shown_once_and_revoked(client: Client, who: worlds.People) -> None:
    client.force_login(who.curator)
    made = client.post("/api/v1/tokens", {"name": "script", "scopes": ["read"]}, "application/json")
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    program = {"Authorization": f"Bearer {made.json()['secret']}"}
    (listed,) = client.get("/api/v1/tokens").json()
    assert "secret" not in listed
    stranger = Client()
    assert stranger.get("/api/v1/me", headers=program).status_code == 200
    assert client.post(f"/api/v1/tokens/{listed['id']}/revoke").status_code == 204
    assert stranger.get("/api/v1/me", headers=program).status_code == 401


def test_a_token_makes_no_tokens(client: Client, who: worlds.People) -> None:
    program = {"Authorization": worlds.token_of(who.curator)}
    before = ApiToken.objects.count()
    answer = client.post("/api/v1/tokens", {"name": "x", "scopes": ["read"]}, "application/json", headers=program)
    assert (answer.status_code, answer["Content-Type"]) == (403, PROBLEM)
    assert client.get("/api/v1/tokens", headers=program).status_code == 403
    token = ApiToken.objects.get(user=who.curator)
    assert client.post(f"/api/v1/tokens/{token.pk}/revoke", headers=program).status_code == 403
    assert ApiToken.objects.filter(revoked_at=None).count() == before


def test_nobody_touches_anothers_token(client: Client, who: worlds.People) -> None:
    worlds.token_of(who.curator)
    client.force_login(who.stranger)
    assert client.post(f"/api/v1/tokens/{ApiToken.objects.get().pk}/revoke").status_code == 404
    assert ApiToken.objects.get().revoked_at is None


@pytest.mark.parametrize(
    "sent", ['{"name": "x\\u0000", "scopes": ["read"]}', '{"name": "x", "scopes": "read"}', "[]", '{"name": "x"}']
)
def test_a_malformed_token_is_a_problem(client: Client, who: worlds.People, sent: str) -> None:
    client.force_login(who.curator)
    answer = client.post("/api/v1/tokens", sent, "application/json")
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == PROBLEM
