"""The only writer of who is who: patients put in order, merged within a reading, said to be the same across articles."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from curation import versions
from curation.annotation import guards
from curation.audit import action
from curation.choices import SameState
from curation.errors import Fault, Invalid, NotAllowed, WrongState
from curation.models import (
    Annotation,
    Evidence,
    Patient,
    PatientMerge,
    PatientReport,
    Project,
    Reading,
    ReadingPatient,
    SamePatient,
    User,
)
from curation.moves import SAME_MOVES, require_move
from curation.patients import queries
from curation.patients.merging import GONE, KEPT, Clash, Plan, clashes, plan
from curation.patients.persons import roots
from curation.permissions import is_moderator, require_member, require_moderator
from curation.review.rules import check_words

#: Instances beyond every real one, for the moment in which two answers change places.
ASIDE = 10_000


@action("patient.order")
def order_patients(*, reading_id: int, patients: Sequence[int], by: User) -> None:
    """Show the reading's patients in this order; whoever is not named comes after."""
    reading = guards.own_open(reading_id, by)
    rows = {row.patient_id: row for row in ReadingPatient.objects.filter(reading=reading)}
    unknown = [Fault("patients", f"{pk} is no patient of this reading") for pk in patients if pk not in rows]
    if unknown:
        raise Invalid("Name patients of this reading.", faults=unknown)
    for position, pk in enumerate(dict.fromkeys([*patients, *rows])):
        rows[pk].position = position
    ReadingPatient.objects.bulk_update(rows.values(), ["position"])


@action("patient.merge")
def merge(*, reading_id: int, kept_id: int, gone_id: int, choices: Mapping[str, str], by: User) -> PatientMerge:
    """Take two patients of a reading for one. ``choices`` says for each feature they clash in whose answer holds.

    Nothing is lost: what does not hold stays with the patient who goes, and ``undo_merge`` brings everything back.
    """
    reading = guards.own_open(reading_id, by)
    kept, gone = guards.described(reading, kept_id), guards.described(reading, gone_id)
    if kept == gone:
        raise Invalid("Choose two patients.", faults=[Fault("gone", "is the same patient")])
    own, theirs = queries.said(reading, kept), queries.said(reading, gone)
    _require_choices(clashes(own, theirs), choices)
    made = plan(own, theirs, choices)
    row = ReadingPatient.objects.get(reading=reading, patient=gone)
    moved, proofs = _carry_out(made, kept, gone)
    row.delete()
    _count_for(gone, kept, reading)
    return PatientMerge.objects.create(
        reading=reading, kept=kept, gone=gone, position=row.position, moved=moved, proofs=proofs, merged_by=by
    )


def _require_choices(found: Sequence[Clash], choices: Mapping[str, str]) -> None:
    faults = [
        Fault(clash.slug, "is answered differently for the two; choose whose answer holds: kept or gone")
        for clash in found
        if choices.get(clash.slug) not in (KEPT, GONE)
    ]
    if faults:
        raise Invalid("The two patients differ. Choose for each difference whose answer holds.", faults=faults)


def _carry_out(made: Plan, kept: Patient, gone: Patient) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What was moved and from where: answers and pieces of evidence."""
    to = {pk: (kept.pk, instance) for pk, instance in made.to_kept.items()}
    to |= {pk: (gone.pk, instance) for pk, instance in made.to_gone.items()}
    answers = Annotation.objects.in_bulk(to)
    before = [{"annotation": pk, "patient": a.patient_id, "instance": a.instance} for pk, a in sorted(answers.items())]
    _place(answers.values(), to)
    return before, _join_proofs(made.agreeing)


def _place(answers: Iterable[Annotation], to: Mapping[int, tuple[int, int]]) -> None:
    """In two steps, so that answers may change places."""
    answers = list(answers)
    for n, answer in enumerate(answers):
        versions.raised(answer).instance = ASIDE + n
    Annotation.objects.bulk_update(answers, ["instance", "version", "changed_at"])
    for answer in answers:
        answer.patient_id, answer.instance = to[answer.pk]
    Annotation.objects.bulk_update(answers, ["patient", "instance"])


def _join_proofs(agreeing: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Where both said the same, what proves the one proves the other."""
    into = {behind: stays for stays, behind in agreeing}
    rows = list(Evidence.objects.filter(annotation__in={*into, *into.values()}).order_by("pk"))
    known = {(e.annotation_id, e.section_id, e.start, e.end, str(e.region)) for e in rows}
    moving = [
        e for e in rows if e.annotation_id in into
        and (into[e.annotation_id], e.section_id, e.start, e.end, str(e.region)) not in known
    ]  # fmt: skip
    before = [{"evidence": e.pk, "annotation": e.annotation_id} for e in moving]
    for each in moving:
        each.annotation_id = into[each.annotation_id]
    Evidence.objects.bulk_update(moving, ["annotation"])
    return before


def _count_for(gone: Patient, kept: Patient, reading: Reading) -> None:
    """Only where nobody else describes the one who goes: what another reader or article says of them is not ours to settle."""
    elsewhere = ReadingPatient.objects.filter(patient=gone).exists() or gone.findings.exists()
    if not elsewhere and not PatientReport.objects.filter(patient=gone).exclude(article=reading.article_id).exists():
        _settle_persons(reading.project, {gone.pk: kept.pk})


@action("patient.unmerge")
def undo_merge(*, merge_id: int, version: int | None, by: User) -> PatientMerge:
    """Take the two apart again, everything where it was. Refused where a place is taken by a newer answer."""
    reading = guards.own_open(queries.merge(by, merge_id).reading_id, by)
    rows = PatientMerge.objects.filter(reading=reading).select_related("kept", "gone")
    found = versions.lock(rows, pk=merge_id, version=version)
    _require_undoable(found)
    answers = Annotation.objects.in_bulk([each["annotation"] for each in found.moved])
    to = {each["annotation"]: (each["patient"], each["instance"]) for each in found.moved if each["annotation"] in answers}
    _require_room(reading, answers, to)
    _place(answers.values(), to)
    _return_proofs(found.proofs)
    ReadingPatient.objects.create(reading=reading, patient=found.gone, position=found.position)
    found.undone_at = timezone.now()
    found.save(update_fields=["undone_at", "version", "changed_at"])
    _settle_persons(reading.project, {}, apart=[found.gone_id])
    return found


def _require_undoable(found: PatientMerge) -> None:
    if found.undone_at:
        raise WrongState(f"{found.gone.label} and {found.kept.label} are two again already.")
    if not ReadingPatient.objects.filter(reading=found.reading_id, patient=found.kept).exists():
        raise WrongState(f"{found.kept.label} was merged into somebody else since. Undo the later merge first.")
    if ReadingPatient.objects.filter(reading=found.reading_id, patient__label=found.gone.label).exists():
        raise WrongState(f"There is another “{found.gone.label}” in this reading now. Rename that one first.")


def _require_room(reading: Reading, answers: Mapping[int, Annotation], to: Mapping[int, tuple[int, int]]) -> None:
    others = Annotation.objects.filter(reading=reading).exclude(pk__in=answers).select_related("feature")
    taken = {(a.patient_id, a.feature_id, a.instance): a for a in others}
    wanted = [(patient, answers[pk].feature_id, instance) for pk, (patient, instance) in to.items()]
    faults = [
        Fault(str(taken[place].feature), "was answered anew since; remove that answer first")
        for place in wanted
        if place in taken
    ]
    if faults:
        raise WrongState("The merge cannot be undone as it is.", faults=faults)


def _return_proofs(proofs: Sequence[Mapping[str, int]]) -> None:
    rows = Evidence.objects.in_bulk([each["evidence"] for each in proofs])
    homes = set(Annotation.objects.filter(pk__in=[each["annotation"] for each in proofs]).values_list("pk", flat=True))
    back = [each for each in proofs if each["evidence"] in rows and each["annotation"] in homes]
    for each in back:
        rows[each["evidence"]].annotation_id = each["annotation"]
    Evidence.objects.bulk_update([rows[each["evidence"]] for each in back], ["annotation"])


@action("same_patient.mark")
def mark_same(*, patient_id: int, other_id: int, reason: str, by: User) -> SamePatient:
    """Say that two patients of a project, reported in different articles, are one person.

    A moderator's word counts at once where both are published and neither comes from their own reading; any other waits for one.
    """
    patient, other = queries.patient(by, patient_id), queries.patient(by, other_id)
    require_member(by, patient.project)
    why = check_words(reason, field="reason", refused="Say why they are the same person.")
    _require_different(patient, other)
    made = SamePatient.objects.create(project=patient.project, patient=patient, other=other, reason=why, proposed_by=by)
    if is_moderator(by, patient.project) and not _hindrance(made, by):
        return _settle(made, SameState.CONFIRMED, why, by)
    return made


def _require_different(patient: Patient, other: Patient) -> None:
    if patient.project_id != other.project_id:
        raise Invalid("Choose a patient of the same project.", faults=[Fault("other", "belongs to another project")])
    if (patient.merged_into_id or patient.pk) == (other.merged_into_id or other.pk):
        raise Invalid("Choose another patient.", faults=[Fault("other", f"{other.label} is counted as the same person already")])
    articles = PatientReport.objects.filter(patient=patient).values("article")
    if PatientReport.objects.filter(patient=other, article__in=articles).exists():
        raise Invalid(
            "Both are described in the same article.",
            faults=[Fault("other", "is reported beside this patient; merge them in the reading, if they are one")],
        )
    both = (patient.pk, other.pk)
    if SamePatient.objects.standing().filter(patient__in=both, other__in=both).exists():
        raise WrongState("That is proposed already; a moderator decides on it.")


@action("same_patient.confirm")
def confirm_same(*, link_id: int, version: int | None, reason: str = "", by: User) -> SamePatient:
    """From now on every count counts the two as one. Their findings stay as they are, side by side."""
    found = _lock(link_id, version, by)
    require_move(SAME_MOVES, found.state, SameState.CONFIRMED, thing="This proposal")
    if hindrance := _hindrance(found, by):
        raise hindrance
    return _settle(found, SameState.CONFIRMED, reason, by)


@action("same_patient.decline")
def decline_same(*, link_id: int, version: int | None, reason: str, by: User) -> SamePatient:
    found = _lock(link_id, version, by)
    require_move(SAME_MOVES, found.state, SameState.DECLINED, thing="This proposal")
    return _settle(found, SameState.DECLINED, check_words(reason, field="reason", refused="Say why they are two."), by)


@action("same_patient.undo")
def undo_same(*, link_id: int, version: int | None, reason: str, by: User) -> SamePatient:
    """Count the two as two again."""
    found = _lock(link_id, version, by)
    require_move(SAME_MOVES, found.state, SameState.UNDONE, thing="This")
    return _settle(found, SameState.UNDONE, check_words(reason, field="reason", refused="Say why they are two."), by)


@transaction.atomic
def settle_pairs(*, readings: Sequence[Reading], pairs: Mapping[int, int], by: User) -> None:
    """Count each patient of these readings who is a key of ``pairs`` as the one named, and whoever was and is no more as
    themselves again. What the readings say stays with them."""
    project = readings[0].project
    require_moderator(by, project)
    wanted = dict(pairs)
    rows = PatientMerge.objects.filter(reading__in=readings, undone_at=None).exclude(merged_by=F("reading__curator"))
    apart = []
    for row in rows.order_by("pk"):
        if wanted.get(row.gone_id) == row.kept_id:
            del wanted[row.gone_id]
        else:
            row.undone_at = timezone.now()
            versions.raised(row).save(update_fields=["undone_at", "version", "changed_at"])
            apart.append(row.gone_id)
    for described in ReadingPatient.objects.filter(reading__in=readings, patient__in=wanted).order_by("pk"):
        PatientMerge.objects.create(
            reading_id=described.reading_id,
            kept_id=wanted[described.patient_id],
            gone_id=described.patient_id,
            position=described.position,
            merged_by=by,
        )
    if wanted or apart:
        _settle_persons(project, wanted, apart=apart)


def _lock(link_id: int, version: int | None, by: User) -> SamePatient:
    queries.link(by, link_id)
    rows = SamePatient.objects.select_related("patient", "other", "project")
    return versions.lock(rows, pk=link_id, version=version, guard=lambda row: require_moderator(by, row.project))


def _hindrance(found: SamePatient, by: User) -> NotAllowed | WrongState | None:
    """Why the person cannot confirm it, or not yet: counting somebody unpublished as somebody would tell of a blind reading."""
    if queries.has_read(by, [found.patient_id, found.other_id]):
        return NotAllowed("One of the two comes from your own reading; another moderator has to decide on it.")
    unpublished = [each.label for each in (found.patient, found.other) if not queries.is_published(each)]
    if unpublished:
        return WrongState(f"Nothing is published of {' and '.join(unpublished)} yet. Confirm it when both reports are published.")
    return None


def _settle(found: SamePatient, state: SameState, reason: str, by: User) -> SamePatient:
    found.state, found.settled_by, found.settled_at, found.settled_reason = state, by, timezone.now(), reason.strip()
    found.save(update_fields=["state", "settled_by", "settled_at", "settled_reason", "version", "changed_at"])
    _settle_persons(found.project, {}, apart=[found.patient_id, found.other_id])
    return found


def _settle_persons(project: Project, fresh: Mapping[int, int], *, apart: Sequence[int] = ()) -> None:
    """Bring who is counted for whom in line with what is confirmed and merged; ``apart`` may have been so and be no more."""
    pairs = SamePatient.objects.confirmed().filter(project=project).values_list("patient", "other")
    standing = PatientMerge.objects.filter(reading__project=project, undone_at=None, gone__merged_into__isnull=False)
    merged = dict(standing.values_list("gone", "kept")) | dict(fresh)
    wanted = roots(pairs, merged)
    rows = Patient.objects.select_for_update().filter(project=project)
    rows = rows.filter(Q(pk__in=[*wanted, *apart]) | Q(merged_into__isnull=False)).order_by("pk")
    changed = [row for row in rows if row.merged_into_id != wanted.get(row.pk)]
    for row in changed:
        versions.raised(row).merged_into_id = wanted.get(row.pk)
    Patient.objects.bulk_update(changed, ["merged_into", "version", "changed_at"])
