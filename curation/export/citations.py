"""Citations as reference managers read them: RIS, NBIB, BibTeX, CSL-JSON. Pure: plain values in, text out."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: PubMed's three letters (ISO 639-2) as CSL wants them (BCP 47); others stay as they are, which is allowed there.
LANGUAGES = {"eng": "en", "ger": "de", "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "jpn": "ja", "chi": "zh", "rus": "ru"}
TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", **{c: f"\\{c}" for c in "&%$#_{}"}}
BOOK = "Book"

Person = Mapping[str, Any]
Line = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What is cited. ``title`` and texts are plain; ``authors`` as an article keeps them; ``date`` is as printed."""

    id: int
    title: str
    authors: Sequence[Person] = ()
    authors_complete: bool = True
    pmid: int | None = None
    pmcid: str | None = None
    doi: str = ""
    journal: str = ""
    journal_abbrev: str = ""
    issn: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    date: str = ""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    languages: Sequence[str] = ()
    kinds: Sequence[str] = ()
    keywords: Sequence[str] = ()
    headings: Sequence[str] = ()
    abstract: str = ""
    conflict: str = ""
    book: str = ""
    publisher: str = ""

    @property
    def bare_title(self) -> str:
        """Without the period that ends a title in PubMed."""
        return self.title.removesuffix(".")

    @property
    def container(self) -> str:
        return self.book or self.journal_abbrev or self.journal


def ris(citations: Iterable[Citation]) -> str:
    return "".join("".join(f"{tag}  - {_one_line(value)}\n" for tag, value in (*_ris(c), ("ER", ""))) + "\n" for c in citations)


def _ris(c: Citation) -> Iterator[Line]:
    first, _, last = c.pages.partition("-")
    day = f"{c.year}/{c.month or 0:02d}/{c.day or 0:02d}/".replace("/00", "/") if c.year else ""
    yield "TY", "CHAP" if c.book else "JOUR"
    yield from _said(("TI", c.bare_title))
    yield from (("AU", _last_first(a)) for a in c.authors)
    yield from _said(("T2", c.container), ("PY", str(c.year or "")), ("DA", day), ("VL", c.volume), ("IS", c.issue))
    yield from _said(("SP", first), ("EP", last), ("SN", c.issn), ("PB", c.publisher), ("DO", c.doi))
    if c.pmid:
        yield from (("AN", str(c.pmid)), ("DB", "PubMed"), ("UR", f"https://pubmed.ncbi.nlm.nih.gov/{c.pmid}/"))
    yield from _said(("C2", c.pmcid or ""), ("LA", next(iter(c.languages), "")), ("AB", c.abstract))
    yield from (("KW", word) for word in c.keywords)


def nbib(citations: Iterable[Citation]) -> str:
    return "\n".join("".join(f"{tag:<4}- {_one_line(value)}\n" for tag, value in _nbib(c)) for c in citations)


def _nbib(c: Citation) -> Iterator[Line]:
    doi = f"{c.doi} [doi]" if c.doi else ""
    yield from _said(("PMID", str(c.pmid or "")), ("IS", c.issn), ("VI", c.volume), ("IP", c.issue), ("DP", c.date))
    yield from _said(("TI", c.title), ("BTI", c.book), ("PG", c.pages), ("LID", doi), ("AB", c.abstract))
    for a in c.authors:
        if a.get("collective_name"):
            yield "CN", a["collective_name"]
        else:
            yield "FAU", _last_first(a)
            yield "AU", " ".join(filter(None, (a.get("last_name"), a.get("initials") or _initials(a), a.get("suffix"))))
    yield from (("LA", language) for language in c.languages)
    yield from (("PT", kind) for kind in c.kinds)
    yield from _said(("TA", c.journal_abbrev), ("JT", c.journal))
    yield from (("MH", heading) for heading in c.headings)
    yield from (("OT", word) for word in c.keywords)
    yield from _said(("COIS", c.conflict), ("PMC", c.pmcid or ""), ("AID", doi), ("SO", _source(c)))


def _source(c: Citation) -> str:
    """Diagnostics (Basel). 2021 Nov 8;11(11):2064. doi: 10.3390/diagnostics11112064."""
    where = f"{c.volume}({c.issue})" if c.issue else c.volume
    tail = ";".join(filter(None, (c.date, where))) + (f":{c.pages}" if c.pages else "")
    return " ".join(f"{part.rstrip('.')}." for part in (c.container, tail, f"doi: {c.doi}" if c.doi else "") if part)


def bibtex(citations: Iterable[Citation]) -> str:
    return "\n".join(_bibtex(c) for c in citations)


def _bibtex(c: Citation) -> str:
    names = [f"{{{_tex(a['collective_name'])}}}" if a.get("collective_name") else _tex(_last_first(a)) for a in c.authors]
    fields = {
        "author": " and ".join(names if c.authors_complete else [*names, "others"]),
        "title": f"{{{_tex(c.bare_title)}}}" if c.title else "",  # twice in braces: its capitals are meant
        "booktitle" if c.book else "journal": _tex(c.container),
        "publisher": _tex(c.publisher),
        "year": str(c.year or ""),
        "month": MONTHS[c.month - 1].lower() if c.month else "",
        "volume": _tex(c.volume),
        "number": _tex(c.issue),
        "pages": _tex(c.pages.replace("-", "--")),
        "issn": c.issn,
        "doi": _tex(c.doi),
        "pmid": str(c.pmid or ""),
        "pmcid": c.pmcid or "",
        "language": next(iter(c.languages), ""),
        "keywords": _tex(", ".join(c.keywords)),
        "abstract": _tex(c.abstract),
    }
    lines = (f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n" for name, value in fields.items() if value)
    return f"@{'incollection' if c.book else 'article'}{{{_key(c)},\n{''.join(lines)}}}\n"


def _key(c: Citation) -> str:
    """Park2021-34829411: plain letters, and never the same for two."""
    name = next(((a.get("last_name") or a.get("collective_name") or "") for a in c.authors), "")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"{re.sub(r'[^A-Za-z]', '', plain) or 'Anonymous'}{c.year or ''}-{c.pmid or c.id}"


def _tex(text: str) -> str:
    return "".join(TEX.get(letter, letter) for letter in _one_line(text))


def csl_json(citations: Iterable[Citation]) -> str:
    return json.dumps([_csl(c) for c in citations], ensure_ascii=False, indent=1) + "\n"


def _csl(c: Citation) -> dict[str, Any]:
    names = [_csl_name(a) for a in c.authors] + ([] if c.authors_complete else [{"literal": "et al."}])
    language = next(iter(c.languages), "")
    said = {
        "id": f"pmid:{c.pmid}" if c.pmid else f"article:{c.id}",
        "type": "chapter" if c.book else "article-journal",
        "title": c.bare_title,
        "container-title": c.book or c.journal or c.journal_abbrev,
        "container-title-short": c.journal_abbrev,
        "publisher": c.publisher,
        "author": names,
        "issued": {"date-parts": [[part for part in (c.year, c.month, c.day) if part]]} if c.year else {},
        "volume": c.volume,
        "issue": c.issue,
        "page": c.pages,
        "ISSN": c.issn,
        "DOI": c.doi,
        "PMID": str(c.pmid or ""),
        "PMCID": c.pmcid or "",
        "genre": "Case Reports" if "Case Reports" in c.kinds else "",
        "keyword": ", ".join(c.keywords),
        "abstract": c.abstract,
        "language": LANGUAGES.get(language, language),
    }
    return {name: value for name, value in said.items() if value}


def _csl_name(a: Person) -> dict[str, str]:
    if a.get("collective_name"):
        return {"literal": a["collective_name"]}
    parts = {"family": a.get("last_name"), "given": a.get("fore_name") or a.get("initials"), "suffix": a.get("suffix")}
    return {name: value for name, value in parts.items() if value}


def _last_first(a: Person) -> str:
    if a.get("collective_name"):
        return str(a["collective_name"])
    return ", ".join(filter(None, (a.get("last_name"), a.get("fore_name") or a.get("initials"), a.get("suffix"))))


def _initials(a: Person) -> str:
    return "".join(part[0] for part in re.split(r"[\s.-]+", a.get("fore_name") or "") if part)


def _said(*lines: Line) -> Iterator[Line]:
    return (line for line in lines if line[1])


def _one_line(text: str) -> str:
    return " ".join(text.split())


class Format(NamedTuple):
    """``suffix`` ends the file's name; ``label`` is what people call it."""

    label: str
    suffix: str
    media_type: str
    write: Callable[[Iterable[Citation]], str]


FORMATS = {
    "ris": Format("RIS", "ris", "application/x-research-info-systems", ris),
    "nbib": Format("NBIB", "nbib", "application/nbib", nbib),
    "bib": Format("BibTeX", "bib", "application/x-bibtex", bibtex),
    "json": Format("CSL-JSON", "json", "application/vnd.citationstyles.csl+json", csl_json),
}
