"""Who wrote it: people and groups, where they work, who they are."""

from collections.abc import Callable, Iterable, Iterator

from lxml import etree

from curation.articles import identifiers
from curation.articles.children import Children, children, text
from curation.articles.markup import plain
from curation.articles.records import Affiliation, Author


def authors(lists: list[etree._Element]) -> list[Author]:
    return [_author(one) for each in lists for one in valid(each.iterchildren("Author"))]


def valid(elements: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """Without those that PubMed itself marked as wrong and keeps beside their correction."""
    return (e for e in elements if e.get("ValidYN") != "N")


def complete(lists: list[etree._Element]) -> bool:
    return all(each.get("CompleteYN") != "N" for each in lists)


def _author(element: etree._Element) -> Author:
    parts = children(element)
    return {
        "last_name": text(parts, "LastName"),
        "fore_name": text(parts, "ForeName") or text(parts, "FirstName"),
        "initials": text(parts, "Initials"),
        "suffix": text(parts, "Suffix"),
        "collective_name": text(parts, "CollectiveName"),
        "orcid": _identified(parts, "ORCID", identifiers.orcid),
        "equal_contrib": element.get("EqualContrib") == "Y",
        "affiliations": _affiliations(parts),
    }


def _affiliations(author: Children) -> list[Affiliation]:
    """Texts lose their e-mail addresses: they are kept in the source record, but nowhere shown."""
    found = [_affiliation(children(info)) for info in author.get("AffiliationInfo", ())]
    if not found and "Affiliation" in author:  # as it stood in older records
        found = [_affiliation(author)]
    return [a for a in found if a["text"] or a["ror"] or a["ringgold"]]


def _affiliation(parts: Children) -> Affiliation:
    return {
        "text": identifiers.without_emails(text(parts, "Affiliation")),
        "ror": _identified(parts, "ROR", identifiers.ror),
        "ringgold": _identified(parts, "RINGGOLD", str.strip),
    }


def _identified(parts: Children, source: str, normal: Callable[[str], str]) -> str:
    for identifier in valid(parts.get("Identifier", ())):
        if (identifier.get("Source") or "").upper() == source and (value := normal(plain(identifier))):
            return value
    return ""
