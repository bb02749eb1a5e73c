"""What NCBI's utilities answer, read out of their XML and JSON. Pure; what is not a whole answer is said to be damaged."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from curation.articles import identifiers
from curation.articles.parsing import PARSER
from curation.errors import Invalid

#: ESearch gives the first so many of a PubMed search and no more; see docs/decisions/0010.
MOST_LISTED = 9_999
#: The links that are kept, by the names ELink has for them.
LINKS = {"pubmed_pubmed": "similar", "pubmed_pubmed_citedin": "cited_by", "pubmed_pubmed_refs": "cites"}
NOTHING_ASKED = "empty term"


class Damaged(Exception):
    """Not a whole answer: half a body, a page of HTML, a count that its own list contradicts."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: how many in all, and the PMIDs of this part of them, the newest first.

    ``understood`` is the query as PubMed translated it, ``remarks`` what PubMed says of it (a phrase it does not know).
    """

    count: int
    pmids: tuple[int, ...]
    understood: str = ""
    remarks: tuple[str, ...] = ()
    environment: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    pmid: int
    title: str
    source: str
    authors: tuple[str, ...] = ()
    doi: str = ""


Links = dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Converted:
    """By identifier as it was asked, in lower case: the PMID, or None where PMC knows the article and PubMed does not."""

    pmids: dict[str, int | None] = field(default_factory=dict)


def found(body: bytes, *, most: int, start: int = 0) -> Found:
    """An ESearch answer whose list is as long as its own count says. Raises Damaged, Invalid for a query it cannot read."""
    root = _root(body, "eSearchResult")
    error = (root.findtext("ERROR") or "").strip()
    if NOTHING_ASKED in error.lower():
        raise Invalid("PubMed finds no question in this query.")
    if error:
        raise Damaged(f"PubMed could not search: {error[:200]}")
    count, pmids = _number(root.findtext("Count")), tuple(_numbers(root.iterfind("IdList/Id")))
    expected = max(0, min(count - start, most, MOST_LISTED - start))
    if len(set(pmids)) != expected:
        raise Damaged(f"NCBI counts {count} records, but lists {len(set(pmids))} where it should list {expected}")
    remarks = [e.text for part in ("ErrorList", "WarningList") for e in root.iterfind(f"{part}/*") if e.text]
    return Found(
        count=count,
        pmids=pmids,
        understood=(root.findtext("QueryTranslation") or "").strip(),
        remarks=tuple(remarks),
        environment=root.findtext("WebEnv") or "",
        key=root.findtext("QueryKey") or "",
    )


def summaries(body: bytes) -> dict[int, Summary]:
    """By PMID; records that PubMed does not have are not among them."""
    root = _root(body, "eSummaryResult")
    made = (_summary(element) for element in root.iterfind("DocSum"))
    return {summary.pmid: summary for summary in made}


def _summary(element: etree._Element) -> Summary:
    items = {item.get("Name"): item for item in element.iterfind("Item")}
    authors = items.get("AuthorList")
    source = " ".join(filter(None, (_text(items.get("Source")), _text(items.get("PubDate")))))
    return Summary(
        pmid=_number(element.findtext("Id")),
        title=_text(items.get("Title")),
        source=source,
        authors=tuple(_text(item) for item in authors) if authors is not None else (),
        doi=_text(items.get("DOI")),
    )


def links(body: bytes) -> dict[int, Links]:
    """By PMID that was asked: the kept links, each in NCBI's order and without the article itself.

    A record whose links NCBI cannot name is not among them.
    """
    answer: dict[int, Links] = {}
    root = _root(body, "eLinkResult")
    if error := root.findtext("ERROR"):
        raise Damaged(f"NCBI could not link: {error[:200]}")
    for one in root.iterfind("LinkSet"):
        if one.find("ERROR") is not None:
            continue  # this record alone; the others are answered
        asked = [*_numbers(one.iterfind("IdList/Id"))]
        if len(asked) != 1:
            raise Damaged("NCBI's links do not say whose they are")
        named = {s.findtext("LinkName"): tuple(_numbers(s.iterfind("Link/Id"))) for s in one.iterfind("LinkSetDb")}
        answer[asked[0]] = {kind: _others(named.get(name, ()), asked[0]) for name, kind in LINKS.items()}
    return answer


def _others(pmids: Iterable[int], own: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys(pmid for pmid in pmids if pmid != own))


def converted(body: bytes) -> Converted:
    """Of the ID converter: an identifier it does not know is left out, which does not mean that it is wrong."""
    try:
        records = json.loads(body)["records"]
        known = [record for record in records if "errmsg" not in record and record.get("status") != "error"]
        return Converted({str(each["requested-id"]).lower(): _pmid(each.get("pmid")) for each in known})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Damaged("the ID converter's answer is not a list of records") from error


def _pmid(value: Any) -> int | None:
    return identifiers.pmid(str(value)) if value else None


def _root(body: bytes, name: str) -> etree._Element:
    try:
        root = etree.fromstring(body, PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Damaged("the answer is half a body, or a page about something else") from error
    if root.tag != name:
        raise Damaged(f"the answer is no {name}")
    return root


def _numbers(elements: Iterable[etree._Element]) -> Iterator[int]:
    return (_number(element.text) for element in elements)


def _number(text: str | None) -> int:
    text = (text or "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 15):
        raise Damaged("the answer has no number where one belongs")
    return int(text)


def _text(element: etree._Element | None) -> str:
    return "" if element is None else "".join(map(str, element.itertext())).strip()
