"""How a record is cited: its journal line, its authors with their numbered affiliations, its addresses elsewhere. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
AS_PRINTED = ("season", "medline")  # dates that no day on a calendar stands for

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Byline:
    """One author as printed; ``affiliations`` are numbers into the list beside, ``equal`` says "contributed equally"."""

    name: str
    orcid: str
    affiliations: tuple[int, ...]
    equal: bool


def date_words(*, year: int | None, month: int | None, day: int | None, precision: str = "", literal: str = "") -> str:
    """PubMed's way of writing a date: 2021 Nov 8; what was printed where it is a season or a range."""
    if literal and (precision in AS_PRINTED or year is None):
        return literal
    parts = [str(year or ""), MONTHS[month - 1] if month and 1 <= month <= 12 else "", str(day or "") if month else ""]
    return " ".join(filter(None, parts))


def journal_line(*, journal: str, date: str, volume: str, issue: str, pages: str) -> str:
    """Diagnostics (Basel). 2021 Nov 8;11(11):2064. Whatever the record lacks is left out with its punctuation."""
    where = f"{volume}({issue})" if issue else volume
    tail = ";".join(filter(None, (date, where))) + (f":{pages}" if pages else "")
    return " ".join(f"{part.rstrip('.')}." for part in (journal, tail.lstrip(":")) if part)


def full_name(author: Record) -> str:
    if author.get("collective_name"):
        return str(author["collective_name"])
    return " ".join(
        filter(None, (author.get("fore_name") or author.get("initials"), author.get("last_name"), author.get("suffix")))
    )


def short_name(author: Record) -> str:
    if author.get("collective_name"):
        return str(author["collective_name"])
    return " ".join(filter(None, (author.get("last_name"), author.get("initials"), author.get("suffix"))))


def short_authors(authors: Sequence[Record], *, complete: bool, limit: int = 3) -> str:
    """Park S, Lee K, Kim J, et al.; "et al." also where the record itself says that its list is cut short."""
    names = [short_name(a) for a in authors[:limit]]
    if names and (len(authors) > limit or not complete):
        names.append("et al.")
    return ", ".join(names)


class Place(NamedTuple):
    """Where authors work; ``ror`` is an address, ``ringgold`` a number."""

    text: str
    ror: str
    ringgold: str


def bylines(authors: Iterable[Record]) -> tuple[list[Byline], list[Place]]:
    """The authors, and the affiliations their numbers (from 1) point to, each once, in the order they come."""
    numbers: dict[Place, int] = {}
    lines = []
    for author in authors:
        places = [Place(*(a.get(part) or "" for part in Place._fields)) for a in author.get("affiliations", ())]
        marks = tuple(dict.fromkeys(numbers.setdefault(place, len(numbers) + 1) for place in places if any(place)))
        lines.append(Byline(full_name(author), author.get("orcid") or "", marks, bool(author.get("equal_contrib"))))
    return lines, list(numbers)


def book_line(book: Record, *, date: str) -> str:
    """Park S, Lee K, editors. GeneReviews [Internet]. 2nd ed. Seattle (WA): University of Washington; 2021."""
    names = [short_name(editor) for editor in book.get("editors", ())]
    title = " ".join(filter(None, (book.get("title"), f"[{book['medium']}]" if book.get("medium") else "")))
    editors = f"{', '.join(names)}, {'editor' if len(names) == 1 else 'editors'}" if names else ""
    where = ": ".join(filter(None, (book.get("place"), book.get("publisher"))))
    said = (
        editors,
        title,
        book.get("edition"),
        book.get("volume"),
        book.get("collection"),
        "; ".join(filter(None, (where, date))),
    )
    return " ".join(f"{part.rstrip('.')}." for part in said if part)


#: PubMed's codes of languages (MARC, https://www.loc.gov/marc/languages/) as web pages name them; others have no tag here.
LANGUAGES = {
    **{"ara": "ar", "bul": "bg", "chi": "zh", "cze": "cs", "dan": "da", "dut": "nl", "eng": "en", "est": "et", "fin": "fi"},
    **{"fre": "fr", "ger": "de", "gre": "el", "heb": "he", "hrv": "hr", "hun": "hu", "ice": "is", "ita": "it", "jpn": "ja"},
    **{"kor": "ko", "lit": "lt", "nor": "nb", "per": "fa", "pol": "pl", "por": "pt", "rum": "ro", "rus": "ru", "slo": "sk"},
    **{"slv": "sl", "spa": "es", "srp": "sr", "swe": "sv", "tha": "th", "tur": "tr", "ukr": "uk", "vie": "vi"},
}


def language_tag(code: str) -> str:
    """For a ``lang`` attribute; empty for what has none, and for a language that is undetermined."""
    return LANGUAGES.get(code, code if len(code) == 2 else "")


def doi_address(doi: str) -> str:
    return f"https://doi.org/{quote(doi, safe='/:;()')}" if doi else ""


def pubmed_address(pmid: int | None) -> str:
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else ""


def pmc_address(pmcid: str | None) -> str:
    return f"https://pmc.ncbi.nlm.nih.gov/articles/{quote(pmcid, safe='')}/" if pmcid else ""


def orcid_address(orcid: str) -> str:
    return f"https://orcid.org/{quote(orcid, safe='')}" if orcid else ""


def web_address(address: str) -> str:
    """The address where it is one a browser may follow, else nothing: records come from elsewhere."""
    return address if address.startswith(("https://", "http://")) else ""
