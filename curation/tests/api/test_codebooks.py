"""Codebooks by API: read by everybody, loaded by an administrator's program, refused as problems."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from curation.choices import Scope
from curation.codebook.actions import load_codebook
from curation.criteria.actions import load_rules
from curation.models import CodebookVersion
from curation.tests import worlds

SEEDS = Path(settings.BASE_DIR) / "seeds"
IMNM = (SEEDS / "codebooks" / "imnm.yaml").read_text()
ROOT = "/api/v1/codebooks"


@pytest.fixture
def who(db: None) -> worlds.People:
    return worlds.some_people()


@pytest.fixture
def version(who: worlds.People) -> CodebookVersion:
    version = load_codebook(text=IMNM, by=who.administrator)
    load_rules(text=(SEEDS / "rules" / "imnm.yaml").read_text(), codebook=version.codebook, by=who.administrator)
    return version


def test_codebooks_and_versions(client: Client, version: CodebookVersion) -> None:
    (book,) = client.get(ROOT).json()["results"]
    assert (book["slug"], book["versions"][0]["version"], book["versions"][0]["feature_count"]) == ("imnm", "1.0.0", 263)
    whole = client.get(f"{ROOT}/imnm/1.0.0").json()
    assert (whole["source"], len(whole["groups"]), len(whole["statuses"])) == (IMNM, 20, 6)


def test_features_are_listed_found_and_read(client: Client, version: CodebookVersion) -> None:
    assert client.get(f"{ROOT}/imnm/1.0.0/features").json()["count"] == 263
    found = client.get(f"{ROOT}/imnm/1.0.0/features?words=rash&tier=core").json()
    assert [f["slug"] for f in found["results"]] == ["skin_rash_any"]
    one = client.get(f"{ROOT}/imnm/1.0.0/features/ck_value").json()
    assert (one["unit"]["label"], one["range"], one["group"]) == ("U/L", {"min": 0, "max": 500000}, "labs")


def test_the_rules_in_force(client: Client, version: CodebookVersion) -> None:
    rules = client.get(f"{ROOT}/imnm/rules").json()["results"]
    assert {"biopsy_side_vs_weak_side", "eular_acr_2017_score", "onset_age_class", "serostatus"} <= {r["slug"] for r in rules}
    assert {r["version"] for r in rules} == {"1.0.0"}


@pytest.mark.parametrize(
    "path", ["/x/1.0.0", "/imnm/2.0.0", "/imnm/%00", "/imnm/1.0.0/features/x", "/x/1.0.0/features", "/x/rules"]
)
def test_what_is_not_there(client: Client, version: CodebookVersion, path: str) -> None:
    answer = client.get(f"{ROOT}{path}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def post(client: Client, token: str, source: object) -> object:
    return client.post(ROOT, {"text": source}, content_type="application/json", headers={"Authorization": token})


def test_an_administrators_program_loads_a_version_once(client: Client, who: worlds.People) -> None:
    token = worlds.token_of(who.administrator)
    for _ in range(2):
        answer = post(client, token, IMNM)
        assert (answer.status_code, answer.json()["version"]) == (201, "1.0.0")
    assert CodebookVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (IMNM.replace("value_type: choice\n", "value_type: pick\n"), "unknown “pick”"),
        ("a: [", "expected"),
        ("codebook: x\nversion: '\\0'", "missing"),
    ],
)
def test_faults_come_as_a_problem(client: Client, who: worlds.People, source: str, said: str) -> None:
    answer = post(client, worlds.token_of(who.administrator), source)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert any(said in fault["reason"] for fault in answer.json()["faults"])
    assert not CodebookVersion.objects.exists()


@pytest.mark.parametrize("source", [None, True, {"a": 1}, "", "nul \x00"])
def test_what_is_no_text_is_refused(client: Client, who: worlds.People, source: object) -> None:
    assert post(client, worlds.token_of(who.administrator), source).status_code == 400


def test_others_do_not_load(client: Client, who: worlds.People) -> None:
    assert client.post(ROOT, {"text": IMNM}, content_type="application/json").status_code == 401
    assert post(client, worlds.token_of(who.moderator), IMNM).status_code == 403
    assert post(client, worlds.token_of(who.administrator, Scope.READ), IMNM).status_code == 403
    assert not CodebookVersion.objects.exists()
