"""PMCIDs and DOIs to PMIDs: by PMC's converter first, and what PMC does not know by PubMed's own index of DOIs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from curation.articles import ncbi
from curation.errors import Refusal, SourceUnavailable

#: DOIs that one search asks for together.
DOIS_A_SEARCH = 50
NO_PMCID = "PMC has no article {id}. Check the number; it may have been withdrawn."
NOT_IN_PUBMED = "PMC has {id}, but PubMed has no record of it, so it cannot be imported."
NO_DOI = "Neither PMC nor PubMed knows the DOI {id}. It may be misspelt, or its article is not in PubMed."
SEVERAL = "PubMed has several records with the DOI {id}: {pmids}. Import the right one by its PMID."

#: By identifier: its PMID, or why there is none.
Fates = dict[str, int | str]


def pmids_of(identifiers: Iterable[str]) -> Fates:
    """What became of each PMCID and DOI. Raises SourceUnavailable."""
    pmcids: list[str] = []
    dois: list[str] = []
    for each in dict.fromkeys(identifiers):
        (pmcids if each.upper().startswith("PMC") else dois).append(each)
    fates: Fates = {}
    for some in _portions(pmcids, ncbi.IDS_A_REQUEST):
        known = ncbi.convert(some, "pmcid").pmids
        fates |= {each: _of_pmcid(each, known) for each in some}
    for some in _portions(dois, ncbi.IDS_A_REQUEST):
        fates |= _of_dois(some)
    return fates


def _portions(whole: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (whole[n : n + size] for n in range(0, len(whole), size))


def _of_pmcid(pmcid: str, known: Mapping[str, int | None]) -> int | str:
    if pmcid.lower() not in known:
        return NO_PMCID.format(id=pmcid)
    return known[pmcid.lower()] or NOT_IN_PUBMED.format(id=pmcid)


def _of_dois(dois: Sequence[str]) -> Fates:
    known = _in_pmc(dois)
    fates: Fates = {doi: found for doi in dois if (found := known.get(doi.lower()))}
    for some in _portions([doi for doi in dois if doi not in fates], DOIS_A_SEARCH):
        named = _in_pubmed(some)
        fates |= {doi: _of_doi(doi, named[doi.lower()]) for doi in some}
    return fates


def _in_pmc(dois: Sequence[str]) -> Mapping[str, int | None]:
    """A comma is part of some DOIs and what the converter separates by: those are left to PubMed, as is what it declines."""
    plain = [doi for doi in dois if "," not in doi]
    if not plain:
        return {}
    try:
        return ncbi.convert(plain, "doi").pmids
    except SourceUnavailable:
        raise
    except Refusal:
        return {}


def _in_pubmed(dois: Sequence[str]) -> Mapping[str, list[int]]:
    """By DOI in lower case: the records that name it as theirs, whatever else the search took it for."""
    found = ncbi.search(" OR ".join(f'"{doi}"[AID]' for doi in dois), most=ncbi.IDS_A_REQUEST)
    named: dict[str, list[int]] = defaultdict(list)
    if found.pmids:
        for summary in ncbi.summaries(found.pmids).values():
            named[summary.doi.lower()].append(summary.pmid)
    return named


def _of_doi(doi: str, pmids: Sequence[int]) -> int | str:
    if len(pmids) == 1:
        return pmids[0]
    return SEVERAL.format(id=doi, pmids=", ".join(map(str, pmids))) if pmids else NO_DOI.format(id=doi)
