"""What a record points at: its references, and the corrections, retractions and comments it is tied to."""

from collections.abc import Iterator

from lxml import etree

from curation.articles import identifiers
from curation.articles.children import Children, children, listed, text, texts
from curation.articles.markup import EMPTY, Marked, escaped, marked, plain
from curation.articles.records import Cited, Remark

LONGEST_DOI = 300
LONGEST_HEADING = 300
BELOW = " › "  # between the title of a list and that of one inside it


def references(found: Children) -> tuple[Cited, ...]:
    """Of a PubmedData or BookDocument, in order; lists may be nested, each with its own title."""
    return tuple(cited for each in found.get("ReferenceList", ()) for cited in _listed(each, ""))


def _listed(element: etree._Element, above: str) -> Iterator[Cited]:
    heading = BELOW.join(title for title in (above, text(children(element), "Title")) if title)
    for child in element:
        if child.tag == "Reference":
            yield _cited(child, heading[:LONGEST_HEADING])
        elif child.tag == "ReferenceList":
            yield from _listed(child, heading)


def _cited(element: etree._Element, heading: str) -> Cited:
    found: list[Marked] = []
    ids: dict[str, str] = {}
    for child in element:
        if child.tag == "Citation":
            found.append(marked(child))
        elif child.tag == "ArticleIdList":
            ids |= {i.get("IdType", ""): plain(i) for i in child.iterchildren("ArticleId")}
    citation = found[0] if found else EMPTY
    return Cited(
        heading=heading,
        citation=citation.text,
        citation_html=citation.html,
        doi=_doi(ids.get("doi", "")),
        pmid=identifiers.pmid(ids.get("pubmed", "")),
        pmcid=identifiers.pmcid(ids.get("pmc", "") or ids.get("pmcid", "")),
    )


def _doi(text: str) -> str:
    """A cited DOI; what is too long to be one is left to the citation's own words."""
    found = identifiers.doi(text)
    return found if len(found) <= LONGEST_DOI else ""


def notices(citation: Children) -> tuple[Remark, ...]:
    return tuple(_remark(c) for c in _corrections(citation) if c.get("RefType") != "Cites")


def cites(citation: Children, known: tuple[Cited, ...]) -> tuple[Cited, ...]:
    """References that older records hold among their corrections, without those the reference list already has."""
    listed = {c.pmid for c in known if c.pmid}
    found = (_remark(c) for c in _corrections(citation) if c.get("RefType") == "Cites")
    return tuple(Cited("", r.source, escaped(r.source), doi=r.doi, pmid=r.pmid) for r in found if r.pmid not in listed)


def _corrections(citation: Children) -> Iterator[etree._Element]:
    return listed(citation, "CommentsCorrectionsList", "CommentsCorrections")


def _remark(element: etree._Element) -> Remark:
    said = texts(element)
    source = said.get("RefSource", "")
    return Remark(
        kind=element.get("RefType", "")[:50],
        source=source,
        note=said.get("Note", ""),
        pmid=identifiers.pmid(said.get("PMID", "")),
        doi=_doi(identifiers.doi_in(source)),
    )
