"""A PubMed record as Casebook understands it: plain values, nothing of XML and nothing of tables."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypedDict, final


class Affiliation(TypedDict):
    """``text`` without e-mail addresses; ``ror`` as an address, ``ringgold`` as PubMed gives it."""

    text: str
    ror: str
    ringgold: str


class Author(TypedDict):
    """A person, or a group (``collective_name``). ``orcid`` in its four groups."""

    last_name: str
    fore_name: str
    initials: str
    suffix: str
    collective_name: str
    orcid: str
    equal_contrib: bool
    affiliations: list[Affiliation]


class Term(TypedDict):
    ui: str
    name: str


class Qualifier(Term):
    major: bool


@final
class Heading(Qualifier):
    """A MeSH heading; ``automatic`` where a program assigned it."""

    automatic: bool
    qualifiers: list[Qualifier]


@final
class Concept(Term):
    """What else the MeSH vocabulary names in a record: ``kind`` is substance or supplement (a rare disease, a protocol).

    ``registry`` is a substance's number (CAS, EC or UNII), empty where it has none.
    """

    kind: str
    registry: str


class Grant(TypedDict):
    id: str
    agency: str
    country: str
    acronym: str


class Databank(TypedDict):
    name: str
    accessions: list[str]


class Event(TypedDict):
    """``date`` is ISO 8601, as precise as the record is: 2021, 2021-11 or 2021-11-08."""

    status: str
    date: str


class Book(TypedDict):
    """The book a record is from. ``medium`` is print or internet; ``chapters`` are labels and titles of its sections."""

    title: str
    collection: str
    publisher: str
    place: str
    edition: str
    volume: str
    medium: str
    isbns: list[str]
    editors: list[Author]
    chapters: list[str]


#: What stands for the title of the few records that PubMed itself has none of, such as some errata.
NO_TITLE = "[No title]"


@dataclass(frozen=True, slots=True)
class PublishedDate:
    """``literal`` is what a page shows; ``precision`` is year, month, day, season, medline (a free text) or empty."""

    literal: str = ""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    precision: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """One piece of text: ``html`` is ``text`` with its allow-listed markup. ``key`` is stable within the article."""

    key: str
    kind: str
    position: int
    text: str
    html: str
    label: str = ""
    category: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """An entry of the reference list under the heading it stands below."""

    heading: str
    citation: str
    citation_html: str
    doi: str = ""
    pmid: int | None = None
    pmcid: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A correction, retraction, concern, comment or update; ``kind`` is PubMed's RefType."""

    kind: str
    source: str
    note: str
    pmid: int | None
    doi: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything that is stored of one PubMed record. Its plain fields are named as the columns they go to."""

    pmid: int
    pmid_version: int
    title: str
    title_html: str
    pmcid: str | None = None
    doi: str = ""
    vernacular_title: str = ""
    journal: str = ""
    journal_abbrev: str = ""
    issn: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    elocation: str = ""
    published: PublishedDate = PublishedDate()
    electronic_date: str = ""
    languages: list[str] = field(default_factory=list)
    authors: list[Author] = field(default_factory=list)
    authors_complete: bool = True
    publication_types: list[Term] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    mesh: list[Heading | Concept] = field(default_factory=list)
    indexing_method: str = ""
    grants: list[Grant] = field(default_factory=list)
    databanks: list[Databank] = field(default_factory=list)
    history: list[Event] = field(default_factory=list)
    identifiers: dict[str, str] = field(default_factory=dict)
    book: Book | None = None
    conflict_of_interest: str = ""
    copyright: str = ""
    record_status: str = ""
    publication_status: str = ""
    date_revised: date | None = None
    passages: tuple[Passage, ...] = ()
    references: tuple[Cited, ...] = ()
    notices: tuple[Remark, ...] = ()


class Deletion(NamedTuple):
    """What PubMed took back: a version of a record, and with it those before."""

    pmid: int
    version: int
