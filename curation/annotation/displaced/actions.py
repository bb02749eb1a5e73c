"""A person settles a quote that lost its place: it is put where its words stand now, or left with the earlier wording."""

from curation import versions
from curation.annotation import queries as readings
from curation.annotation import rules
from curation.annotation.displaced import queries
from curation.audit import action
from curation.choices import EvidenceKind, EvidenceState
from curation.errors import Fault, Invalid, WrongState
from curation.models import Annotation, Evidence, Reading, User


@action("evidence.place")
def place(*, evidence_id: int, version: int | None, section_id: int, start: int, by: User) -> Evidence:
    """Put the quote at one of the places that are offered for it; ``version`` is the annotation's, which this changes."""
    evidence = _lost(evidence_id, version, by)
    offered = queries.places(evidence, queries.current_text(evidence.section.article_id))
    chosen = next(((s, p) for s, p in offered if (s.pk, p.start) == (section_id, start)), None)
    if chosen is None:
        raise Invalid("The quote cannot be put there.", faults=[Fault("place", "is none of those where its words stand now")])
    section, at = chosen
    others = Evidence.objects.filter(annotation=evidence.annotation_id, section=section, start=at.start, end=at.end)
    if others.exclude(pk=evidence.pk).exists():
        reason = f"“{at.exact[:80]}” is evidence for this answer already; leave this quote with the earlier wording"
        raise Invalid("The quote cannot be put there.", faults=[Fault("place", reason)])
    evidence.section, evidence.depth, evidence.state = section, rules.depth(section.kind), EvidenceState.ANCHORED
    evidence.start, evidence.end, evidence.exact = at.start, at.end, at.exact
    evidence.prefix, evidence.suffix = at.prefix, at.suffix
    if evidence.kind == EvidenceKind.CELL:
        evidence.kind, evidence.cell = EvidenceKind.QUOTE, None  # the words are kept; of which table's cell is not known any more
    evidence.save(update_fields=["kind", "cell", "section", "start", "end", "exact", "prefix", "suffix", "depth", "state"])
    return evidence


@action("evidence.keep")
def keep(*, evidence_id: int, version: int | None, by: User) -> Evidence:
    """Leave the quote with the wording it was taken from, which stays here; ``version`` is the annotation's."""
    evidence = _lost(evidence_id, version, by)
    evidence.state = EvidenceState.KEPT
    evidence.save(update_fields=["state"])
    return evidence


def _lost(evidence_id: int, version: int | None, by: User) -> Evidence:
    """The quote, its reading, annotation and itself locked in this order, as everywhere."""
    seen = readings.evidence_for(by, evidence_id).annotation
    reading = Reading.objects.visible_to(by).select_for_update(of=("self",)).select_related("project").get(pk=seen.reading_id)
    queries.require_may_settle(by, reading)
    annotation = versions.lock(Annotation.objects.filter(reading=reading), pk=seen.pk, version=version)
    evidence = Evidence.objects.select_for_update(of=("self",)).select_related("section").get(pk=evidence_id)
    if evidence.state not in queries.LOST:
        raise WrongState("This quote is in its place, or somebody has settled it already.")
    annotation.save(update_fields=["version", "changed_at"])
    return evidence
