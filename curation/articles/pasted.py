"""PMIDs, PMCIDs and DOIs out of whatever was pasted: lists, lines, “PMID: 123”, addresses of PubMed, PMC and doi.org pages."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from curation.errors import Fault, Invalid

MOST = 10_000
MOST_FAULTS = 50
PUBMED = re.compile(
    r"https?://\S*?(?:pubmed(?:[.-]ncbi[.-]nlm[.-]nih[.-]gov[\w.-]*)?/(?:\?term=)?|[?&]term=|/pmid/|/(?:pubmed|pmid):"
    r"|europepmc\.org/(?:article|abstract)/med/)"
    r"(\d{1,9}(?:(?:\+|,|%20|%2C)+\d{1,9})*)(?:\[\w+\])?(?=[/?#&\s.,;)\]<>\"']|$)[/?#]?\S*",
    re.IGNORECASE,
)
PMC = re.compile(r"https?://\S*?/(?:(PMC\d{1,12})|(?<=/pmc/articles/)(\d{1,12}))(?:\.\d+)?\b\S*", re.IGNORECASE)
DOI_ADDRESS = re.compile(r"(?:https?://[^\s?#]*?/|info:doi/|urn:doi:)(10\.\d{4,9}(?:/|%2F)[^\s?#]+)(?:[?#]\S*)?", re.IGNORECASE)
#: Addresses as browsers show them, without their beginning.
BARE_ADDRESS = re.compile(
    r"(?<![\w./@:-])(?=(?:www\.|dx\.)?(?:(?:pubmed\.|pmc\.)?ncbi\.nlm\.nih\.gov|europepmc\.org|doi\.org)/)", re.IGNORECASE
)
LABEL = re.compile(
    r"\b(?:(?:pubmed(?:\s+id)?|pmids?|pmcids?|doi)\b|pmid(?=\d)|pmc(?=pmc\d))\s*[:=#]*(?!/)|\[(?:uid|pmid|aid|doi)\]",
    re.IGNORECASE,
)
PMC_APART = re.compile(r"(?<![\w./-])PMC[\s:]+(?=\d)", re.IGNORECASE)
#: “1. ”, “[2] ” and “3) ” before what they number.
NUMBERING = re.compile(r"^[ \t]*[(\[]?\d{1,4}[.)\]][ \t]+(?=\S)", re.MULTILINE)
RUNNING = re.compile(r"[ \t]*(\d{1,4})[ \t]+(?=\S)")
#: Alone on its line, one number in groups of three digits, or three numbers: nobody can tell.
GROUPED = re.compile(r"^[^\w\n]*(\d{1,3}(?:,\d{3}){2}|\d{1,3}(?:[ \u00a0\u202f]\d{3}){2})[^\w\n]*$", re.MULTILINE)
#: What stands for the same in other scripts, and what nobody sees.
LETTERS = str.maketrans("０１２３４５６７８９：，；", "0123456789:,;", "\u200b\u200c\u200d\u2060\ufeff\u00ad")
BETWEEN_THEM = {"and", "or", "&"}
AROUND = ".,;:()[]{}<>\"'“”‘’#*•-–"
NO_DIGITS = re.compile(r"\D+")
DOI = re.compile(r"10\.\d{4,9}/\S+")
#: Where a DOI, which may itself hold commas and semicolons, is followed by the next identifier without a blank.
NEXT = re.compile(r"[,;|]+(?=(?:10\.\d{4,9}/|PMC\d|\d{1,9}(?:[,;|]|$))|$)", re.IGNORECASE)
LONGEST = 250
LONGEST_QUERY = 4_000
LOOKS_LIKE = (
    (GROUPED, "may be one PMID or several: write each without blanks and commas in it"),
    (re.compile(r"^\d(?:[.,]\d+)?E\+?\d+$", re.ASCII), "is a number as a spreadsheet rounds it: have it shown in full"),
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
        raise Invalid(
            "Some of this is no PMID, PMCID or DOI. Nothing was imported: take it out and try again.", faults=faults[:MOST_FAULTS]
        )
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
    text = BARE_ADDRESS.sub("https://", _unnumbered(text.translate(LETTERS)))
    text = PUBMED.sub(lambda found: f" {NO_DIGITS.sub(' ', unquote(found[1]))} ", text)
    text = PMC.sub(lambda found: f" {found[1] or f'PMC{found[2]}'} ", text)
    text = PMC_APART.sub("PMC", LABEL.sub(" ", DOI_ADDRESS.sub(lambda found: f" {unquote(found[1])} ", text)))
    yield from (grouped[1] for grouped in GROUPED.finditer(text))
    for word in GROUPED.sub(" ", text).split():
        if DOI.search(word):
            for part in NEXT.split(word):
                yield from [_doi(part)] if DOI.search(part) else _plain(part)
        else:
            yield from _plain(word)


def _unnumbered(text: str) -> str:
    """Without the numbers of a numbered list; numbers alone count as such where each line begins with its own."""
    text = NUMBERING.sub("", text)
    lines = [line for line in text.splitlines() if line.strip()]
    numbers = [int(found[1]) if (found := RUNNING.match(line)) else 0 for line in lines]
    if len(lines) > 1 and numbers == list(range(1, len(lines) + 1)):
        return "\n".join(RUNNING.sub("", line, count=1) for line in lines)
    return text


def _plain(word: str) -> Iterator[str]:
    parts = (part.strip(AROUND) for part in re.split(r"[,;|]", word))
    return (part for part in parts if part.lower() not in BETWEEN_THEM)


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
    if number := re.fullmatch(r"0*([1-9]\d{0,8})(?:\.0)?", word, re.ASCII):  # spreadsheets add “.0”
        return Pasted(number[1], int(number[1]))
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
