"""Evidence over HTTP: rectangles and cells, plainly and by W3C selectors, and given away as W3C Web Annotations."""

import json
from typing import Any

import pytest
from django.test import Client

from curation.annotation import actions as annotation
from curation.annotation.actions import Cell, Quote, Region
from curation.models import Evidence, Finding, Reading
from curation.review import actions as review
from curation.tests import worlds
from curation.tests.annotation.desk import TABLE, Desk, desk
from curation.tests.api.test_readings import Ask, ask, told

__all__ = ["ask", "desk"]

FRAGMENT = {"type": "FragmentSelector", "conformsTo": "http://www.w3.org/TR/media-frags/", "value": "xywh=percent:10,20,30,40"}


@pytest.fixture
def weak(desk: Desk) -> dict[str, Any]:
    """What a new answer sends besides its evidence."""
    return {"patient": desk.reading.patients.get().pk, "feature": "weakness", "status": "present"}


def recorded(ask: Ask, desk: Desk, weak: dict[str, Any], *pieces: dict[str, Any]) -> Any:
    return ask("post", f"readings/{desk.reading.pk}/annotations", {**weak, "quotes": list(pieces)})


def test_rectangles_and_cells_are_sent_plainly(ask: Ask, desk: Desk, weak: dict[str, Any]) -> None:
    table = desk.section(TABLE).pk
    region = {"figure": desk.figure.pk, "region": [10, 20, 30, 40], "panel": "A", "role": "background"}
    made = recorded(ask, desk, weak, region, {"section": table, "row": 2, "column": 2}, {"section": table, "row": 2})
    assert made.status_code == 201, made.text
    drawn, cell, row = made.json()["evidence"]
    assert (drawn["kind"], drawn["region"], drawn["panel"], drawn["role"]) == ("region", [10, 20, 30, 40], "A", "background")
    assert drawn["selector"] == [FRAGMENT]
    assert (cell["kind"], cell["exact"], cell["cell"]["column_head"]) == ("cell", "5,320", "Value")
    assert [s["type"] for s in cell["selector"]] == ["TextQuoteSelector", "TextPositionSelector", "XPathSelector"]
    assert cell["selector"][2]["value"] == "(//tr)[2]/*[2]"
    assert row["selector"][2]["value"] == "(//tr)[2]"


def test_what_the_api_gives_it_takes_back(ask: Ask, desk: Desk, weak: dict[str, Any]) -> None:
    """Selectors and sources of the kept evidence, sent for another answer, are the same evidence there."""
    desk.record(
        Quote(desk.section("abstract").pk, "low back pain"),
        Region(desk.figure.pk, [10, 20, 30, 40]),
        Cell(desk.section(TABLE).pk, 2, 2),
        slug="sex",
        value="male",
    )
    linked = ask("get", f"readings/{desk.reading.pk}/annotations.jsonld").json()
    (given,) = linked["first"]["items"]
    sent = [{name: target[name] for name in ("source", "selector")} for target in given["target"]]
    made = recorded(ask, desk, weak, *sent)
    assert made.status_code == 201, made.text
    first, second = (
        [each.place for each in Evidence.objects.filter(annotation__feature__slug=slug).order_by("pk")]
        for slug in ("sex", "weakness")
    )
    assert first == second


@pytest.mark.parametrize(
    ("selector", "reason"),
    [
        ({"type": "SvgSelector", "value": "<svg/>"}, "none that is known here"),
        ("xywh", "none that is known here"),
        ({"type": "FragmentSelector", "value": "xywh=1,2,3,4"}, "xywh=percent:x,y,w,h"),
        ({"type": "FragmentSelector", "conformsTo": "http://tools.ietf.org/rfc/rfc3236", "value": "x"}, "media-frags"),
        ({**FRAGMENT, "value": "xywh=percent:90,0,20,10"}, "outside the figure"),
        ({"type": "XPathSelector", "value": "/html/body"}, "(//tr)[3]"),
        ({"type": "XPathSelector", "value": "(//tr)[99]"}, "no row 99"),
        ({"type": "TextQuoteSelector", "exact": "no such words"}, "do not stand"),
        ({"type": "TextQuoteSelector", "exact": 5}, "must be a text"),
        ({"type": "TextPositionSelector", "start": -1}, "counted in code points"),
        ({"type": "TextPositionSelector", "start": 1, "end": 4}, "is missing"),
    ],
)
def test_selectors_that_lead_nowhere_are_refused(
    ask: Ask, desk: Desk, weak: dict[str, Any], selector: object, reason: str
) -> None:
    piece = {"section": desk.section(TABLE).pk, "figure": desk.figure.pk, "selector": selector}
    assert reason in told(recorded(ask, desk, weak, piece), 422)
    assert not Evidence.objects.exists()


def test_other_refusals_say_where(ask: Ask, desk: Desk, weak: dict[str, Any]) -> None:
    for piece, status, reason in (
        ({}, 422, "section"),
        ({"region": [1, 2, 3, 4]}, 422, "figure"),
        ({"figure": desk.figure.pk, "region": [1, 2, 3]}, 400, "quotes.0.region"),
        ({"figure": 10**12, "region": [1, 2, 3, 4]}, 422, "is no figure of"),
        ({"section": desk.section(TABLE).pk, "row": 2, "column": 9}, 422, "no cell 9"),
        ({"section": desk.section(TABLE).pk, "row": 0}, 400, "quotes.0.row"),
    ):
        assert reason in told(recorded(ask, desk, weak, piece), status)


def test_evidence_is_amended_under_the_answers_version(ask: Ask, desk: Desk) -> None:
    made = desk.record(Region(desk.figure.pk, [1, 1, 5, 5]))
    pk = made.evidence.get().pk
    told(ask("patch", f"evidence/{pk}", {"contradicts": True}), 428)
    told(ask("patch", f"evidence/{pk}", {"contradicts": True}, version=7), 412)
    changed = ask("patch", f"evidence/{pk}", {"contradicts": True, "panel": "B"}, version=1)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert [changed.json()["evidence"][0][name] for name in ("contradicts", "panel", "role")] == [True, "B", "own"]
    told(ask("patch", f"evidence/{pk}", {"role": "rumour"}, version=2), 400)
    told(ask("patch", f"evidence/{pk}", {"panel": "C"}, version=2, by="moderator"), 404)


# --- given away -------------------------------------------------------------------------------------------------------


@pytest.fixture
def finding(desk: Desk) -> Finding:
    """Published, proven by words, a rectangle and a cell."""
    desk.record(
        Quote(desk.section("abstract").pk, "low back pain", contradicts=True),
        Region(desk.figure.pk, [10, 20, 30, 40], panel="A"),
        Cell(desk.section(TABLE).pk, 2, 2),
    )
    patient = desk.reading.patients.get().pk
    for group in ("person", "weakness", "labs"):
        annotation.mark_rest_not_reported(reading_id=desk.reading.pk, patient_id=patient, group_slug=group, by=desk.who.curator)
    reading = Reading.objects.get(pk=desk.reading.pk)
    handed_in = annotation.submit(reading_id=reading.pk, version=reading.version, by=desk.who.curator)
    review.publish(reading_id=handed_in.pk, version=handed_in.version, by=desk.who.moderator)
    return Finding.objects.get(feature__slug="weakness")


def assert_annotation(given: dict[str, Any]) -> None:
    """What the W3C Web Annotation vocabulary asks of an Annotation, its bodies, targets and selectors."""
    assert given["type"] == "Annotation"
    assert given["id"].startswith("http://testserver/")
    assert given["motivation"] in ("classifying",)
    for body in given["body"]:
        assert body["type"] in ("SpecificResource", "TextualBody")
        assert body["purpose"] in ("classifying", "describing")
        assert body["type"] != "TextualBody" or isinstance(body["value"], str)
    for target in given["target"]:
        assert target["type"] == "SpecificResource"
        assert target["source"]["id"].startswith("http://testserver/api/v1/")
        for selector in target["selector"]:
            keys = {
                "TextQuoteSelector": {"exact", "prefix", "suffix"},
                "TextPositionSelector": {"start", "end"},
                "FragmentSelector": {"conformsTo", "value"},
                "XPathSelector": {"value"},
            }[selector["type"]]
            assert set(selector) == keys | {"type"}


def test_a_finding_is_a_web_annotation(client: Client, finding: Finding) -> None:
    answer = client.get(f"/api/v1/findings/{finding.pk}/annotation.jsonld")
    assert answer.headers["Content-Type"] == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    given = answer.json()
    assert given["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert_annotation(given)
    quote, region, cell = given["target"]
    assert (quote["contradicts"], region["panel"], region["selector"]) == (True, "A", [FRAGMENT])
    assert region["source"]["type"] == "Image"
    assert cell["selector"][0]["exact"] == "5,320"
    assert json.loads(given["body"][1]["value"])["status"] == "present"
    assert given["body"][2]["value"] == "Muscle weakness: Present"


def test_the_sources_of_a_web_annotation_are_there(client: Client, finding: Finding) -> None:
    given = client.get(f"/api/v1/findings/{finding.pk}/annotation.jsonld").json()
    quote, region, _ = given["target"]
    section = client.get(quote["source"]["id"]).json()
    place = quote["selector"][1]
    assert section["text"][place["start"] : place["end"]] == quote["selector"][0]["exact"]
    assert section["sha256"] == quote["source"]["sha256"]
    assert client.get(region["source"]["id"]).headers["Content-Type"] == "image/jpeg"


def test_a_finding_that_rests_on_silence_is_about_the_article(client: Client, finding: Finding) -> None:
    silent = Finding.objects.filter(status="not_reported").first()
    assert silent
    given = client.get(f"/api/v1/findings/{silent.pk}/annotation.jsonld").json()
    assert given["target"] == [{"id": f"http://testserver/articles/{finding.ruling.article_id}/", "type": "Text"}]


def test_what_a_project_published_is_a_collection_of_pages(client: Client, finding: Finding) -> None:
    whole = client.get("/api/v1/projects/imnm/annotations.jsonld").json()
    assert (whole["type"], whole["total"], whole["first"]["type"]) == ("AnnotationCollection", 1, "AnnotationPage")
    assert whole["first"]["startIndex"] == 0
    for each in whole["first"]["items"]:
        assert_annotation(each)
    page = client.get(whole["last"].removeprefix("http://testserver")).json()
    assert (page["type"], page["partOf"]["id"], page["items"]) == ("AnnotationPage", whole["id"], whole["first"]["items"])
    assert client.get("/api/v1/projects/imnm/annotations.jsonld?page=0").status_code == 400


def test_a_project_without_findings_is_an_empty_collection(client: Client, desk: Desk) -> None:
    whole = client.get("/api/v1/projects/imnm/annotations.jsonld").json()
    assert (whole["total"], "first" in whole) == (0, False)


def test_an_open_reading_is_given_to_its_reader_only(ask: Ask, client: Client, desk: Desk) -> None:
    address = f"readings/{desk.reading.pk}/annotations.jsonld"
    assert ask("get", address).status_code == 200
    told(ask("get", address, by="moderator"), 404)
    assert client.get(f"/api/v1/{address}").status_code == 404


# --- on pages ---------------------------------------------------------------------------------------------------------


def test_pages_show_rectangles_and_cells(client: Client, finding: Finding, desk: Desk) -> None:
    region = Evidence.objects.get(kind="region")
    shown = client.get(f"/findings/{finding.pk}/").text
    assert '<rect class="region" x="10.0" y="20.0" width="30.0" height="40.0"' in shown
    assert f'id="quote-{region.pk}"' in shown
    assert "<mark><span" in shown  # the cell, in its table
    assert "Figure 1, panel A" in shown
    article = client.get(f"/articles/{desk.article.pk}/?finding={finding.pk}").text
    for words in ("Figure 1, panel A", 'class="crop-picture"', '<rect class="region"', "CKa, Value: 5,320", "Speaks against it"):
        assert words in article
    cohort = client.get("/projects/imnm/cohort/", {"q": "weakness IS present"}).text
    assert "Figure 1, panel A" in cohort
    assert "CKa, Value: 5,320" in cohort


def test_the_moderator_sees_what_proves_an_answer(client: Client, desk: Desk) -> None:
    desk.record(Region(desk.figure.pk, [10, 20, 30, 40], contradicts=True), Cell(desk.section(TABLE).pk, 2))
    patient = desk.reading.patients.get().pk
    for group in ("person", "weakness", "labs"):
        annotation.mark_rest_not_reported(reading_id=desk.reading.pk, patient_id=patient, group_slug=group, by=desk.who.curator)
    annotation.submit(reading_id=desk.reading.pk, version=1, by=desk.who.curator)
    client.force_login(desk.who.moderator)
    page = client.get(f"/review/{desk.reading.pk}/").text
    assert "region--against" in page
    assert "CKa · 5,320 · U/L" in page


def test_a_picture_that_may_not_be_cut_is_shown_whole(client: Client, finding: Finding) -> None:
    figure = Evidence.objects.get(kind="region").figure
    assert figure
    cut = client.get(f"/findings/{finding.pk}/").text
    type(figure).objects.filter(pk=figure.pk).update(licence="CC BY-ND 4.0")
    article = worlds.fresh(figure).article_id
    whole = client.get(f"/articles/{article}/?finding={finding.pk}").text
    assert 'viewBox="0.00 0.00 60.00 40.00"' in whole
    assert 'viewBox="0.00 0.00 60.00 40.00"' not in cut
