"""One record's bytes to a Record. Each record is parsed alone, by a parser that knows no entities, no DTD and no network."""

import re
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from lxml import etree

from curation.articles import authors, books, dates, elements, identifiers, indexing, nbib, referring, ris
from curation.articles.children import Children, children, first, text
from curation.articles.cutting import Cut, Kind
from curation.articles.elements import inner
from curation.articles.markup import Marked, escaped, marked, plain
from curation.articles.passages import passages
from curation.articles.records import NO_TITLE, Deletion, Event, Record
from curation.errors import Invalid

PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,
)
VERSION = re.compile(rb"""\bVersion\s*=\s*["'](\d{1,5})["']""")
#: Namespace prefixes as records use and declare them.
PREFIX = re.compile(rb"<([A-Za-z_][\w.-]*):|\s([A-Za-z_][\w.-]*):[\w.-]+\s*=")
DECLARED = re.compile(rb"\sxmlns:([\w.-]+)\s*=")
ROOT_NAME = re.compile(rb"<(?:Pubmed(?:Book)?Article|MedlineCitation)(?=[\s>])")
#: How many characters each column takes; a longer text is a sign of damage.
LENGTHS = {
    "doi": 300,
    "journal": 500,
    "journal_abbrev": 300,
    "issn": 9,
    "volume": 100,
    "issue": 100,
    "pages": 200,
    "elocation": 200,
    "indexing_method": 20,
    "record_status": 30,
    "publication_status": 30,
}
#: Of the record itself; when it was made stands in older ones only.
OWN_DATES = (("created", "DateCreated"), ("completed", "DateCompleted"), ("revised", "DateRevised"))
PASSAGE_LENGTHS = {"label": 300, "category": 50, "language": 10}
MEASURED = attrgetter(*LENGTHS)


def parse(cut: Cut) -> Record:
    """The record, or Invalid with what is wrong with it."""
    if cut.kind == "damaged":
        raise Invalid(cut.trouble)
    return _fitting(READERS[cut.kind](cut.body))


def read_again(source: str, body: bytes) -> Record:
    """The record of a kept source: ``source`` is pubmed, nbib or ris. Raises Invalid."""
    kind: Kind = "nbib" if source == "nbib" else "ris" if source == "ris" else "PubmedArticle"
    if kind == "PubmedArticle" and body.lstrip().startswith(b"<PubmedBookArticle"):
        kind = "PubmedBookArticle"
    return parse(Cut(kind, 0, body))


def _root(body: bytes) -> etree._Element:
    try:
        return etree.fromstring(body, PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "Namespace prefix" in str(error) and (declared := _declared(body)) != body:
            return _root(declared)
        raise Invalid(f"This record is not well-formed XML: {_first_line(error)}") from error


def _declared(body: bytes) -> bytes:
    """The record with the prefixes declared that it uses: its set may have declared them for all, or the DTD."""
    used = {name for names in PREFIX.findall(body) for name in names if name}
    missing = used - set(DECLARED.findall(body)) - {b"xml", b"xmlns"}
    said = b"".join(b' xmlns:%b="urn:prefix:%b"' % (name, name) for name in sorted(missing))
    return ROOT_NAME.sub(lambda root: root[0] + said, body, count=1) if said else body


def deletion(cut: Cut) -> Deletion:
    """What a DeleteCitation names: a PMID, and which version of its record. Raises Invalid."""
    found = identifiers.pmid(str(cut.pmid or ""))
    if found is None:
        raise Invalid("This deletion names no PMID that can be read.")
    version = VERSION.search(cut.body)
    return Deletion(found, min(int(version[1]), elements.HIGHEST_VERSION) if version else 1)


def _first_line(error: Exception) -> str:
    return re.sub(r"\s*\(<string>.*", "", str(error).partition("\n")[0])[:300]


def _fitting(record: Record) -> Record:
    """Refuse texts that their columns cannot hold; such lengths come from damage."""
    for (name, length), value in zip(LENGTHS.items(), MEASURED(record), strict=True):
        if len(value) > length:
            raise Invalid(f"PMID {record.pmid}: its {name.replace('_', ' ')} is longer than {length} characters.")
    for passage in (p for p in record.passages if p.label or p.category or p.language):
        for name, length in PASSAGE_LENGTHS.items():
            if len(getattr(passage, name)) > length:
                raise Invalid(f"PMID {record.pmid}: the {name} of a part of its abstract is longer than {length} characters.")
    if any(len(language) > 10 for language in record.languages):
        raise Invalid(f"PMID {record.pmid}: its language is no code.")
    return record


def _article(root: etree._Element) -> Record:
    """Each level's children are looked at once and handed to whoever reads them."""
    outer = {"MedlineCitation": [root]} if root.tag == "MedlineCitation" else children(root)
    element, data = first(outer, "MedlineCitation"), inner(outer, "PubmedData")
    if element is None or "Article" not in (citation := children(element)):
        raise Invalid("This record holds no citation (MedlineCitation/Article).")
    article = inner(citation, "Article")
    pmid, version = elements.pmid_of(citation)
    ids = elements.own_identifiers(data)
    writers = article.get("AuthorList", [])
    cited = referring.references(data)
    return Record(
        pmid=pmid,
        pmid_version=version,
        pmcid=elements.own_pmcid(ids),
        doi=identifiers.doi(_located(article, "doi") or ids.get("doi", "")),
        identifiers=ids,
        elocation=_located(article, "pii"),
        electronic_date=_electronic_date(article),
        authors=authors.authors(writers),
        authors_complete=authors.complete(writers),
        mesh=indexing.mesh(citation),
        indexing_method=element.get("IndexingMethod", ""),
        grants=indexing.grants(article),
        databanks=indexing.databanks(article),
        history=_history(citation, data),
        record_status=element.get("Status", ""),
        publication_status=text(data, "PublicationStatus"),
        date_revised=dates.whole(*elements.ymd(first(citation, "DateRevised")), "DateRevised"),
        references=(*cited, *referring.cites(citation, cited)),
        notices=referring.notices(citation),
        **elements.described(article),
        **_journal(inner(article, "Journal"), inner(citation, "MedlineJournalInfo")),
        **_texts(citation, article),
    )


def _texts(citation: Children, article: Children) -> dict[str, Any]:
    """The title and all other texts, as fields and as passages. Raises Invalid for a record without a title."""
    vernacular = marked(first(article, "VernacularTitle"))
    title = marked(first(article, "ArticleTitle"))
    title = title if title.text else vernacular
    if not title.text and "ArticleTitle" not in article:
        raise Invalid("This record has no title.")
    words, conflict, abstract = indexing.keywords(citation), _conflict(citation), first(article, "Abstract")
    others = [*citation.get("OtherAbstract", ()), *article.get("OtherAbstract", ())]
    return {
        "title": title.text or NO_TITLE,
        "title_html": title.html or NO_TITLE,
        "vernacular_title": vernacular.text,
        "keywords": [k.text for k in words],
        "conflict_of_interest": conflict.text,
        "copyright": "" if abstract is None else plain(next(abstract.iterchildren("CopyrightInformation"), None)),
        "passages": passages(title=title, abstract=abstract, other_abstracts=others, keywords=words, conflict=conflict),
    }


def _conflict(citation: Children) -> Marked:
    """The statement without addresses of mail, which some journals print in it."""
    said = marked(first(citation, "CoiStatement"))
    if "@" not in said.text:
        return said
    text = identifiers.without_emails(said.text)
    return Marked(text, escaped(text))


def _journal(journal: Children, info: Children) -> dict[str, Any]:
    """Names, volume and date of the journal; the linking ISSN where the record gives no other."""
    issue = inner(journal, "JournalIssue")
    return {
        "journal": text(journal, "Title"),
        "journal_abbrev": text(journal, "ISOAbbreviation") or text(info, "MedlineTA"),
        "issn": text(journal, "ISSN") or text(info, "ISSNLinking"),
        "volume": text(issue, "Volume"),
        "issue": text(issue, "Issue"),
        "published": elements.published(first(issue, "PubDate")),
    }


def _located(article: Children, kind: str) -> str:
    """The first identifier of this kind that PubMed holds to be right."""
    places = authors.valid(article.get("ELocationID", ()))
    return next((value for e in places if e.get("EIdType") == kind and (value := plain(e))), "")


def _electronic_date(article: Children) -> str:
    dated = article.get("ArticleDate", ())
    found = next((d for d in dated if d.get("DateType", "Electronic") == "Electronic"), None)
    return dates.iso(*elements.ymd(found), "ArticleDate")


def _history(citation: Children, data: Children) -> list[Event]:
    """PubMed's history, and when the record itself was completed and revised."""
    own = ((status, citation[name][0]) for status, name in OWN_DATES if name in citation)
    return [*elements.history(data), *(event for status, date in own if (event := elements.dated(status, date))["date"])]


#: Who reads a record of this kind.
READERS: dict[Kind, Callable[[bytes], Record]] = {
    "PubmedArticle": lambda body: _article(_root(body)),
    "PubmedBookArticle": lambda body: books.record(_root(body)),
    "nbib": nbib.record,
    "ris": ris.record,
}
