"""What proves findings: the evidence of the annotations they were made from, that of a moderator's third answer, and the
quotes of proposals accepted since."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TypeVar

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from curation.articles.queries import unnamed
from curation.choices import Outcome
from curation.models import Annotation, Decision, DecisionEvidence, Evidence, Finding, FindingSource, Proposal, ProposalQuote
from curation.models.annotation import Proof

P = TypeVar("P", Evidence, DecisionEvidence)


def of_findings(keys: Iterable[int], *, decided: bool = True, challenged: bool = True) -> dict[int, list[Proof]]:
    """By finding, each place once, though two readings name it; what speaks against it last. Each knows its ``finding``.

    ``decided``, ``challenged``: whether a moderator may have given a third answer, or a proposal been accepted. A query for each
    of the three kinds that there may be, however many findings. Sections come without their markup.
    """
    wanted = set(keys)
    found: dict[int, dict[tuple[object, ...], Proof]] = defaultdict(dict)
    rows = Evidence.objects.filter(annotation__finding_sources__finding__in=wanted)
    rows = rows.annotate(finding=F("annotation__finding_sources__finding"))
    for proof in _with_words(rows).order_by("contradicts", "pk") if wanted else ():
        found[_finding_of(proof)].setdefault(proof.place, proof)
    thirds = DecisionEvidence.objects.filter(decision__findings__in=wanted, decision__outcome=Outcome.THIRD).annotate(
        finding=F("decision__findings")
    )
    for third in _with_words(thirds).order_by("pk") if wanted and decided else ():
        found[_finding_of(third)].setdefault(third.place, third)
    for quote in _quotes(wanted) if wanted and challenged else ():
        proposed = quote.as_evidence
        proposed.finding = _finding_of(quote)  # type: ignore[attr-defined]  # as the others have it
        found[_finding_of(quote)].setdefault(proposed.place, proposed)
    return defaultdict(list, {key: list(each.values()) for key, each in found.items()})


def _finding_of(row: Proof | ProposalQuote) -> int:
    """Of a row as these queries give it."""
    return int(row.finding)  # type: ignore[union-attr]


def _quotes(wanted: Collection[int]) -> QuerySet[ProposalQuote]:
    quotes = ProposalQuote.objects.filter(proposal__finding_sources__finding__in=wanted)
    quotes = quotes.annotate(finding=F("proposal__finding_sources__finding")).select_related("section__article")
    return quotes.defer("section__html", *unnamed("section__article")).order_by("pk")


def _with_words(rows: QuerySet[P]) -> QuerySet[P]:
    return rows.select_related("section__article", "figure").defer("section__html", *unnamed("section__article"))


def at_hand() -> list[Prefetch]:
    """For findings whose proof is read with them; see ``of``. Of a few findings ``with_few`` asks less."""
    evidence = Prefetch("evidence", queryset=Evidence.objects.select_related("section__article", "figure").order_by("pk"))
    annotations = Annotation.objects.select_related("reading__curator").order_by("pk").prefetch_related(evidence)
    thirds = Prefetch("evidence", DecisionEvidence.objects.select_related("section__article", "figure").order_by("pk"))
    decisions = Decision.objects.select_related("followed__curator", "decided_by").prefetch_related(thirds)
    quotes = Prefetch("quotes", queryset=ProposalQuote.objects.select_related("section__article").order_by("pk"))
    accepted = Proposal.objects.order_by("pk").prefetch_related(quotes)
    return [Prefetch("annotations", annotations), Prefetch("decision", decisions), Prefetch("accepted", accepted)]


def with_few(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """The same, quotes of proposals looked for only where one was accepted."""
    return knowing_challenged(rows).prefetch_related(*at_hand()[:2])


def knowing_challenged(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """With ``challenged``: whether a proposal was accepted."""
    accepted = FindingSource.objects.filter(finding=OuterRef("pk"), proposal__isnull=False)
    return rows.annotate(challenged=Exists(accepted))


def of(found: Finding) -> list[Proof]:
    """Of a finding with its proof ``at_hand``: each place once."""
    proofs: list[Proof] = [proof for source in found.annotations.all() for proof in source.evidence.all()]
    proofs += found.decision.proofs if found.decision else ()
    if getattr(found, "challenged", True):
        proofs += [quote.as_evidence for proposal in found.accepted.all() for quote in proposal.quotes.all()]
    once: dict[tuple[object, ...], Proof] = {}
    for proof in proofs:
        once.setdefault(proof.place, proof)
    return list(once.values())


def proven(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """Those that something proves, with all of it at hand."""
    evidence = Evidence.objects.filter(annotation__finding_sources__finding=OuterRef("pk"))
    decided = DecisionEvidence.objects.filter(decision=OuterRef("decision"), decision__outcome=Outcome.THIRD)
    quotes = ProposalQuote.objects.filter(proposal__finding_sources__finding=OuterRef("pk"))
    return rows.filter(Q(Exists(evidence)) | Q(Exists(decided)) | Q(Exists(quotes))).prefetch_related(*at_hand())
