"""Where a reader was corrected: what is published, or was taken back, beside what their own accepted reading said."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from curation.choices import FindingState, ReadingState, RulingKind
from curation.codebook.queries import spec
from curation.models import Annotation, Finding, User
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
    other = at_place.exclude(IsSame(F("value"), OuterRef("value")), status=OuterRef("status"), qualifiers=OuterRef("qualifiers"))
    source = accepted.filter(finding_sources__finding=OuterRef("pk"))
    differs = Q(state=FindingState.PUBLISHED) & Exists(other)
    taken_back = Q(state=FindingState.RETRACTED) & Exists(source)
    rows = Finding.objects.visible_to(user).filter(rule=None).filter(differs | taken_back)
    rows = rows.exclude(ruling__kind=RulingKind.UPGRADE)  # said in another codebook's words, which corrects nobody
    mine = Coalesce(Subquery(other.order_by("-pk").values("pk")[:1]), Subquery(source.order_by("-pk").values("pk")[:1]))
    shown = rows.select_related(
        "project", "patient", "feature__group", "feature__codebook_version", "ruling__article", "ruling__moderator"
    )
    ruled = Coalesce("retraction__created_at", "ruling__created_at")
    return shown.select_related("retraction__moderator").annotate(mine=mine, ruled_at=ruled).order_by("-ruled_at", "-pk")


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
        mine=" ".join(in_words(spec(annotation.feature), annotation)).strip(),
        now="" if finding.retraction else " ".join(in_words(spec(finding.feature), finding)).strip(),
        by=str(ruling.moderator) if ruling else "",
        why=ruling.reason if ruling else "",
    )
