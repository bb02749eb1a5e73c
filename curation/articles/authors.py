"""Who wrote it: people and groups, where they work, who they are."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from lxml import etree

from curation.articles import identifiers
from curation.articles.children import children, text
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
    said: dict[str, str] = {}
    known: list[etree._Element] = []
    places: list[etree._Element] = []
    for child in element:
        name = child.tag
        if name == "AffiliationInfo":
            places.append(child)
        elif name == "Identifier":
            known.append(child)
        elif name not in said:
            said[name] = plain(child)
    return {
        "last_name": said.get("LastName", ""),
        "fore_name": said.get("ForeName", "") or said.get("FirstName", ""),
        "initials": said.get("Initials", ""),
        "suffix": said.get("Suffix", ""),
        "collective_name": said.get("CollectiveName", ""),
        "orcid": _identified(known, "ORCID", identifiers.orcid),
        "equal_contrib": element.get("EqualContrib") == "Y",
        "affiliations": _affiliations(places) if places else _older_affiliation(said.get("Affiliation", ""), known),
    }


def _affiliations(places: Iterable[etree._Element]) -> list[Affiliation]:
    """Texts lose their e-mail addresses: they are kept in the source record, but nowhere shown."""
    return _telling([_affiliation(*_place(place)) for place in places])


def _place(element: etree._Element) -> tuple[str, Sequence[etree._Element]]:
    """What the first Affiliation says, and the identifiers beside it."""
    if len(element) == 1 and element[0].tag == "Affiliation":  # as nearly all are
        return plain(element[0]), ()
    parts = children(element)
    return text(parts, "Affiliation"), parts.get("Identifier", ())


def _older_affiliation(said: str, known: Sequence[etree._Element]) -> list[Affiliation]:
    """As it stood in older records: the author's own text."""
    return _telling([_affiliation(said, known)]) if said else []


def _telling(affiliations: Iterable[Affiliation]) -> list[Affiliation]:
    return [a for a in affiliations if a["text"] or a["ror"] or a["ringgold"]]


def _affiliation(said: str, known: Sequence[etree._Element]) -> Affiliation:
    return {
        "text": identifiers.without_emails(said),
        "ror": _identified(known, "ROR", identifiers.ror),
        "ringgold": _identified(known, "RINGGOLD", str.strip),
    }


def _identified(known: Sequence[etree._Element], source: str, normal: Callable[[str], str]) -> str:
    for identifier in valid(known) if known else ():
        if (identifier.get("Source") or "").upper() == source and (value := normal(plain(identifier))):
            return value
    return ""
