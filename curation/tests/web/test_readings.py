"""The workspace's pages: they translate, keep what was typed, and work with and without htmx."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curation.annotation import actions as annotation
from curation.annotation import workspace
from curation.choices import ReadingState
from curation.codebook import queries as codebook
from curation.models import Annotation, Patient, Reading, Screening, Section
from curation.tests import worlds
from curation.tests.annotation.conftest import ABSTRACT, TWICE, abstract, article, patient, reading

__all__ = ["abstract", "article", "patient", "reading"]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def curator(client: Client, who: worlds.People) -> Client:
    client.force_login(who.curator)
    return client


def form(patient: Patient, **fields: object) -> dict[str, object]:
    return {"patient": patient.pk, "instance": 1, "status": "present", "confidence": "high", "comment": "", **fields}


def test_a_stranger_is_sent_to_sign_in(client: Client, reading: Reading) -> None:
    for address in ("/readings/", f"/readings/{reading.pk}/", f"/readings/{reading.pk}/features/sex/"):
        assert client.get(address).headers["Location"].startswith("/sign-in/")


def test_somebody_elses_reading_is_not_found(client: Client, reading: Reading, who: worlds.People) -> None:
    client.force_login(who.curator2)
    assert client.get(f"/readings/{reading.pk}/").status_code == 404
    assert client.post(f"/readings/{reading.pk}/submit/", {"version": 1}).status_code == 404


def test_from_the_work_list_into_the_workspace(curator: Client, included: Screening) -> None:
    page = curator.get("/readings/")
    assert "Asymmetric weakness" in page.text
    entered = curator.post(f"/projects/imnm/articles/{included.article_id}/read/", {"patient": "Patient 1"}, follow=True)
    assert entered.redirect_chain[0][0] == f"/readings/{Reading.objects.get().pk}/"
    assert "Patient 1" in entered.text
    assert "Assigned, not begun" in curator.get("/readings/").text


def test_without_a_patient_it_asks_for_one(curator: Client, reading: Reading) -> None:
    page = curator.get(f"/readings/{reading.pk}/")
    assert "Whom does the article describe?" in page.text
    made = curator.post(f"/readings/{reading.pk}/patients/add/", {"label": "II-3"}, follow=True)
    assert "II-3" in made.text
    assert "Symmetry of weakness" in made.text


def test_the_workspace_asks_few_questions_of_the_database(curator: Client, reading: Reading, patient: Patient) -> None:
    for read_once in (codebook.specs_in, codebook._features, codebook._by_slug, workspace.questions_of):
        read_once.cache_clear()
    with CaptureQueriesContext(connection) as queries:
        curator.get(f"/readings/{reading.pk}/")
    assert len(queries) <= 12, "the codebook's two, which a process asks once, among them"


def test_a_save_asks_few_questions_of_the_database(
    curator: Client, reading: Reading, patient: Patient, abstract: Section
) -> None:
    answer = {"patient": patient.pk, "status": "present", "quote": f"{abstract.pk}:{abstract.text.index(TWICE)}:{TWICE}"}
    curator.get(f"/readings/{reading.pk}/")  # the codebook is read once per process
    with CaptureQueriesContext(connection) as queries:
        kept = curator.post(f"/readings/{reading.pk}/features/weakness/record/", answer, headers={"HX-Request": "true"})
    assert kept.status_code == 200
    asked = [each["sql"] for each in queries if "SAVEPOINT" not in each["sql"]]
    assert len(asked) <= 19


def test_a_form_without_script_finds_the_sentence_and_saves(
    curator: Client, reading: Reading, patient: Patient, abstract: Section
) -> None:
    address = f"/readings/{reading.pk}/features/weakness/"
    assert "Is there weakness?" in curator.get(f"{address}?patient={patient.pk}").text
    found = curator.post(f"{address}find/", form(patient, find="left lower extremity weakness", comment="as typed"))
    second = f"{abstract.pk}:{ABSTRACT.rindex('left lower')}:left lower extremity\u0020weakness"
    assert found.status_code == 200
    assert found.text.count("<mark>left lower extremity weakness</mark>") == 2
    assert second in found.text
    assert "as typed" in found.text
    saved = curator.post(f"{address}record/", form(patient, quote=second, comment="as typed"))
    assert saved.headers["Location"] == f"{address}?patient={patient.pk}#feature-weakness"
    made = Annotation.objects.get()
    assert (made.comment, made.evidence.get().start) == ("as typed", ABSTRACT.rindex("left lower"))
    assert 'class="mark hue-1"' in curator.get(f"/readings/{reading.pk}/").text


def test_nothing_found_says_so(curator: Client, reading: Reading, patient: Patient) -> None:
    found = curator.post(f"/readings/{reading.pk}/features/weakness/find/", form(patient, find="rituximab"))
    assert "stand nowhere" in found.text


def test_a_refused_save_keeps_what_was_typed(curator: Client, reading: Reading, patient: Patient, abstract: Section) -> None:
    sent = form(patient, value="9000000", comment="very high", quote=f"{abstract.pk}:0:no such words")
    for headers in ({}, HTMX):
        refused = curator.post(f"/readings/{reading.pk}/features/ck/record/", sent, headers=headers)
        assert refused.status_code == 422
        assert "outside the range" in refused.text
        assert 'value="9000000"' in refused.text
        assert "very high" in refused.text
        assert "no such words" in refused.text
    assert refused.headers["HX-Retarget"] == "#form-ck"
    assert not Annotation.objects.exists()


def test_a_save_by_htmx_answers_with_the_parts_that_changed(
    curator: Client, reading: Reading, patient: Patient, abstract: Section
) -> None:
    quote = f"{abstract.pk}:{ABSTRACT.index('low back')}:low back pain"
    saved = curator.post(f"/readings/{reading.pk}/features/weakness/record/", form(patient, quote=quote), headers=HTMX)
    assert saved.status_code == 200
    parts = set(re.findall(r'id="([^"]+)"[^>]*data-part', saved.text, re.DOTALL))
    whole = {"reading-state", "workspace-progress", "missing", "workspace-undo", "group-head-weakness"}
    assert parts == whole | {"feature-weakness", "feature-symmetry", "feature-side", f"section-{abstract.pk}"}
    assert "1 of 5 core" in saved.text


def test_two_tabs_are_told_of_each_other(curator: Client, reading: Reading, patient: Patient, who: worlds.People) -> None:
    made = annotation.record(
        reading_id=reading.pk, patient_id=patient.pk, feature_slug="sex", status="present", value="female", by=who.curator
    )
    annotation.change(annotation_id=made.pk, version=1, status="present", value="male", comment="the other tab", by=who.curator)
    stale = curator.post(
        f"/readings/{reading.pk}/features/sex/record/", form(patient, version=1, value="female", comment="this tab")
    )
    assert stale.status_code == 412
    for words in ("changed somewhere else", "the other tab", "this tab", "Female", "Male", 'name="version" value="2"'):
        assert words in stale.text
    kept = curator.post(
        f"/readings/{reading.pk}/features/sex/record/", form(patient, version=2, value="female", comment="this tab")
    )
    assert kept.status_code == 302
    made.refresh_from_db()
    assert (made.value, made.comment) == ("female", "this tab")


def test_an_answer_given_meanwhile_is_shown_beside_the_new_one(
    curator: Client, reading: Reading, patient: Patient, who: worlds.People
) -> None:
    annotation.record(
        reading_id=reading.pk, patient_id=patient.pk, feature_slug="sex", status="present", value="male", by=who.curator
    )
    second = curator.post(f"/readings/{reading.pk}/features/sex/record/", form(patient, value="female"))
    assert second.status_code == 412
    assert "changed somewhere else" in second.text
    again = curator.post(f"/readings/{reading.pk}/features/sex/record/", form(patient, value="male"))
    assert again.status_code == 302, "the same answer, sent again because its reply was lost, is no conflict"
    assert Annotation.objects.get().version == 1


def test_a_wrong_input_with_an_old_version_stays_old(
    curator: Client, reading: Reading, patient: Patient, who: worlds.People
) -> None:
    made = annotation.record(
        reading_id=reading.pk, patient_id=patient.pk, feature_slug="ck", status="not_reported", by=who.curator
    )
    assert made.version == 1
    refused = curator.post(f"/readings/{reading.pk}/features/ck/record/", form(patient, version=1, value="x"))
    assert refused.status_code == 422
    assert 'name="version" value="1"' in refused.text


def test_evidence_is_removed_and_the_rest_of_the_form_stays(
    curator: Client, reading: Reading, patient: Patient, abstract: Section, who: worlds.People
) -> None:
    made = annotation.record(
        reading_id=reading.pk,
        patient_id=patient.pk,
        feature_slug="weakness",
        status="present",
        quotes=[annotation.Quote(abstract.pk, "low back pain")],
        by=who.curator,
    )
    proof = made.evidence.get()
    answer = curator.post(f"/evidence/{proof.pk}/remove/", form(patient, version=1, comment="half typed"))
    assert answer.status_code == 200
    assert "half typed" in answer.text
    assert 'name="version" value="2"' in answer.text
    gone = curator.post(f"/annotations/{made.pk}/remove/", form(patient, version=2))
    assert gone.status_code == 302
    assert not Annotation.objects.exists()


@pytest.mark.parametrize(
    ("value_type", "sent", "kept"),
    [
        ("sex", {"value": "male"}, "male"),
        ("age", {"value": "35 years"}, "P35Y"),
        ("regions", {"value": ["legs", "arms"]}, ["arms", "legs"]),
        ("ck", {"value": "5,320"}, 5320),
        ("remark", {"value": "free words"}, "free words"),
        ("symptoms", {"value": ["Low back pain (HP:0003419)", ""]}, [{"id": "HP:0003419", "label": "Low back pain"}]),
    ],
)
def test_each_kind_of_value_is_entered_and_shown_again(
    value_type: str, sent: dict[str, object], kept: object, curator: Client, reading: Reading, patient: Patient
) -> None:
    address = f"/readings/{reading.pk}/features/{value_type}/"
    answer = curator.post(f"{address}record/", form(patient, **sent))
    assert answer.status_code == 302, answer.text
    made = Annotation.objects.get()
    assert made.value == kept
    page = curator.get(f"{address}?patient={patient.pk}").text
    assert 'name="version" value="1"' in page


def test_submit_lists_what_is_missing_and_then_hands_in(
    curator: Client, reading: Reading, patient: Patient, who: worlds.People
) -> None:
    refused = curator.post(f"/readings/{reading.pk}/submit/", {"version": 1})
    assert refused.status_code == 422
    assert f'href="/readings/{reading.pk}/features/sex/?patient={patient.pk}#feature-sex"' in refused.text
    for group in ("person", "weakness", "labs"):
        sent = {"patient": patient.pk, "group": group}
        assert curator.post(f"/readings/{reading.pk}/rest-not-reported/", sent).status_code == 302
    done = curator.post(f"/readings/{reading.pk}/submit/", {"version": 1}, follow=True)
    assert "Submitted" in done.text
    reading.refresh_from_db()
    assert reading.state == ReadingState.SUBMITTED
    page = curator.get(f"/readings/{reading.pk}/")
    assert "Read-only" in page.text
    assert "feature-form" not in page.text
    assert curator.post(f"/readings/{reading.pk}/features/sex/record/", form(patient)).status_code == 409


def test_features_are_found_by_any_part_of_their_words(curator: Client, reading: Reading, patient: Patient) -> None:
    page = curator.get(f"/readings/{reading.pk}/?q=hp:0003419").text
    assert "Presenting symptoms" in page
    assert 'id="feature-sex"' not in page


@pytest.mark.parametrize(
    ("address", "sent", "status"),
    [
        ("features/nothing/record/", {"status": "present"}, 422),
        ("features/sex/record/", {"status": "present", "value": "male", "quote": "nonsense"}, 422),
        ("features/sex/record/", {"status": "present", "value": "ma\x00le"}, 422),
        ("features/sex/record/", {"instance": "x"}, 422),
        ("patients/add/", {"label": "\x00"}, 422),
        ("scope/", {"version": "1"}, 422),
        ("scope/", {"scope": "title"}, 428),
        ("rest-not-reported/", {"group": "nowhere"}, 422),
    ],
)
def test_bad_input_is_refused(
    address: str, sent: dict[str, str], status: int, curator: Client, reading: Reading, patient: Patient
) -> None:
    answer = curator.post(f"/readings/{reading.pk}/{address}", {"patient": patient.pk, **sent})
    assert answer.status_code == status
    assert not Annotation.objects.exists()


def test_the_scope_and_the_patients_name_are_kept(curator: Client, reading: Reading, patient: Patient) -> None:
    kept = curator.post(f"/readings/{reading.pk}/scope/", {"version": 1, "scope": ["title", "abstract"]}, follow=True)
    assert "is kept" in kept.text
    renamed = curator.post(f"/readings/{reading.pk}/patients/{patient.pk}/rename/", {"version": 1, "label": "II-3"}, follow=True)
    assert "II-3" in renamed.text
    gone = curator.post(f"/readings/{reading.pk}/patients/{patient.pk}/remove/", {"version": 2}, follow=True)
    assert "Whom does the article describe?" in gone.text
