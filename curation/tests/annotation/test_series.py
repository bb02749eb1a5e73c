"""Rows of a series: added, split, copied, moved and removed as one act, and seen by questions and rules."""

from functools import partial
from typing import Any

import pytest

from curation.annotation import actions as annotation
from curation.annotation.actions import Quote
from curation.annotation.answers import reading_to_show
from curation.annotation.series import actions as series
from curation.annotation.workspace import workspace
from curation.cohorts.queries import ask
from curation.errors import Invalid, NotFound, Stale, VersionMissing, WrongState
from curation.models import Annotation, AuditEvent, Patient, Reading, Section
from curation.tests import worlds


@pytest.fixture
def codebook(who: worlds.People) -> Any:
    """With a second feature in the rows of CK."""
    text = worlds.SMALL_CODEBOOK.read_text().replace("version: 1.0.0", "version: 2.0.0")
    more = (
        "- {slug: ck_kind, group: labs, label: CK time point, question: When?, value_type: choice, tier: extended,\n"
        "   evidence_required: true, repeat_group: ck, options: [{value: peak, label: Peak}, {value: later, label: Later}]}\n"
    )
    return worlds.load_codebook(text=text + more, by=who.administrator)


def add(reading: Reading, patient: Patient, *quotes: Quote, **values: object) -> list[int]:
    return series.add_row(
        reading_id=reading.pk, patient_id=patient.pk, series="ck", values=values, quotes=quotes, by=reading.curator
    )


def rows(reading: Reading) -> list[tuple[int, str, object]]:
    found = Annotation.objects.filter(reading=reading, feature__slug__startswith="ck").order_by("instance", "feature__position")
    return list(found.values_list("instance", "feature__slug", "value"))


def where(reading: Reading, patient: Patient, instance: int) -> dict[str, Any]:
    return {"reading_id": reading.pk, "patient_id": patient.pk, "series": "ck", "instance": instance, "by": reading.curator}


def test_a_row_is_one_act_with_one_proof(reading: Reading, patient: Patient, abstract: Section) -> None:
    made = add(reading, patient, Quote(abstract.pk, "Creatine kinase was 5,320 U/L"), ck="5,320 U/L (ref < 200)", ck_kind="peak")
    assert made == [1]
    assert rows(reading) == [(1, "ck", 5320.0), (1, "ck_kind", "peak")]
    assert {a.evidence.get().exact for a in Annotation.objects.filter(reading=reading)} == {"Creatine kinase was 5,320 U/L"}
    assert AuditEvent.objects.filter(table="curation_annotation").values("transaction").distinct().count() == 1


def test_two_points_in_one_become_two_rows(reading: Reading, patient: Patient) -> None:
    assert add(reading, patient, ck="from 7,200 to 310 IU/L", ck_kind="peak") == [1, 2]
    assert rows(reading) == [(1, "ck", 7200.0), (1, "ck_kind", "peak"), (2, "ck", 310.0)]


def test_a_row_takes_the_place_of_silence(reading: Reading, patient: Patient, who: worlds.People) -> None:
    annotation.mark_rest_not_reported(reading_id=reading.pk, patient_id=patient.pk, group_slug="labs", by=who.curator)
    assert add(reading, patient, ck="310") == [1]
    assert add(reading, patient, ck="290") == [2]
    assert rows(reading) == [(1, "ck", 310.0), (1, "ck_kind", None), (2, "ck", 290.0)]


def test_rows_are_copied_moved_and_removed(reading: Reading, patient: Patient) -> None:
    add(reading, patient, ck="7200", ck_kind="peak")
    add(reading, patient, ck="310", ck_kind="later")
    assert series.copy_row(**where(reading, patient, 2)) == 3
    series.move_row(**where(reading, patient, 3), up=True)
    series.move_row(**where(reading, patient, 2), up=True)
    assert [row for row in rows(reading) if row[1] == "ck"] == [(1, "ck", 310.0), (2, "ck", 7200.0), (3, "ck", 310.0)]
    series.move_row(**where(reading, patient, 1), up=True)
    version = sum(a.version for a in Annotation.objects.filter(reading=reading, instance=2))
    with pytest.raises(VersionMissing):
        series.remove_row(**where(reading, patient, 2), version=None)
    with pytest.raises(Stale):
        series.remove_row(**where(reading, patient, 2), version=version + 1)
    for act in (series.copy_row, partial(series.move_row, up=True)):
        with pytest.raises(Stale, match="was changed since you read it"):
            act(**where(reading, patient, 2), version=version + 1)
    before = sum(a.version for a in Annotation.objects.filter(reading=reading, instance=1))
    assert series.move_row(**where(reading, patient, 1), up=False, version=before) == 2
    moved = sum(a.version for a in Annotation.objects.filter(reading=reading, instance=2))
    assert moved == before + 2, "each answer of the row by one"
    assert series.move_row(**where(reading, patient, 2), up=True, version=moved) == 1
    version = sum(a.version for a in Annotation.objects.filter(reading=reading, instance=2))
    series.remove_row(**where(reading, patient, 2), version=version)
    assert [row[0] for row in rows(reading)] == [1, 1, 3, 3]


def test_the_table_says_its_rows_in_words(reading: Reading, patient: Patient, who: worlds.People) -> None:
    add(reading, patient, ck="5,320 U/L (ref < 200)", ck_kind="peak")
    labs = workspace(who.curator, reading_to_show(who.curator, reading.pk)).groups[-1]
    (table,) = labs.series
    assert table.label == "CK"
    assert [(line.number, line.words) for line in table.lines] == [(1, "5,320 U/L (26.6 × ULN of 200), Peak")]


def test_what_is_no_row(reading: Reading, patient: Patient, who: worlds.People) -> None:
    before = rows(reading)
    for values, words in (
        ({}, "fill in at least one"),
        ({"ck": ""}, "fill in at least one"),
        ({"age": "35"}, "does not belong"),
        ({"ck": "many"}, "CK value: “many” is not a number"),
        ({"ck": "310", "ck_kind": "noon"}, "CK time point: 'noon' is not an option"),
    ):
        with pytest.raises(Invalid) as refused:
            add(reading, patient, **values)
        assert words in " ".join(map(str, refused.value.faults))
    with pytest.raises(Invalid, match="no such series"):
        series.add_row(reading_id=reading.pk, patient_id=patient.pk, series="", values={"ck": 1}, by=who.curator)
    with pytest.raises(Invalid, match="no such row"):
        series.copy_row(**where(reading, patient, 7))
    with pytest.raises(NotFound):
        series.add_row(reading_id=reading.pk, patient_id=patient.pk, series="ck", values={"ck": 1}, by=who.curator2)
    assert rows(reading) == before


def test_questions_see_every_row(complete: Reading, who: worlds.People) -> None:
    patient = complete.patients.get()
    abstract = Section.objects.current().get(article=complete.article, key="abstract")
    add(complete, patient, Quote(abstract.pk, "5,320 U/L"), ck="310")
    handed_in = annotation.submit(reading_id=complete.pk, version=worlds.fresh(complete).version, by=who.curator)
    worlds.decided(handed_in, who.moderator)
    for question in ("ck > 5000", "ck < 400"):
        assert ask(user=None, project=complete.project, question=question).patients == 1
    with pytest.raises(WrongState):
        add(complete, patient, ck="1")
