"""Identifiers in every shape they come in, made one: PMID, PMCID, DOI, ORCID, ROR; and e-mail addresses taken out of text."""

import re

PMID = re.compile(r"\d{1,10}", re.ASCII)
PMC = re.compile(r"(?:PMC)?\s*(\d{1,12})(?:\.\d+)?", re.IGNORECASE | re.ASCII)
PMC_INSIDE = re.compile(r"PMC(\d{1,12})", re.IGNORECASE | re.ASCII)
ORCID = re.compile(r"(\d{4})[-\s]?(\d{4})[-\s]?(\d{4})[-\s]?(\d{3}[\dXx])(?![\dXx])", re.ASCII)
ROR = re.compile(r"(0[a-z0-9]{8})/?$", re.IGNORECASE | re.ASCII)
DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)", re.IGNORECASE)
DOI_INSIDE = re.compile(r"\b(10\.\d{4,9}/\S*[^\s.,;:)\]])", re.ASCII)
ADDRESS = r"[^\s<>()\[\],;:@]+@[^\s<>()\[\],;:@]+\.[A-Za-z]+"
ANNOUNCED = r"(?:(?:corresponding author|correspondence|contact)[\s:.,]*)?(?:electronic address|e-?mails?(?:\s+address(?:es)?)?)"
EMAIL = re.compile(
    rf"[\s,;]*[(\[<]?\s*(?:{ANNOUNCED}\s*[:.]?\s*)?(?:mailto:)?{ADDRESS}(?:\s*(?:[,;/]|and|or)?\s*{ADDRESS})*\s*[)\]>]?",
    re.IGNORECASE,
)


def pmid(text: str) -> int | None:
    """A PMID's number, None for what is none."""
    text = text.strip()
    return int(text) if PMID.fullmatch(text) and int(text) else None


def pmcid(text: str) -> str:
    """“PMC” and the number, however it was written (PMC280240, 1738058, PMC1.2); empty for what is none."""
    text = text.strip()
    found = PMC.fullmatch(text) or PMC_INSIDE.search(text)
    return f"PMC{int(found[1])}" if found and int(found[1]) else ""


def doi(text: str) -> str:
    return DOI_PREFIX.sub("", text.strip())


def doi_in(text: str) -> str:
    """The first DOI in a line of text, empty where there is none."""
    found = DOI_INSIDE.search(text)
    return found[1] if found else ""


def orcid(text: str) -> str:
    """The iD in its four groups, from a bare number, with or without hyphens, or from an address; empty for what is none."""
    found = ORCID.search(text)
    return "-".join(found.groups()).upper() if found else ""


def ror(text: str) -> str:
    found = ROR.search(text.strip())
    return f"https://ror.org/{found[1].lower()}" if found else ""


def without_emails(text: str) -> str:
    """Text without e-mail addresses and without the words that announce them."""
    if "@" not in text:
        return text
    return re.sub(r"([.;,])[.;,]+$", r"\1", EMAIL.sub(_between, text).strip()).strip(" ,;")


def _between(found: re.Match[str]) -> str:
    """What stays in an address's place: a blank where words go on after it."""
    return " " if found.string[found.end() : found.end() + 1].isalnum() else ""
