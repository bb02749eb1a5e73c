"""Merging two patients of a reading and taking them apart; the same patient in two articles; every refusal."""

import pytest

from curation.annotation import actions as annotation
from curation.annotation import lacks
from curation.annotation import queries as reading_queries
from curation.choices import SameState
from curation.cohorts.queries import ask
from curation.errors import Invalid, NotAllowed, NotFound, Stale, VersionMissing, WrongState
from curation.models import Annotation, AuditEvent, Evidence, Patient, Project, Reading, SamePatient
from curation.patients import actions as patients
from curation.patients import queries
from curation.tests import worlds
from curation.tests.patients.conftest import published_patient, say


def everything(reading: Reading) -> list[list[tuple]]:
    """What the reader sees, and everything that is kept, but for versions and times."""
    seen = [(p.pk, p.label, p.merged_into_id) for p in reading_queries.patients_of(reading)]
    kept = Annotation.objects.filter(reading=reading).order_by("pk").values_list("pk", "patient", "feature", "instance", "value")
    proofs = Evidence.objects.filter(annotation__reading=reading).order_by("pk").values_list("pk", "annotation")
    return [seen, list(kept), list(proofs)]


def merged(reading: Reading, kept: Patient, gone: Patient, **choices: str) -> object:
    return patients.merge(reading_id=reading.pk, kept_id=kept.pk, gone_id=gone.pk, choices=choices, by=reading.curator)


def shown(reading: Reading, patient: Patient) -> dict[tuple[str, int], object]:
    return {(a.feature.slug, a.instance): a.value for a in reading_queries.annotations_of(reading, patient)}


def test_patients_are_shown_in_the_readers_order(reading: Reading, first: Patient, second: Patient, who: worlds.People) -> None:
    patients.order_patients(reading_id=reading.pk, patients=[second.pk], by=who.curator)
    assert reading_queries.patients_of(reading) == [second, first]
    with pytest.raises(Invalid, match="of this reading"):
        patients.order_patients(reading_id=reading.pk, patients=[0], by=who.curator)


def test_what_both_say_comes_together_and_comes_apart_again(reading: Reading, first: Patient, second: Patient) -> None:
    say(reading, first, "sex", "male", words="A 35-year-old male")
    say(reading, second, "sex", "male", words="his first")
    say(reading, second, "age", "P35Y", words="35-year-old")
    say(reading, first, "ck", 5320, words="5,320 U/L")
    say(reading, second, "ck", 310)
    before = everything(reading)
    made = merged(reading, first, second)
    assert shown(reading, first) == {("sex", 1): "male", ("age", 1): "P35Y", ("ck", 1): 5320.0, ("ck", 2): 310.0}
    sex = Annotation.objects.get(reading=reading, patient=first, feature__slug="sex")
    assert {e.exact for e in sex.evidence.all()} == {"A 35-year-old male", "his first"}
    assert reading_queries.patients_of(reading) == [first]
    assert worlds.fresh(second).merged_into == first, "counted once"
    assert {f.where.split(":")[0] for f in lacks.missing(reading)} == {"Patient 1"}
    patients.undo_merge(merge_id=made.pk, version=made.version, by=reading.curator)
    assert everything(reading) == before
    assert worlds.fresh(second).merged_into is None


def test_where_they_differ_the_reader_chooses(reading: Reading, first: Patient, second: Patient) -> None:
    say(reading, first, "sex", "male")
    say(reading, second, "sex", "female")
    before = everything(reading)
    with pytest.raises(Invalid) as refused:
        merged(reading, first, second)
    assert [f.where for f in refused.value.faults] == ["sex"]
    assert everything(reading) == before
    made = merged(reading, first, second, sex="gone")
    assert shown(reading, first) == {("sex", 1): "female"}
    assert Annotation.objects.filter(reading=reading).count() == 2, "nothing is lost"
    assert AuditEvent.objects.filter(verb="patient.merge", table="curation_annotation").exists()
    patients.undo_merge(merge_id=made.pk, version=made.version, by=reading.curator)
    assert everything(reading) == before


def test_a_merge_is_undone_once_and_by_its_reader(reading: Reading, first: Patient, second: Patient, who: worlds.People) -> None:
    made = merged(reading, first, second)
    with pytest.raises(VersionMissing):
        patients.undo_merge(merge_id=made.pk, version=None, by=who.curator)
    with pytest.raises(Stale):
        patients.undo_merge(merge_id=made.pk, version=9, by=who.curator)
    with pytest.raises(NotFound):
        patients.undo_merge(merge_id=made.pk, version=1, by=who.curator2)
    patients.undo_merge(merge_id=made.pk, version=1, by=who.curator)
    with pytest.raises(WrongState, match="two again already"):
        patients.undo_merge(merge_id=made.pk, version=2, by=who.curator)


def test_a_merge_is_not_undone_over_a_newer_answer(reading: Reading, first: Patient, second: Patient) -> None:
    say(reading, first, "sex", "male")
    say(reading, second, "sex", "female")
    made = merged(reading, first, second, sex="gone")
    winner = Annotation.objects.get(reading=reading, patient=first)
    annotation.remove(annotation_id=winner.pk, version=winner.version, by=reading.curator)
    say(reading, first, "sex", "male")
    with pytest.raises(WrongState) as refused:
        patients.undo_merge(merge_id=made.pk, version=1, by=reading.curator)
    assert "answered anew" in str(refused.value.faults[0])


def test_later_merges_are_undone_first(reading: Reading, first: Patient, second: Patient, who: worlds.People) -> None:
    third = annotation.add_patient(reading_id=reading.pk, label="III", by=who.curator)
    one = merged(reading, first, second)
    two = merged(reading, third, first)
    assert worlds.fresh(second).merged_into == third, "nobody is counted for somebody who is not counted"
    with pytest.raises(WrongState, match="later merge first"):
        patients.undo_merge(merge_id=one.pk, version=1, by=who.curator)
    patients.undo_merge(merge_id=two.pk, version=1, by=who.curator)
    assert worlds.fresh(second).merged_into == first
    patients.undo_merge(merge_id=one.pk, version=1, by=who.curator)


def test_merging_needs_two_patients_of_ones_own_reading(
    reading: Reading, first: Patient, here: Patient, who: worlds.People
) -> None:
    with pytest.raises(Invalid, match="two patients"):
        merged(reading, first, first)
    with pytest.raises(Invalid, match="Choose the patient"):
        merged(reading, first, here)
    with pytest.raises(NotFound):
        patients.merge(reading_id=reading.pk, kept_id=first.pk, gone_id=here.pk, choices={}, by=who.curator2)


# --- the same patient in two articles ---------------------------------------------------------------------------------


def mark(one: Patient, other: Patient, by: object, reason: str = "Same hospital, same age.") -> SamePatient:
    return patients.mark_same(patient_id=one.pk, other_id=other.pk, reason=reason, by=by)


def test_a_curator_proposes_and_a_moderator_confirms(project: Project, here: Patient, there: Patient, who: worlds.People) -> None:
    found = mark(there, here, who.curator)
    assert found.state == SameState.PROPOSED
    assert ask(user=None, project=project, question="sex = male").patients == 2
    confirmed = patients.confirm_same(link_id=found.pk, version=1, by=who.moderator)
    assert (confirmed.settled_by, confirmed.state) == (who.moderator, SameState.CONFIRMED)
    assert worlds.fresh(there).merged_into == here
    answer = ask(user=None, project=project, question="sex = male")
    assert (answer.patients, answer.articles) == (1, 2)
    assert len(answer.rows[0].cells[0]) == 2, "both sides are shown"
    patients.undo_same(link_id=found.pk, version=confirmed.version, reason="Another hospital.", by=who.moderator2)
    assert ask(user=None, project=project, question="sex = male").patients == 2


def test_a_moderators_own_word_counts_at_once(here: Patient, there: Patient, who: worlds.People) -> None:
    assert mark(here, there, who.moderator).state == SameState.CONFIRMED
    assert worlds.fresh(there).merged_into == here


def test_nobody_settles_it_of_their_own_reading(project: Project, here: Patient, who: worlds.People) -> None:
    article = worlds.included(project, worlds.an_article(3), who.moderator).article
    own = worlds.submitted(project, article, who.moderator)
    worlds.decided(own, who.moderator2)
    found = mark(own.patients.get(), here, who.moderator)
    assert found.state == SameState.PROPOSED
    with pytest.raises(NotAllowed, match="own reading"):
        patients.confirm_same(link_id=found.pk, version=1, by=who.moderator)
    assert patients.confirm_same(link_id=found.pk, version=1, by=who.moderator2).state == SameState.CONFIRMED


def test_who_is_not_published_is_counted_for_nobody(reading: Reading, first: Patient, here: Patient, who: worlds.People) -> None:
    found = mark(first, here, who.curator)
    with pytest.raises(NotFound):
        patients.confirm_same(link_id=found.pk, version=1, by=who.moderator), "a reading that is open is its reader's"
    say(reading, first, "remark", "x")
    submitted = Reading.objects.get(pk=reading.pk)
    for slug, status, value, words in worlds.ANSWERS:
        worlds.answered(reading, slug, status, value, words)
    annotation.submit(reading_id=reading.pk, version=submitted.version, by=who.curator)
    with pytest.raises(WrongState, match="Nothing is published of Patient 1"):
        patients.confirm_same(link_id=found.pk, version=1, by=who.moderator)


def test_blind_readers_learn_nothing_of_each_other(first: Patient, here: Patient, who: worlds.People) -> None:
    for person in (who.curator2, who.moderator, who.stranger, None):
        assert first not in queries.known_to(person)
        assert here in queries.known_to(person)
    with pytest.raises(NotFound):
        mark(first, here, who.curator2)
    mark(first, here, who.curator)
    assert queries.links(who.curator, [here.pk]).count() == 1
    assert queries.links(who.curator2, [here.pk]).count() == 0


def test_what_cannot_be_one(project: Project, here: Patient, there: Patient, who: worlds.People) -> None:
    with pytest.raises(Invalid, match="same person"):
        mark(here, there, who.curator, reason=" ")
    with pytest.raises(Invalid, match="another patient"):
        mark(here, here, who.curator)
    with pytest.raises(NotAllowed):
        mark(here, there, who.stranger)
    mark(here, there, who.curator)
    with pytest.raises(WrongState, match="proposed already"):
        mark(there, here, who.curator2)
    elsewhere = worlds.a_project(who, project.codebook_version, slug="other")
    with pytest.raises(Invalid, match="same project"):
        mark(here, published_patient(elsewhere, who, 5), who.curator)


def test_declined_once_it_may_be_proposed_again(here: Patient, there: Patient, who: worlds.People) -> None:
    found = mark(here, there, who.curator)
    with pytest.raises(NotAllowed):
        patients.decline_same(link_id=found.pk, version=1, reason="No.", by=who.curator)
    with pytest.raises(Invalid, match="why"):
        patients.decline_same(link_id=found.pk, version=1, reason="", by=who.moderator)
    patients.decline_same(link_id=found.pk, version=1, reason="Other ages.", by=who.moderator)
    with pytest.raises(WrongState, match="is declined"):
        patients.confirm_same(link_id=found.pk, version=2, by=who.moderator)
    assert mark(there, here, who.curator).state == SameState.PROPOSED


def test_chains_are_counted_for_the_first(project: Project, here: Patient, there: Patient, who: worlds.People) -> None:
    third = published_patient(project, who, 6)
    mark(there, third, who.moderator)
    link = mark(there, here, who.moderator)
    assert {worlds.fresh(p).merged_into for p in (there, third)} == {here}
    with pytest.raises(Invalid, match="another patient"):
        mark(third, here, who.moderator)
    patients.undo_same(link_id=link.pk, version=link.version, reason="No.", by=who.moderator)
    assert (worlds.fresh(there).merged_into, worlds.fresh(third).merged_into) == (None, there)


def test_a_person_shows_both_sides_where_they_contradict(project: Project, here: Patient, who: worlds.People) -> None:
    article = worlds.included(project, worlds.an_article(9), who.moderator).article
    reading = worlds.complete(project, article, who.curator2)
    sex = Annotation.objects.get(reading=reading, feature__slug="sex")
    annotation.change(annotation_id=sex.pk, version=sex.version, status="present", value="female", by=who.curator2)
    handed_in = annotation.submit(reading_id=reading.pk, version=worlds.fresh(reading).version, by=who.curator2)
    worlds.decided(handed_in, who.moderator)
    there = reading.patients.get()
    mark(here, there, who.moderator)
    page = queries.person_page(None, there.pk)
    assert [side.patient for side in page.sides] == [here, there]
    (found,) = page.contradictions
    assert (found.feature, [[line.value for line in lines] for _side, lines in found.said]) == ("Sex", [["Male"], ["Female"]])
    assert [link.state for link in page.confirmed] == [SameState.CONFIRMED]
    answer = ask(user=None, project=project, question="sex = female")
    assert (answer.patients, [cell.value for cell in answer.rows[0].cells[0]]) == (1, ["Male", "Female"])
