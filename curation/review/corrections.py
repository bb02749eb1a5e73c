"""Where a reader was corrected: what is published, or was taken back, beside what their own accepted reading said."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from curation.choices import FindingState, Outcome, ReadingState, RulingKind, Status
from curation.codebook.queries import spec
from curation.models import Annotation, Decision, Finding, FindingSource, User
from curation.review.layout import in_words


@dataclass(frozen=True, slots=True)
class Correction:
    """``mine`` and ``now`` in words; ``now`` is empty where the finding was retracted and nothing stands for it."""

    finding: Finding
    annotation: Annotation
    mine: str
    now: str
    by: str
    why: str


class LeftOut(NamedTuple):
    """An answer of which nothing was published, and the decision that says so; ``mine`` in words."""

    decision: Decision
    annotation: Annotation
    mine: str


class IsSame(Func):
    """Equal, two empty ones too."""

    template = "(%(expressions)s)"
    arg_joiner = " IS NOT DISTINCT FROM "
    output_field = BooleanField()


def corrected(user: User) -> QuerySet[Finding]:
    """Findings, the latest ruled on first, each with ``mine``: the person's own annotation that said otherwise, or, of a
    retracted one, that it was made from. Derived ones follow from others and are left out."""
    accepted = Annotation.objects.filter(reading__curator=user, reading__state=ReadingState.ACCEPTED)
    at_place = accepted.filter(feature__slug=OuterRef("feature__slug"), instance=OuterRef("instance")).filter(
        Q(patient=OuterRef("patient")) | Q(patient__merged_into=OuterRef("patient"))
    )
    other = at_place.exclude(Exists(_said_so())).exclude(
        IsSame(F("value"), OuterRef("value")), status=OuterRef("status"), qualifiers=OuterRef("qualifiers")
    )
    source = accepted.filter(finding_sources__finding=OuterRef("pk"))
    differs = Q(state=FindingState.PUBLISHED) & Exists(other)
    taken_back = Q(state=FindingState.RETRACTED) & Exists(source)
    rows = Finding.objects.visible_to(user).filter(rule=None).filter(differs | taken_back)
    mine = Coalesce(Subquery(other.order_by("-pk").values("pk")[:1]), Subquery(source.order_by("-pk").values("pk")[:1]))
    shown = rows.select_related(
        "project", "patient", "feature__group", "feature__codebook_version", "ruling__article", "ruling__moderator"
    )
    ruled = Coalesce("retraction__created_at", "ruling__created_at")
    return shown.select_related("retraction__moderator").annotate(mine=mine, ruled_at=ruled).order_by("-ruled_at", "-pk")


def _said_so() -> QuerySet[FindingSource]:
    """That an answer was published as it is, though perhaps in the other reader's words (P24M for P2Y)."""
    kinds = (RulingKind.PUBLISH, RulingKind.ADJUDICATE)
    rows = FindingSource.objects.filter(
        annotation=OuterRef("pk"), finding=OuterRef(OuterRef("pk")), finding__ruling__kind__in=kinds
    )
    return rows.exclude(finding__decision__outcome=Outcome.INDETERMINATE)


def left_out(user: User) -> list[LeftOut]:
    """What the person's accepted readings tell and a moderator decided to publish nothing of, the latest first."""
    place = {"patient": OuterRef("patient"), "feature__slug": OuterRef("feature__slug"), "instance": OuterRef("instance")}
    later = Decision.objects.filter(**place, adjudication=OuterRef("adjudication"), ruling__isnull=False, pk__gt=OuterRef("pk"))
    accepted = Annotation.objects.filter(reading__curator=user, reading__state=ReadingState.ACCEPTED)
    at_place = accepted.filter(
        Q(patient=OuterRef("patient")) | Q(patient__merged_into=OuterRef("patient")),
        reading__article=OuterRef("adjudication__article"),
        feature__slug=OuterRef("feature__slug"),
        instance=OuterRef("instance"),
    )
    mine = Subquery(at_place.exclude(status=Status.NOT_REPORTED).order_by("-pk").values("pk")[:1])
    rows = Decision.objects.filter(status="", ruling__isnull=False).exclude(Exists(later)).annotate(mine=mine)
    rows = rows.filter(mine__isnull=False).select_related("decided_by", "patient").order_by("-pk")
    found = list(rows)
    keys = [row.mine for row in found]
    annotations = Annotation.objects.select_related("feature", "reading__article").in_bulk(keys)
    return [LeftOut(row, annotations[key], _words(annotations[key])) for row, key in zip(found, keys, strict=True)]


def _words(answer: Annotation | Finding) -> str:
    return " ".join(in_words(spec(answer.feature), answer)).strip()


def told(findings: Iterable[Finding]) -> list[Correction]:
    """Each of ``corrected`` in words."""
    rows = list(findings)
    keys = [row.mine for row in rows]  # type: ignore[attr-defined]
    annotations = Annotation.objects.select_related("feature", "reading__article").in_bulk(keys)
    return [_told(row, annotations[key]) for row, key in zip(rows, keys, strict=True)]


def _told(finding: Finding, annotation: Annotation) -> Correction:
    ruling = finding.retraction or finding.ruling
    return Correction(
        finding=finding,
        annotation=annotation,
        mine=_words(annotation),
        now="" if finding.retraction else _words(finding),
        by=str(ruling.moderator) if ruling else "",
        why=ruling.reason if ruling else "",
    )
