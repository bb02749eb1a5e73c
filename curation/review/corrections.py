"""Where a reader was corrected: what stands now, or no longer does, beside what their own accepted readings said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import BooleanField, Count, Exists, F, Func, JSONField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from curation.choices import FindingState, Outcome, ReadingState, RulingKind, Status
from curation.codebook.queries import spec
from curation.codebook.sameness import HOW_IT_WAS_READ
from curation.models import Annotation, Decision, Finding, FindingSource, Project, Proposal, Ruling, User
from curation.models.annotation import AnnotationQuerySet
from curation.models.review import FindingQuerySet
from curation.review.layout import in_words


@dataclass(frozen=True, slots=True)
class Correction:
    """``mine`` and ``now`` in words; ``now`` is empty where nothing stands any longer. ``how`` is what the moderator did,
    ``proposal`` what they accepted where it was one. There is no ``finding`` where it was decided that none be published."""

    annotation: Annotation
    finding: Finding | None
    mine: str
    now: str
    how: str
    by: str
    at: datetime
    why: str
    proposal: Proposal | None


class OfFeature(NamedTuple):
    """How often one was corrected in a feature."""

    slug: str
    label: str
    number: int


#: Rulings by which a finding says what its sources say, if in other words.
AS_RECORDED = (RulingKind.PUBLISH, RulingKind.ADJUDICATE, RulingKind.UPGRADE)
SPOKE = ~Q(status=Status.NOT_REPORTED)


class IsSame(Func):
    """Equal, two empty ones too."""

    template = "(%(expressions)s)"
    arg_joiner = " IS NOT DISTINCT FROM "
    output_field = BooleanField()


class Told(Func):
    """Qualifiers without those that say how an answer was come by."""

    template = f"(%(expressions)s - '{{{','.join(HOW_IT_WAS_READ)}}}'::text[])"
    output_field = JSONField()


def corrected(user: User, *, project: str = "", feature: str = "", article: int | None = None) -> QuerySet[Annotation]:
    """The person's own annotations that something else stands for, the latest ruled on first.

    Each with one of ``now`` (the published finding that says otherwise), ``back`` (the retracted one that was made from it, where
    nothing stands) and ``neither`` (the decision that nothing be published), by id. Derived findings follow from others.
    """
    named = {"reading__project__slug": project, "feature__slug": feature, "reading__article": article}
    mine = _accepted().filter(reading__curator=user, reading__project__in=Project.objects.visible_to(user))
    mine = mine.filter(**{way: said for way, said in named.items() if said})
    stands, back, neither = _at_place().published(), _taken_back(), _neither()
    ruled = Coalesce(
        *(
            Subquery(rows.values(when)[:1])
            for rows, when in (
                (_otherwise(), "ruling__created_at"),
                (back, "retraction__created_at"),
                (neither, "ruling__created_at"),
            )
        )
    )
    rows = mine.annotate(
        now=Subquery(_otherwise().values("pk")[:1]),
        back=Subquery(back.values("pk")[:1]),
        neither=Subquery(neither.values("pk")[:1]),
        ruled_at=ruled,
    )
    gone = ~Exists(stands) & (Q(back__isnull=False) | Q(neither__isnull=False) & SPOKE)
    return rows.filter(Q(now__isnull=False) | gone).order_by("-ruled_at", "-pk")


def _accepted() -> AnnotationQuerySet:
    return Annotation.objects.filter(reading__state=ReadingState.ACCEPTED)


def _place() -> Q:
    """Of the patient, feature and instance of the annotation of the query around it."""
    of_patient = Q(patient=OuterRef("patient")) | Q(patient=OuterRef("patient__merged_into"))
    return of_patient & Q(feature__slug=OuterRef("feature__slug"), instance=OuterRef("instance"))


def _at_place() -> FindingQuerySet:
    return Finding.objects.filter(_place(), rule=None, project=OuterRef("reading__project"))


def _otherwise() -> QuerySet[Finding]:
    """Published findings at the place that say something else; not those that it was made one with when they were decided on."""
    same = Q(IsSame(F("value"), OuterRef("value")), IsSame(Told("qualifiers"), Told(OuterRef("qualifiers"))))
    source = Exists(FindingSource.objects.filter(finding=OuterRef("pk"), annotation=OuterRef(OuterRef("pk"))))
    as_decided = Q(ruling__kind__in=AS_RECORDED) & ~Q(decision__outcome=Outcome.INDETERMINATE)
    return _at_place().published().exclude(same, status=OuterRef("status")).exclude(Q(source) & as_decided)


def _taken_back() -> QuerySet[Finding]:
    source = FindingSource.objects.filter(finding=OuterRef("pk"), annotation=OuterRef(OuterRef("pk")))
    return _at_place().filter(Exists(source), state=FindingState.RETRACTED).order_by("-pk")


def _neither() -> QuerySet[Decision]:
    """Decisions that nothing be published; whoever recorded silence was not corrected by these."""
    return Decision.objects.filter(_place(), status="", ruling__isnull=False).order_by("-pk")


def by_feature(rows: QuerySet[Annotation]) -> list[OfFeature]:
    """How often in each feature, the most often first."""
    counted = rows.order_by().values("feature__slug").annotate(label=Max("feature__label"), number=Count("pk"))
    found = counted.order_by("-number", "label").values_list("feature__slug", "label", "number")
    return [OfFeature(*row) for row in found]


def projects(user: User) -> QuerySet[Project]:
    """In which one has accepted readings to be corrected in."""
    return Project.objects.visible_to(user).filter(readings__curator=user, readings__state=ReadingState.ACCEPTED).distinct()


def whom(ruling: Ruling) -> list[int]:
    """By id: whose accepted readings it published otherwise, or not at all, or took back."""
    readings = _accepted().filter(reading__project=ruling.project)
    places = Q(patient__in=_patients(ruling)) | Q(patient__merged_into__in=_patients(ruling))
    otherwise = Exists(_otherwise().filter(ruling=ruling)) | Exists(_neither().filter(ruling=ruling)) & SPOKE
    changed = readings.filter(places).filter(otherwise | Exists(_taken_back().filter(retraction=ruling)))
    return sorted(set(changed.values_list("reading__curator", flat=True)))


def _patients(ruling: Ruling) -> list[int]:
    findings = Finding.objects.filter(Q(ruling=ruling) | Q(retraction=ruling)).values_list("patient", flat=True)
    decided = Decision.objects.filter(ruling=ruling).values_list("patient", flat=True)
    return list(findings.order_by().union(decided.order_by()))


def told(rows: Iterable[Annotation]) -> list[Correction]:
    """Each of ``corrected`` in words."""
    found = list(rows)
    annotations = Annotation.objects.select_related("feature", "patient", "reading__article", "reading__project")
    full = annotations.in_bulk([row.pk for row in found])
    findings = Finding.objects.select_related("feature", "decision", "ruling__moderator", "retraction__moderator")
    ruled = findings.select_related("made_by_proposal").in_bulk([row.now or row.back for row in found])  # type: ignore[attr-defined]
    decided = Decision.objects.select_related("ruling__moderator").in_bulk([row.neither for row in found])  # type: ignore[attr-defined]
    told = []
    for row in found:
        finding = ruled.get(row.now or row.back)  # type: ignore[attr-defined]
        told.append(_of_finding(full[row.pk], finding) if finding else _of_decision(full[row.pk], decided[row.neither]))  # type: ignore[attr-defined]
    return told


def _of_finding(annotation: Annotation, finding: Finding) -> Correction:
    ruling = finding.retraction or finding.ruling
    assert ruling is not None  # what was recorded comes from a ruling; derived ones are left out
    decision = None if finding.retraction else finding.decision
    return Correction(
        annotation=annotation,
        finding=finding,
        mine=_words(annotation),
        now="" if finding.retraction else _words(finding),
        how=decision.get_outcome_display() if decision else ruling.get_kind_display(),
        by=str(ruling.moderator),
        at=ruling.created_at,
        why=decision.reason if decision else ruling.reason,
        proposal=getattr(finding, "made_by_proposal", None),
    )


def _of_decision(annotation: Annotation, decision: Decision) -> Correction:
    """That neither reading holds, and nothing is published."""
    ruling = decision.ruling
    assert ruling is not None  # only what a ruling put in force is a correction
    how, by = decision.get_outcome_display(), str(ruling.moderator)
    return Correction(annotation, None, _words(annotation), "", how, by, ruling.created_at, decision.reason, None)


def _words(said: Annotation | Finding) -> str:
    return " ".join(in_words(spec(said.feature), said)).strip()
