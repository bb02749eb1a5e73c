"""What a move writes: findings superseded by new ones, annotations of open readings led to the new version. For ``actions``."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from curation.choices import FindingState, ProposalState, RulingKind
from curation.codebook.carrying import Carried, Made, Plan
from curation.models import (
    Annotation,
    Decision,
    Evidence,
    Feature,
    Finding,
    FindingSource,
    Judged,
    Project,
    Proposal,
    Reading,
    ReadingNote,
    Ruling,
    Unmoved,
    Upgrade,
)
from curation.upgrades import queries
from curation.versions import raised

VALUE = ("status", "value", "low", "high", "qualifiers")
BATCH = 500

Features = Mapping[str, Feature]


def carry_findings(upgrade: Upgrade, found: Sequence[Carried[int]], rows: Mapping[int, Finding], features: Features) -> None:
    made = [each for carried in found for each in carried.made]
    left = {pk: why for carried in found for pk, why in carried.left.items()}
    over = {pk for each in made for pk in each.of} | {pk for carried in found for pk in carried.ended} | set(left)
    now = timezone.now()
    Finding.objects.filter(pk__in=over).update(state=FindingState.SUPERSEDED, version=F("version") + 1, changed_at=now)
    rulings = _rulings(upgrade, [rows[pk] for each in made for pk in each.of])
    fresh = Finding.objects.bulk_create(_finding(upgrade, each, rows, rulings, features) for each in made)
    _take_over(zip(made, fresh, strict=True))
    Unmoved.objects.bulk_create(Unmoved(upgrade=upgrade, finding_id=pk, why=why) for pk, why in left.items())
    _close_proposals(upgrade, over)


def _rulings(upgrade: Upgrade, findings: Iterable[Finding]) -> dict[tuple[int, int | None], Ruling]:
    """One for each article and reading that changed findings came from."""
    origins = sorted({_origin(finding) for finding in findings}, key=str)
    made = Ruling.objects.bulk_create(
        Ruling(
            project=upgrade.project,
            article_id=article,
            reading_id=reading,
            kind=RulingKind.UPGRADE,
            moderator=upgrade.moved_by,
            reason=f"By the mapping of {upgrade.after} since {upgrade.before.version}.",
        )
        for article, reading in origins
    )
    return dict(zip(origins, made, strict=True))


def _origin(finding: Finding) -> tuple[int, int | None]:
    ruling = finding.ruling
    assert ruling is not None  # only recorded findings are carried
    return ruling.article_id, ruling.reading_id


def _finding(
    upgrade: Upgrade, made: Made[int], rows: Mapping[int, Finding], rulings: Mapping[Any, Ruling], features: Features
) -> Finding:
    of = [rows[pk] for pk in made.of]
    return Finding(
        project=upgrade.project,
        patient_id=of[0].patient_id,
        feature=features[made.slug],
        instance=made.instance,
        ruling=rulings[_origin(of[0])],
        decision_id=next((each.decision_id for each in of if each.decision_id), None),
        comment="\n".join(dict.fromkeys(each.comment for each in of if each.comment)),
        explanation=from_findings(of),
        **{name: getattr(made.answer, name) for name in VALUE},
    )


def from_findings(of: Iterable[Finding]) -> dict[str, Any]:
    """What a finding was carried over from, in the shape in which derived ones keep what they were computed from."""
    said = [{"feature": f.feature.slug, "status": f.status, "value": f.value, "finding_id": f.pk} for f in of]
    return {"inputs": said}


def _take_over(pairs: Iterable[tuple[Made[int], Finding]]) -> None:
    """Each new finding rests on all that those rested on which it came from."""
    into: dict[int, list[Finding]] = defaultdict(list)
    for made, finding in pairs:
        for pk in made.of:
            into[pk].append(finding)
    sources = FindingSource.objects.filter(finding__in=into).order_by("pk").values_list("finding", "annotation", "proposal")
    wanted = {(finding.pk, annotation, proposal) for old, annotation, proposal in sources for finding in into[old]}
    FindingSource.objects.bulk_create(
        FindingSource(finding_id=finding, annotation_id=annotation, proposal_id=proposal)
        for finding, annotation, proposal in sorted(wanted, key=str)
    )


def _close_proposals(upgrade: Upgrade, findings: Iterable[int]) -> None:
    """A change of what is no longer published cannot be accepted; the proposer reads why."""
    rows = Proposal.objects.open().filter(finding__in=findings)
    keys = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    now = timezone.now()
    Proposal.objects.filter(pk__in=keys).update(
        state=ProposalState.SUPERSEDED,
        answer=f"The project moved to {upgrade.after}. Propose it again for what is published now.",
        decided_by=upgrade.moved_by,
        decided_at=now,
        version=F("version") + 1,
        changed_at=now,
    )


# --- readings ---------------------------------------------------------------------------------------------------------


def carry_readings(upgrade: Upgrade, plan: Plan, readings: Sequence[Reading], features: Features) -> None:
    """Those in hand: what fits is led to the new version in its place, what does not is set aside for the reader."""
    rows = {
        row.pk: row
        for row in Annotation.objects.standing().filter(reading__in=readings).select_related("feature").order_by("pk")
        if row.feature.slug in plan.steps
    }
    found = list(queries.carried(plan, rows.values()))
    _lead(found, rows, features)
    left = {pk: why for carried in found for pk, why in carried.left.items()}
    Unmoved.objects.bulk_create(Unmoved(upgrade=upgrade, annotation_id=pk, why=why) for pk, why in left.items())
    for reading in readings:
        raised(reading).codebook_version = upgrade.after
    Reading.objects.bulk_update(readings, ["codebook_version", "version", "changed_at"], batch_size=BATCH)
    _lead_beside(upgrade.project, plan, readings, features)


def _lead(found: Iterable[Carried[int]], rows: Mapping[int, Annotation], features: Features) -> None:
    led: dict[int, Annotation] = {}
    for carried in found:
        for pk in carried.kept:
            led[pk] = raised(rows[pk])
            led[pk].feature = features[rows[pk].feature.slug]
        for made in carried.made:
            first = next(rows[pk] for pk in made.of if _says(rows[pk], made) or pk == made.of[-1])
            row = _copy(first) if first.pk in led else raised(first)
            row.feature = features[made.slug]
            for name in VALUE:
                setattr(row, name, getattr(made.answer, name))
            if row.pk is None:
                row.save()
                _copy_evidence(first, row)
            else:
                led[row.pk] = row
            _join_evidence(row, [pk for pk in made.of if pk != first.pk])
    Annotation.objects.bulk_update(led.values(), ["feature", *VALUE, "version", "changed_at"], batch_size=BATCH)


def _says(row: Annotation, made: Made[int]) -> bool:
    return bool(row.status == made.answer.status)


def _copy(row: Annotation) -> Annotation:
    """Where a feature was split: what says there is nothing is said of each part."""
    names = ("reading", "patient", "instance", "confidence", "comment")
    return Annotation(**{name: getattr(row, name) for name in names})


def _copy_evidence(of: Annotation, to: Annotation) -> None:
    pieces = list(of.evidence.all())
    for piece in pieces:
        piece.pk, piece.annotation = None, to
        piece._state.adding = True
    Evidence.objects.bulk_create(pieces)


def _join_evidence(row: Annotation, others: Sequence[int]) -> None:
    """Where several said the same, what proves the one proves the other."""
    if not others:
        return
    taken = {piece.place for piece in row.evidence.all()}
    for piece in Evidence.objects.filter(annotation__in=others).order_by("pk"):
        if piece.place not in taken:
            taken.add(piece.place)
            piece.annotation = row
            piece.save(update_fields=["annotation"])


def _lead_beside(project: Project, plan: Plan, readings: Sequence[Reading], features: Features) -> None:
    """Notes, judged suggestions and unpublished decisions follow their feature where one has taken its place. What a decision
    was made on may read otherwise now; then it is asked for again, as after any change of a reading."""
    one = {slug: step.new[0].slug for slug, step in plan.steps.items() if len(step.new) == 1 and slug not in plan.meeting}
    heirs = {slug: features[new] for slug, new in one.items()}
    beside: dict[Any, Q] = dict.fromkeys((ReadingNote, Judged), Q(reading__in=readings))
    beside[Decision] = Q(adjudication__project=project, ruling=None)
    for table, chosen in beside.items():
        changed = list(table._default_manager.filter(chosen, feature__slug__in=heirs).select_related("feature").order_by("pk"))
        for row in changed:
            row.feature = heirs[row.feature.slug]
        table._default_manager.bulk_update(changed, ["feature"], batch_size=BATCH)
