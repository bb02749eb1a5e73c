"""What a record points at: its references, and the corrections, retractions and comments it is tied to."""

from collections.abc import Iterator

from lxml import etree

from curation.articles import identifiers
from curation.articles.markup import escaped, marked, plain
from curation.articles.records import Cited, Remark

LONGEST_DOI = 300
LONGEST_HEADING = 300


def references(element: etree._Element | None) -> tuple[Cited, ...]:
    """Of a PubmedData or BookDocument, in order; lists may be nested, each with its own title."""
    if element is None:
        return ()
    return tuple(cited for each in element.iterfind("ReferenceList") for cited in _listed(each, ""))


def _listed(element: etree._Element, above: str) -> Iterator[Cited]:
    heading = plain(element.find("Title")) or above
    for child in element:
        if child.tag == "Reference":
            yield _cited(child, heading[:LONGEST_HEADING])
        elif child.tag == "ReferenceList":
            yield from _listed(child, heading)


def _cited(element: etree._Element, heading: str) -> Cited:
    ids = {i.get("IdType", ""): plain(i) for i in element.iterfind("ArticleIdList/ArticleId")}
    text, html = marked(element.find("Citation"))
    return Cited(
        heading=heading,
        citation=text,
        citation_html=html,
        doi=_doi(ids.get("doi", "")),
        pmid=identifiers.pmid(ids.get("pubmed", "")),
        pmcid=identifiers.pmcid(ids.get("pmc", "") or ids.get("pmcid", "")),
    )


def _doi(text: str) -> str:
    """A cited DOI; what is too long to be one is left to the citation's own words."""
    found = identifiers.doi(text)
    return found if len(found) <= LONGEST_DOI else ""


def notices(element: etree._Element) -> tuple[Remark, ...]:
    return tuple(_remark(c) for c in _corrections(element) if c.get("RefType") != "Cites")


def cites(element: etree._Element, known: tuple[Cited, ...]) -> tuple[Cited, ...]:
    """References that older records hold among their corrections, without those the reference list already has."""
    listed = {c.pmid for c in known if c.pmid}
    found = (_remark(c) for c in _corrections(element) if c.get("RefType") == "Cites")
    return tuple(Cited("", r.source, escaped(r.source), doi=r.doi, pmid=r.pmid) for r in found if r.pmid not in listed)


def _corrections(element: etree._Element) -> Iterator[etree._Element]:
    return element.iterfind("CommentsCorrectionsList/CommentsCorrections")


def _remark(element: etree._Element) -> Remark:
    source = plain(element.find("RefSource"))
    return Remark(
        kind=element.get("RefType", "")[:50],
        source=source,
        note=plain(element.find("Note")),
        pmid=identifiers.pmid(plain(element.find("PMID"))),
        doi=_doi(identifiers.doi_in(source)),
    )
