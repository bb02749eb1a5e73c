"""The only writers of moves to another codebook version, and of what becomes of the values that a move left for a person."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from curation.annotation import guards
from curation.annotation.queries import feature_in
from curation.audit import acting, action
from curation.choices import Confidence, RulingKind, UnmovedState
from curation.codebook import queries as codebook
from curation.codebook.rules import check
from curation.cohorts import actions as cohorts
from curation.criteria import actions as criteria
from curation.errors import Fault, Invalid, NotFound, WrongState
from curation.models import Feature, Finding, FindingSource, Patient, Project, Reading, Ruling, Unmoved, Upgrade, User
from curation.moves import UNMOVED_MOVES, require_move
from curation.permissions import require_moderator, require_not_source, require_overseer
from curation.review.rules import check_words
from curation.review.settling import sources_after
from curation.upgrades import queries, writing
from curation.versions import expect, lock, raised

NOT_DISMISSED = "A value is dismissed for a reason."


@action("project.move_codebook")
def move(*, project_id: int, version: int | None, number: str, by: User) -> Upgrade:
    """Have the project record by a later version of its codebook, and carry over all it has by that version's mapping.

    Published findings that change are superseded by new ones, which name the mapping; what needs a person is listed; readings
    that are not accepted follow; derived values and saved questions too. By moderators and administrators, whoever read what:
    the mapping decides on no value, the codebook's file does. Project, readings, patients, findings are locked in this order,
    each in key order.
    """
    project = _locked(project_id, version, by)
    before, after = project.codebook_version, queries.target(project, number)
    plan = queries.plan_between(before, after)
    reason = f"codebook {before.version} → {after.version}"
    with acting(by=by, verb="project.move_codebook", reason=reason):
        readings = list(queries.in_hand(project).select_for_update(of=("self",)))
        list(Patient.objects.select_for_update(of=("self",)).filter(project=project).order_by("pk"))
        rows = list(queries.to_look_at(project, plan).select_related("ruling").select_for_update(of=("self",)))
        found = list(queries.carried(plan, rows))
        made = Upgrade(
            project=project, before=before, after=after, moved_by=by, readings=len({reading.article_id for reading in readings})
        )
        made.changed, made.left = (sum(each.counts[kind] for each in found) for kind in ("changed", "person"))
        made.carried = queries.published(project).count() - made.changed - made.left
        made.save()
        project.codebook_version = after
        project.save(update_fields=["codebook_version", "version", "changed_at"])
        features = {feature.slug: feature for feature in Feature.objects.filter(codebook_version=after)}
        writing.carry_findings(made, found, {row.pk: row for row in rows}, features)
        writing.carry_readings(made, plan, readings, features)
        cohorts.follow_codebook(project=project, plan=plan, reason=reason, by=by)
        _recompute(project, by)
    return made


def _locked(project_id: int, version: int | None, by: User) -> Project:
    """Not against what only refers to the project, or whoever publishes just now would wait for the move and it for them; and
    without its version beside it: of a row that changed while one waited, a join with what it had before finds nothing."""
    rows = Project.objects.visible_to(by)
    project = rows.select_for_update(of=("self",), no_key=True).filter(pk=project_id).first()
    if project is None:
        raise NotFound("There is no such project here, or it is not open to you.")
    require_overseer(by, project)
    expect(project, version=version)
    return raised(project)


def _recompute(project: Project, by: User) -> None:
    """Whoever has anything published; so many at a time."""
    keys = list(Patient.objects.filter(project=project).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), criteria.CHUNK):
        criteria.recompute(patients=Patient.objects.filter(pk__in=keys[start : start + criteria.CHUNK]), by=by)


@action("unmoved.enter")
def enter(
    *,
    unmoved_id: int,
    version: int | None,
    feature_slug: str,
    status: str,
    value: object = None,
    qualifiers: Mapping[str, Any] | None = None,
    comment: str = "",
    reason: str = "",
    by: User,
) -> Unmoved:
    """Say a value anew in the project's codebook; its evidence goes with it.

    A published one by a moderator who did not record it; one in a reading by its reader, while the reading is open.
    """
    said = {"status": status, "value": value, "qualifiers": qualifiers or {}}
    seen = queries.unmoved(by, unmoved_id)
    if seen.annotation:
        return _enter_in_reading(seen, version, feature_slug, said, comment, by)
    return _enter_published(_locked_finding(seen, version, by), feature_slug, said, comment, reason, by)


@action("unmoved.dismiss")
def dismiss(*, unmoved_id: int, version: int | None, reason: str, by: User) -> Unmoved:
    """Leave it as it was: kept in its history, and counted nowhere."""
    seen = queries.unmoved(by, unmoved_id)
    if seen.annotation:
        guards.own_open(seen.annotation.reading_id, by)
        found = lock(_rows(by), pk=seen.pk, version=version)
    else:
        found = _locked_finding(seen, version, by)
    why = check_words(reason, field="reason", refused=NOT_DISMISSED)
    return _settle(found, UnmovedState.DISMISSED, why, by)


def _rows(by: User) -> QuerySet[Unmoved]:
    of_finding = [f"finding__{name}" for name in ("project", "patient", "ruling", "decision")]
    return Unmoved.objects.visible_to(by).select_related(*of_finding, "annotation")


def _locked_finding(seen: Unmoved, version: int | None, by: User) -> Unmoved:
    """Its patient first, as everywhere."""

    def guard(row: Unmoved) -> None:
        assert row.finding is not None  # asked for published ones only
        require_moderator(by, row.finding.project)
        require_not_source(by, row.finding)

    list(Patient.objects.select_for_update().filter(findings=seen.finding_id))
    found = lock(_rows(by), pk=seen.pk, version=version, guard=guard)
    require_move(UNMOVED_MOVES, found.state, UnmovedState.ENTERED, thing="This value")
    return found


def _require_free(old: Finding, feature: Feature) -> None:
    place = {"patient": old.patient_id, "feature__slug": feature.slug, "instance": old.instance}
    if Finding.objects.published().filter(**place).exists():
        raise WrongState(
            f"“{feature}” is published already of {old.patient}. Dismiss this value, or propose a change of the other."
        )


def _ruling(old: Finding, why: str, by: User) -> Ruling:
    origin = old.ruling
    assert origin is not None  # only recorded findings are left for a person
    return Ruling.objects.create(
        project=old.project, article=origin.article, reading=origin.reading, kind=RulingKind.AMEND, moderator=by, reason=why
    )


def _enter_published(found: Unmoved, feature_slug: str, said: Mapping[str, Any], comment: str, reason: str, by: User) -> Unmoved:
    old = found.finding
    assert old is not None  # by the table's constraint
    feature = Feature.objects.filter(codebook_version=old.project.codebook_version_id, slug=feature_slug[:80]).first()
    if feature is None:
        raise Invalid("Choose what it is an answer to.", faults=[Fault("feature", f"the codebook has no “{feature_slug[:80]}”")])
    answer = check(codebook.spec(feature), **said)
    _require_free(old, feature)
    why = check_words(reason, field="reason", refused="A finding is entered for a reason.")
    ruling = _ruling(old, why, by)
    found.outcome = Finding.objects.create(
        project=old.project,
        patient=old.patient,
        feature=feature,
        instance=old.instance,
        ruling=ruling,
        **{name: getattr(answer, name) for name in ("status", "value", "low", "high", "qualifiers")},
        comment=comment.strip() or old.comment,
        decision=old.decision,
        explanation=writing.from_findings([old]),
    )
    FindingSource.objects.bulk_create(sources_after(old, found.outcome))
    criteria.recompute(patients=[old.patient], by=by)
    return _settle(found, UnmovedState.ENTERED, why, by)


def _enter_in_reading(
    seen: Unmoved, version: int | None, feature_slug: str, said: Mapping[str, Any], comment: str, by: User
) -> Unmoved:
    annotation = seen.annotation
    assert annotation is not None
    reading: Reading = guards.own_open(annotation.reading_id, by)
    found = lock(_rows(by), pk=seen.pk, version=version)
    require_move(UNMOVED_MOVES, found.state, UnmovedState.ENTERED, thing="This value")
    feature = feature_in(reading, feature_slug)
    spec = codebook.spec(feature)
    guards.require_room(reading, annotation.patient, spec, annotation.instance)
    confidence = annotation.confidence or Confidence.HIGH
    fields = guards.answer(reading, spec, **said, confidence=confidence, comment=comment or annotation.comment)
    annotation.feature = feature
    for name, kept in fields.items():
        setattr(annotation, name, kept)
    raised(annotation).save(update_fields=["feature", *fields, "version", "changed_at"])
    return _settle(found, UnmovedState.ENTERED, "", by)


def _settle(found: Unmoved, state: UnmovedState, answer: str, by: User) -> Unmoved:
    require_move(UNMOVED_MOVES, found.state, state, thing="This value")
    found.state, found.answer, found.decided_by, found.decided_at = state, answer, by, timezone.now()
    found.save(update_fields=["state", "answer", "outcome", "decided_by", "decided_at", "version", "changed_at"])
    return found
