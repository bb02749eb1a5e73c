"""One RIS record to a Record, read by `rispy`. It must name its PMID, by which every article here is known. Pure."""

import re
from collections.abc import Mapping
from typing import Any

import rispy

from curation.articles import dates, identifiers
from curation.articles.markup import Marked, escaped
from curation.articles.passages import Found, placed
from curation.articles.records import Author, PublishedDate, Record
from curation.articles.tagged import NOT_UTF_8
from curation.errors import Invalid

NO_PMID = "This record names no PMID, by which articles are known here. {way}"
BY_DOI = "Its DOI is {doi}: import it by that."
AT_PUBMED = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/(\d{1,10})")
#: As a note: “PMID: 34829411”.
NOTED = re.compile(r"\b(?:PMID|PubMed\s+ID)\s*[:=]?\s*(\d{1,10})\b", re.IGNORECASE)
#: RIS has names or codes of two letters where PubMed has three.
SPOKEN = {
    **{"english": "eng", "german": "ger", "french": "fre", "spanish": "spa", "italian": "ita", "portuguese": "por"},
    **{"japanese": "jpn", "chinese": "chi", "russian": "rus", "korean": "kor", "polish": "pol", "turkish": "tur", "dutch": "dut"},
    **{"en": "eng", "de": "ger", "fr": "fre", "es": "spa", "it": "ita", "pt": "por", "ja": "jpn", "zh": "chi", "ru": "rus"},
}
DATE = re.compile(r"(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?(?:/.*)?")

Entry = Mapping[str, Any]


def record(body: bytes) -> Record:
    """Raises Invalid."""
    try:
        entries = rispy.loads(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Invalid(NOT_UTF_8) from error
    except (OSError, ValueError) as error:
        raise Invalid(f"This record cannot be read as RIS: {str(error)[:200]}") from error
    if len(entries) != 1:
        raise Invalid("This record cannot be read as RIS: its lines TY and ER do not fit together.")
    return _record(entries[0])


def _record(entry: Entry) -> Record:
    doi = identifiers.doi(_text(entry, "doi"))
    pmid = _pmid(entry)
    if pmid is None:
        raise Invalid(NO_PMID.format(way=BY_DOI.format(doi=doi) if doi else "Look it up at PubMed, and import it by its PMID."))
    title = _text(entry, "title", "primary_title")
    if not title:
        raise Invalid("This record has no title.")
    journal = _text(entry, "alternate_title3", "journal_name", "secondary_title")
    words = [word for word in entry.get("keywords", []) if word]
    abstract = _text(entry, "abstract", "notes_abstract")
    return Record(
        pmid=pmid,
        pmid_version=1,
        title=title,
        title_html=escaped(title),
        doi=doi,
        identifiers={"pubmed": str(pmid), **({"doi": doi} if doi else {})},
        journal=journal,
        journal_abbrev=_text(entry, "alternate_title1", "alternate_title2", "journal_name", "secondary_title") or journal,
        issn=_text(entry, "issn")[:9],
        volume=_text(entry, "volume"),
        issue=_text(entry, "number"),
        pages="-".join(page for page in (_text(entry, "start_page"), _text(entry, "end_page")) if page),
        published=_published(entry),
        languages=_languages(entry),
        authors=[_author(name) for name in entry.get("authors", entry.get("first_authors", []))],
        keywords=words,
        passages=placed(
            [
                Found("title", "title", Marked(title, escaped(title))),
                Found("abstract", "abstract", Marked(abstract, escaped(abstract))),
                Found("keywords", "keywords", Marked("; ".join(words), escaped("; ".join(words)))),
            ]
        ),
    )


def _text(entry: Entry, *names: str) -> str:
    values = (" ".join(str(entry.get(name) or "").split()) for name in names)
    return next((value for value in values if value), "")


def _pmid(entry: Entry) -> int | None:
    """From AN, bare or where DB says that it is PubMed's number; Scopus writes it in C2; else from an address or a note."""
    database = _text(entry, "name_of_database", "database_provider").lower()
    scopus = "scopus" in database
    number = identifiers.pmid(_text(entry, "custom2" if scopus else "accession_number"))
    if number and (scopus or not database or "pubmed" in database or "medline" in database):
        return number
    found = AT_PUBMED.search(" ".join(entry.get("urls", []))) or NOTED.search(" ".join(entry.get("notes", [])))
    return identifiers.pmid(found[1]) if found else None


def _languages(entry: Entry) -> list[str]:
    """PubMed's codes of three letters; a language that has none here is left out."""
    said = re.split(r"[,;/]\s*", _text(entry, "language"))
    codes = (SPOKEN.get(word.lower(), word if len(word) == 3 else "") for word in said)
    return [code for code in codes if code]


def _published(entry: Entry) -> PublishedDate:
    found = DATE.fullmatch(_text(entry, "date")) or DATE.fullmatch(_text(entry, "year", "publication_year"))
    year, month, day = found.groups("") if found else ("", "", "")
    return dates.published(year=year, month=month, day=day, season="", medline="")


def _author(name: str) -> Author:
    """“Park, Sunha”, “Park, S., Jr”; what has no comma is a group."""
    last, fore, suffix = (part.strip() for part in (*name.split(",", 2), "", "")[:3])
    person = "," in name
    return {
        "last_name": last if person else "",
        "fore_name": fore,
        "initials": "".join(part[0] for part in re.split(r"[\s.-]+", fore) if part),
        "suffix": suffix,
        "collective_name": "" if person else last,
        "orcid": "",
        "equal_contrib": False,
        "affiliations": [],
    }
