"""Writing readings down: what is kept, and every refusal, after which nothing has changed."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.apps import apps

from curation.annotation import actions as annotation
from curation.annotation import lacks, queries
from curation.annotation.actions import Quote
from curation.annotation.pool import queries as pool
from curation.choices import Depth, ReadingState, Role
from curation.errors import Invalid, NotAllowed, NotFound, Refusal, Stale, VersionMissing, WrongState
from curation.models import Annotation, AuditEvent, Evidence, Patient, Project, Reading, Screening, Section
from curation.people import actions as people
from curation.tests import worlds
from curation.tests.annotation.conftest import ABSTRACT, TWICE

TABLES = ("Reading", "ReadingPatient", "Patient", "PatientReport", "Annotation", "Evidence", "AuditEvent")
Refused = Callable[..., AbstractContextManager[None]]


def everything() -> list[list[tuple[Any, ...]]]:
    return [list(apps.get_model("curation", name).objects.order_by("pk").values_list()) for name in TABLES]


@pytest.fixture
def refused() -> Refused:
    """``with refused(Invalid, "words")``: raised, and not a row is different afterwards."""

    @contextmanager
    def check(kind: type[Refusal], words: str = "") -> Iterator[None]:
        before = everything()
        with pytest.raises(kind) as caught:
            yield
        told = " ".join([caught.value.detail, *map(str, caught.value.faults)])
        assert words in told
        assert everything() == before

    return check


@pytest.fixture
def write(reading: Reading, patient: Patient, who: worlds.People) -> Callable[..., Annotation]:
    def record(feature: str, status: str = "present", *quotes: Quote, **given: Any) -> Annotation:
        return annotation.record(
            **{"reading_id": reading.pk, "patient_id": patient.pk, "by": who.curator}
            | {"feature_slug": feature, "status": status, "quotes": quotes}
            | given
        )

    return record


def quote(section: Section, exact: str, **place: Any) -> Quote:
    return Quote(section.pk, exact, **place)


# --- starting ---------------------------------------------------------------------------------------------------------


def test_a_reading_starts_with_what_can_be_read_and_nobody_described(reading: Reading) -> None:
    assert reading.scope == ["title", "abstract", "captions"]
    assert reading.state == ReadingState.ASSIGNED
    assert not queries.patients_of(reading)


def test_starting_again_is_the_same_reading(reading: Reading, who: worlds.People) -> None:
    again = annotation.start_reading(project=reading.project, article=reading.article, by=who.curator)
    assert again == reading


def test_the_article_must_be_included(project: Project, to_screen: Screening, who: worlds.People, refused: Refused) -> None:
    with refused(WrongState, "not included"):
        annotation.start_reading(project=project, article=to_screen.article, by=who.curator)


def test_strangers_start_nothing(project: Project, included: Screening, who: worlds.People, refused: Refused) -> None:
    for person in (who.stranger, who.outsider):
        with refused(NotAllowed, "needs the role"):
            annotation.start_reading(project=project, article=included.article, by=person)


def test_an_article_has_as_many_readers_as_the_project_asks_for(reading: Reading, who: worlds.People, refused: Refused) -> None:
    with refused(WrongState, "already has"):
        annotation.start_reading(project=reading.project, article=reading.article, by=who.curator2)


def test_two_blind_readers_of_a_single_case_speak_of_one_patient_once_both_handed_in(
    codebook: Any, article: Any, who: worlds.People
) -> None:
    project = worlds.a_project(who, codebook, readers_required=2)
    worlds.included(project, article, who.moderator)
    first = worlds.complete(project, article, who.curator)
    second = worlds.complete(project, article, who.curator2)
    (one,), (other,) = queries.patients_of(first), queries.patients_of(second)
    assert one != other
    # each names theirs as they like and is told nothing of the other's
    annotation.rename_patient(reading_id=second.pk, patient_id=other.pk, version=1, label="The man", by=who.curator2)
    for reading in (first, second):
        annotation.submit(reading_id=reading.pk, version=worlds.fresh(reading).version, by=reading.curator)
    assert queries.patients_of(first) == queries.patients_of(second) == [one]
    assert set(Annotation.objects.values_list("patient", flat=True)) == {one.pk}
    assert list(Patient.objects.all()) == [one]


def test_readers_who_describe_several_are_left_to_the_moderator(codebook: Any, article: Any, who: worlds.People) -> None:
    project = worlds.a_project(who, codebook, readers_required=2)
    worlds.included(project, article, who.moderator)
    first = worlds.submitted(project, article, who.curator)
    second = worlds.complete(project, article, who.curator2)
    annotation.add_patient(reading_id=second.pk, label="Another", by=who.curator2)
    with pytest.raises(Invalid, match="missing"):
        annotation.submit(reading_id=second.pk, version=second.version, by=who.curator2)
    assert not set(queries.patients_of(first)) & set(queries.patients_of(second))


def test_nobody_sees_or_writes_another_readers_reading(reading: Reading, patient: Patient, who: worlds.People) -> None:
    for person in (who.curator2, who.moderator, who.outsider):
        with pytest.raises(NotFound):
            queries.reading_for(person, reading.pk)
        with pytest.raises(NotFound):
            annotation.add_patient(reading_id=reading.pk, label="X", by=person)


def test_who_left_the_project_writes_no_more(reading: Reading, who: worlds.People, refused: Refused) -> None:
    people.end_membership(project=reading.project, user=who.curator, by=who.administrator)
    with refused(NotAllowed):
        annotation.add_patient(reading_id=reading.pk, label="X", by=who.curator)


# --- patients and scope -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["", "  ", "x" * 201, "a\x00b", "\ud800", "Patient 1"])
def test_patients_need_a_name_of_their_own(
    label: str, reading: Reading, patient: Patient, who: worlds.People, refused: Refused
) -> None:
    with refused(Invalid, "label"):
        annotation.add_patient(reading_id=reading.pk, label=label, by=who.curator)


def test_a_patient_is_renamed_and_removed(reading: Reading, patient: Patient, who: worlds.People, refused: Refused) -> None:
    renamed = annotation.rename_patient(reading_id=reading.pk, patient_id=patient.pk, version=1, label="II-3", by=who.curator)
    assert renamed.label == renamed.reports.get().label_in_article == "II-3"
    with refused(Stale):
        annotation.rename_patient(reading_id=reading.pk, patient_id=patient.pk, version=1, label="II-4", by=who.curator)
    annotation.remove_patient(reading_id=reading.pk, patient_id=patient.pk, version=2, by=who.curator)
    assert not Patient.objects.exists()


def test_a_patient_with_values_stays(
    reading: Reading, patient: Patient, write: Any, who: worlds.People, refused: Refused
) -> None:
    write("ck", "not_reported")
    with refused(WrongState, "remove those first"):
        annotation.remove_patient(reading_id=reading.pk, patient_id=patient.pk, version=1, by=who.curator)


def test_the_scope_is_what_was_read(reading: Reading, who: worlds.People, refused: Refused) -> None:
    kept = annotation.set_scope(reading_id=reading.pk, version=1, scope=["full_text", "title"], by=who.curator)
    assert (kept.scope, kept.version) == (["title", "full_text"], 2)
    for scope in ([], ["title", "everything"]):
        with refused(Invalid, "scope"):
            annotation.set_scope(reading_id=reading.pk, version=2, scope=scope, by=who.curator)
    with refused(Stale):
        annotation.set_scope(reading_id=reading.pk, version=1, scope=["title"], by=who.curator)
    with refused(VersionMissing):
        annotation.set_scope(reading_id=reading.pk, version=None, scope=["title"], by=who.curator)


# --- recording --------------------------------------------------------------------------------------------------------


def test_a_value_is_kept_with_the_words_that_prove_it(write: Any, abstract: Section, who: worlds.People) -> None:
    made = write("sex", "present", quote(abstract, "A 35-year-old male"), value="male", confidence="medium", comment=" sure ")
    made.refresh_from_db()
    assert (made.status, made.value, made.confidence, made.comment, made.version) == ("present", "male", "medium", "sure", 1)
    proof = made.evidence.get()
    assert (proof.start, proof.end, proof.exact) == (0, 18, "A 35-year-old male")
    assert (proof.prefix, proof.suffix) == ("", ABSTRACT[18:50])
    assert proof.depth == Depth.ABSTRACT
    assert made.reading.state == ReadingState.IN_PROGRESS
    assert {e.actor_id for e in AuditEvent.objects.filter(verb="annotation.record")} == {who.curator.pk}


def test_equal_quotes_are_kept_apart_by_place_or_context(write: Any, abstract: Section, refused: Refused) -> None:
    first, second = ABSTRACT.index(TWICE), ABSTRACT.rindex(TWICE)
    made = write("weakness", "present", quote(abstract, TWICE, start=first), quote(abstract, TWICE, prefix="his first "))
    assert list(made.evidence.values_list("start", flat=True)) == [first, second]
    with refused(Invalid, "stand 2 times"):
        write("regions", "present", quote(abstract, TWICE), value=["legs"])
    with refused(Invalid, "evidence already"):
        write("regions", "present", *[quote(abstract, TWICE, start=first)] * 2, value=["legs"])


def test_a_quote_beyond_an_astral_character_keeps_its_code_points(write: Any, abstract: Section) -> None:
    proof = write("regions", "present", quote(abstract, "scattered necrosis"), value=["legs"]).evidence.get()
    assert ABSTRACT[proof.start : proof.end] == "scattered necrosis"


def test_a_caption_is_deeper_than_the_abstract(write: Any, article: Any) -> None:
    caption = article.sections.get(key="figure1")
    assert write("weakness", "present", quote(caption, "necrotic")).evidence.get().depth == Depth.CAPTION


@pytest.mark.parametrize(
    ("feature", "status", "given", "words"),
    [
        ("sexx", "present", {"value": "male"}, "did you mean “sex”"),
        ("s\x00ex", "present", {}, "unknown"),
        ("sex", "present", {"value": "intersex"}, "value"),
        ("sex", "present", {}, "value"),
        ("sex", "not_applicable", {}, "status"),
        ("sex", "whatever", {}, "status"),
        ("ck", "present", {"value": 900_000}, "value"),
        ("ck", "present", {"value": "5 mg"}, "value"),
        ("serostatus", "present", {"value": "x"}, "derived"),
        ("sex", "present", {"value": "male", "confidence": "utter"}, "confidence"),
        ("sex", "present", {"value": "male", "comment": "a\x00"}, "comment"),
        ("sex", "present", {"value": "male", "instance": 2}, "instance"),
        ("sex", "present", {"value": "male", "patient_id": 0}, "patient"),
    ],
)
def test_what_the_codebook_does_not_know_is_refused(
    feature: str, status: str, given: dict[str, Any], words: str, write: Any, refused: Refused
) -> None:
    with refused(Invalid, words):
        write(feature, status, **given)


def test_quotes_that_do_not_stand_there_are_refused(write: Any, abstract: Section, refused: Refused) -> None:
    with refused(Invalid, "nearest wording is “presented with low back pain”"):
        write("weakness", "present", quote(abstract, "presented with lower back pain"))
    with refused(Invalid, "do not begin at character 5"):
        write("weakness", "present", quote(abstract, "low back pain", start=5))
    with refused(Invalid, "is no section of"):
        write("weakness", "present", Quote(0, "low back pain"))
    with refused(Invalid, "role"):
        write("weakness", "present", quote(abstract, "low back pain", role="hearsay"))


def test_a_second_answer_is_refused_and_a_second_instance_is_not(write: Any, refused: Refused) -> None:
    write("ck", "not_reported")
    with refused(WrongState, "already has an answer"):
        write("ck", "not_reported")
    assert write("ck", "present", value=12, instance=2).instance == 2


def test_what_is_not_asked_is_refused(write: Any, abstract: Section, refused: Refused) -> None:
    write("weakness", "excluded", quote(abstract, "low back pain"))
    with refused(Invalid, "is not asked"):
        write("symmetry", "present", value="asymmetric")
    with refused(Invalid, "is not asked"):
        write("side", "present", value="left")


# --- changing ---------------------------------------------------------------------------------------------------------


def test_a_value_is_changed_with_more_evidence_and_taken_away(
    write: Any, abstract: Section, who: worlds.People, refused: Refused
) -> None:
    made = write("sex", "present", quote(abstract, "A 35-year-old male"), value="female")
    kept = annotation.change(
        annotation_id=made.pk, version=1, status="present", value="male", quotes=[quote(abstract, "he did not")], by=who.curator
    )
    assert (kept.value, kept.version, kept.evidence.count()) == ("male", 2, 2)
    with refused(Stale, "version 1, it is now 2"):
        annotation.change(annotation_id=made.pk, version=1, status="present", value="female", by=who.curator)
    with refused(VersionMissing):
        annotation.change(annotation_id=made.pk, version=None, status="present", value="female", by=who.curator)
    with refused(Invalid, "value"):
        annotation.change(annotation_id=made.pk, version=2, status="present", value="dog", by=who.curator)
    with refused(Invalid, "nearest"):
        annotation.change(
            annotation_id=made.pk,
            version=2,
            status="excluded",
            quotes=[quote(abstract, "presented with lower back pain")],
            by=who.curator,
        )
    annotation.remove(annotation_id=made.pk, version=2, by=who.curator)
    assert not Annotation.objects.exists()
    assert not Evidence.objects.exists()


def test_evidence_is_added_and_removed(write: Any, abstract: Section, who: worlds.People, refused: Refused) -> None:
    made = write("weakness")
    added = annotation.add_evidence(annotation_id=made.pk, version=1, quote=quote(abstract, "low back pain"), by=who.curator)
    with refused(Stale):
        annotation.remove_evidence(evidence_id=added.pk, version=1, by=who.curator)
    with refused(NotFound):
        annotation.remove_evidence(evidence_id=added.pk, version=2, by=who.curator2)
    with refused(Invalid, "evidence already"):
        annotation.add_evidence(annotation_id=made.pk, version=2, quote=quote(abstract, "low back pain"), by=who.curator)
    kept = annotation.remove_evidence(evidence_id=added.pk, version=2, by=who.curator)
    assert (kept.version, kept.evidence.count()) == (3, 0)


def test_the_rest_of_a_group_is_marked_not_reported_as_far_as_it_is_asked(
    write: Any, reading: Reading, patient: Patient, abstract: Section, who: worlds.People, refused: Refused
) -> None:
    write("weakness", "present", quote(abstract, "weakness. Although"))
    arguments: dict[str, Any] = {"reading_id": reading.pk, "patient_id": patient.pk, "by": who.curator}
    assert annotation.mark_rest_not_reported(**arguments, group_slug="weakness") == 2
    assert set(Annotation.objects.filter(status="not_reported").values_list("feature__slug", flat=True)) == {
        "symmetry",
        "regions",
    }
    assert annotation.mark_rest_not_reported(**arguments, group_slug="weakness") == 0
    assert annotation.mark_rest_not_reported(**arguments, group_slug="labs") == 1, "what is derived is left out"
    with refused(Invalid, "no group"):
        annotation.mark_rest_not_reported(**arguments, group_slug="nowhere")


def test_what_hangs_on_a_changed_answer_is_kept_and_no_longer_asked(
    write: Any, reading: Reading, patient: Patient, abstract: Section, who: worlds.People
) -> None:
    parent = write("weakness", "present", quote(abstract, "weakness. Although"))
    write("symmetry", "present", value="asymmetric")
    assert [f.where for f in lacks.missing(reading) if "ymmetry" in f.where] == ["Patient 1: Symmetry of weakness"]
    annotation.change(annotation_id=parent.pk, version=1, status="excluded", by=who.curator)
    assert Annotation.objects.filter(feature__slug="symmetry").exists()
    assert not [f for f in lacks.missing(reading) if "ymmetry" in f.where]


# --- submitting -------------------------------------------------------------------------------------------------------


def complete(write: Any, abstract: Section) -> None:
    write("sex", "present", quote(abstract, "male"), value="male")
    write("age", "present", quote(abstract, "35-year-old"), value="P35Y")
    write("weakness", "present", quote(abstract, "weakness. Although"))
    write("symmetry", "not_reported")
    write("ck", "present", quote(abstract, "5,320 U/L"), value=5320)


def test_submit_names_everything_that_is_missing_with_its_address(
    write: Any, reading: Reading, patient: Patient, abstract: Section, who: worlds.People, refused: Refused
) -> None:
    write("weakness")
    write("symmetry", "indeterminate", quote(abstract, "low back pain"))
    with refused(Invalid, "5 answers are missing"):
        annotation.submit(reading_id=reading.pk, version=1, by=who.curator)
    told = {f.where.removeprefix("Patient 1: "): f for f in lacks.missing(reading)}
    assert set(told) == {"Sex", "Age at report", "Muscle weakness", "Symmetry of weakness", "CK value"}
    assert "evidence" in told["Muscle weakness"].reason
    assert "comment" in told["Symmetry of weakness"].reason
    assert told["Sex"].link == f"/readings/{reading.pk}/features/sex/?patient={patient.pk}#feature-sex"


def test_a_reading_of_nobody_is_not_submitted(reading: Reading, who: worlds.People, refused: Refused) -> None:
    with refused(Invalid, "describes nobody"):
        annotation.submit(reading_id=reading.pk, version=1, by=who.curator)


def test_every_patient_is_complete(write: Any, reading: Reading, abstract: Section, who: worlds.People, refused: Refused) -> None:
    complete(write, abstract)
    annotation.add_patient(reading_id=reading.pk, label="Patient 2", by=who.curator)
    with refused(Invalid, "Patient 2: Sex"):
        annotation.submit(reading_id=reading.pk, version=1, by=who.curator)


def test_a_submitted_reading_is_read_only(
    write: Any, reading: Reading, patient: Patient, abstract: Section, who: worlds.People, refused: Refused
) -> None:
    complete(write, abstract)
    with refused(Stale):
        annotation.submit(reading_id=reading.pk, version=9, by=who.curator)
    done = annotation.submit(reading_id=reading.pk, version=1, by=who.curator)
    assert (done.state, done.version) == (ReadingState.SUBMITTED, 2)
    assert done.submitted_at
    made = Annotation.objects.filter(feature__slug="sex").get()
    attempts: list[Callable[[], object]] = [
        lambda: write("remark", "present", value="x"),
        lambda: annotation.remove(annotation_id=made.pk, version=1, by=who.curator),
        lambda: annotation.remove_evidence(evidence_id=made.evidence.get().pk, version=1, by=who.curator),
        lambda: annotation.add_patient(reading_id=reading.pk, label="X", by=who.curator),
        lambda: annotation.set_scope(reading_id=reading.pk, version=2, scope=["title"], by=who.curator),
        lambda: annotation.submit(reading_id=reading.pk, version=2, by=who.curator),
        lambda: annotation.mark_rest_not_reported(
            reading_id=reading.pk, patient_id=patient.pk, group_slug="labs", by=who.curator
        ),
    ]
    for attempt in attempts:
        with refused(WrongState, "can no longer be changed"):
            attempt()
    with refused(NotAllowed, "somebody else"):
        annotation.remove(annotation_id=made.pk, version=1, by=who.moderator)


def test_moderators_read_too_where_they_are_the_reader(project: Project, included: Screening, who: worlds.People) -> None:
    people.set_membership(project=project, user=who.curator2, role=Role.MODERATOR, by=who.administrator)
    assert annotation.start_reading(project=project, article=included.article, by=who.curator2).curator == who.curator2


# --- lists ------------------------------------------------------------------------------------------------------------


def test_what_one_may_start(project: Project, included: Screening, who: worlds.People) -> None:
    assert [s.article for s in pool.startable(who.curator)] == [included.article]
    annotation.start_reading(project=project, article=included.article, by=who.curator)
    assert not pool.startable(who.curator)
    assert not pool.startable(who.curator2)
    assert not pool.startable(who.stranger)
    assert [r.article for r in queries.readings_of(who.curator)] == [included.article]
    assert not queries.readings_of(who.curator2)


def test_a_typed_sentence_is_found_with_its_section(reading: Reading) -> None:
    found = queries.places(reading, "scattered necro")
    assert [(s.key, p.exact) for s, p in found] == [("abstract", "scattered necro"), ("figure1", "Scattered necro")]
