"""PMIDs out of whatever was pasted: lists, lines, “PMID: 123”, addresses of PubMed pages."""

import re

from curation.errors import Fault, Invalid

MOST = 10_000
MOST_FAULTS = 50
ADDRESS = re.compile(
    r"https?://\S*?(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(?:\?term=)?|[?&]term=)(\d{1,9})(?:\[\w+\])?[/?#]?\S*", re.IGNORECASE
)
LABEL = re.compile(r"\b(?:pubmed(?:\s+id)?|pmids?)\b\s*[:=#]*", re.IGNORECASE)
AROUND = ".,;:()[]{}<>\"'“”‘’#*•-–"
LOOKS_LIKE = (
    (re.compile(r"^PMC\d+", re.IGNORECASE), "is a PMCID; give the PMID, which stands on the article's PubMed page"),
    (re.compile(r"10\.\d{4,9}/"), "is a DOI; give the PMID, which stands on the article's PubMed page"),
    (re.compile(r"^\d+$"), "is no PMID: a PMID has up to nine digits and is not zero"),
)


def read(text: str) -> list[int]:
    """The PMIDs in their order, each once. Raises Invalid naming everything in the text that is none."""
    found: dict[int, None] = {}
    faults: list[Fault] = []
    for word in LABEL.sub(" ", ADDRESS.sub(r" \1 ", text)).replace(",", " ").replace(";", " ").replace("|", " ").split():
        word = word.strip(AROUND)
        if re.fullmatch(r"0*[1-9]\d{0,8}", word, re.ASCII):
            found[int(word)] = None
        elif word:
            faults.append(Fault(f"“{_printable(word[:60])}”", _why(word)))
    if faults:
        raise Invalid("Some of this is no PMID. Nothing was imported.", faults=faults[:MOST_FAULTS])
    if not found:
        raise Invalid("There is no PMID here. Paste one or more, such as 34829411.")
    if len(found) > MOST:
        raise Invalid(f"These are {len(found):,} PMIDs; one import takes up to {MOST:,}. Split them.")
    return list(found)


def _printable(word: str) -> str:
    """Lone surrogates, which JSON may carry, cannot be sent back in any encoding."""
    return word.encode("utf-8", "replace").decode()


def _why(word: str) -> str:
    return next((reason for shape, reason in LOOKS_LIKE if shape.search(word)), "is no PMID")
