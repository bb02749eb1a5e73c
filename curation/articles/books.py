"""PubmedBookArticle: a book or a chapter of one, which has no journal but everything else."""

from lxml import etree

from curation.articles import authors, dates, elements, identifiers, indexing, referring
from curation.articles.markup import marked, plain
from curation.articles.passages import passages
from curation.articles.records import Book, Event, Record
from curation.errors import Invalid


def record(root: etree._Element) -> Record:
    """The record of a book or chapter; its title is the chapter's, else the book's. Raises Invalid."""
    document = root.find("BookDocument")
    if document is None:
        raise Invalid("This record holds no book (BookDocument).")
    data, whole = root.find("PubmedBookData"), document.find("Book")
    title = marked(document.find("ArticleTitle"))
    if not title.text and whole is not None:
        title = marked(whole.find("BookTitle"))
    if not title.text:
        raise Invalid("This record has no title.")
    pmid, version = elements.pmid_of(document)
    ids = elements.own_identifiers(data) | elements.own_identifiers(document)
    writers = _lists(document, "authors") or _lists(whole, "authors")
    words = indexing.keywords(document)
    return Record(
        pmid=pmid,
        pmid_version=version,
        title=title.text,
        title_html=title.html,
        pmcid=elements.own_pmcid(ids),
        doi=identifiers.doi(ids.get("doi", "")),
        identifiers=ids,
        vernacular_title=plain(document.find("VernacularTitle")),
        published=elements.published(whole.find("PubDate") if whole is not None else None),
        authors=authors.authors(writers),
        authors_complete=authors.complete(writers),
        keywords=[k.text for k in words],
        grants=indexing.grants(document),
        history=_history(document, data),
        book=_book(whole, document),
        copyright=plain(document.find("Abstract/CopyrightInformation")),
        publication_status=plain(data.find("PublicationStatus")) if data is not None else "",
        date_revised=dates.whole(*elements.ymd(document.find("DateRevised")), where="DateRevised"),
        passages=passages(title=title, abstract=document.find("Abstract"), keywords=words),
        references=referring.references(document),
        **elements.described(document),
    )


def _lists(element: etree._Element | None, kind: str) -> list[etree._Element]:
    """The lists of authors or editors of a chapter or its book; one that does not say is of authors."""
    lists = element.iterfind("AuthorList") if element is not None else ()
    return [each for each in lists if each.get("Type", "authors") == kind]


def _history(document: etree._Element, data: etree._Element | None) -> list[Event]:
    own = (("contribution", document.find("ContributionDate")), ("revised", document.find("DateRevised")))
    return [*elements.history(data), *(event for status, date in own if (event := elements.dated(status, date))["date"])]


def _book(whole: etree._Element | None, document: etree._Element) -> Book:
    part = whole if whole is not None else document
    isbns = (plain(i) for i in part.iterfind("Isbn"))
    return Book(
        title=plain(part.find("BookTitle")),
        collection=plain(part.find("CollectionTitle")),
        publisher=plain(part.find("Publisher/PublisherName")),
        place=plain(part.find("Publisher/PublisherLocation")),
        edition=plain(part.find("Edition")),
        volume=plain(part.find("Volume")),
        medium=plain(part.find("Medium")),
        isbns=[i for i in isbns if i],
        editors=authors.authors([*_lists(whole, "editors"), *_lists(document, "editors")]),
        chapters=_chapters(document),
    )


def _chapters(document: etree._Element) -> list[str]:
    sections = document.iterfind("Sections//Section")
    found = (f"{plain(s.find('LocationLabel'))} {plain(s.find('SectionTitle'))}".strip() for s in sections)
    return [text for text in found if text]
