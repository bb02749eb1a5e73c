"""PMIDs, PMCIDs and DOIs out of whatever was pasted: lists, lines, “PMID: 123”, addresses of PubMed, PMC and doi.org pages."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from curation.errors import Fault, Invalid

MOST = 10_000
MOST_FAULTS = 50
PUBMED = re.compile(
    r"https?://\S*?(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(?:\?term=)?|[?&]term=|europepmc\.org/(?:article|abstract)/med/)"
    r"(\d{1,9})(?:\[\w+\])?[/?#]?\S*",
    re.IGNORECASE,
)
PMC = re.compile(r"https?://\S*?/(PMC\d{1,12})(?:\.\d+)?\b\S*", re.IGNORECASE)
DOI_ADDRESS = re.compile(r"https?://[^\s?#]*?/(10\.\d{4,9}/[^\s?#]+)(?:[?#]\S*)?", re.IGNORECASE)
LABEL = re.compile(r"\b(?:pubmed(?:\s+id)?|pmids?|pmcids?|doi)\b\s*[:=#]*(?!/)", re.IGNORECASE)
AROUND = ".,;:()[]{}<>\"'“”‘’#*•-–"
DOI = re.compile(r"10\.\d{4,9}/\S+")
#: Where a DOI, which may itself hold commas and semicolons, is followed by the next identifier without a blank.
NEXT = re.compile(r"[,;|]+(?=(?:10\.\d{4,9}/|PMC\d|\d{1,9}(?:[,;|]|$))|$)", re.IGNORECASE)
LONGEST = 250
LONGEST_QUERY = 4_000
LOOKS_LIKE = (
    (re.compile(r"^\d+$"), "is no PMID: a PMID has up to nine digits and is not zero"),
    (re.compile(r"^10\.", re.ASCII), "is no DOI: a DOI goes on after its slash, as in 10.3390/diagnostics11112064"),
    (re.compile(r"^PMC", re.IGNORECASE), "is no PMCID: a PMCID is PMC and digits, as in PMC11798830"),
)


class Pasted(NamedTuple):
    """One identifier as it will be asked for; ``pmid`` where it is one already."""

    identifier: str
    pmid: int | None = None


def read(text: str) -> list[Pasted]:
    """The identifiers in their order, each once. Raises Invalid naming everything in the text that is none."""
    found: dict[str, Pasted] = {}
    faults: list[Fault] = []
    for word in _words(text):
        one = _identifier(word)
        if one:
            found.setdefault(one.identifier.lower(), one)
        elif word:
            faults.append(Fault(f"“{_printable(word[:60])}”", _why(word)))
    if faults:
        raise Invalid("Some of this is no PMID, PMCID or DOI. Nothing was imported.", faults=faults[:MOST_FAULTS])
    if not found:
        raise Invalid("There is no PMID, PMCID or DOI here. Paste one or more, such as 34829411.")
    if len(found) > MOST:
        raise Invalid(f"These are {len(found):,} identifiers; one import takes up to {MOST:,}. Split them.")
    return list(found.values())


def query(text: str) -> str:
    """A PubMed query in one line. Raises Invalid for none, and for one that cannot be sent."""
    line = " ".join(text.split())
    if not line:
        raise Invalid(
            "Write what to look for, as on PubMed: myositis[ti] AND case reports[pt].", faults=[Fault("query", "is empty")]
        )
    if len(line) > LONGEST_QUERY or not line.isprintable():
        raise Invalid(
            "This query cannot be asked.", faults=[Fault("query", f"must be plain text of at most {LONGEST_QUERY:,} characters")]
        )
    return line


def _words(text: str) -> Iterator[str]:
    for address in (PUBMED, PMC, DOI_ADDRESS):
        text = address.sub(r" \1 ", text)
    for word in LABEL.sub(" ", text).split():
        if DOI.search(word):
            for part in NEXT.split(word):
                yield from [_doi(part)] if DOI.search(part) else _plain(part)
        else:
            yield from _plain(word)


def _plain(word: str) -> Iterator[str]:
    return (part.strip(AROUND) for part in re.split(r"[,;|]", word))


def _doi(word: str) -> str:
    """The DOI without what stands around it; a bracket that it opened itself is its own."""
    doi = word.lstrip(AROUND)
    while doi and doi[-1] in AROUND:
        opening = {")": "(", "]": "[", "}": "{", ">": "<"}.get(doi[-1])
        if opening and doi.count(opening) >= doi.count(doi[-1]):
            break
        doi = doi[:-1]
    return doi


def _identifier(word: str) -> Pasted | None:
    if re.fullmatch(r"0*[1-9]\d{0,8}", word, re.ASCII):
        return Pasted(str(int(word)), int(word))
    if number := re.fullmatch(r"PMC\s*0*([1-9]\d{0,11})(?:\.\d+)?", word, re.ASCII | re.IGNORECASE):
        return Pasted(f"PMC{number[1]}")
    if DOI.fullmatch(word) and len(word) <= LONGEST and word.isprintable() and '"' not in word:
        return Pasted(word)
    return None


def _printable(word: str) -> str:
    """Lone surrogates, which JSON may carry, cannot be sent back in any encoding."""
    return word.encode("utf-8", "replace").decode()


def _why(word: str) -> str:
    return next((reason for shape, reason in LOOKS_LIKE if shape.search(word)), "is no PMID, PMCID or DOI")
