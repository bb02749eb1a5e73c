"""Idempotency-Key at the machine door: annotations and imports sent again are made once."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from curation.models import Annotation, Batch, Patient, Project, Reading, Section
from curation.tests import worlds
from curation.tests.annotation.conftest import TWICE, abstract, article, patient, reading
from curation.tests.api.test_imports import GOOD

__all__ = ["abstract", "article", "patient", "reading"]

KEY = {"Idempotency-Key": "3f0c9e52-1"}


@pytest.fixture
def api(client: Client, who: worlds.People, project: Project, settings: SimpleNamespace, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    client.defaults["HTTP_AUTHORIZATION"] = worlds.token_of(who.curator)
    return client


def test_an_answer_sent_again_is_recorded_once(api: Client, reading: Reading, patient: Patient, abstract: Section) -> None:
    address = f"/api/v1/readings/{reading.pk}/annotations"
    quote = {"section": abstract.pk, "exact": TWICE, "start": abstract.text.index(TWICE)}
    answer = {"patient": patient.pk, "feature": "weakness", "status": "present", "quotes": [quote]}
    first = api.post(address, answer, content_type="application/json", headers=KEY)
    again = api.post(address, answer, content_type="application/json", headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.headers["ETag"] == again.headers["ETag"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Annotation.objects.get().evidence.count() == 1
    other = api.post(address, {**answer, "status": "excluded"}, content_type="application/json", headers=KEY)
    assert (other.status_code, other.json()["faults"][0]["where"]) == (422, "Idempotency-Key")


def test_a_change_and_a_removal_sent_again(api: Client, reading: Reading, patient: Patient) -> None:
    record = {"patient": patient.pk, "feature": "weakness", "status": "present"}
    made = api.post(f"/api/v1/readings/{reading.pk}/annotations", record, content_type="application/json").json()
    address, version = f"/api/v1/annotations/{made['id']}", {"If-Match": '"1"'}
    for _time in range(2):
        sent = api.patch(
            address, {"status": "excluded"}, content_type="application/json", headers=version | {"Idempotency-Key": "a"}
        )
        assert (sent.status_code, sent.headers["ETag"]) == (200, '"2"'), "not told that the version is another by now"
    for _time in range(2):
        assert api.delete(address, headers={"If-Match": '"2"', "Idempotency-Key": "b"}).status_code == 204
    assert not Annotation.objects.exists()


def test_whoever_left_is_not_answered_again(
    api: Client, reading: Reading, patient: Patient, project: Project, who: worlds.People
) -> None:
    address, sent = (
        f"/api/v1/readings/{reading.pk}/annotations",
        {"patient": patient.pk, "feature": "weakness", "status": "present"},
    )
    assert api.post(address, sent, content_type="application/json", headers=KEY).status_code == 201
    worlds.people.end_membership(project=project, user=who.curator, by=who.administrator)
    again = api.post(address, sent, content_type="application/json", headers=KEY)
    assert (again.status_code, "feature" in again.json()) == (403, False)
    assert Annotation.objects.count() == 1


def test_a_refusal_is_not_kept(api: Client, reading: Reading, patient: Patient) -> None:
    address = f"/api/v1/readings/{reading.pk}/annotations"
    wrong = {"patient": patient.pk, "feature": "weakness", "status": "perhaps"}
    assert api.post(address, wrong, content_type="application/json", headers=KEY).status_code == 400
    right = {**wrong, "status": "present"}
    assert api.post(address, right, content_type="application/json", headers=KEY).status_code == 201


def test_an_import_sent_again_is_opened_once(api: Client) -> None:
    def opened(data: bytes) -> int:
        form = {"file": SimpleUploadedFile("some.xml", data), "project": "imnm"}
        answer = api.post("/api/v1/batches", form, headers=KEY)
        return answer.json().get("id", answer.status_code)

    assert opened(GOOD) == opened(GOOD) == Batch.objects.get().pk
    assert opened(GOOD.replace(b"2", b"3")) == 422
    pmids = {"pmids": "34829411", "project": "imnm"}
    for _time in range(2):
        assert (
            api.post("/api/v1/batches", pmids, content_type="application/json", headers={"Idempotency-Key": "x"}).status_code
            == 201
        )
    assert Batch.objects.count() == 2


def test_a_key_opens_nothing_that_is_closed(client: Client, api: Client, reading: Reading, who: worlds.People) -> None:
    client.defaults["HTTP_AUTHORIZATION"] = worlds.token_of(who.curator2)
    sent = {"patient": 1, "feature": "weakness", "status": "present"}
    answer = client.post(f"/api/v1/readings/{reading.pk}/annotations", sent, content_type="application/json", headers=KEY)
    assert answer.status_code == 404
