"""Readings over HTTP, by a program with a token: shapes, versions, and each refusal as a problem."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curation.annotation import actions as annotation
from curation.choices import Scope
from curation.models import Annotation, Patient, Reading, Screening, Section
from curation.tests import worlds
from curation.tests.annotation.conftest import ABSTRACT, TWICE, abstract, article, patient, reading

__all__ = ["abstract", "article", "patient", "reading"]

Ask = Callable[..., Any]


@pytest.fixture
def ask(client: Client, who: worlds.People) -> Ask:
    """``ask("post", "readings/1/submit", version=1)`` -> the answer, as the curator's program."""
    tokens: dict[str, str] = {}

    def call(
        method: str, path: str, data: object = None, *, version: object = None, by: str = "curator", scopes: Any = ()
    ) -> Any:
        key = f"{by}{scopes}"
        tokens[key] = tokens.get(key) or worlds.token_of(getattr(who, by), *scopes)
        headers = {"Authorization": tokens[key]} | ({"If-Match": f'"{version}"'} if version is not None else {})
        return getattr(client, method)(f"/api/v1/{path}", data, content_type="application/json", headers=headers)

    return call


def told(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.text


@pytest.fixture
def answer(patient: Patient, abstract: Section) -> dict[str, Any]:
    return {
        "patient": patient.pk,
        "feature": "sex",
        "status": "present",
        "value": "male",
        "quotes": [{"section": abstract.pk, "exact": "A 35-year-old male"}],
    }


def test_the_whole_way(ask: Ask, included: Screening, who: worlds.People) -> None:
    begun = ask("post", "readings", {"project": "imnm", "article": included.article_id, "patients": ["Patient 1"]})
    assert begun.status_code == 201
    pk = begun.json()["id"]
    assert begun.headers["ETag"] == '"1"'
    assert begun.json()["scope"] == ["title", "abstract", "captions"]
    (patient,) = ask("get", f"readings/{pk}/patients").json()
    section = next(s for s in ask("get", f"readings/{pk}/sections").json() if s["key"] == "abstract")
    proof = {"section": section["id"], "exact": TWICE, "start": ABSTRACT.rindex(TWICE)}
    made = ask(
        "post",
        f"readings/{pk}/annotations",
        {"patient": patient["id"], "feature": "weakness", "status": "present", "quotes": [proof]},
    )
    assert made.status_code == 201
    kept = made.json()["evidence"][0]
    assert section["text"][kept["start"] : kept["end"]] == TWICE
    assert kept["prefix"].endswith("his first ")
    for group in ("person", "weakness", "labs"):
        ask("post", f"readings/{pk}/rest-not-reported", {"patient": patient["id"], "group": group})
    assert ask("get", f"readings/{pk}/missing").json() == []
    assert ask("get", f"readings/{pk}/annotations").json()["count"] == Annotation.objects.count()
    done = ask("post", f"readings/{pk}/submit", version=1)
    assert (done.status_code, done.json()["state"], done.headers["ETag"]) == (200, "submitted", '"2"')
    assert [r["id"] for r in ask("get", "readings?state=submitted&project=imnm").json()["results"]] == [pk]
    assert "can no longer be changed" in told(ask("delete", f"annotations/{made.json()['id']}", version=1), 409)
    assert "can no longer be changed" in told(ask("post", f"readings/{pk}/submit", version=2), 409)


def test_answers_are_made_changed_and_removed_with_versions(ask: Ask, reading: Reading, answer: dict[str, Any]) -> None:
    made = ask("post", f"readings/{reading.pk}/annotations", answer)
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    address = f"annotations/{made.json()['id']}"
    assert "If-Match" in told(ask("patch", address, {"comment": "x"}), 428)
    told(ask("delete", address), 428)
    amended = ask("patch", address, {"comment": "not sure", "confidence": "low"}, version=1)
    assert (amended.json()["value"], amended.json()["comment"], amended.headers["ETag"]) == ("male", "not sure", '"2"')
    assert "version 1, it is now 2" in told(ask("patch", address, {"comment": "y"}, version=1), 412)
    replaced = ask("put", address, {"status": "not_reported"}, version=2)
    assert (replaced.json()["value"], replaced.json()["comment"], replaced.json()["confidence"]) == (None, "", "high")
    assert ask("delete", address, version=3).status_code == 204
    told(ask("get", address), 404)


def test_evidence_is_added_and_removed(ask: Ask, reading: Reading, answer: dict[str, Any], abstract: Section) -> None:
    pk = ask("post", f"readings/{reading.pk}/annotations", answer).json()["id"]
    more = ask("post", f"annotations/{pk}/evidence", {"section": abstract.pk, "exact": "he did not"}, version=1)
    assert (more.status_code, len(more.json()["evidence"]), more.headers["ETag"]) == (201, 2, '"2"')
    first = more.json()["evidence"][0]["id"]
    told(ask("delete", f"evidence/{first}", version=1), 412)
    fewer = ask("delete", f"evidence/{first}", version=2)
    assert [e["exact"] for e in fewer.json()["evidence"]] == ["he did not"]
    told(ask("delete", f"evidence/{first}", version=3), 404)


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"feature": "sexx"}, 422, "did you mean “sex”"),
        ({"value": "intersex"}, 422, "is not an option"),
        ({"value": None}, 422, "is missing"),
        ({"status": "not_applicable"}, 400, "status"),
        ({"quotes": [{"section": 0, "exact": "x"}]}, 400, "section"),
        ({"quotes": [{"section": 10**30, "exact": "x"}]}, 400, "section"),
        ({"quotes": [{"exact": "nothing of the kind"}]}, 422, "do not stand in this section"),
        ({"quotes": [{"exact": TWICE}]}, 422, "stand 2 times"),
        ({"quotes": [{"exact": TWICE, "start": 3}]}, 422, "do not begin at character 3"),
        ({"quotes": [{"exact": "male", "role": "hearsay"}]}, 400, "role"),
        ({"quotes": "male"}, 400, "quotes"),
        ({"comment": "a\x00"}, 400, "comment"),
        ({"comment": "\ud800"}, 400, ""),
        ({"value": "\ud800"}, 422, "value"),
        ({"value": ["\x00"]}, 422, "value"),
        ({"value": {"a": {"b": []}}}, 422, "value"),
        ({"value": 10**400}, 422, "value"),
        ({"qualifiers": {"colour": "red"}}, 422, "colour"),
        ({"qualifiers": [1]}, 400, "qualifiers"),
        ({"patient": 999_999_999}, 422, "no patient of this reading"),
        ({"patient": "x"}, 400, "patient"),
        ({"instance": 2}, 422, "instance"),
        ({"feature": "serostatus", "value": "x"}, 422, "derived"),
    ],
)
def test_bad_input_is_a_problem_with_its_reason(
    sent: dict[str, Any], status: int, words: str, ask: Ask, reading: Reading, answer: dict[str, Any], abstract: Section
) -> None:
    if isinstance(sent.get("quotes"), list):
        sent = {"quotes": [{"section": abstract.pk, **quote} for quote in sent["quotes"]]}
    assert words in told(ask("post", f"readings/{reading.pk}/annotations", {**answer, **sent}), status)
    assert not Annotation.objects.exists()


def test_submit_lists_what_is_missing(ask: Ask, reading: Reading, patient: Patient) -> None:
    refused = ask("post", f"readings/{reading.pk}/submit", version=1)
    told(refused, 422)
    assert {f["where"] for f in refused.json()["faults"]} >= {"Patient 1: Sex", "Patient 1: CK value"}
    missing = ask("get", f"readings/{reading.pk}/missing").json()
    assert len(missing) == len(refused.json()["faults"])
    assert missing[0]["link"].startswith(f"/readings/{reading.pk}/features/")
    told(ask("post", f"readings/{reading.pk}/submit"), 428)


def test_somebody_elses_reading_is_not_there(ask: Ask, reading: Reading, answer: dict[str, Any], who: worlds.People) -> None:
    pk = ask("post", f"readings/{reading.pk}/annotations", answer).json()["id"]
    for by in ("curator2", "moderator", "outsider"):
        for method, path, data in [
            ("get", f"readings/{reading.pk}", None),
            ("get", f"readings/{reading.pk}/annotations", None),
            ("get", f"readings/{reading.pk}/sections", None),
            ("post", f"readings/{reading.pk}/annotations", answer),
            ("post", f"readings/{reading.pk}/submit", None),
            ("delete", f"annotations/{pk}", None),
        ]:
            told(ask(method, path, data, version=1 if method != "get" else None, by=by), 404)
        assert ask("get", "readings", by=by).json()["count"] == 0


def test_a_token_needs_the_scope(ask: Ask, reading: Reading, answer: dict[str, Any]) -> None:
    told(ask("post", f"readings/{reading.pk}/annotations", answer, scopes=(Scope.READ,)), 403)
    assert ask("get", f"readings/{reading.pk}", scopes=(Scope.READ,)).status_code == 200


def test_nobody_sees_nothing(client: Client, reading: Reading) -> None:
    assert client.get("/api/v1/readings").json()["count"] == 0
    assert client.get(f"/api/v1/readings/{reading.pk}").status_code == 404
    assert client.post(f"/api/v1/readings/{reading.pk}/submit").status_code == 401


def test_a_second_answer_is_a_conflict(ask: Ask, reading: Reading, answer: dict[str, Any]) -> None:
    ask("post", f"readings/{reading.pk}/annotations", answer)
    assert "already has an answer" in told(ask("post", f"readings/{reading.pk}/annotations", answer), 409)


def test_scope_and_patients(ask: Ask, reading: Reading, patient: Patient) -> None:
    assert ask("patch", f"readings/{reading.pk}", {"scope": ["title"]}, version=1).json()["scope"] == ["title"]
    told(ask("patch", f"readings/{reading.pk}", {"scope": []}, version=2), 422)
    told(ask("patch", f"readings/{reading.pk}", {"scope": ["all"]}, version=2), 400)
    second = ask("post", f"readings/{reading.pk}/patients", {"label": "II-3"})
    address = f"readings/{reading.pk}/patients/{second.json()['id']}"
    assert ask("patch", address, {"label": "II-4"}, version=1).json()["label"] == "II-4"
    told(ask("delete", address, version=1), 412)
    assert ask("delete", address, version=2).status_code == 204
    assert [p["label"] for p in ask("get", f"readings/{reading.pk}/patients").json()] == ["Patient 1"]


def test_lists_ask_a_fixed_number_of_questions(ask: Ask, reading: Reading, patient: Patient, who: worlds.People) -> None:
    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            ask("get", path)
        return len(queries)

    annotation.mark_rest_not_reported(reading_id=reading.pk, patient_id=patient.pk, group_slug="labs", by=who.curator)
    ask("get", "readings")
    few = [asked("readings"), asked(f"readings/{reading.pk}/annotations")]
    for group in ("person", "weakness"):
        annotation.mark_rest_not_reported(reading_id=reading.pk, patient_id=patient.pk, group_slug=group, by=who.curator)
    many = [asked("readings"), asked(f"readings/{reading.pk}/annotations")]
    assert many == few
    assert max(few) <= 6


def test_deep_nesting_is_refused(client: Client, reading: Reading, who: worlds.People) -> None:
    headers = {"Authorization": worlds.token_of(who.curator)}
    deep = '{"feature": "sex", "status": "present", "patient": 1, "value": ' + "[" * 50_000 + "]" * 50_000 + "}"
    sent = client.post(f"/api/v1/readings/{reading.pk}/annotations", deep, content_type="application/json", headers=headers)
    assert sent.status_code == 400
