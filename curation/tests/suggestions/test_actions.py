"""Accepting records with the words as evidence; rejecting is remembered and undone; nothing is taken that is not offered."""

import pytest

from curation.annotation import actions as annotation
from curation.choices import Status, SuggestionMode, SuggestionVerdict
from curation.errors import Invalid, NotAllowed, NotFound, Stale, VersionMissing, WrongState
from curation.models import Annotation, AuditEvent, Judged, Patient, Project, Reading
from curation.review import actions as review
from curation.suggestions import actions, queries
from curation.tests import worlds
from curation.tests.suggestions.conftest import hidden_until_own_pass, offer_of, slugs


def test_what_the_text_says_is_offered_with_its_words_and_nothing_is_recorded(started: Reading) -> None:
    assert slugs(started) == ["weakness", "age", "sex", "side", "ck"]
    offer = offer_of(started, "weakness")
    assert offer.section.text[offer.suggestion.start : offer.suggestion.end] == offer.suggestion.exact
    assert offer.suggestion.rule == "weakness.1"
    assert not Annotation.objects.exists()


def test_accepting_records_the_value_with_its_words(started: Reading, patient: Patient, who: worlds.People) -> None:
    offer = offer_of(started, "ck")
    made = actions.accept(reading_id=started.pk, patient_id=patient.pk, key=offer.key, by=who.curator)
    assert (made.status, made.value, made.instance) == ("present", 5320, 1)
    assert "5,320 U/L" in made.evidence.get().exact
    judged = Judged.objects.get()
    assert (judged.verdict, judged.rule, judged.annotation) == (SuggestionVerdict.ACCEPTED, "ck.1", made)
    assert "ck" not in slugs(started)
    verbs = set(AuditEvent.objects.filter(table="curation_judged").values_list("verb", flat=True))
    assert verbs == {"suggestion.accept"}


def test_every_place_that_says_the_same_becomes_evidence(started: Reading, patient: Patient, who: worlds.People) -> None:
    offer = offer_of(started, "weakness")
    made = actions.accept(reading_id=started.pk, patient_id=patient.pk, key=offer.key, by=who.curator)
    assert made.evidence.count() == 1 + len(offer.suggestion.also) > 1


def test_a_removed_answer_is_offered_again_and_taken_again(started: Reading, patient: Patient, who: worlds.People) -> None:
    key = offer_of(started, "sex").key
    made = actions.accept(reading_id=started.pk, patient_id=patient.pk, key=key, by=who.curator)
    annotation.remove(annotation_id=made.pk, version=made.version, by=who.curator)
    assert Judged.objects.get().annotation is None
    assert "sex" in slugs(started)
    actions.accept(reading_id=started.pk, patient_id=patient.pk, key=key, by=who.curator)
    assert Judged.objects.count() == 1


def test_rejecting_is_remembered_and_undone(started: Reading, patient: Patient, who: worlds.People) -> None:
    key = offer_of(started, "sex").key
    judged = actions.reject(reading_id=started.pk, patient_id=patient.pk, key=key, by=who.curator)
    assert "sex" not in slugs(started)
    assert queries.offered(who.curator, started.pk).rejected == [judged]
    with pytest.raises(NotFound, match="not offered"):
        actions.accept(reading_id=started.pk, patient_id=patient.pk, key=key, by=who.curator)
    actions.undo_reject(reading_id=started.pk, rejected_id=judged.pk, by=who.curator)
    assert "sex" in slugs(started)
    with pytest.raises(NotFound):
        actions.undo_reject(reading_id=started.pk, rejected_id=judged.pk, by=who.curator)


def test_an_equal_answer_ends_the_offer_and_another_makes_it_a_hint(
    started: Reading, patient: Patient, who: worlds.People
) -> None:
    worlds.answered(started, "age", Status.PRESENT, "35 years", "35-year-old")
    other = worlds.answered(started, "sex", Status.PRESENT, "female", "A 35-year-old male")
    assert "age" not in slugs(started)
    offer = offer_of(started, "sex")
    assert offer.contradicts
    with pytest.raises(WrongState, match="answered otherwise"):
        actions.accept(reading_id=started.pk, patient_id=patient.pk, key=offer.key, by=who.curator)
    assert worlds.fresh(other).value == "female"


def test_a_repeated_feature_is_offered_beside_its_answers(started: Reading, patient: Patient, who: worlds.People) -> None:
    worlds.answered(started, "ck", Status.PRESENT, 99, "Creatine kinase was 5,320 U/L")
    made = actions.accept(reading_id=started.pk, patient_id=patient.pk, key=offer_of(started, "ck").key, by=who.curator)
    assert (made.instance, made.value) == (2, 5320)


def test_what_is_not_asked_is_not_offered(started: Reading, who: worlds.People) -> None:
    assert offer_of(started, "side").suggestion.value == "left"
    worlds.answered(started, "weakness", Status.EXCLUDED, None, "left lower extremity weakness. Although")
    assert "side" not in slugs(started)


@pytest.mark.parametrize("judge", [actions.accept, actions.reject])
class TestRefused:
    def test_an_invented_key(self, judge: object, started: Reading, patient: Patient, who: worlds.People) -> None:
        with pytest.raises(NotFound, match="not offered"):
            judge(reading_id=started.pk, patient_id=patient.pk, key="0" * 20, by=who.curator)  # type: ignore[operator]

    def test_somebody_elses_reading(self, judge: object, started: Reading, patient: Patient, who: worlds.People) -> None:
        key = offer_of(started, "sex").key
        for other in (who.curator2, who.moderator, who.stranger):
            with pytest.raises(NotFound):
                judge(reading_id=started.pk, patient_id=patient.pk, key=key, by=other)  # type: ignore[operator]

    def test_a_patient_of_another_reading(self, judge: object, started: Reading, who: worlds.People) -> None:
        key = offer_of(started, "sex").key
        with pytest.raises(Invalid, match="patient"):
            judge(reading_id=started.pk, patient_id=0, key=key, by=who.curator)  # type: ignore[operator]

    def test_a_submitted_reading(self, judge: object, submitted: Reading, who: worlds.People) -> None:
        assert slugs(submitted) == []
        with pytest.raises(WrongState):
            judge(reading_id=submitted.pk, patient_id=submitted.patients.get().pk, key="0" * 20, by=who.curator)  # type: ignore[operator]
        with pytest.raises(NotAllowed):
            judge(reading_id=submitted.pk, patient_id=submitted.patients.get().pk, key="0" * 20, by=who.moderator)  # type: ignore[operator]

    def test_where_the_project_hides_them(self, judge: object, started: Reading, patient: Patient, who: worlds.People) -> None:
        key = offer_of(started, "sex").key
        hidden_until_own_pass(started.project, who)
        with pytest.raises(NotFound, match="not offered"):
            judge(reading_id=started.pk, patient_id=patient.pk, key=key, by=who.curator)  # type: ignore[operator]
        assert not Judged.objects.exists()


def test_hidden_until_the_own_pass_is_done(started: Reading, project: Project, who: worlds.People) -> None:
    hidden_until_own_pass(project, who)
    found = queries.offered(who.curator, started.pk)
    assert (found.hidden, found.offers) == ("own_pass", [])
    with pytest.raises(NotFound):
        actions.finish_own_pass(reading_id=started.pk, version=1, by=who.curator2)
    with pytest.raises(VersionMissing):
        actions.finish_own_pass(reading_id=started.pk, version=None, by=who.curator)
    done = actions.finish_own_pass(reading_id=started.pk, version=worlds.fresh(started).version, by=who.curator)
    assert done.own_pass_at
    assert queries.offered(who.curator, started.pk).offers


def test_the_own_pass_is_done_too_when_nothing_is_missing_or_it_was_handed_in(
    started: Reading, patient: Patient, project: Project, who: worlds.People
) -> None:
    hidden_until_own_pass(project, who)
    for group in ("person", "weakness", "labs"):
        assert queries.offered(who.curator, started.pk).hidden == "own_pass"
        annotation.mark_rest_not_reported(reading_id=started.pk, patient_id=patient.pk, group_slug=group, by=who.curator)
    assert not queries.offered(who.curator, started.pk).hidden
    annotation.submit(reading_id=started.pk, version=worlds.fresh(started).version, by=who.curator)
    reading = worlds.fresh(started)
    review.send_back(reading_id=reading.pk, version=reading.version, note="Look again.", by=who.moderator)
    sex = Annotation.objects.get(feature__slug="sex")
    annotation.remove(annotation_id=sex.pk, version=sex.version, by=who.curator)
    found = queries.offered(who.curator, started.pk)
    assert (found.hidden, "sex" in [offer.spec.slug for offer in found.offers]) == ("", True)


def test_a_project_sets_when_they_are_shown(started: Reading, project: Project, who: worlds.People) -> None:
    version = worlds.fresh(project).version
    with pytest.raises(NotAllowed):
        actions.set_mode(project_id=project.pk, version=version, mode="off", by=who.curator)
    with pytest.raises(Invalid, match="when"):
        actions.set_mode(project_id=project.pk, version=version, mode="sometimes", by=who.moderator)
    actions.set_mode(project_id=project.pk, version=version, mode=SuggestionMode.OFF, by=who.moderator)
    with pytest.raises(Stale):
        actions.set_mode(project_id=project.pk, version=version, mode=SuggestionMode.SHOWN, by=who.moderator)
    assert queries.offered(who.curator, started.pk).hidden == "off"


def test_a_blind_reader_sees_nothing_of_them(started: Reading, who: worlds.People) -> None:
    with pytest.raises(NotFound):
        queries.offered(who.curator2, started.pk)


def test_a_moderator_sees_none(submitted: Reading, who: worlds.People) -> None:
    with pytest.raises(NotAllowed, match="reader alone"):
        queries.offered(who.moderator, submitted.pk)


def test_how_many_are_taken_is_counted(started: Reading, patient: Patient, project: Project, who: worlds.People) -> None:
    actions.accept(reading_id=started.pk, patient_id=patient.pk, key=offer_of(started, "sex").key, by=who.curator)
    actions.reject(reading_id=started.pk, patient_id=patient.pk, key=offer_of(started, "age").key, by=who.curator)
    assert queries.taken(who.curator, project) == {"judged": 2, "accepted": 1}
    assert queries.taken(who.moderator, project) == {"judged": 0, "accepted": 0}  # not before it is handed in
