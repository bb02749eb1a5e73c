"""The workspace: what it shows, and that it asks the database a fixed number of questions."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from curation.annotation import actions as annotation
from curation.annotation import rules
from curation.annotation.actions import Quote
from curation.annotation.answers import reading_to_show
from curation.annotation.workspace import workspace
from curation.codebook.queries import specs_in
from curation.errors import NotFound
from curation.models import Patient, Reading, Section
from curation.tests import worlds
from curation.tests.annotation.conftest import ABSTRACT


@pytest.fixture
def weak(reading: Reading, patient: Patient, abstract: Section, who: worlds.People) -> None:
    annotation.record(
        reading_id=reading.pk,
        patient_id=patient.pk,
        feature_slug="weakness",
        status="present",
        quotes=[Quote(abstract.pk, "left lower extremity weakness", start=ABSTRACT.index("left lower"))],
        by=who.curator,
    )


def test_groups_show_what_is_asked_and_how_far_one_is(reading: Reading, weak: None, who: worlds.People) -> None:
    space = workspace(who.curator, reading_to_show(who.curator, reading.pk))
    assert [(g.group.slug, g.progress.done, g.progress.due) for g in space.groups] == [
        ("person", 0, 2),
        ("weakness", 1, 2),
        ("labs", 0, 1),
    ]
    weakness = space.groups[1]
    assert [row.spec.slug for row in weakness.core] == ["weakness", "symmetry"]
    assert [row.spec.slug for row in weakness.more] == ["side", "regions"]
    assert not space.row("side").is_visible
    assert space.row("serostatus") is None, "nobody types what is derived"
    touched = [row.spec.slug for group in space.touched_by({"weakness"}) for row in group.rows]
    assert touched == ["weakness", "symmetry", "side"], "the feature and what hangs on it, however far"
    assert "hp:0001324" in space.row("weakness").search_words
    assert space.may_write


def test_what_was_used_is_marked_in_the_text(reading: Reading, weak: None, who: worlds.People) -> None:
    space = workspace(who.curator, reading_to_show(who.curator, reading.pk))
    marked = {m.section.key: [words for words, marks in m.runs if marks] for m in space.sections}
    assert marked == {"title": [], "abstract": ["left lower extremity weakness"], "figure1": []}


def test_another_patient_has_a_record_of_their_own(reading: Reading, weak: None, who: worlds.People) -> None:
    other = annotation.add_patient(reading_id=reading.pk, label="Patient 2", by=who.curator)
    space = workspace(who.curator, reading_to_show(who.curator, reading.pk), patient=other.pk)
    assert space.patient == other
    assert not space.row("weakness").answers
    assert {f.where.split(":")[0] for f in space.missing} == {"Patient 1", "Patient 2"}


def test_nobody_else_sees_it(reading: Reading, who: worlds.People) -> None:
    for person in (who.curator2, who.moderator, who.stranger, None):
        with pytest.raises(NotFound):
            workspace(person, reading_to_show(person, reading.pk))


def test_queries_do_not_grow_with_the_record(reading: Reading, patient: Patient, who: worlds.People) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            workspace(who.curator, reading_to_show(who.curator, reading.pk))
        return len(queries)

    annotation.record(reading_id=reading.pk, patient_id=patient.pk, feature_slug="ck", status="not_reported", by=who.curator)
    asked()  # the codebook is read once
    before = asked()
    for group in ("person", "weakness", "labs"):
        annotation.mark_rest_not_reported(reading_id=reading.pk, patient_id=patient.pk, group_slug=group, by=who.curator)
    assert asked() == before <= 7


def test_a_part_of_it_says_the_same_as_the_whole(
    reading: Reading, patient: Patient, who: worlds.People, abstract: Section
) -> None:
    """After a save only the evidence of what is drawn anew is read."""
    quote = Quote(section_id=abstract.pk, exact="Creatine kinase was 5,320 U/L")
    place = {"reading_id": reading.pk, "patient_id": patient.pk, "status": "present", "quotes": [quote], "by": who.curator}
    annotation.record(feature_slug="ck", value="5,320 U/L", **place)
    annotation.record(feature_slug="weakness", **place)
    open_to = reading_to_show(who.curator, reading.pk)
    whole, part = workspace(who.curator, open_to), workspace(who.curator, open_to, sections=(), features={"ck"})
    assert part.missing == whole.missing
    assert part.progress == whole.progress
    assert [p.exact for p in part.row("ck").answers[0].evidence] == [quote.exact]
    assert not part.row("weakness").answers[0].evidence
    assert part.row("weakness").lacks == whole.row("weakness").lacks == []


def test_drawn_with_a_feature_is_what_hangs_on_it_and_its_series(reading: Reading) -> None:
    specs = dict(specs_in(reading.codebook_version_id))
    specs["remark"] = replace(specs["remark"], repeat_group="ck")
    assert rules.hanging_on(specs, {"weakness"}) == {"weakness", "symmetry", "side"}
    assert rules.drawn_with(specs, {"ck", "no such feature"}) == {"ck", "remark"}
