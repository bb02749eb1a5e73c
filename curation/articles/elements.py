"""The pieces that records of articles and of books have in common, each read from its element."""

from typing import Any

from lxml import etree

from curation.articles import authors, dates, identifiers, indexing
from curation.articles.markup import plain
from curation.articles.records import Event, PublishedDate
from curation.errors import Invalid

HIGHEST_VERSION = 32_767


def pmid_of(element: etree._Element) -> tuple[int, int]:
    """The record's PMID and its version (preprints have several). Raises Invalid."""
    found = element.find("PMID")
    text = plain(found)
    number = identifiers.pmid(text)
    if found is None or number is None:
        raise Invalid(f"This record's PMID “{text[:40]}” is not a number." if text else "This record has no PMID.")
    version = found.get("Version", "1").strip()
    if not (version.isascii() and version.isdecimal() and 0 < int(version[:6]) <= HIGHEST_VERSION):
        raise Invalid(f"PMID {number}: its version “{version[:40]}” is not a number.")
    return number, int(version)


def own_identifiers(element: etree._Element | None) -> dict[str, str]:
    """Of this record only: its references have lists of the same name further in."""
    listed = element.iterfind("ArticleIdList/ArticleId") if element is not None else iter(())
    return {i.get("IdType", ""): text for i in authors.valid(listed) if (text := plain(i))}


def own_pmcid(ids: dict[str, str]) -> str | None:
    return identifiers.pmcid(ids.get("pmc", "") or ids.get("pmcid", "")) or None


def pages(element: etree._Element) -> str:
    """As PubMed shows them: “689-701”, else the first and last page."""
    first, last = plain(element.find("Pagination/StartPage")), plain(element.find("Pagination/EndPage"))
    return plain(element.find("Pagination/MedlinePgn")) or "-".join(p for p in (first, last) if p)


def described(element: etree._Element) -> dict[str, Any]:
    """Languages and publication types, which stand in an Article as in a BookDocument."""
    return {
        "languages": [text for each in element.iterfind("Language") if (text := plain(each))],
        "publication_types": indexing.publication_types(element),
        "pages": pages(element),
    }


def ymd(element: etree._Element | None) -> tuple[str, str, str]:
    if element is None:
        return "", "", ""
    return plain(element.find("Year")), plain(element.find("Month")), plain(element.find("Day"))


def published(element: etree._Element | None) -> PublishedDate:
    if element is None:
        return PublishedDate()
    year, month, day = ymd(element)
    season, medline = plain(element.find("Season")), plain(element.find("MedlineDate"))
    return dates.published(year=year, month=month, day=day, season=season, medline=medline)


def history(element: etree._Element | None) -> list[Event]:
    listed = element.iterfind("History/PubMedPubDate") if element is not None else ()
    return [event for d in listed if (event := dated(d.get("PubStatus", ""), d))["date"]]


def dated(status: str, element: etree._Element | None) -> Event:
    return Event(status=status, date=dates.iso(*ymd(element), where=f"date “{status}”"))
