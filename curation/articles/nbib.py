"""One NBIB record (PubMed's citation format) to a Record. It holds no references and no identifiers of terms. Pure.

The tags: https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format. Our own reader, because the one on the package index (`nbib`)
takes a whole file, and one damaged record in it stops all.
"""

import re
from collections import defaultdict
from itertools import takewhile, zip_longest
from typing import Any

from curation.articles import dates, identifiers
from curation.articles.indexing import concept
from curation.articles.markup import Marked, escaped
from curation.articles.passages import Found, placed
from curation.articles.records import (
    NO_TITLE,
    Affiliation,
    Author,
    Concept,
    Databank,
    Event,
    Grant,
    Heading,
    PublishedDate,
    Record,
    Remark,
)
from curation.articles.tagged import NOT_UTF_8, lines
from curation.errors import Invalid

Lines = list[tuple[str, str]]
Said = dict[str, list[str]]

PRINTED = re.compile(r"(\d{4})(?: ([A-Z][a-z]{2}))?(?: (\d{1,2}))?")
DAY = re.compile(r"(\d{4})/?(\d\d)/?(\d\d)\b.*")
LABEL = re.compile(r"(?:^|(?<=[.!?)] ))([A-Z][A-Z /&,-]{3,60}): ")
NOTICES = {
    "EIN": "ErratumIn",
    "EFR": "ErratumFor",
    "CIN": "CommentIn",
    "CON": "CommentOn",
    "RIN": "RetractionIn",
    "ROF": "RetractionOf",
    "ECI": "ExpressionOfConcernIn",
    "ECF": "ExpressionOfConcernFor",
    "CRI": "CorrectedandRepublishedIn",
    "CRF": "CorrectedandRepublishedFrom",
    "PRIN": "PartialRetractionIn",
    "PROF": "PartialRetractionOf",
    "RRI": "RetractedandRepublishedIn",
    "RRF": "RetractedandRepublishedFrom",
    "ORI": "OriginalReportIn",
    "RPI": "RepublishedIn",
    "RPF": "RepublishedFrom",
    "UIN": "UpdateIn",
    "UOF": "UpdateOf",
    "SPIN": "SummaryForPatientsIn",
}
OWN_DATES = {"DCOM": "completed", "LR": "revised"}
#: Of records that have no history (PHST) that says so.
EVENTS = {"EDAT": "pubmed", "MHDA": "medline", "CRDT": "entrez"}
EVENT = re.compile(r"(.*?)(?: \d\d:\d\d)? \[([a-z-]+)\]")
NUMBERED = re.compile(r"(.+?) \((.+)\)")
ACRONYM = re.compile(r"[A-Z]{1,4}_?")


def record(body: bytes) -> Record:
    """Raises Invalid."""
    try:
        found = lines(body)
    except UnicodeDecodeError as error:
        raise Invalid(NOT_UTF_8) from error
    said: Said = defaultdict(list)
    for tag, value in found:
        said[tag].append(value)
    pmid = identifiers.pmid(_one(said, "PMID"))
    if pmid is None:
        raise Invalid("This record has no PMID that can be read.")
    title = _marked(_one(said, "TI") or _one(said, "BTI") or _one(said, "TT"))
    if not title.text and not {"OWN", "STAT"} & said.keys():  # PubMed's own are whole: it has none of some errata
        raise Invalid("This record has no title.")
    return Record(
        pmid=pmid,
        pmid_version=1,
        title=title.text or NO_TITLE,
        title_html=title.html or NO_TITLE,
        authors=_authors(found),
        mesh=[*map(_heading, said["MH"]), *map(_substance, said["RN"]), *(concept("supplement", name) for name in said["NM"])],
        databanks=_databanks(said["SI"]),
        grants=[_grant(value) for value in said["GR"]],
        notices=tuple(_notice(NOTICES[tag], value) for tag, value in found if tag in NOTICES),
        history=_history(found),
        passages=_passages(said, title),
        **_described(said),
        **_printed(said),
    )


def _one(said: Said, tag: str) -> str:
    return said[tag][0] if said.get(tag) else ""


def _marked(text: str) -> Marked:
    return Marked(text, escaped(text))


def _described(said: Said) -> dict[str, Any]:
    ids = {
        "pubmed": _one(said, "PMID"),
        "pmc": _one(said, "PMC"),
        "doi": _identifier(said, "doi"),
        "pii": _identifier(said, "pii"),
    }
    year, month, day = (*_iso(_one(said, "LR"), "LR").split("-"), "", "")[:3]
    return {
        "pmcid": identifiers.pmcid(ids["pmc"]) or None,
        "doi": identifiers.doi(ids["doi"]),
        "identifiers": {kind: value for kind, value in ids.items() if value},
        "vernacular_title": _one(said, "TT"),
        "languages": [language.lower() for language in said["LA"]],
        "publication_types": [{"ui": "", "name": kind} for kind in said["PT"]],
        "keywords": [word.removeprefix("*") for word in said["OT"]],
        "conflict_of_interest": identifiers.without_emails(_one(said, "COIS")),
        "copyright": _one(said, "CI"),
        "record_status": _one(said, "STAT"),
        "publication_status": _one(said, "PST"),
        "date_revised": dates.whole(year, month, day, "LR"),
    }


def _printed(said: Said) -> dict[str, Any]:
    return {
        "journal": _one(said, "JT"),
        "journal_abbrev": _one(said, "TA"),
        "issn": _one(said, "IS")[:9].strip(),
        "volume": _one(said, "VI"),
        "issue": _one(said, "IP"),
        "pages": _one(said, "PG"),
        "elocation": _identifier(said, "pii", ("LID",)),
        "published": published(_one(said, "DP")),
        "electronic_date": _iso(_one(said, "DEP"), "DEP"),
    }


def published(text: str) -> PublishedDate:
    """“2021 Nov 8”, “2002 Sep”, “1998”; what else is printed there, such as “2000 Spring”, is kept as it is. Raises Invalid."""
    parts = PRINTED.fullmatch(text)
    year, month, day = parts.groups("") if parts else ("", "", "")
    return dates.published(year=year, month=month, day=day, season="", medline="" if parts else text)


def _iso(text: str, where: str) -> str:
    found = DAY.fullmatch(text)
    return dates.iso(found[1], found[2], found[3], where) if found else ""


def _identifier(said: Said, kind: str, tags: tuple[str, ...] = ("LID", "AID")) -> str:
    """“10.3390/diagnostics11112064 [doi]” without its kind."""
    values = (value for tag in tags for value in said[tag] if value.endswith(f" [{kind}]"))
    return next(values, "").removesuffix(f" [{kind}]")


def _authors(found: Lines) -> list[Author]:
    """FAU or CN begins an author; AU, AUID and AD belong to the one before.

    Older records have AU alone, and one AD ahead of all authors, which is the first author's.
    """
    authors: list[Author] = []
    ahead = [value for tag, value in takewhile(lambda line: line[0] not in ("FAU", "AU", "CN"), found) if tag == "AD"]
    full = any(tag == "FAU" for tag, _ in found)
    for tag, value in found:
        if tag in ("FAU", "CN") or (tag == "AU" and not full):
            authors.append(_author(tag, value))
        elif authors and tag == "AU":
            _shorten(authors[-1], value)
        elif authors and tag == "AUID":
            authors[-1]["orcid"] = identifiers.orcid(value)
        elif authors and tag == "AD":
            authors[-1]["affiliations"].append(_affiliation(value))
    if authors:
        authors[0]["affiliations"][:0] = map(_affiliation, ahead)
    return authors


def _shorten(author: Author, value: str) -> None:
    """“King ML Jr” says which of “King, Martin Luther Jr” are initials, and what follows the name."""
    initials, _, suffix = value.removeprefix(author["last_name"]).strip().partition(" ")
    if not value.startswith(author["last_name"]):
        initials, suffix = (value.rpartition(" ")[2] if " " in value else ""), ""
    author["initials"], author["suffix"] = initials, suffix
    author["fore_name"] = author["fore_name"].removesuffix(f" {suffix}") if suffix else author["fore_name"]


def _affiliation(value: str) -> Affiliation:
    return {"text": identifiers.without_emails(value), "ror": "", "ringgold": ""}


def _author(tag: str, value: str) -> Author:
    last, _, rest = value.partition(", ") if tag == "FAU" else value.rpartition(" ")
    named = {"last_name": last or rest, "fore_name": rest if tag == "FAU" else "", "initials": "" if tag == "FAU" else rest}
    if tag == "CN":
        named = {"last_name": "", "fore_name": "", "initials": "", "collective_name": value}
    return {"collective_name": "", "suffix": "", "orcid": "", "equal_contrib": False, "affiliations": [], **named}  # type: ignore[typeddict-item]


def _heading(value: str) -> Heading:
    """“*Myositis/diagnosis/*drug therapy”: a star says what the article is about."""
    name, *qualifiers = value.split("/")
    return {
        "ui": "",
        "name": name.removeprefix("*"),
        "major": name.startswith("*"),
        "automatic": False,
        "qualifiers": [{"ui": "", "name": q.removeprefix("*"), "major": q.startswith("*")} for q in qualifiers],
    }


def _substance(value: str) -> Concept:
    """“EC 1.1.1.34 (Hydroxymethylglutaryl CoA Reductases)”."""
    named = NUMBERED.fullmatch(value)
    return concept("substance", named[2], registry=named[1]) if named else concept("substance", value)


def _databanks(values: list[str]) -> list[Databank]:
    """“ClinicalTrials.gov/NCT01796392”, one line for each number."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, _, number in (value.partition("/") for value in values):
        found[name].extend(filter(None, [number]))
    return [{"name": name, "accessions": numbers} for name, numbers in found.items()]


def _history(found: Lines) -> list[Event]:
    """PHST names each day's meaning: “2019/01/21 00:00 [received]”. Older records name some of the days in lines of their own."""
    named = [(said[2], said[1]) for tag, value in found if tag == "PHST" and (said := EVENT.fullmatch(value))]
    known = {status for status, _ in named}
    named += [(EVENTS[tag], value) for tag, value in found if tag in EVENTS and EVENTS[tag] not in known]
    named += [(OWN_DATES[tag], value) for tag, value in found if tag in OWN_DATES]
    return [{"status": status, "date": day} for status, value in named if (day := _iso(value, status))]


def _grant(value: str) -> Grant:
    """“R01 AR073208/AR/NIAMS NIH HHS/United States”: number, acronym, agency, country. Numbers may hold strokes themselves."""
    *number, agency, country = value.split("/") if "/" in value else (value, "")
    acronym = number.pop() if len(number) > 1 and ACRONYM.fullmatch(number[-1]) else ""
    return {"id": "/".join(number), "acronym": acronym, "agency": agency, "country": country}


def _notice(kind: str, value: str) -> Remark:
    source, _, number = value.partition(" PMID: ")
    return Remark(kind, source, "", identifiers.pmid(number), identifiers.doi_in(source))


def _passages(said: Said, title: Marked) -> Any:
    words = "; ".join(word.removeprefix("*") for word in said["OT"])
    abstracts = [part for text in said["AB"] for part in _parts(text)]
    one = len(abstracts) == 1 and not abstracts[0][0]
    return placed(
        [
            Found("title", "title", title),
            *(
                Found("abstract" if one else f"abstract.{n}", "abstract", _marked(text), label)
                for n, (label, text) in enumerate(abstracts, 1)
            ),
            *(
                Found(f"other_abstract.{n}", "other_abstract", _marked(text), language=language.lower())
                for n, (text, language) in enumerate(zip_longest(said["OAB"], said["OABL"][: len(said["OAB"])], fillvalue=""), 1)
            ),
            Found("keywords", "keywords", _marked(words)),
            Found("conflict", "conflict", _marked(identifiers.without_emails(_one(said, "COIS")))),
        ]
    )


def _parts(text: str) -> list[tuple[str, str]]:
    """“BACKGROUND: … METHODS: …” in its parts, each with its label; a text that begins without one is whole."""
    if not LABEL.match(text):
        return [("", text)]
    _, *pieces = LABEL.split(text)
    return [(label, part.strip()) for label, part in zip(pieces[::2], pieces[1::2], strict=True)]
