"""What is about to be published, beside what the public reads already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from curation.codebook.rules import Value
from curation.models import Annotation, Decision, Feature, Finding, FindingSource, Patient, Proposal, Ruling

#: Where an answer stands: patient, feature and instance, whatever the codebook's version.
Place = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Settled:
    """The answer for one patient, feature and instance, the annotations that say it, and the decision where readings differed."""

    patient: Patient
    feature: Feature
    instance: int
    said: Annotation | Finding | Decision | Value
    comment: str = ""
    sources: Sequence[int] = field(default_factory=list)
    decision: Decision | None = None

    @property
    def place(self) -> Place:
        return self.patient.pk, self.feature.slug, self.instance


def as_finding(ruling: Ruling, settled: Settled) -> Finding:
    """Not saved yet."""
    return Finding(
        project=ruling.project,
        patient=settled.patient,
        feature=settled.feature,
        instance=settled.instance,
        ruling=ruling,
        decision=settled.decision,
        status=settled.said.status,
        value=settled.said.value,
        low=settled.said.low,
        high=settled.said.high,
        qualifiers=settled.said.qualifiers,
        comment=settled.comment,
    )


def standing(ruling: Ruling, patients: Sequence[Patient], settled: Mapping[Place, Settled], *, whole: bool) -> QuerySet[Finding]:
    """Recorded findings that what is settled takes the place of. Where an article is published ``whole``, all that it said of
    these patients before gives way, answered again or not."""
    again = Q(feature__slug__in={slug for _patient, slug, _instance in settled})
    rows = Finding.objects.published().filter(patient__in=patients, rule=None)
    rows = rows.filter(again | Q(ruling__article=ruling.article)) if whole else rows.filter(again)
    return rows.select_related("feature").prefetch_related("sources").order_by("pk")


def says(found: Finding, settled: Settled | None) -> bool:
    """Whether it says the same already, from the same readings: then it stays, with its history."""
    if settled is None or found.decision != settled.decision or found.feature_id != settled.feature.pk:
        return False
    kept = found.status, found.value, found.qualifiers, found.comment
    now = settled.said.status, settled.said.value, settled.said.qualifiers, settled.comment
    return kept == now and {source.annotation_id for source in found.sources.all()} == set(settled.sources)


def sources_after(old: Finding, made: Finding, accepted: Iterable[Proposal] = ()) -> list[FindingSource]:
    """Not saved yet: that the new finding rests on what the old one did, and on the proposals accepted."""
    before = old.sources.values_list("annotation_id", "proposal_id")
    kept = [FindingSource(finding=made, annotation_id=annotation, proposal_id=proposal) for annotation, proposal in before]
    return [*kept, *(FindingSource(finding=made, proposal=proposal) for proposal in accepted)]
