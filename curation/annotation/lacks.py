"""What a reading lacks before it can be submitted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse

from curation.annotation import queries, rules
from curation.annotation.rules import Gap
from curation.codebook import queries as codebook
from curation.codebook.rules import FeatureSpec
from curation.errors import Fault
from curation.models import Annotation, Patient, Reading, ReadingNote, Unmoved


def missing(reading: Reading) -> list[Fault]:
    """Everything that submit would refuse, each with the address of its place in the workspace."""
    notes = ReadingNote.objects.filter(reading=reading).select_related("feature", "patient").order_by("pk")
    specs = codebook.specs_in(reading.codebook_version_id)
    by_patient: dict[int, list[Annotation]] = defaultdict(list)
    for annotation in queries.annotations_of(reading):
        by_patient[annotation.patient_id].append(annotation)
    patients = queries.patients_of(reading)
    gaps = {patient.pk: rules.gaps(specs, queries.recorded(by_patient[patient.pk])) for patient in patients}
    return missing_of(reading, patients, gaps, specs, notes) + unsettled(reading)


def unsettled(reading: Reading) -> list[Fault]:
    """What a move to another codebook version left for the reader to say anew."""
    if not getattr(reading, "has_unsettled", True):  # ``queries.knowing_its_rest``
        return []
    rows = Unmoved.objects.open().of_reading(reading).select_related("annotation__feature", "annotation__patient").order_by("pk")
    return [_unsettled(each) for each in rows]


def _unsettled(left: Unmoved) -> Fault:
    said = left.said
    return Fault(f"{said.patient}: {said.feature}", f"is to be said anew: {left.why}", reverse("web:unmoved", args=[left.pk]))


def missing_of(
    reading: Reading,
    patients: Sequence[Patient],
    gaps: Mapping[int, Sequence[Gap]],
    specs: Mapping[str, FeatureSpec],
    notes: Iterable[ReadingNote] = (),
) -> list[Fault]:
    """The same of what is at hand already; ``gaps`` by patient."""
    unanswered = [_unanswered(reading, note) for note in notes if not (note.answered_at or note.resolved_at)]
    if not patients:
        reason = "the reading describes nobody yet; add the patient"
        return [Fault("patients", reason, reverse("web:reading", args=[reading.pk])), *unanswered]
    return [
        Fault(
            f"{patient.label}: {specs[gap.slug].label}", gap.reason, queries.place_in_workspace(reading.pk, patient.pk, gap.slug)
        )
        for patient in patients
        for gap in gaps[patient.pk]
    ] + unanswered


def _unanswered(reading: Reading, note: ReadingNote) -> Fault:
    about = ": ".join(str(part) for part in (note.patient, note.feature) if part) or "the whole reading"
    return Fault(about, "the moderator's note has no answer yet", queries.place_of_note(reading.pk, note))
