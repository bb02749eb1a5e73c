"""Findings by API: filtered, with their evidence as W3C selectors, and bad questions refused as problems."""

import pytest
from django.test import Client

from curation.models import Reading, Ruling
from curation.tests import worlds
from curation.tests.worlds import ABSTRACT, People


def listed(client: Client, **filters: object) -> list[dict[str, object]]:
    answer = client.get("/api/v1/findings", filters)
    assert answer.status_code == 200
    return answer.json()["results"]


def test_findings_are_filtered(client: Client, published: Ruling) -> None:
    assert len(listed(client)) == 6
    (age,) = listed(client, project="imnm", feature="age", status="present", article=published.article_id)
    assert (age["value"], age["low"], age["codebook"]) == ("P35Y", 35.0, "imnm 1.0.0")
    assert listed(client, feature="age", status="excluded") == []
    assert listed(client, state="retracted") == []
    assert len(listed(client, patient=age["patient"])) == 6
    assert listed(client, patient=10**30) == listed(client, article=10**30) == []


@pytest.mark.parametrize(
    "filters", [{"status": "maybe"}, {"patient": "x"}, {"patient": 0}, {"project": "a b"}, {"state": "gone"}, {"feature": "\0"}]
)
def test_a_filter_that_means_nothing(client: Client, published: Ruling, filters: dict[str, object]) -> None:
    answer = client.get("/api/v1/findings", filters)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_a_finding_carries_its_evidence(client: Client, published: Ruling) -> None:
    finding = published.findings.get(feature__slug="age")
    answer = client.get(f"/api/v1/findings/{finding.pk}")
    (evidence,) = answer.json()["evidence"]
    quote, position = evidence["selector"]
    assert answer["ETag"] == '"1"'
    assert (quote["type"], quote["exact"]) == ("TextQuoteSelector", "35-year-old")
    assert ABSTRACT[position["start"] : position["end"]] == quote["exact"]
    assert (evidence["source"]["pmid"], evidence["source"]["section"]) == (34829411, "abstract")


def test_submitted_readings_wait_for_moderators(client: Client, submitted: Reading, who: People) -> None:
    address = f"/api/v1/projects/{submitted.project.slug}/submitted-readings"
    mine = client.get(address, headers={"Authorization": worlds.token_of(who.moderator)})
    assert [reading["id"] for reading in mine.json()["results"]] == [submitted.pk]
    assert client.get(address, headers={"Authorization": worlds.token_of(who.curator)}).status_code == 403


@pytest.mark.parametrize("body", ["[]", "null", '{"note": {"a": 1}}', '{"note": "\\u0000"}', "{", '{"note": 5000000}'])
def test_a_body_that_is_no_note(client: Client, submitted: Reading, who: People, body: str) -> None:
    headers = {"Authorization": worlds.token_of(who.moderator), "If-Match": '"99"'}
    answer = client.post(f"/api/v1/readings/{submitted.pk}/send-back", body, content_type="application/json", headers=headers)
    assert answer.status_code in (400, 412, 422)
    assert answer["Content-Type"] == "application/problem+json"
