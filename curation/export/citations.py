"""Citations as reference managers read them: RIS, NBIB, BibTeX, CSL-JSON. Pure: plain values in, text out."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from curation.articles.records import Author, Concept, Heading, Passage, PublishedDate, Record
from curation.choices import SectionKind

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: PubMed's three letters (ISO 639-2) as CSL wants them (BCP 47); others stay as they are, which is allowed there.
LANGUAGES = {"eng": "en", "ger": "de", "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "jpn": "ja", "chi": "zh", "rus": "ru"}
TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", **{c: f"\\{c}" for c in "&%$#_{}"}}
ABSTRACT, OTHER_ABSTRACT = SectionKind.ABSTRACT, SectionKind.OTHER_ABSTRACT

Line = tuple[str, str]


class Citation(NamedTuple):
    """What is cited: the article's own id, and its record as an import would bring it."""

    id: int
    record: Record

    @property
    def title(self) -> str:
        """Without the period that ends a title in PubMed."""
        return self.record.title.removesuffix(".")

    @property
    def container(self) -> str:
        return self.book("title") or self.record.journal_abbrev or self.record.journal

    def book(self, part: str) -> str:
        return str(self.record.book.get(part, "")) if self.record.book else ""

    @property
    def abstract(self) -> str:
        """Its own abstract, each part after its label."""
        return " ".join(_labelled(p) for p in self.record.passages if p.kind == ABSTRACT)

    @property
    def kinds(self) -> list[str]:
        return [kind["name"] for kind in self.record.publication_types]


def _labelled(passage: Passage) -> str:
    return f"{passage.label}: {passage.text}" if passage.label else passage.text


def ris(citations: Iterable[Citation]) -> str:
    return "".join("".join(f"{tag}  - {_one_line(value)}\n" for tag, value in (*_ris(c), ("ER", ""))) + "\n" for c in citations)


def _ris(c: Citation) -> Iterator[Line]:
    r, date = c.record, c.record.published
    first, _, last = r.pages.partition("-")
    day = f"{date.year}/{date.month or 0:02d}/{date.day or 0:02d}/".replace("/00", "/") if date.year else ""
    day += date.literal.removeprefix(str(date.year)).strip() if date.year and not date.month else ""
    yield "TY", "CHAP" if r.book else "JOUR"
    yield from _said(("TI", c.title))
    yield from (("AU", _last_first(a)) for a in r.authors)
    yield from _said(("T2", c.book("title") or r.journal or r.journal_abbrev), ("J2", r.journal_abbrev))
    yield from _said(("PY", str(date.year or "")), ("DA", day), ("VL", r.volume), ("IS", r.issue))
    yield from _said(("SP", first), ("EP", last), ("SN", r.issn), ("PB", c.book("publisher")), ("CY", c.book("place")))
    yield from _said(("ET", c.book("edition")), ("DO", r.doi))
    if r.pmid:
        yield from (("AN", str(r.pmid)), ("DB", "PubMed"), ("UR", f"https://pubmed.ncbi.nlm.nih.gov/{r.pmid}/"))
    yield from _said(("C2", r.pmcid or ""), ("LA", next(iter(r.languages), "")), ("AB", c.abstract))
    yield from (("KW", word) for word in r.keywords)


def nbib(citations: Iterable[Citation]) -> str:
    return "\n".join("".join(f"{tag:<4}- {_one_line(value)}\n" for tag, value in _nbib(c)) for c in citations)


def _nbib(c: Citation) -> Iterator[Line]:
    """In the order of PubMed's own files."""
    r = c.record
    doi, pii = (f"{value} [{kind}]" if value else "" for value, kind in ((r.doi, "doi"), (r.elocation, "pii")))
    yield from _said(("PMID", str(r.pmid or "")), ("STAT", r.record_status), ("LR", _digits(r.date_revised)), ("IS", r.issn))
    yield from _said(("VI", r.volume), ("IP", r.issue), ("DP", r.published.literal), ("TI", r.title), ("BTI", c.book("title")))
    yield from _said(("PG", r.pages), ("LID", doi), ("LID", pii), ("AB", c.abstract))
    yield from (("OAB", _labelled(p)) for p in r.passages if p.kind == OTHER_ABSTRACT)
    yield from _said(("CI", r.copyright))
    for author in r.authors:
        yield from _nbib_author(author)
    yield from (("LA", language) for language in r.languages)
    yield from (("GR", "/".join((g["id"], g["acronym"], g["agency"], g["country"]))) for g in r.grants)
    yield from (("PT", kind) for kind in c.kinds)
    yield from _said(("TT", r.vernacular_title), ("DEP", _digits(r.electronic_date)), ("TA", r.journal_abbrev), ("JT", r.journal))
    yield from (("SI", f"{bank['name']}/{number}") for bank in r.databanks for number in bank["accessions"])
    yield from map(_subject, r.mesh)
    yield from (("OT", word) for word in r.keywords)
    yield from _said(("COIS", r.conflict_of_interest), ("PMC", r.pmcid or ""), ("PST", r.publication_status), ("AID", doi))
    yield from (("CY", place) for place in [c.book("place")] if place)
    yield from _said(("SO", _source(c)))


def _nbib_author(a: Author) -> Iterator[Line]:
    if a["collective_name"]:
        yield "CN", a["collective_name"]
    else:
        given = " ".join(filter(None, (a["fore_name"] or a["initials"], a["suffix"])))
        yield "FAU", ", ".join(filter(None, (a["last_name"], given)))
        yield "AU", " ".join(filter(None, (a["last_name"], a["initials"] or _initials(a), a["suffix"])))
    if a.get("orcid"):
        yield "AUID", f"ORCID: {a['orcid']}"
    yield from (("AD", place["text"]) for place in a.get("affiliations", ()) if place["text"])


def _subject(said: Heading | Concept) -> Line:
    """*Myositis/diagnosis/*drug therapy, a star before what the article is about; a substance by its number."""
    if "kind" in said:
        return ("NM", said["name"]) if said["kind"] == "supplement" else ("RN", f"{said['registry'] or 0} ({said['name']})")
    return "MH", "/".join(f"{'*' * part['major']}{part['name']}" for part in (said, *said["qualifiers"]))


def _digits(day: object) -> str:
    """20211108, of 2021-11-08."""
    return str(day or "").replace("-", "")


def _source(c: Citation) -> str:
    """Diagnostics (Basel). 2021 Nov 8;11(11):2064. doi: 10.3390/diagnostics11112064."""
    r = c.record
    where = f"{r.volume}({r.issue})" if r.issue else r.volume
    tail = ";".join(filter(None, (r.published.literal, where))) + (f":{r.pages}" if r.pages else "")
    return " ".join(f"{part.rstrip('.')}." for part in (c.container, tail, f"doi: {r.doi}" if r.doi else "") if part)


def bibtex(citations: Iterable[Citation]) -> str:
    return "\n".join(_bibtex(c) for c in citations)


def _bibtex(c: Citation) -> str:
    r, date = c.record, c.record.published
    names = [_tex_name(a) for a in r.authors]
    fields = {
        "author": " and ".join(names if r.authors_complete else [*names, "others"]),
        "title": f"{{{_tex(c.title)}}}" if c.title else "",  # twice in braces: its capitals are meant
        "booktitle" if r.book else "journal": _tex(c.container),
        "publisher": _tex(c.book("publisher")),
        "address": _tex(c.book("place")),
        "edition": _tex(c.book("edition")),
        "year": str(date.year or ""),
        "month": MONTHS[date.month - 1].lower() if date.month else "",
        "volume": _tex(r.volume),
        "number": _tex(r.issue),
        "pages": _tex(r.pages.replace("-", "--")),
        "issn": r.issn,
        "doi": _tex(r.doi),
        "pmid": str(r.pmid or ""),
        "pmcid": r.pmcid or "",
        "language": next(iter(r.languages), ""),
        "keywords": _tex(", ".join(r.keywords)),
        "abstract": _tex(c.abstract),
    }
    lines = (f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n" for name, value in fields.items() if value)
    return f"@{'incollection' if r.book else 'article'}{{{_key(c)},\n{''.join(lines)}}}\n"


def _tex_name(a: Author) -> str:
    """“Last, Jr, First”; a group, and a name in which “and” stands as a word, whole in braces."""
    if a["collective_name"]:
        return f"{{{_tex(a['collective_name'])}}}"
    parts = (a["last_name"], a["suffix"], a["fore_name"] or a["initials"])
    return ", ".join(f"{{{_tex(part)}}}" if re.search(r"\band\b|,", part) else _tex(part) for part in parts if part)


def _key(c: Citation) -> str:
    """Park2021-34829411: plain letters, and never the same for two."""
    name = next(((a["last_name"] or a["collective_name"]) for a in c.record.authors), "")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"{re.sub(r'[^A-Za-z]', '', plain) or 'Anonymous'}{c.record.published.year or ''}-{c.record.pmid or c.id}"


def _tex(text: str) -> str:
    return "".join(TEX.get(letter, letter) for letter in _one_line(text))


def csl_json(citations: Iterable[Citation]) -> str:
    return json.dumps([_csl(c) for c in citations], ensure_ascii=False, indent=1) + "\n"


def _csl(c: Citation) -> dict[str, Any]:
    r, date = c.record, c.record.published
    names = [_csl_name(a) for a in r.authors] + ([] if r.authors_complete else [{"literal": "et al."}])
    editors = r.book["editors"] if r.book else ()
    language = next(iter(r.languages), "")
    said = {
        "id": f"pmid:{r.pmid}" if r.pmid else f"article:{c.id}",
        "type": "chapter" if r.book else "article-journal",
        "title": c.title,
        "container-title": c.book("title") or r.journal or r.journal_abbrev,
        "container-title-short": r.journal_abbrev,
        "publisher": c.book("publisher"),
        "publisher-place": c.book("place"),
        "edition": c.book("edition"),
        "author": names,
        "editor": [_csl_name(a) for a in editors],
        "issued": _csl_date(date),
        "volume": r.volume,
        "issue": r.issue,
        "page": r.pages,
        "ISSN": r.issn,
        "DOI": r.doi,
        "PMID": str(r.pmid or ""),
        "PMCID": r.pmcid or "",
        "genre": "Case Reports" if "Case Reports" in c.kinds else "",
        "keyword": ", ".join(r.keywords),
        "abstract": c.abstract,
        "language": LANGUAGES.get(language, language),
    }
    return {name: value for name, value in said.items() if value}


def _csl_date(date: PublishedDate) -> dict[str, Any]:
    parts = [part for part in (date.year, date.month, date.day) if part]
    return {"date-parts": [parts]} if date.year else {"literal": date.literal} if date.literal else {}


def _csl_name(a: Author) -> dict[str, str]:
    if a["collective_name"]:
        return {"literal": a["collective_name"]}
    parts = {"family": a["last_name"], "given": a["fore_name"] or a["initials"], "suffix": a["suffix"]}
    return {name: value for name, value in parts.items() if value}


def _last_first(a: Author) -> str:
    """“Last, First, Jr”; only a person has a comma, and with no given name too."""
    if a["collective_name"]:
        return a["collective_name"].replace(",", " ")
    return ", ".join((a["last_name"], a["fore_name"] or a["initials"], a["suffix"])).removesuffix(", ")


def _initials(a: Author) -> str:
    return "".join(part[0] for part in re.split(r"[\s.-]+", a["fore_name"]) if part)


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
