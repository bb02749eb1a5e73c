"""The only writers of readings, of the patients they describe, of annotations and their evidence."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from curation import versions
from curation.annotation import following, guards, lacks, proving, queries, rules, silences
from curation.annotation.pieces import Cell as Cell
from curation.annotation.pieces import Piece as Piece
from curation.annotation.pieces import Quote as Quote
from curation.annotation.pieces import Region as Region
from curation.annotation.pool import actions as pool
from curation.annotation.pool.guards import require_may_begin, require_place
from curation.audit import action
from curation.choices import Confidence, ReadingState, ReadPart, Status
from curation.codebook import queries as codebook
from curation.errors import Fault, Invalid, WrongState
from curation.models import (
    Annotation,
    Article,
    Evidence,
    Judged,
    Patient,
    PatientReport,
    Project,
    Reading,
    ReadingNote,
    ReadingPatient,
    Screening,
    User,
)
from curation.moves import READING_MOVES, require_move
from curation.permissions import require_member


@action("reading.start")
def start_reading(*, project: Project, article: Article, patients: Sequence[str] = (), by: User) -> Reading:
    """The person's reading of the article, begun with the patients named; the same one where they had begun it before, with
    their draft where it had gone back to the pool.

    Refused where something is in the way (``pool``): it has its readers, for one.
    """
    require_member(by, project)
    require_place(by, project)
    screening = guards.included(project, article)
    own = Reading.objects.filter(project=project, article=article, curator=by).select_for_update().first()
    if own and own.state != ReadingState.RELEASED:
        return own
    require_may_begin(screening, by)
    if own:
        return pool.take_up(reading=own, by=by)
    reading = queries.new_reading(project, article, by)
    reading.save()
    for label in patients:
        _describe(reading, screening, label)
    return reading


@action("reading.set_scope")
def set_scope(*, reading_id: int, version: int | None, scope: Sequence[str], by: User) -> Reading:
    """Say what was read, and so what “not reported” means."""
    if not scope or not set(scope) <= set(ReadPart.values):
        choices = ", ".join(ReadPart.values)
        raise Invalid("Say what you read.", faults=[Fault("scope", f"name at least one, and only of: {choices}")])
    reading = guards.own_open_at(reading_id, version, by)
    reading.scope = [part for part in ReadPart.values if part in scope]
    reading.save(update_fields=["scope", "version", "changed_at"])
    return reading


@action("patient.add")
def add_patient(*, reading_id: int, label: str, by: User) -> Patient:
    """A patient the article describes, under the name it uses."""
    reading = guards.own_open(reading_id, by)
    screening = guards.included(reading.project, reading.article)
    reading.changed_at = timezone.now()
    reading.save(update_fields=["changed_at"])
    return _describe(reading, screening, label)


@action("patient.rename")
def rename_patient(*, reading_id: int, patient_id: int, version: int | None, label: str, by: User) -> Patient:
    reading = guards.own_open(reading_id, by)
    label = guards.free_label(reading, label, but=patient_id)
    mine = guards.described(reading, patient_id)
    guards.require_sole(reading, mine)
    patient = versions.lock(Patient.objects.filter(pk=mine.pk), pk=mine.pk, version=version)
    patient.label = label
    patient.save(update_fields=["label", "version", "changed_at"])
    PatientReport.objects.filter(patient=patient, article=reading.article).update(label_in_article=label)
    return patient


@action("patient.remove")
def remove_patient(*, reading_id: int, patient_id: int, version: int | None, by: User) -> None:
    """Take back a patient added by mistake; refused once something is recorded of them."""
    reading = guards.own_open(reading_id, by)
    patient = guards.described(reading, patient_id)
    versions.expect(patient, version=version)
    if Annotation.objects.filter(reading=reading, patient=patient).exists():
        raise WrongState(f"Values are recorded of {patient.label}; remove those first.")
    ReadingPatient.objects.filter(reading=reading, patient=patient).delete()
    if not guards.is_named(patient):
        patient.delete()


@action("annotation.record")
def record(
    *,
    reading_id: int,
    patient_id: int,
    feature_slug: str,
    status: str,
    value: object = None,
    qualifiers: Mapping[str, Any] | None = None,
    confidence: str = Confidence.HIGH,
    comment: str = "",
    quotes: Sequence[Piece] = (),
    instance: int = 1,
    by: User,
) -> Annotation:
    """Write down what the report says of one patient and one feature; ``quotes``: the words, places and cells that prove it."""
    reading = guards.own_open(reading_id, by)
    patient = guards.described(reading, patient_id)
    feature = queries.feature_in(reading, feature_slug)
    spec = codebook.spec(feature)
    guards.require_room(reading, patient, spec, instance)
    fields = guards.answer(reading, spec, status, value, qualifiers, confidence, comment)
    annotation = Annotation.objects.create(reading=reading, patient=patient, feature=feature, instance=instance, **fields)
    Evidence.objects.bulk_create(proving.proofs(annotation, reading, quotes))
    _begin(reading)
    return annotation


@action("annotation.change")
def change(
    *,
    annotation_id: int,
    version: int | None,
    status: str,
    value: object = None,
    qualifiers: Mapping[str, Any] | None = None,
    confidence: str = Confidence.HIGH,
    comment: str = "",
    quotes: Sequence[Piece] = (),
    by: User,
) -> Annotation:
    """Answer anew; ``quotes`` are added to the evidence that is there."""
    annotation, reading = guards.own_annotation(annotation_id, version, by)
    fields = guards.answer(reading, codebook.spec(annotation.feature), status, value, qualifiers, confidence, comment)
    for name, kept in fields.items():
        setattr(annotation, name, kept)
    annotation.save(update_fields=[*fields, "version", "changed_at"])
    Evidence.objects.bulk_create(proving.proofs(annotation, reading, quotes))
    return annotation


@action("annotation.remove")
def remove(*, annotation_id: int, version: int | None, by: User) -> None:
    annotation, _ = guards.own_annotation(annotation_id, version, by)
    guards.require_unpublished(annotation)
    annotation.delete()


@action("evidence.add")
def add_evidence(*, annotation_id: int, version: int | None, quote: Piece, by: User) -> Evidence:
    """``quote``: the words, the rectangle or the cell."""
    annotation, reading = guards.own_annotation(annotation_id, version, by)
    annotation.save(update_fields=["version", "changed_at"])
    (evidence,) = Evidence.objects.bulk_create(proving.proofs(annotation, reading, [quote]))
    return evidence


@action("evidence.change")
def change_evidence(
    *,
    evidence_id: int,
    version: int | None,
    role: str | None = None,
    contradicts: bool | None = None,
    panel: str | None = None,
    by: User,
) -> Annotation:
    """Say whose words they are, whether they speak against the answer, which panel it is; None leaves it as it is.

    ``version`` is the annotation's, which this changes.
    """
    evidence = queries.evidence_for(by, evidence_id)
    annotation, _ = guards.own_annotation(evidence.annotation_id, version, by)
    evidence.role = evidence.role if role is None else proving.role(role)
    evidence.contradicts = evidence.contradicts if contradicts is None else contradicts
    evidence.panel = evidence.panel if panel is None else proving.panel(panel, evidence.kind)
    evidence.save(update_fields=["role", "contradicts", "panel"])
    annotation.save(update_fields=["version", "changed_at"])
    return annotation


@action("evidence.remove")
def remove_evidence(*, evidence_id: int, version: int | None, by: User) -> Annotation:
    """``version`` is the annotation's, which this changes."""
    evidence = queries.evidence_for(by, evidence_id)
    annotation, _ = guards.own_annotation(evidence.annotation_id, version, by)
    evidence.delete()
    annotation.save(update_fields=["version", "changed_at"])
    return annotation


@action("evidence.follow_text")
def follow_text(*, article_ids: Sequence[int], by: User) -> int:
    """Lead evidence to where it stands now that text or figures were published anew; how many were led or marked.

    Asks no permission: this is what an import does to evidence, whoever imports, and what is in its place is left alone.
    """
    changed = following.led(queries.left_behind(article_ids))
    return Evidence.objects.bulk_update(changed, following.CHANGED)


@action("annotation.rest_not_reported")
def mark_rest_not_reported(*, reading_id: int, patient_id: int, group_slug: str, by: User) -> int:
    """Record “not reported” for every feature of the group that is asked and has no answer; how many that were.

    Those that said so before more was read say it again of all that is read now.
    """
    reading = guards.own_open(reading_id, by)
    patient = guards.described(reading, patient_id)
    rest, again = silences.left_unsaid(reading, patient, group_slug)
    said = rules.silence(reading.scope, Status.NOT_REPORTED)
    Annotation.objects.bulk_create(
        Annotation(reading=reading, patient=patient, feature=f, status=Status.NOT_REPORTED, qualifiers=said) for f in rest
    )
    for annotation in again:
        annotation.qualifiers = said
        versions.raised(annotation).save(update_fields=["qualifiers", "version", "changed_at"])
    if rest:
        _begin(reading)
    return len(rest) + len(again)


@action("reading.submit")
def submit(*, reading_id: int, version: int | None, by: User) -> Reading:
    """Hand the reading in for review. Refused with everything that is missing; read-only afterwards."""
    reading = guards.own_open_at(reading_id, version, by)
    if faults := lacks.missing(reading):
        count = "One answer is" if len(faults) == 1 else f"{len(faults)} answers are"
        raise Invalid(f"{count} missing before this reading can be submitted.", faults=faults)
    require_move(READING_MOVES, reading.state, ReadingState.SUBMITTED, thing="This reading")
    reading.state, reading.submitted_at = ReadingState.SUBMITTED, timezone.now()
    reading.save(update_fields=["state", "submitted_at", "version", "changed_at"])
    _speak_of_the_same(reading)
    return reading


def _speak_of_the_same(reading: Reading) -> None:
    """Of a report of one patient, readings that are handed in speak of one person: the one that the other describes.

    Not before: who met a patient that is there already would learn that the other reader has begun.
    """
    here = {"project": reading.project, "article": reading.article}
    rows, mine = Screening.objects.filter(**here, patients_described=1), list(reading.patients.all())
    others = Reading.objects.standing().filter(**here, submitted_at__isnull=False).exclude(pk=reading.pk)
    if not rows.select_for_update().exists() or len(mine) != 1:  # locked: of two at once, the later finds the earlier
        return
    known = set(Patient.objects.counted().filter(described_in__reading__in=others))
    (gone,), kept = mine, known.pop() if len(known) == 1 else None
    if kept is None or kept == gone or guards.is_named(gone, but=reading):
        return
    for table in (ReadingPatient, Annotation, Judged, ReadingNote):
        table.objects.filter(reading=reading, patient=gone).update(patient=kept)
    gone.delete()


def _begin(reading: Reading) -> None:
    """The first value begins the reading. Its version stays: nobody's change is overwritten by this."""
    if reading.state == ReadingState.ASSIGNED:
        reading.state = ReadingState.IN_PROGRESS
        reading.save(update_fields=["state"])


def _describe(reading: Reading, screening: Screening, label: str) -> Patient:
    """A new patient; of a report of one patient the one of whom something is published."""
    label = guards.free_label(reading, label)
    patient = None
    if screening.patients_described == 1 and not reading.patients.exists():
        rows = Patient.objects.counted().filter(project=reading.project, reports__article=reading.article)
        patient = rows.filter(findings__isnull=False).order_by("pk").first()
    if patient is None:
        patient = Patient.objects.create(project=reading.project, label=label)
        PatientReport.objects.create(patient=patient, article=reading.article, label_in_article=label)
    ReadingPatient.objects.create(reading=reading, patient=patient)
    return patient
