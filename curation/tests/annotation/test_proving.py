"""Rectangles and cells written down beside quotes: what is kept, every refusal, and what becomes of them when text changes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from curation.annotation import actions as annotation
from curation.annotation import rules
from curation.annotation.actions import Cell, Quote, Region
from curation.annotation.answers import reading_to_show
from curation.annotation.saying import words
from curation.annotation.workspace import workspace
from curation.choices import Depth, EvidenceKind, EvidenceRole, EvidenceState, SectionKind
from curation.errors import Invalid, NotFound, Stale, WrongState
from curation.models import Annotation, AuditEvent, Evidence, Figure, Reading
from curation.tests import worlds
from curation.tests.annotation.desk import TABLE, Desk, desk
from curation.tests.articles.fulltexts import A_TABLE, a_full_text, fetched
from curation.tests.articles.pictures import a_picture
from curation.tests.worlds import People

__all__ = ["desk"]


def reason(refused: Callable[[], object]) -> str:
    """Of a refusal, after which nothing is written."""
    before = (Annotation.objects.count(), Evidence.objects.count())
    with pytest.raises(Invalid) as caught:
        refused()
    assert (Annotation.objects.count(), Evidence.objects.count()) == before
    return " ".join(str(fault) for fault in caught.value.faults)


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_a_rectangle_is_kept_on_the_figure_and_its_caption(desk: Desk) -> None:
    kept = desk.record(Region(desk.figure.pk, [10, 20, 30, 40.004], panel=" A ")).evidence.get()
    assert (kept.kind, kept.region, kept.panel) == (EvidenceKind.REGION, [10, 20, 30, 40], "A")
    assert (kept.section, kept.figure, kept.depth) == (desk.section("figure1"), desk.figure, Depth.CAPTION)
    assert kept.picture_sha256 == desk.figure.sha256
    assert words(kept) == "Figure 1, panel A"


def test_a_cell_is_kept_in_its_tables_words_with_its_heads(desk: Desk) -> None:
    table = desk.section(TABLE)
    cell, row = desk.record(Cell(table.pk, 2, 2, "5,320"), Cell(table.pk, 2)).evidence.all()
    assert cell.section.text[cell.start : cell.end] == cell.exact == "5,320"
    assert cell.cell == {"row": 2, "column": 2, "row_head": "CKa", "column_head": "Value"}
    assert (cell.kind, cell.depth, cell.role) == (EvidenceKind.CELL, Depth.FULL_TEXT, EvidenceRole.OWN)
    assert words(cell) == "CKa, Value: 5,320"
    assert words(row) == "CKa · 5,320 · U/L"


def test_several_pieces_prove_one_answer(desk: Desk) -> None:
    abstract = desk.section("abstract")
    made = desk.record(
        Quote(abstract.pk, "low back pain"), Region(desk.figure.pk, [1, 1, 5, 5]), Region(desk.figure.pk, [1, 1, 5, 6])
    )
    more = annotation.add_evidence(
        annotation_id=made.pk, version=1, quote=Cell(desk.section(TABLE).pk, 2, 1), by=desk.who.curator
    )
    assert made.evidence.count() == 4
    assert more.kind == EvidenceKind.CELL


def test_the_role_follows_from_the_section_unless_it_is_named(desk: Desk) -> None:
    introduction, case = desk.section("body.1"), desk.section("body.2")
    kept = desk.record(
        Quote(introduction.pk, "Rare."),
        Quote(case.pk, "weakness of the left leg"),
        Quote(introduction.pk, "Rare", role=EvidenceRole.OWN),
    ).evidence.all()
    assert [each.role for each in kept] == [EvidenceRole.BACKGROUND, EvidenceRole.OWN, EvidenceRole.OWN]


@pytest.mark.parametrize(
    ("kind", "label", "category", "role"),
    [
        ("body", "Discussion", "", "background"),
        ("body", "4. Discussion › Our patient", "", "own"),
        ("body", "Case report › Discussion", "", "background"),
        ("body", "1 Introduction", "", "background"),
        ("body", "Case presentation and literature review", "", "own"),
        ("body", "Literature review", "", "background"),
        ("body", "2. Something", "discussion", "background"),
        ("body", "2. Something", "cases", "own"),
        ("body", "", "intro|methods", "background"),
        ("abstract", "BACKGROUND", "BACKGROUND", "background"),
        ("abstract", "CASE PRESENTATION", "BACKGROUND", "own"),
        ("abstract", "Aim", "", "background"),
        ("abstract", "CONCLUSION", "CONCLUSIONS", "background"),
        ("abstract", "", "", "own"),
        ("caption", "Figure 1. Discussion", "", "own"),
        ("table", "Table 2. Review of the literature", "", "own"),
        ("title", "", "", "own"),
    ],
)
def test_whose_words_a_section_holds(kind: str, label: str, category: str, role: str) -> None:
    assert rules.role(SectionKind(kind), label, category) == role


def test_what_speaks_against_an_answer_does_not_prove_it(desk: Desk) -> None:
    against = Quote(desk.section("abstract").pk, "low back pain", contradicts=True)
    made = desk.record(against)
    row = workspace(desk.who.curator, reading_to_show(desk.who.curator, desk.reading.pk)).row("weakness")
    assert row
    assert any("evidence" in each for each in row.lacks)
    piece = made.evidence.get()
    annotation.change_evidence(evidence_id=piece.pk, version=1, contradicts=False, by=desk.who.curator)
    row = workspace(desk.who.curator, reading_to_show(desk.who.curator, desk.reading.pk)).row("weakness")
    assert row
    assert not row.lacks


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_rectangle_outside_the_figure_is_refused(desk: Desk) -> None:
    assert "outside the figure" in reason(lambda: desk.record(Region(desk.figure.pk, [80, 10, 30, 10])))


def test_a_figure_of_another_article_is_refused(desk: Desk, who: People) -> None:
    other = Figure.objects.create(
        article=worlds.an_article(8), key="figure1", position=1, label="Figure 1", image="x", sha256="x"
    )
    assert "is no figure of" in reason(lambda: desk.record(Region(other.pk, [1, 1, 5, 5])))


def test_a_figure_whose_picture_is_withheld_is_refused(desk: Desk) -> None:
    Figure.objects.update(image="", withheld="It is under no licence that is known here.")
    assert "no licence that is known here" in reason(lambda: desk.record(Region(desk.figure.pk, [1, 1, 5, 5])))


def test_a_cell_that_is_not_there_is_refused(desk: Desk) -> None:
    table, abstract = desk.section(TABLE).pk, desk.section("abstract").pk
    assert "no row 9" in reason(lambda: desk.record(Cell(table, 9, 1)))
    assert "holds no table" in reason(lambda: desk.record(Cell(abstract, 1, 1)))
    assert "is no section of" in reason(lambda: desk.record(Cell(worlds.an_article(8).sections.get(key="abstract").pk, 1, 1)))


def test_the_same_place_twice_is_refused(desk: Desk) -> None:
    for piece, told in (
        (Region(desk.figure.pk, [1, 1, 5, 5]), "this rectangle"),
        (Cell(desk.section(TABLE).pk, 2, 2), "this cell"),
        (Quote(desk.section("abstract").pk, "low back pain"), "these words"),
    ):
        assert told in reason(lambda piece=piece: desk.record(piece, piece))  # type: ignore[misc]


def test_what_is_said_of_a_piece_is_changed_with_the_answers_version_and_audited(desk: Desk) -> None:
    made = desk.record(Region(desk.figure.pk, [1, 1, 5, 5]), Cell(desk.section(TABLE).pk, 2, 2))
    region, cell = made.evidence.order_by("pk")
    by = desk.who.curator
    annotation.change_evidence(evidence_id=region.pk, version=1, role="background", panel="B", by=by)
    region.refresh_from_db()
    assert (region.role, region.panel, region.contradicts, worlds.fresh(made).version) == ("background", "B", False, 2)
    assert AuditEvent.objects.filter(verb="evidence.change", table="curation_evidence").exists()
    with pytest.raises(Stale):
        annotation.change_evidence(evidence_id=region.pk, version=1, panel="C", by=by)
    for said, told in (({"role": "rumour"}, "choose one of"), ({"panel": "x" * 41}, "40 at most")):
        with pytest.raises(Invalid) as caught:
            annotation.change_evidence(evidence_id=region.pk, version=2, **said, by=by)
        assert told in str(caught.value.faults[0])
    with pytest.raises(Invalid, match="Only a place on a figure"):
        annotation.change_evidence(evidence_id=cell.pk, version=2, panel="A", by=by)
    with pytest.raises(NotFound):
        annotation.change_evidence(evidence_id=cell.pk, version=2, contradicts=True, by=desk.who.curator2)


def test_a_reading_that_was_handed_in_changes_no_more(submitted: Reading, who: People) -> None:
    piece = Evidence.objects.filter(annotation__reading=submitted).first()
    assert piece
    with pytest.raises(WrongState):
        annotation.change_evidence(evidence_id=piece.pk, version=1, contradicts=True, by=who.curator)


# --- published anew ---------------------------------------------------------------------------------------------------


def test_a_rectangle_stays_on_its_picture_when_the_caption_is_worded_anew(desk: Desk) -> None:
    desk.record(Region(desk.figure.pk, [1, 1, 5, 5]))
    figures = (
        '<fig id="f1"><label>Figure 1</label><caption><p>Another wording.</p></caption><graphic xlink:href="case-g001"/></fig>'
    )
    found = desk.published_anew(figures=figures)
    assert (found.state, found.section.text, found.section.is_current) == (EvidenceState.ANCHORED, "Another wording.", True)


def test_a_rectangle_does_not_go_over_to_another_picture(desk: Desk) -> None:
    desk.record(Region(desk.figure.pk, [1, 1, 5, 5]))
    found = desk.published_anew(a_picture("JPEG", size=(80, 80)))
    assert (found.state, found.figure) == (EvidenceState.CHANGED, desk.figure)
    assert [e.pk for e in workspace(desk.who.curator, reading_to_show(desk.who.curator, desk.reading.pk)).displaced] == [found.pk]
    assert desk.published_anew(a_picture("JPEG"), case="He was well.").state == EvidenceState.ANCHORED


def test_a_rectangle_follows_its_picture_to_another_number(desk: Desk) -> None:
    desk.record(Region(desk.figure.pk, [1, 1, 5, 5]))
    first = '<fig><label>Figure 1</label><caption><p>A new one.</p></caption><graphic xlink:href="case-g002"/></fig>'
    second = '<fig><label>Figure 2</label><caption><p>Biopsy.</p></caption><graphic xlink:href="case-g001"/></fig>'
    pictures = {"case-g002.jpg": a_picture("JPEG", size=(80, 80)), "case-g001.jpg": a_picture("JPEG")}
    desk.bucket.put("PMC7", a_full_text(figures=first + second), pictures)
    fetched(desk.article, desk.who.administrator)
    found = Evidence.objects.select_related("figure", "section").get()
    assert (found.state, found.figure and found.figure.label, found.section.key) == ("anchored", "Figure 2", "figure2")


def test_a_rectangle_whose_picture_may_no_longer_be_kept_is_an_orphan(desk: Desk) -> None:
    desk.record(Region(desk.figure.pk, [1, 1, 5, 5]))
    words = "Reprinted with permission from another journal."
    found = desk.published_anew(
        figures=f'<fig><label>Figure 1</label><caption><p>{words}</p></caption><graphic xlink:href="case-g001"/></fig>'
    )
    assert (found.state, found.region) == (EvidenceState.ORPHAN, [1, 1, 5, 5])


def test_a_cell_follows_its_heads(desk: Desk) -> None:
    desk.record(Cell(desk.section(TABLE).pk, 2, 2))
    more = A_TABLE.replace("<tbody>", "<tbody><tr><td>LDH</td><td>5,320</td><td>U/L</td></tr>")
    found = desk.published_anew(tables=more)
    assert (found.state, found.cell["row"], found.section.version) == (EvidenceState.ANCHORED, 3, 2)
    assert found.section.text[found.start : found.end] == "5,320"


def test_a_cell_whose_words_stand_elsewhere_is_left_to_a_curator(desk: Desk) -> None:
    desk.record(Cell(desk.section(TABLE).pk, 2, 2))
    assert desk.published_anew(tables=A_TABLE.replace(">CK<", ">LDH<")).state == EvidenceState.MOVED
    assert desk.published_anew(tables=A_TABLE.replace("5,320", "6,000")).state == EvidenceState.ORPHAN
    assert desk.published_anew().state == EvidenceState.ANCHORED


# --- in the workspace -------------------------------------------------------------------------------------------------


def test_what_another_patient_uses_is_marked_fainter_and_leads_to_them(desk: Desk, client: Client) -> None:
    abstract = desk.section("abstract")
    desk.record(Quote(abstract.pk, "low back pain and left"), Region(desk.figure.pk, [1, 1, 5, 5]))
    other = annotation.add_patient(reading_id=desk.reading.pk, label="Patient 2", by=desk.who.curator)
    annotation.record(
        reading_id=desk.reading.pk,
        patient_id=other.pk,
        feature_slug="sex",
        status="present",
        value="male",
        quotes=[Quote(abstract.pk, "presented with low back")],
        by=desk.who.curator,
    )
    client.force_login(desk.who.curator)
    page = client.get(f"/readings/{desk.reading.pk}/?patient={other.pk}").text
    assert page.count('data-features="sex"') == 2  # “presented with ”, and “low back” that both use
    assert page.count("mark--other") == 1  # “ pain and left”
    assert "Patient 1: Muscle weakness" in page
    assert f"?patient={other.pk}#feature-sex" in page
    assert "region-link hue-1 is-other" in page


def test_the_page_asks_a_bounded_number_of_questions(
    desk: Desk, client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    desk.record(Region(desk.figure.pk, [1, 1, 5, 5]), Cell(desk.section(TABLE).pk, 2, 2))
    client.force_login(desk.who.curator)
    client.get(f"/readings/{desk.reading.pk}/")
    with django_assert_max_num_queries(12):
        page = client.get(f"/readings/{desk.reading.pk}/").text
    for shown in ("Figure 1", "crop-picture", "CKa, Value: 5,320", 'class="outline', "data-draw-dialog"):
        assert shown in page
