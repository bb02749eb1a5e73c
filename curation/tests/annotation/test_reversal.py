"""Undo and redo: honest acts of their own, that bring back values with their evidence and refuse what was changed since."""

import pytest
from django.db import transaction

from curation.annotation import actions as annotation
from curation.annotation import history, reversal
from curation.annotation.actions import Quote
from curation.audit import acting
from curation.choices import ReadingState
from curation.errors import Invalid, NotAllowed, NotFound, Stale, WrongState
from curation.models import Annotation, AuditEvent, Evidence, Patient, Reading, Section
from curation.tests import worlds

pytestmark = pytest.mark.django_db(transaction=True)  # each act is a transaction of its own, as in life

WORDS = "A 35-year-old male"


def recorded(reading: Reading, patient: Patient, slug: str = "sex", value: object = "male", words: str = "") -> Annotation:
    abstract = Section.objects.current().get(article=reading.article, key="abstract")
    return annotation.record(
        reading_id=reading.pk,
        patient_id=patient.pk,
        feature_slug=slug,
        status="present",
        value=value,
        quotes=[Quote(abstract.pk, words)] if words else [],
        by=reading.curator,
    )


def undo(reading: Reading, act: int | None = None) -> history.Turned:
    return reversal.undo(reading_id=reading.pk, act=act, by=reading.curator)


def redo(reading: Reading) -> history.Turned:
    return reversal.redo(reading_id=reading.pk, by=reading.curator)


def test_a_recorded_value_goes_and_comes_back_with_its_evidence(reading: Reading, patient: Patient) -> None:
    made = recorded(reading, patient, words=WORDS)
    proof = made.evidence.get()
    assert undo(reading).features == {"sex"}
    assert not Annotation.objects.exists()
    assert not Evidence.objects.exists()
    redo(reading)
    again = Annotation.objects.get()
    assert (again.pk, again.value, again.status, again.version) == (made.pk, "male", "present", 2)
    assert (again.evidence.get().pk, again.evidence.get().exact) == (proof.pk, WORDS)


def test_a_change_is_set_back_and_the_version_still_rises(reading: Reading, patient: Patient) -> None:
    made = recorded(reading, patient)
    annotation.change(
        annotation_id=made.pk, version=1, status="present", value="female", comment="typo", confidence="low", by=reading.curator
    )
    undo(reading)
    made.refresh_from_db()
    assert (made.value, made.comment, made.confidence, made.version) == ("male", "", "high", 3)
    redo(reading)
    made.refresh_from_db()
    assert (made.value, made.comment, made.confidence, made.version) == ("female", "typo", "low", 4)


def test_a_removed_answer_comes_back_with_its_evidence(reading: Reading, patient: Patient) -> None:
    made = recorded(reading, patient, words=WORDS)
    annotation.remove(annotation_id=made.pk, version=1, by=reading.curator)
    undo(reading)
    assert Annotation.objects.get().evidence.get().exact == WORDS
    redo(reading)
    assert not Annotation.objects.exists()


def test_evidence_taken_away_comes_back(reading: Reading, patient: Patient) -> None:
    made = recorded(reading, patient, words=WORDS)
    annotation.remove_evidence(evidence_id=made.evidence.get().pk, version=1, by=reading.curator)
    turned = undo(reading)
    assert made.evidence.get().exact == WORDS
    assert turned.sections == {made.evidence.get().section_id}


def test_a_whole_group_is_one_act(reading: Reading, patient: Patient, who: worlds.People) -> None:
    annotation.mark_rest_not_reported(reading_id=reading.pk, patient_id=patient.pk, group_slug="person", by=who.curator)
    assert Annotation.objects.count() > 1
    assert undo(reading).features >= {"sex", "age"}
    assert not Annotation.objects.exists()


def test_fifty_changes_and_back(reading: Reading, patient: Patient) -> None:
    made = recorded(reading, patient, "remark", "0")
    for n in range(1, 55):
        annotation.change(annotation_id=made.pk, version=n, status="present", value=str(n), by=reading.curator)
    for _ in range(50):
        undo(reading)
    made.refresh_from_db()
    assert made.value == "4"
    for _ in range(50):
        redo(reading)
    made.refresh_from_db()
    assert made.value == "54"
    with pytest.raises(WrongState, match="nothing to do again"):
        redo(reading)


def test_back_to_nothing_and_all_the_way_again(reading: Reading, patient: Patient) -> None:
    made = recorded(reading, patient, words=WORDS)
    annotation.change(annotation_id=made.pk, version=1, status="present", value="female", by=reading.curator)
    for _ in range(2):
        undo(reading)
    for _ in range(2):
        redo(reading)
    assert Annotation.objects.get().value == "female"
    undo(reading)
    assert Annotation.objects.get().value == "male"


def test_a_new_change_ends_what_could_be_done_again(reading: Reading, patient: Patient) -> None:
    recorded(reading, patient)
    undo(reading)
    recorded(reading, patient, "age", "P35Y")
    with pytest.raises(WrongState):
        redo(reading)
    assert [act.verb for act in history.acts(reading, reading.curator).undo] == ["annotation.record"]


def test_what_another_window_did_meanwhile_is_not_taken_back_by_mistake(reading: Reading, patient: Patient) -> None:
    recorded(reading, patient)
    seen = history.acts(reading, reading.curator).undo[0].number
    recorded(reading, patient, "age", "P35Y")
    with pytest.raises(Stale, match="Age"):
        undo(reading, seen)
    assert Annotation.objects.count() == 2


def test_what_was_changed_since_by_other_means_stays(reading: Reading, patient: Patient, who: worlds.People) -> None:
    """As a patient merged by a moderator changes values: an act that is not the reader's own."""
    made = recorded(reading, patient)
    with transaction.atomic(), acting(by=who.moderator, verb="patient.merge"):
        Annotation.objects.filter(pk=made.pk).update(value="female", version=2)
    with pytest.raises(Stale, match="changed since"):
        undo(reading)
    made.refresh_from_db()
    assert made.value == "female"


def test_a_patient_taken_out_does_not_come_back_by_the_way(reading: Reading, patient: Patient) -> None:
    made = recorded(reading, patient)
    annotation.remove(annotation_id=made.pk, version=1, by=reading.curator)
    annotation.remove_patient(reading_id=reading.pk, patient_id=patient.pk, version=patient.version, by=reading.curator)
    with pytest.raises(Invalid, match="patient"):
        undo(reading)


def test_it_is_audited_as_what_it_is(reading: Reading, patient: Patient) -> None:
    made = recorded(reading, patient)
    undo(reading)
    redo(reading)
    verbs = list(AuditEvent.objects.of_row("curation_annotation", made.pk).order_by("id").values_list("verb", "operation"))
    assert verbs == [("annotation.record", "INSERT"), ("annotation.undo", "DELETE"), ("annotation.redo", "INSERT")]


def test_only_the_reader_while_the_reading_is_open(reading: Reading, patient: Patient, who: worlds.People) -> None:
    recorded(reading, patient)
    for person in (who.curator2, who.moderator, who.stranger):
        with pytest.raises((NotFound, NotAllowed)):
            reversal.undo(reading_id=reading.pk, by=person)
    for group in ("person", "weakness", "labs"):
        annotation.mark_rest_not_reported(reading_id=reading.pk, patient_id=patient.pk, group_slug=group, by=who.curator)
    sex = Annotation.objects.get(feature__slug="sex")
    annotation.change(annotation_id=sex.pk, version=1, status="not_reported", by=who.curator)
    reading.refresh_from_db()
    annotation.submit(reading_id=reading.pk, version=reading.version, by=who.curator)
    with pytest.raises(WrongState, match="submitted"):
        undo(reading)
    reading.refresh_from_db()
    assert reading.state == ReadingState.SUBMITTED
    with pytest.raises(NotAllowed, match="somebody else"):
        reversal.undo(reading_id=reading.pk, by=who.moderator)


def test_the_history_of_a_value(reading: Reading, patient: Patient, who: worlds.People) -> None:
    made = recorded(reading, patient, words=WORDS)
    annotation.change(annotation_id=made.pk, version=1, status="present", value="female", comment="or not", by=who.curator)
    annotation.remove(annotation_id=made.pk, version=2, by=who.curator)
    undo(reading)
    undone, removed, changed, first = history.of_value(who.curator, reading.pk, patient.pk, "sex")
    assert (first.before, first.after, first.added) == ("", "Present, Male", [WORDS])
    assert (changed.before, changed.after) == ("Present, Male", "Present, Female, “or not”")
    assert (removed.before, removed.after, removed.removed) == ("Present, Female, “or not”", "", [WORDS])
    assert (undone.after, undone.added, undone.did) == ("Present, Female, “or not”", [WORDS], "undid the last change")
    assert {change.who for change in (undone, removed, changed, first)} == {"The curator"}


def test_the_history_is_as_blind_as_the_reading(reading: Reading, patient: Patient, who: worlds.People) -> None:
    recorded(reading, patient)
    for person in (who.curator2, who.moderator, who.stranger, who.outsider, None):
        with pytest.raises(NotFound):
            history.of_value(person, reading.pk, patient.pk, "sex")
