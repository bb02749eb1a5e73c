"""The cohort by program: what is asked and answered, what is refused and how."""

import pytest
from django.test import Client

from curation.choices import Scope
from curation.models import Article, Cohort, Project
from curation.tests.cohorts.conftest import ASYMMETRIC
from curation.tests.worlds import People, token_of

ASK = "/api/v1/projects/imnm/cohort"
SAVED = "/api/v1/cohorts"


def test_the_answer_carries_its_evidence(report: Article, client: Client) -> None:
    answer = client.get(ASK, {"q": ASYMMETRIC, "show": "sex"}).json()
    assert answer["count"] == {"patients": 1, "among": 1, "articles": 1, "leaning": 0, "open": 0, "questioned": 0}
    assert [column["feature"] for column in answer["columns"]] == ["symmetry", "sex"]
    (patient,) = answer["patients"]
    ((cell,), _sex) = patient["cells"]
    assert patient["articles"][0]["pmid"] == report.pmid
    assert (cell["status"], cell["value"], cell["words"]) == ("present", "asymmetric", "Asymmetric, both sides")
    quote = cell["evidence"][0]
    assert quote["selector"][0]["exact"] == "left lower extremity weakness. Although"
    assert quote["source"]["section"] == "abstract"


def test_facets_carry_their_intervals(report: Article, client: Client) -> None:
    facets = {facet["feature"]: facet for facet in client.get(ASK).json()["facets"]}
    assert facets["weakness"]["share"]["value"] == 1
    assert facets["weakness"]["share"]["low"] == pytest.approx(0.2065, abs=1e-4)
    assert facets["weakness"]["counts"]["silent"] == 0
    assert facets["sex"]["choices"][0]["value"] == "male"


@pytest.mark.parametrize(
    "sent",
    [
        {"q": "symetry = asymmetric"},
        {"q": "symmetry = "},
        {"q": "\0"},
        {"q": "(" * 15_000},
        {"q": "ck < " + "9" * 300},
        {"q": "age < P999999Y999999M AND age > 999999999999999 y OR ck = -"},
    ],
)
def test_a_bad_question_is_a_problem_with_its_place(report: Article, client: Client, sent: dict[str, str]) -> None:
    response = client.get(ASK, sent)
    problem = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert response.status_code in (400, 422)
    assert problem["faults"]
    if response.status_code == 422:
        assert problem["faults"][0]["where"].startswith("q[")


@pytest.mark.parametrize(
    "sent", [{"page": "0"}, {"page": "x"}, {"page": "9" * 40}, {"page_size": "201"}, {"page": "2"}, {"show": "x" * 100}]
)
def test_bad_parameters(report: Article, client: Client, sent: dict[str, str]) -> None:
    response = client.get(ASK, sent)
    assert response.status_code in (400, 404)
    assert response["Content-Type"] == "application/problem+json"


def test_a_private_project_is_nowhere(private_project: Project, client: Client, who: People) -> None:
    assert client.get("/api/v1/projects/private/cohort").status_code == 404
    headers = {"Authorization": token_of(who.curator, Scope.READ)}
    assert client.get("/api/v1/projects/private/cohort", headers=headers).status_code == 200


def test_saving_reading_changing_deleting(report: Article, client: Client, who: People) -> None:
    headers = {"Authorization": token_of(who.curator)}
    body = {"project": "imnm", "title": "Ours", "question": "symmetry=asymmetric", "is_public": True}
    made = client.post(SAVED, body, content_type="application/json", headers=headers)
    assert (made.status_code, made["ETag"], made.json()["question"]) == (201, '"1"', ASYMMETRIC)
    address = f"{SAVED}/{made.json()['id']}"
    assert client.get(address).json()["owner"] == str(who.curator)
    assert [row["title"] for row in client.get(SAVED).json()["results"]] == ["Ours"]
    del body["project"]
    for etag, status in (("", 428), ('"7"', 412), ("x", 422), ('"1"', 200)):
        sent = {**headers, **({"If-Match": etag} if etag else {})}
        assert client.put(address, body | {"title": "New"}, content_type="application/json", headers=sent).status_code == status
    assert client.delete(address, headers={**headers, "If-Match": '"2"'}).status_code == 204
    assert not Cohort.objects.exists()


def test_who_may_not(report: Article, client: Client, who: People) -> None:
    body = {"project": "imnm", "title": "Ours", "question": "", "is_public": True}
    assert client.post(SAVED, body, content_type="application/json").status_code in (401, 403)
    reading = {"Authorization": token_of(who.curator, Scope.READ)}
    assert client.post(SAVED, body, content_type="application/json", headers=reading).status_code == 403
    made = client.post(SAVED, body, content_type="application/json", headers={"Authorization": token_of(who.curator)})
    other = {"Authorization": token_of(who.stranger), "If-Match": '"1"'}
    assert client.delete(f"{SAVED}/{made.json()['id']}", headers=other).status_code == 403
    assert Cohort.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [{"title": ""}, {"title": "a\ud800"}, {"question": "x ="}, {"project": "nowhere"}, {"title": None}, {"question": {}}],
)
def test_bad_cohorts(report: Article, client: Client, who: People, changes: dict[str, object]) -> None:
    body = {"project": "imnm", "title": "Ours", "question": "", **changes}
    response = client.post(SAVED, body, content_type="application/json", headers={"Authorization": token_of(who.curator)})
    assert response.status_code in (400, 404, 422)
    assert not Cohort.objects.exists()
