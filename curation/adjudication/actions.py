"""The only writers of adjudications: who is who, what is decided, and its publication."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from curation.adjudication import answering, guards, laying
from curation.adjudication.answering import Third as Third
from curation.adjudication.guards import Pair as Pair
from curation.adjudication.layout import Desk, Point
from curation.audit import action
from curation.choices import MergePolicy, Outcome, ReadingState, RulingKind, Status
from curation.errors import Fault, Invalid, WrongState
from curation.models import Adjudication, Decision, DecisionEvidence, Finding, Pairing, Patient, Project, Ruling, User
from curation.models.annotation import Proof
from curation.notices.actions import tell
from curation.patients import actions as patients
from curation.permissions import require_moderator
from curation.review import actions as review
from curation.review import corrections
from curation.review.rules import check_words
from curation.review.settling import Place
from curation.versions import lock, raised

WHY = "What readers differ in is decided for a reason, which they read once it is published."


@action("project.set_merge_policy")
def set_merge_policy(*, project_id: int, version: int | None, policy: str, by: User) -> Project:
    """Say whether what two readings agree on is published before the rest is settled."""
    rows = Project.objects.visible_to(by)
    project = lock(rows, pk=project_id, version=version, guard=lambda row: require_moderator(by, row))
    if policy not in MergePolicy.values:
        faults = [Fault("policy", f"choose one of {', '.join(MergePolicy.values)}")]
        raise Invalid("Say when readings that agree are published.", faults=faults)
    project.merge_policy = policy
    project.save(update_fields=["merge_policy", "version", "changed_at"])
    return project


@action("adjudication.pair")
def pair(*, project: Project, article_id: int, version: int | None, pairs: Sequence[Pair], by: User) -> Adjudication:
    """Say of every patient whom the readings name apart who they are in the other reading, or that they are nobody there.

    What was decided stays with whoever is still there; where the readings say something else of them now, it is asked again.
    """
    desk = guards.locked(project, article_id, version, by)
    guards.require_pairs(desk, pairs)
    begun = _begun(desk)
    begun.pairings.all().delete()
    Pairing.objects.bulk_create(
        Pairing(adjudication=begun, patient_id=each.patient, other_id=each.other, reason=each.reason.strip(), paired_by=by)
        for each in pairs
    )
    gone = [each.other for each in pairs if each.other]
    begun.decisions.filter(ruling=None, patient__in=gone).delete()
    return begun


@action("adjudication.decide")
def decide(
    *,
    project: Project,
    article_id: int,
    version: int | None,
    place: Place,
    outcome: str,
    reason: str,
    reading_id: int | None = None,
    third: Third | None = None,
    by: User,
) -> Decision:
    """Say what holds at one point: one reading's answer, a third, that it stays indeterminate, or neither (nothing is published).

    ``place`` is the patient, the feature's slug and the instance. Kept until it is published; deciding again replaces it.
    """
    desk = guards.locked(project, article_id, version, by)
    point = guards.point_at(desk, place)
    if outcome not in Outcome.values:
        raise Invalid("Say what holds.", faults=[Fault("outcome", f"choose one of {', '.join(Outcome.values)}")])
    why = check_words(reason, field="reason", refused=WHY)
    fields, proofs = _answer(desk, point, Outcome(outcome), why, reading_id, third)
    begun = _begun(desk)
    _open_at(begun, point).delete()
    decision = Decision.objects.create(
        adjudication=begun,
        patient=point.person.patient,
        instance=point.instance,
        outcome=outcome,
        reason=why,
        basis=laying.basis(point.voices),
        decided_by=by,
        **{"feature": point.feature, **fields},
    )
    DecisionEvidence.objects.bulk_create(DecisionEvidence(decision=decision, **answering.columns(proof)) for proof in proofs)
    return decision


def _answer(
    desk: Desk, point: Point, outcome: Outcome, why: str, reading_id: int | None, third: Third | None
) -> tuple[dict[str, Any], list[Proof]]:
    if outcome == Outcome.FOLLOWED:
        return answering.followed(point, reading_id), []
    if outcome == Outcome.THIRD:
        return answering.third(desk, point, third or Third(""))
    return ({"status": Status.INDETERMINATE, "comment": why} if outcome == Outcome.INDETERMINATE else {"status": ""}), []


@action("adjudication.take_back")
def take_back(*, project: Project, article_id: int, version: int | None, place: Place, by: User) -> Adjudication:
    """Undo a decision that is not published: the point stands as it did before."""
    desk = guards.locked(project, article_id, version, by)
    point = guards.point_at(desk, place)
    if not point.may_take_back:
        raise WrongState(f"Nothing is decided of “{point.feature}” that could be taken back; what is published is decided anew.")
    begun = _begun(desk)
    _open_at(begun, point).delete()
    return begun


@action("adjudication.publish_agreed")
def publish_agreed(*, project: Project, article_id: int, version: int | None, by: User, reason: str = "") -> Ruling:
    """Publish that on which the readings agree; what they differ in waits until it is settled, and the readings with it."""
    desk = guards.locked(project, article_id, version, by)
    if desk.project.merge_policy != MergePolicy.AGREED_FIRST:
        raise WrongState(
            f"“{project}” publishes everything of an article together; its moderators can change that in its settings."
        )
    _begun(desk)
    ruling = _ruling(desk, RulingKind.PUBLISH, reason, by)
    settled = [held for point in desk.agreed if (held := point.settled())]
    review.put_in_force(ruling=ruling, settled=settled, patients=_persons(desk, by), whole=False, by=by)
    if not Finding.objects.filter(ruling=ruling).exists():
        raise WrongState("What the readers agree on is published already, or they agree on nothing yet.")
    return ruling


@action("adjudication.publish")
def publish(*, project: Project, article_id: int, version: int | None, by: User, reason: str = "") -> Ruling:
    """Make what is settled of the article public, whole: what agrees, and what was decided. Both readings are accepted by it."""
    desk = guards.locked(project, article_id, version, by)
    if faults := [Fault(f"{each.person.patient}: {each.feature}", _lack(each)) for each in desk.open_points]:
        count = "One point is" if len(faults) == 1 else f"{len(faults)} points are"
        raise WrongState(f"{count} not settled yet.", faults=faults)
    begun = _begun(desk)
    decided = [point.decision for point in desk.at_issue if point.decision]
    ruling = _ruling(desk, RulingKind.ADJUDICATE if decided else RulingKind.PUBLISH, reason, by)
    begun.decisions.filter(ruling=None, pk__in=[each.pk for each in decided]).update(ruling=ruling)
    begun.decisions.filter(ruling=None).delete()  # of points that are none any more
    settled = [held for point in desk.points if (held := point.settled())]
    review.put_in_force(ruling=ruling, settled=settled, patients=_persons(desk, by), by=by)
    review.accept(readings=desk.readings, by=by)
    tell(verb="adjudication.publish", to=corrections.whom(ruling), about=ruling, by=by)
    return ruling


def _lack(point: Point) -> str:
    return "the readings say something else since it was decided" if point.decision else "the readers differ"


@action("adjudication.reopen")
def reopen(*, project: Project, article_id: int, version: int | None, reason: str, by: User) -> Ruling:
    """Take up an article again that was published. What is published stays so until it is published anew."""
    desk = guards.locked(project, article_id, version, by, state=ReadingState.ACCEPTED)
    why = check_words(reason, field="reason", refused="An article is taken up again for a reason.")
    _begun(desk)
    review.take_up(readings=desk.readings, by=by)
    return _ruling(desk, RulingKind.REOPEN, why, by)


def _begun(desk: Desk) -> Adjudication:
    """Its row, made with the first thing done; its version rises with each. The readings are locked: nobody makes a second."""
    row = Adjudication.objects.filter(project=desk.project, article=desk.article).first()
    if row is None:
        return Adjudication.objects.create(project=desk.project, article=desk.article)
    raised(row).save(update_fields=["version", "changed_at"])
    return row


def _open_at(begun: Adjudication, point: Point) -> QuerySet[Decision]:
    place = {"patient": point.person.patient, "feature__slug": point.feature.slug, "instance": point.instance}
    return begun.decisions.filter(ruling=None, **place)


def _persons(desk: Desk, by: User) -> list[Patient]:
    """Those paired count as one from now on; everybody of the article locked, in key order."""
    if not desk.is_paired:
        raise WrongState(guards.UNPAIRED)
    pairs = {p.pk: person.patient.pk for person in desk.persons for p in person.of.values() if p != person.patient}
    patients.settle_pairs(readings=desk.readings, pairs=pairs, by=by)
    rows = Patient.objects.filter(described_in__reading__in=desk.readings).order_by("pk")
    return list(Patient.objects.filter(pk__in=rows.values("pk")).select_for_update(of=("self",)).order_by("pk"))


def _ruling(desk: Desk, kind: RulingKind, reason: str, by: User) -> Ruling:
    return Ruling.objects.create(project=desk.project, article=desk.article, kind=kind, moderator=by, reason=reason.strip())
