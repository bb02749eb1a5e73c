"""Who wrote it: people and groups, where they work, who they are."""

from collections.abc import Callable, Iterator

from lxml import etree

from curation.articles import identifiers
from curation.articles.markup import plain
from curation.articles.records import Affiliation, Author


def authors(lists: list[etree._Element]) -> list[Author]:
    return [_author(one) for each in lists for one in valid(each.iterfind("Author"))]


def valid(elements: Iterator[etree._Element]) -> Iterator[etree._Element]:
    """Without those that PubMed itself marked as wrong and keeps beside their correction."""
    return (e for e in elements if e.get("ValidYN", "Y") != "N")


def complete(lists: list[etree._Element]) -> bool:
    return all(each.get("CompleteYN", "Y") != "N" for each in lists)


def _author(element: etree._Element) -> Author:
    return Author(
        last_name=plain(element.find("LastName")),
        fore_name=plain(element.find("ForeName")) or plain(element.find("FirstName")),
        initials=plain(element.find("Initials")),
        suffix=plain(element.find("Suffix")),
        collective_name=plain(element.find("CollectiveName")),
        orcid=_identified(element, "ORCID", identifiers.orcid),
        equal_contrib=element.get("EqualContrib") == "Y",
        affiliations=_affiliations(element),
    )


def _affiliations(element: etree._Element) -> list[Affiliation]:
    """Texts lose their e-mail addresses: they are kept in the source record, but nowhere shown."""
    found = []
    for info in element.iterfind("AffiliationInfo"):
        found.append(
            Affiliation(
                text=identifiers.without_emails(plain(info.find("Affiliation"))),
                ror=_identified(info, "ROR", identifiers.ror),
                ringgold=_identified(info, "RINGGOLD", str.strip),
            )
        )
    if not found and (older := element.find("Affiliation")) is not None:
        found.append(Affiliation(text=identifiers.without_emails(plain(older)), ror="", ringgold=""))
    return [a for a in found if any(a.values())]


def _identified(element: etree._Element, source: str, normal: Callable[[str], str]) -> str:
    for identifier in valid(element.iterfind("Identifier")):
        if (identifier.get("Source") or "").upper() == source and (value := normal(plain(identifier))):
            return value
    return ""
