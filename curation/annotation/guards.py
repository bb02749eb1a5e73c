"""What stands before every write: whose reading it is, whether it is open, whether the answer may be kept. Nothing is written."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from curation import versions
from curation.annotation import answers, queries, rules
from curation.annotation.rules import Recorded
from curation.choices import READING_OPEN, Confidence, ReadingState
from curation.codebook import queries as codebook
from curation.codebook.rules import FeatureSpec, check
from curation.codebook.wording import condition_words
from curation.errors import Fault, Invalid, NotAllowed, WrongState
from curation.models import (
    Annotation,
    Article,
    Decision,
    Pairing,
    Patient,
    PatientMerge,
    Project,
    Reading,
    ReadingNote,
    SamePatient,
    Screening,
    User,
)
from curation.permissions import require_member

MOST_INSTANCES = 999


def included(project: Project, article: Article) -> Screening:
    """The project's decision, locked, so that two people who start at once are counted one after the other."""
    screening = Screening.objects.select_for_update().included().filter(project=project, article=article).first()
    if screening is None:
        raise WrongState(f"{article} is not included in “{project.title}”; a moderator has to include it first.")
    return screening


def own_open(reading_id: int, by: User) -> Reading:
    """The person's reading, locked, while it may be written in; for writes to what belongs to it."""
    rows = queries.knowing_its_rest(Reading.objects.filter(curator=by, pk=reading_id)).select_related("project").order_by()
    reading = rows.select_for_update(of=("self",)).first()
    if reading is None:
        queries.reading_for(by, reading_id)
        raise NotAllowed("This is somebody else's reading; only its reader writes in it.")
    reading.curator = by
    require_member(by, reading.project)
    if reading.state not in READING_OPEN:
        way_out = "Take it up again to go on." if reading.state == ReadingState.RELEASED else "It can no longer be changed."
        raise WrongState(f"This reading is {reading.get_state_display().lower()}. {way_out}")
    return reading


def own_open_at(reading_id: int, version: int | None, by: User) -> Reading:
    """The same for writes to the reading itself: its version checked and raised."""
    reading = own_open(reading_id, by)
    versions.expect(reading, version=version)
    return versions.raised(reading)


def own_annotation(annotation_id: int, version: int | None, by: User) -> tuple[Annotation, Reading]:
    """The reading is locked before the annotation, as everywhere."""
    reading = own_open(queries.reading_of(by, annotation_id), by)
    annotation = versions.lock(Annotation.objects.filter(reading=reading), pk=annotation_id, version=version)
    feature = codebook.known(annotation.feature_id, reading.codebook_version_id)
    if feature is None:
        raise WrongState("The project moved to a codebook version that cannot hold this answer: say it anew, or let it go.")
    annotation.reading, annotation.feature = reading, feature
    return annotation, reading


def described(reading: Reading, patient_id: int) -> Patient:
    patient = Patient.objects.filter(pk=patient_id, described_in__reading=reading).first()
    if patient is None:
        raise Invalid("Choose the patient.", faults=[Fault("patient", f"{patient_id} is no patient of this reading")])
    return patient


def free_label(reading: Reading, label: str, *, but: int | None = None) -> str:
    label = rules.clean("label", label, longest=rules.LONGEST_LABEL)
    if not label:
        raise Invalid(
            "Name the patient.", faults=[Fault("label", "is empty; use the name the article uses, such as “Patient 2”")]
        )
    if reading.patients.exclude(pk=but).filter(label=label).exists():
        raise Invalid("Two patients cannot share a name.", faults=[Fault("label", f"“{label}” is already in this reading")])
    return label


def require_sole(reading: Reading, patient: Patient) -> None:
    if patient.described_in.exclude(reading=reading).exclude(reading__state=ReadingState.RELEASED).exists():
        raise NotAllowed("Another reader describes this patient too; the name is settled at review.")


def is_named(patient: Patient, *, but: Reading | None = None) -> bool:
    """Whether something still speaks of the patient: a reading or a question to one, a finding, or that somebody takes them for
    another, or did once."""
    named = Q(patient=patient) | Q(other=patient)
    said = (
        patient.described_in.exclude(reading=but),
        patient.findings,
        patient.merged,
        PatientMerge.objects.filter(Q(kept=patient) | Q(gone=patient)),
        Pairing.objects.filter(named),
        SamePatient.objects.filter(named),
        Decision.objects.filter(patient=patient),
        ReadingNote.objects.filter(patient=patient).exclude(reading=but),
    )
    return any(rows.exists() for rows in said)


def require_unpublished(annotation: Annotation) -> None:
    """What is published came from it, now or once, and goes on naming where it came from."""
    if annotation.findings.exists():
        raise WrongState(
            f"“{annotation.feature}” was published from this answer, so it cannot be taken away. Say something else instead, "
            "such as that it is not reported; it is published anew when the article is."
        )


def require_room(reading: Reading, patient: Patient, spec: FeatureSpec, instance: int) -> None:
    """Refuse an answer to what is derived, is answered already, or is not asked of this patient."""
    if spec.derived:
        raise Invalid(f"“{spec.label}” is computed by a rule.", faults=[Fault("feature", "is derived and never typed")])
    repeats = spec.repeatable or spec.repeat_group
    if not 1 <= instance <= (MOST_INSTANCES if repeats else 1):
        raise Invalid(f"“{spec.label}” takes one answer.", faults=[Fault("instance", "is 1, and more only where it repeats")])
    said = answers.said_of(reading, patient)
    if any((each.slug, each.instance) == (spec.slug, instance) for each in said):
        raise WrongState(f"“{spec.label}” already has an answer for {patient.label}; change that one.")
    if spec.shown_when:
        _require_asked(reading, said, spec, spec.shown_when)


def _require_asked(reading: Reading, said: Sequence[Recorded], spec: FeatureSpec, shown_when: Mapping[str, Any]) -> None:
    specs = codebook.specs_in(reading.codebook_version_id)
    if rules.asked(specs, said)[spec.slug] is False:
        condition = condition_words(shown_when, specs.get(shown_when["feature"]))
        raise Invalid(f"“{spec.label}” is not asked.", faults=[Fault("feature", f"is asked only where: {condition}")])


def answer(
    reading: Reading,
    spec: FeatureSpec,
    status: str,
    value: object,
    qualifiers: Mapping[str, Any] | None,
    confidence: str,
    comment: str,
) -> dict[str, Any]:
    """The checked fields of an annotation. "Not reported" remembers what had been read of the article when it was said."""
    checked = check(spec, status=status, value=value, qualifiers=qualifiers or {})
    if confidence not in Confidence.values:
        raise Invalid("Say how sure.", faults=[Fault("confidence", f"choose one of {', '.join(Confidence.values)}")])
    return {
        "status": checked.status,
        "value": checked.value,
        "low": checked.low,
        "high": checked.high,
        "qualifiers": dict(checked.qualifiers) | rules.silence(reading.scope, checked.status),
        "confidence": confidence,
        "comment": rules.clean("comment", comment, longest=rules.LONGEST_COMMENT),
    }
