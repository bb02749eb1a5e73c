"""What proves findings: the evidence of the annotations they were made from, and the quotes of proposals accepted since."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from curation.articles.queries import unnamed
from curation.models import Annotation, Evidence, Finding, Proposal, ProposalQuote


def of_findings(keys: Iterable[int], *, challenged: bool = True) -> dict[int, list[Evidence]]:
    """By finding, each place once, though two readings name it; what speaks against it last. Each knows its ``finding``.

    Two queries, however many there are, or one where no proposal was accepted (``challenged``), and none where none are asked
    for. Sections come without their markup.
    """
    wanted = set(keys)
    found: dict[int, dict[tuple[object, ...], Evidence]] = defaultdict(dict)
    if not wanted:
        return defaultdict(list)
    rows = Evidence.objects.filter(annotation__finding_sources__finding__in=wanted)
    rows = rows.annotate(finding=F("annotation__finding_sources__finding")).select_related("section__article", "figure")
    for proof in rows.defer("section__html", *unnamed("section__article")).order_by("contradicts", "pk"):
        found[proof.finding].setdefault(proof.place, proof)
    for quote in _quotes(wanted) if challenged else ():
        proof = quote.as_evidence
        proof.finding = quote.finding  # type: ignore[attr-defined]  # as the others have it
        found[quote.finding].setdefault(proof.place, proof)
    return defaultdict(list, {key: list(each.values()) for key, each in found.items()})


def _quotes(wanted: Collection[int]) -> QuerySet[ProposalQuote]:
    quotes = ProposalQuote.objects.filter(proposal__finding_sources__finding__in=wanted)
    quotes = quotes.annotate(finding=F("proposal__finding_sources__finding")).select_related("section__article")
    return quotes.defer("section__html", *unnamed("section__article")).order_by("pk")


def at_hand() -> list[Prefetch]:
    """For findings whose proof is read with them; see ``of``."""
    evidence = Prefetch("evidence", queryset=Evidence.objects.select_related("section__article", "figure").order_by("pk"))
    annotations = Annotation.objects.select_related("reading__curator").order_by("pk").prefetch_related(evidence)
    quotes = Prefetch("quotes", queryset=ProposalQuote.objects.select_related("section__article").order_by("pk"))
    accepted = Proposal.objects.order_by("pk").prefetch_related(quotes)
    return [Prefetch("annotations", queryset=annotations), Prefetch("accepted", queryset=accepted)]


def of(found: Finding) -> list[Evidence]:
    """Of a finding with its proof ``at_hand``: each place once."""
    proofs = [proof for source in found.annotations.all() for proof in source.evidence.all()]
    proofs += [quote.as_evidence for proposal in found.accepted.all() for quote in proposal.quotes.all()]
    return list({proof.place: proof for proof in reversed(proofs)}.values())[::-1]


def proven(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """Those that something proves, with all of it at hand."""
    evidence = Evidence.objects.filter(annotation__finding_sources__finding=OuterRef("pk"))
    quotes = ProposalQuote.objects.filter(proposal__finding_sources__finding=OuterRef("pk"))
    return rows.filter(Q(Exists(evidence)) | Q(Exists(quotes))).prefetch_related(*at_hand())
