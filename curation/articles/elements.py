"""The pieces that records of articles and of books have in common, each read from its element."""

from typing import Any

from lxml import etree

from curation.articles import authors, dates, identifiers, indexing
from curation.articles.children import Children, children, first, listed, text, texts
from curation.articles.markup import plain
from curation.articles.records import Event, PublishedDate
from curation.errors import Invalid

HIGHEST_VERSION = 32_767


def pmid_of(found: Children) -> tuple[int, int]:
    """The record's PMID and its version (preprints have several). Raises Invalid."""
    element = first(found, "PMID")
    said = plain(element)
    number = identifiers.pmid(said)
    if element is None or number is None:
        raise Invalid(f"This record's PMID “{said[:40]}” is not a number." if said else "This record has no PMID.")
    version = element.get("Version", "1").strip()
    if not (version.isascii() and version.isdecimal() and 0 < int(version[:6]) <= HIGHEST_VERSION):
        raise Invalid(f"PMID {number}: its version “{version[:40]}” is not a number.")
    return number, int(version)


def own_identifiers(found: Children) -> dict[str, str]:
    """Of this record only: its references have lists of the same name further in. Of several of a kind the first."""
    ids: dict[str, str] = {}
    for each in authors.valid(listed(found, "ArticleIdList", "ArticleId")):
        if value := plain(each):
            ids.setdefault(each.get("IdType", ""), value)
    return ids


def own_pmcid(ids: dict[str, str]) -> str | None:
    return identifiers.pmcid(ids.get("pmc", "") or ids.get("pmcid", "")) or None


def pages(element: etree._Element | None) -> str:
    """As PubMed shows them: “689-701”, else the first and last page."""
    said = texts(element)
    return said.get("MedlinePgn", "") or "-".join(p for p in (said.get("StartPage"), said.get("EndPage")) if p)


def described(found: Children) -> dict[str, Any]:
    """Languages and publication types, which stand in an Article as in a BookDocument."""
    return {
        "languages": [language for each in found.get("Language", ()) if (language := plain(each))],
        "publication_types": indexing.publication_types(found),
        "pages": pages(first(found, "Pagination")),
    }


def ymd(element: etree._Element | None) -> tuple[str, str, str]:
    if element is not None and len(element) == 3:  # as nearly all are; a record has about ten
        year, month, day = element
        if year.tag == "Year" and month.tag == "Month" and day.tag == "Day":
            return plain(year), plain(month), plain(day)
    said = texts(element)
    return said.get("Year", ""), said.get("Month", ""), said.get("Day", "")


def published(element: etree._Element | None) -> PublishedDate:
    said = texts(element)
    parts = {name: said.get(tag, "") for name, tag in dates.PARTS}
    return dates.published(**parts)


def history(found: Children) -> list[Event]:
    events = (dated(d.get("PubStatus", ""), d) for d in listed(found, "History", "PubMedPubDate"))
    return [event for event in events if event["date"]]


def dated(status: str, element: etree._Element | None) -> Event:
    return {"status": status, "date": dates.iso(*ymd(element), f"date “{status}”")}


def inner(found: Children, name: str) -> Children:
    """The children of the first child of this name."""
    return children(first(found, name))


def inner_text(found: Children, name: str, within: str) -> str:
    """The text of the first ``within`` in the first child of this name."""
    return text(inner(found, name), within)
