"""Where a reader was corrected: what is published, or was taken back, beside what their own accepted reading said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import BooleanField, Count, Exists, F, Func, JSONField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from curation.choices import FindingState, Outcome, ReadingState, RulingKind
from curation.codebook.queries import spec
from curation.codebook.sameness import HOW_IT_WAS_READ
from curation.models import Annotation, Finding, FindingSource, Project, Proposal, Ruling, User
from curation.models.annotation import AnnotationQuerySet
from curation.review import unpublished
from curation.review.layout import in_words


@dataclass(frozen=True, slots=True)
class Correction:
    """``mine`` and ``now`` in words; ``now`` is empty where the finding was retracted and nothing stands for it.

    ``how`` is what the moderator did, ``proposal`` what they accepted where it was one.
    """

    finding: Finding
    annotation: Annotation
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


class IsSame(Func):
    """Equal, two empty ones too."""

    template = "(%(expressions)s)"
    arg_joiner = " IS NOT DISTINCT FROM "
    output_field = BooleanField()


class Told(Func):
    """Qualifiers without those that say how an answer was come by."""

    template = f"(%(expressions)s - '{{{','.join(HOW_IT_WAS_READ)}}}'::text[])"
    output_field = JSONField()


def corrected(user: User, *, project: str = "", feature: str = "", article: int | None = None) -> QuerySet[Finding]:
    """Findings, the latest ruled on first, each with ``mine``: the person's own annotation that said otherwise, or, of a
    retracted one for which nothing stands, that it was made from. Derived ones follow from others and are left out."""
    accepted = _accepted().filter(reading__curator=user)
    accepted = accepted.filter(reading__article=article) if article else accepted
    at_place = accepted.filter(feature__slug=OuterRef("feature__slug"), instance=OuterRef("instance")).filter(
        Q(patient=OuterRef("patient")) | Q(patient__merged_into=OuterRef("patient"))
    )
    other = at_place.exclude(_said_by_outer()).exclude(Exists(_agreed().filter(finding=OuterRef(OuterRef("pk")))))
    source = accepted.filter(finding_sources__finding=OuterRef("pk"))
    stands = Finding.objects.published().filter(
        patient=OuterRef("patient"), feature__slug=OuterRef("feature__slug"), instance=OuterRef("instance")
    )
    differs = Q(state=FindingState.PUBLISHED) & Exists(other)
    taken_back = Q(state=FindingState.RETRACTED) & Exists(source) & ~Exists(stands)
    named = {"project__slug": project, "feature__slug": feature}
    rows = Finding.objects.visible_to(user).filter(rule=None, **{way: said for way, said in named.items() if said})
    rows = rows.exclude(ruling__kind=RulingKind.UPGRADE)  # said in another codebook's words, which corrects nobody
    mine = Coalesce(Subquery(other.order_by("-pk").values("pk")[:1]), Subquery(source.order_by("-pk").values("pk")[:1]))
    ruled = Coalesce("retraction__created_at", "ruling__created_at")
    return rows.filter(differs | taken_back).annotate(mine=mine, ruled_at=ruled).order_by("-ruled_at", "-pk")


def _accepted() -> AnnotationQuerySet:
    return Annotation.objects.filter(reading__state=ReadingState.ACCEPTED)


def _said_by_outer() -> Q:
    """That a row says the same as the row of the query around it."""
    return Q(
        IsSame(F("value"), OuterRef("value")),
        IsSame(Told("qualifiers"), Told(OuterRef("qualifiers"))),
        status=OuterRef("status"),
    )


def _agreed() -> QuerySet[FindingSource]:
    """That the answer of the query around it was published, though perhaps as the other reader wrote it (P24M for P2Y)."""
    kinds = (RulingKind.PUBLISH, RulingKind.ADJUDICATE)
    rows = FindingSource.objects.filter(annotation=OuterRef("pk"), finding__ruling__kind__in=kinds)
    rows = rows.exclude(finding__ruling__reading=F("annotation__reading"))
    return rows.exclude(finding__decision__outcome=Outcome.INDETERMINATE)


def by_feature(rows: QuerySet[Finding]) -> list[OfFeature]:
    """How often in each feature, the most often first."""
    counted = rows.order_by().values("feature__slug").annotate(label=Max("feature__label"), number=Count("pk"))
    found = counted.order_by("-number", "label").values_list("feature__slug", "label", "number")
    return [OfFeature(*row) for row in found]


def projects(user: User) -> QuerySet[Project]:
    """In which one has accepted readings to be corrected in."""
    return Project.objects.visible_to(user).filter(readings__curator=user, readings__state=ReadingState.ACCEPTED).distinct()


def whom(ruling: Ruling) -> list[int]:
    """By id: whose accepted readings say otherwise than what the ruling published, or were made into what it took back."""
    patients = Finding.objects.filter(ruling=ruling).values("patient")
    made = Finding.objects.filter(ruling=ruling, feature__slug=OuterRef("feature__slug"), instance=OuterRef("instance"))
    made = made.filter(Q(patient=OuterRef("patient")) | Q(patient=OuterRef("patient__merged_into")))
    of_them = _accepted().filter(Q(patient__in=patients) | Q(patient__merged_into__in=patients))
    of_them = of_them.exclude(Exists(_agreed().filter(finding__ruling=ruling)))
    other = of_them.filter(Exists(made.exclude(_said_by_outer())))
    source = _accepted().filter(finding_sources__finding__retraction=ruling)
    curators = [*other.values_list("reading__curator", flat=True), *source.values_list("reading__curator", flat=True)]
    return sorted({*curators, *unpublished.readers_of(ruling)})


def told(findings: QuerySet[Finding] | Iterable[Finding]) -> list[Correction]:
    """Each of ``corrected`` in words."""
    found = {row.pk: row for row in findings}
    full = Finding.objects.select_related(
        "project", "patient", "feature__group", "feature__codebook_version", "ruling__article", "ruling__moderator"
    )
    full = full.select_related("retraction__moderator", "made_by_proposal")
    rows = full.in_bulk(list(found))
    keys = [row.mine for row in found.values()]  # type: ignore[attr-defined]
    annotations = Annotation.objects.select_related("feature", "reading__article").in_bulk(keys)
    return [_told(rows[row.pk], annotations[row.mine]) for row in found.values()]  # type: ignore[attr-defined]


def _told(finding: Finding, annotation: Annotation) -> Correction:
    ruling = finding.retraction or finding.ruling
    assert ruling is not None  # what was recorded comes from a ruling; derived ones are left out
    return Correction(
        finding=finding,
        annotation=annotation,
        mine=" ".join(in_words(spec(annotation.feature), annotation)).strip(),
        now="" if finding.retraction else " ".join(in_words(spec(finding.feature), finding)).strip(),
        how=ruling.get_kind_display(),
        by=str(ruling.moderator),
        at=ruling.created_at,
        why=ruling.reason,
        proposal=getattr(finding, "made_by_proposal", None),
    )
