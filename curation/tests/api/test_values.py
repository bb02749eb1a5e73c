"""Values, series and who is who by API: what goes in comes out in words that go in again."""

import json
from typing import Any

import pytest
from django.test import Client

from curation.models import Patient, Project, Reading
from curation.patients import actions as patients
from curation.tests import worlds
from curation.tests.patients.conftest import here, published_patient, there

__all__ = ["here", "there"]


@pytest.fixture
def call(client: Client, who: worlds.People) -> Any:
    """(method, path, body, version) -> (status, answer), as the curator's program."""
    told = {"Authorization": worlds.token_of(who.curator)}

    def ask(method: str, path: str, body: object = None, *, version: int | None = None, by: str = "") -> tuple[int, Any]:
        headers = {"Authorization": by or told["Authorization"]} | ({"If-Match": f'"{version}"'} if version else {})
        sent = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        answer = getattr(client, method)(f"/api/v1/{path}", headers=headers, **sent)
        return answer.status_code, answer.json() if answer.content else None

    return ask


def test_a_value_is_written_read_and_written_again(call: Any, started: Reading) -> None:
    patient = started.patients.get().pk
    body = {"patient": patient, "feature": "ck", "status": "present", "value": "5.32 kU/L (ref < 200 U/L)"}
    status, made = call("post", f"readings/{started.pk}/annotations", body)
    assert status == 201
    assert (made["value"], made["low"]) == (5320.0, 5320.0)
    assert made["qualifiers"] == {"unit": "kU/L", "upper_limit": 200.0, "times_upper_limit": 26.6}
    again = {name: made[name] for name in ("status", "value", "qualifiers")}
    status, kept = call("put", f"annotations/{made['id']}", again, version=made["version"])
    assert (status, kept["value"], kept["qualifiers"]) == (200, made["value"], made["qualifiers"])
    refused, why = call("put", f"annotations/{made['id']}", {**again, "value": "7 mg/dl"}, version=kept["version"])
    assert refused == 422
    assert "give it in U/L" in why["faults"][0]["reason"]


def test_not_reported_says_of_what(call: Any, started: Reading) -> None:
    body = {"patient": started.patients.get().pk, "feature": "sex", "status": "not_reported"}
    _, made = call("post", f"readings/{started.pk}/annotations", body)
    assert made["qualifiers"] == {"scope": ["title", "abstract"]}
    status, kept = call("patch", f"annotations/{made['id']}", {"comment": "Looked twice."}, version=made["version"])
    assert (status, kept["qualifiers"]) == (200, made["qualifiers"])


def test_terms_are_found_with_their_source(call: Any) -> None:
    status, found = call("get", "terms?q=lumbago")
    assert status == 200
    assert found["results"][0] == {
        "id": "HP:0003419",
        "label": "Low back pain",
        "by": "Lumbago",
        "written": "Low back pain (HP:0003419)",
    }
    assert found["release"] == "hp/releases/2025-01-16"
    assert call("get", "terms")[1]["results"] == []


def test_rows_of_a_series(call: Any, started: Reading) -> None:
    patient = started.patients.get().pk
    rows = f"readings/{started.pk}/series/ck/rows"
    assert call("post", rows, {"patient": patient, "values": {"ck": "from 7,200 to 310 U/L"}}) == (201, {"instances": [1, 2]})
    assert call("post", f"{rows}/2/copy", {"patient": patient}) == (201, {"instances": [3]})
    assert call("post", f"{rows}/3/move", {"patient": patient, "up": True})[0] == 204
    listed = call("get", f"readings/{started.pk}/annotations")[1]["results"]
    version = next(each["version"] for each in listed if each["instance"] == 1)
    assert call("delete", f"{rows}/1?patient={patient}")[0] == 428
    assert call("delete", f"{rows}/1?patient={patient}", version=version)[0] == 204
    assert call("post", rows, {"patient": patient, "values": {"ck": "many"}})[0] == 422
    assert call("post", f"readings/{started.pk}/series/none/rows", {"patient": patient, "values": {"ck": 1}})[0] == 422


def test_patients_of_a_reading_are_ordered_and_merged(call: Any, started: Reading) -> None:
    of_reading = f"readings/{started.pk}/patients"
    first = started.patients.get().pk
    second = call("post", of_reading, {"label": "The man"})[1]["id"]
    assert [p["id"] for p in call("post", f"{of_reading}/order", {"patients": [second, first]})[1]] == [second, first]
    for patient, sex in ((first, "male"), (second, "female")):
        body = {"patient": patient, "feature": "sex", "status": "present", "value": sex}
        call("post", f"readings/{started.pk}/annotations", body)
    status, why = call("post", f"{of_reading}/{first}/merge", {"gone": second})
    assert (status, why["faults"][0]["where"]) == (422, "sex")
    status, made = call("post", f"{of_reading}/{first}/merge", {"gone": second, "choices": {"sex": "kept"}})
    assert (status, [p["id"] for p in call("get", of_reading)[1]]) == (201, [first])
    assert call("post", f"patient-merges/{made['id']}/undo")[0] == 428
    assert call("post", f"patient-merges/{made['id']}/undo", version=made["version"])[0] == 200
    assert len(call("get", of_reading)[1]) == 2


def test_the_same_person_in_two_articles(call: Any, here: Patient, there: Patient, who: worlds.People) -> None:
    status, made = call("post", f"patients/{there.pk}/same-as", {"other": here.pk, "reason": "Same figures."})
    assert (status, made["state"]) == (201, "proposed")
    moderator = worlds.token_of(who.moderator)
    confirm = f"same-patients/{made['id']}/confirm"
    assert call("post", confirm, {}, version=1)[0] == 403
    assert call("post", confirm, {}, by=moderator)[0] == 428
    status, kept = call("post", confirm, {}, version=1, by=moderator)
    assert (status, kept["settled_by"]) == (200, "The moderator")
    assert call("get", f"patients/{there.pk}")[1]["merged_into"] == here.pk
    assert [each["state"] for each in call("get", f"patients/{here.pk}/same-as")[1]] == ["confirmed"]
    undo = f"same-patients/{made['id']}/undo"
    assert call("post", undo, {"reason": ""}, version=2, by=moderator)[0] == 422
    assert call("post", undo, {"reason": "Other ages."}, version=2, by=moderator)[0] == 200


def test_patients_are_found_by_their_articles(call: Any, project: Project, here: Patient, who: worlds.People) -> None:
    other = published_patient(project, who, 77)
    found = call("get", "patients?q=77")[1]["results"]
    assert [each["id"] for each in found] == [other.pk]
    assert found[0]["reports"][0]["pmid"] == 77
    assert {each["id"] for each in call("get", f"patients?project={project.slug}")[1]["results"]} == {here.pk, other.pk}
    assert call("get", "patients/999999999")[0] == 404
    patients.mark_same(patient_id=here.pk, other_id=other.pk, reason="Same.", by=who.moderator)
