"""The only writers of rulings and findings."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from curation.annotation import lacks
from curation.annotation.notes import actions as discussion
from curation.annotation.notes.actions import NoteOn
from curation.annotation.pool import actions as pool
from curation.audit import action
from curation.choices import FindingState, ReadingState, RulingKind
from curation.codebook.rules import Value
from curation.criteria import actions as criteria
from curation.errors import NotFound, WrongState
from curation.models import Finding, FindingSource, Patient, Proposal, Reading, Ruling, User
from curation.moves import FINDING_MOVES, READING_MOVES, require_move
from curation.notices.actions import tell
from curation.permissions import require_moderator, require_not_own, require_not_source
from curation.review import corrections, queries
from curation.review.rules import check_words
from curation.review.settling import Settled, as_finding, says, sources_after, standing
from curation.versions import expect, lock, raised

NOT_RETRACTED = "A finding is retracted for a reason."
NOT_SENT_BACK = "A reading goes back with a note that tells the reader what to do."


@action("reading.publish")
def publish(*, reading_id: int, version: int | None, by: User, reason: str = "") -> Ruling:
    """Make the reading's answers the public ones. What was published from its article of its patients before is superseded.

    Where the project asks for two readers, both must have submitted and must agree; the findings then come from both.
    """
    readings = _lock_readings_of_article(reading_id, by)
    chosen = next(reading for reading in readings if reading.pk == reading_id)
    _require_may_decide(chosen, by)
    expect(chosen, version=version)
    require_move(READING_MOVES, chosen.state, ReadingState.ACCEPTED, thing="This reading")
    queries.require_included(chosen.project, chosen.article)
    together = _together(chosen, readings, by)
    ruling = _rule(chosen, RulingKind.PUBLISH, reason, by)
    patients = _lock_patients(Patient.objects.filter(described_in__reading=chosen))
    put_in_force(ruling=ruling, settled=_said_by(chosen, together), patients=patients, by=by)
    accept(readings=together, by=by)
    tell(verb="reading.publish", to=corrections.whom(ruling), about=ruling, by=by)
    return ruling


@transaction.atomic
def accept(*, readings: Sequence[Reading], by: User) -> None:
    """Settle the readings, which are locked; what was asked of them is answered by that."""
    for reading in readings:
        _require_may_decide(reading, by)
        _require_settled(reading)
        require_move(READING_MOVES, reading.state, ReadingState.ACCEPTED, thing="This reading")
        discussion.resolve(reading=reading, by=by)
        _move(raised(reading), ReadingState.ACCEPTED)


@transaction.atomic
def take_up(*, readings: Sequence[Reading], by: User) -> None:
    """Have settled readings wait for a decision again; they are locked."""
    for reading in readings:
        _require_may_decide(reading, by)
        _require_same_codebook(reading)
        require_move(READING_MOVES, reading.state, ReadingState.SUBMITTED, thing="This reading")
        _move(raised(reading), ReadingState.SUBMITTED)


@action("reading.send_back")
def send_back(*, reading_id: int, version: int | None, note: str, notes: Sequence[NoteOn] = (), by: User) -> Ruling:
    """Return the reading to its reader, who sees the note and those on single features, answers these, and may write again."""
    reading = lock(_visible(by), pk=reading_id, version=version, guard=lambda row: _require_may_decide(row, by))
    require_move(READING_MOVES, reading.state, ReadingState.RETURNED, thing="This reading")
    reading.note = check_words(note, field="note", refused=NOT_SENT_BACK) if note.strip() or not notes else ""
    discussion.resolve(reading=reading, by=by)
    discussion.ask(reading=reading, notes=notes, by=by)
    _move(reading, ReadingState.RETURNED)
    if not pool.release_if_gone(reading=reading, by=by):
        tell(verb="reading.send_back", to=[reading.curator_id], about=reading, occasion=f"version {reading.version}", by=by)
    return _rule(reading, RulingKind.SEND_BACK, reading.note, by)


@action("finding.retract")
def retract(*, finding_id: int, version: int | None, reason: str, by: User) -> Ruling:
    """Take one published answer out of every count. It stays to be seen, with the reason; what was derived from it follows."""
    _lock_patients(Patient.objects.visible_to(by).filter(findings=finding_id))
    rows = Finding.objects.visible_to(by).select_related("project", "feature", "patient", "ruling__article", "ruling__reading")
    finding = lock(rows, pk=finding_id, version=version, guard=lambda row: _require_may_retract(row, by))
    require_move(FINDING_MOVES, finding.state, FindingState.RETRACTED, thing=f"The finding “{finding.feature}”")
    why = check_words(reason, field="reason", refused=NOT_RETRACTED)
    finding.retraction = _rule_on(finding, RulingKind.RETRACT, why, by)
    finding.state = FindingState.RETRACTED
    finding.save(update_fields=["state", "retraction", "version", "changed_at"])
    tell(verb="finding.retract", to=corrections.whom(finding.retraction), about=finding.retraction, by=by)
    criteria.recompute(patients=[finding.patient], by=by)
    return finding.retraction


@action("finding.amend")
def amend(*, finding_id: int, answer: Value, comment: str, reason: str, accepted: Sequence[Proposal] = (), by: User) -> Finding:
    """Put another answer in the place of a published one: a ruling and a finding of their own, from the same readings.

    ``accepted``: the proposals that say why; their quotes prove it besides. What is derived follows.
    """
    _lock_patients(Patient.objects.visible_to(by).filter(findings=finding_id))
    rows = Finding.objects.visible_to(by).select_related("project", "feature", "patient", "ruling__article", "ruling__reading")
    old = rows.select_for_update(of=("self",)).get(pk=finding_id)
    _require_may_retract(old, by)
    require_move(FINDING_MOVES, old.state, FindingState.SUPERSEDED, thing=f"The finding “{old.feature}”")
    old = raised(old)
    old.state = FindingState.SUPERSEDED
    old.save(update_fields=["state", "version", "changed_at"])
    why = check_words(reason, field="reason", refused="A finding is changed for a reason.")
    ruling = _rule_on(old, RulingKind.AMEND, why, by)
    made = as_finding(ruling, Settled(old.patient, old.feature, old.instance, answer, comment, decision=old.decision))
    made.save()
    FindingSource.objects.bulk_create(sources_after(old, made, accepted))
    tell(verb="finding.amend", to=corrections.whom(ruling), about=ruling, by=by)
    criteria.recompute(patients=[old.patient], by=by)
    return made


def _visible(by: User) -> QuerySet[Reading]:
    return Reading.objects.visible_to(by).select_related("project", "article", "curator")


def _lock_readings_of_article(reading_id: int, by: User) -> list[Reading]:
    """All readings of the article in the project, locked in key order, so that two moderators never wait for each other."""
    seen = _visible(by).filter(pk=reading_id).first()
    if seen is None:
        raise NotFound(f"There is no reading {reading_id} here, or it is not open to you.")
    rows = Reading.objects.filter(project=seen.project_id, article=seen.article_id)
    return list(rows.select_related("project", "article", "curator").select_for_update(of=("self",)).order_by("pk"))


def _lock_patients(rows: QuerySet[Patient]) -> list[Patient]:
    """Before their findings and in key order: whatever changes a patient's findings, and what is derived of them, takes turns."""
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def _require_may_decide(reading: Reading, by: User) -> None:
    require_moderator(by, reading.project)
    require_not_own(by, reading)


def _require_may_retract(finding: Finding, by: User) -> None:
    require_moderator(by, finding.project)
    if finding.rule_id:
        raise WrongState(
            "A derived finding follows from others and cannot be retracted itself. Retract what it was derived from."
        )
    require_not_source(by, finding)


def _require_same_codebook(reading: Reading) -> None:
    if reading.codebook_version_id != reading.project.codebook_version_id:
        raise WrongState(
            f"{reading.article} was read by {reading.codebook_version}, and the project records by "
            f"{reading.project.codebook_version.version} now. Propose changes of what is published of it instead."
        )


def _require_settled(reading: Reading) -> None:
    if faults := lacks.unsettled(reading):
        raise WrongState(
            f"The codebook changed since {reading.curator} submitted, and some of it is to be said anew. Send the reading back.",
            faults=faults,
        )


def _together(chosen: Reading, readings: Sequence[Reading], by: User) -> list[Reading]:
    """The readings that are accepted with this one: itself, and the others the project's policy asks for."""
    wanted = chosen.project.readers_required
    if wanted == 1:
        return [chosen]
    submitted = [reading for reading in readings if reading.state == ReadingState.SUBMITTED]
    if len(submitted) < wanted:
        raise WrongState(
            f"“{chosen.project}” asks for {wanted} readers of each article, and {len(submitted)} of {chosen.article} "
            f"has submitted. It can be published when {wanted - len(submitted)} more has."
        )
    for reading in submitted:
        require_not_own(by, reading)
    faults = queries.disagreements(submitted)
    if faults:
        raise WrongState(
            "The readers differ, and each difference has to be settled before publishing. Settle them in the adjudication of "
            "the article, or send a reading back with a note.",
            faults=faults,
        )
    return submitted


def _said_by(chosen: Reading, together: Sequence[Reading]) -> list[Settled]:
    """The reading's answers, each with the annotations of all readings that gave it."""
    given = queries.by_place(together)
    return [
        Settled(each.patient, each.feature, each.instance, each, each.comment, [a.pk for a in given[queries.place(each)]])
        for each in queries.applicable_answers(chosen)
    ]


@transaction.atomic
def put_in_force(
    *, ruling: Ruling, settled: Sequence[Settled], patients: Sequence[Patient], whole: bool = True, by: User
) -> None:
    """Publish what is settled of these patients, who are locked, and derive anew; what was published in its place gives way.

    What says the same already stays as it is. ``whole`` as in ``settling.standing``.
    """
    require_moderator(by, ruling.project)
    wanted = {each.place: each for each in settled}
    before = standing(ruling, patients, wanted, whole=whole).select_for_update(of=("self",))
    stays = {queries.place(found) for found in before if says(found, wanted.get(queries.place(found)))}
    gives_way = [found.pk for found in before if queries.place(found) not in stays and (whole or queries.place(found) in wanted)]
    Finding.objects.filter(pk__in=gives_way).update(
        state=FindingState.SUPERSEDED, version=F("version") + 1, changed_at=timezone.now()
    )
    fresh = [each for place, each in wanted.items() if place not in stays]
    made = Finding.objects.bulk_create(as_finding(ruling, each) for each in fresh)
    FindingSource.objects.bulk_create(
        FindingSource(finding=found, annotation_id=source)
        for found, each in zip(made, fresh, strict=True)
        for source in each.sources
    )
    criteria.recompute(patients=patients, by=by)


def _rule(reading: Reading, kind: RulingKind, reason: str, by: User) -> Ruling:
    return Ruling.objects.create(
        project=reading.project, article=reading.article, reading=reading, kind=kind, moderator=by, reason=reason.strip()
    )


def _rule_on(finding: Finding, kind: RulingKind, reason: str, by: User) -> Ruling:
    """A further ruling on what an earlier one published."""
    origin = finding.ruling
    assert origin is not None  # a finding comes from a ruling or from a rule, and the guards refuse the latter
    return Ruling.objects.create(
        project=finding.project, article=origin.article, reading=origin.reading, kind=kind, moderator=by, reason=reason
    )


def _move(reading: Reading, state: ReadingState) -> None:
    reading.state = state
    reading.save(update_fields=["state", "note", "version", "changed_at"])
