"""PubmedBookArticle: a book or a chapter of one, which has no journal but everything else."""

from lxml import etree

from curation.articles import authors, dates, elements, identifiers, indexing, referring
from curation.articles.children import Children, children, first, text, texts
from curation.articles.elements import inner
from curation.articles.markup import marked, plain
from curation.articles.passages import passages
from curation.articles.records import NO_TITLE, Book, Event, Record
from curation.errors import Invalid


def record(root: etree._Element) -> Record:
    """The record of a book or chapter; its title is the chapter's, else the book's. Raises Invalid."""
    outer = children(root)
    if "BookDocument" not in outer:
        raise Invalid("This record holds no book (BookDocument).")
    document, data = inner(outer, "BookDocument"), inner(outer, "PubmedBookData")
    whole, abstract = inner(document, "Book"), first(document, "Abstract")
    title = marked(first(document, "ArticleTitle"))
    title = title if title.text else marked(first(whole, "BookTitle"))
    if not title.text and "ArticleTitle" not in document and "BookTitle" not in whole:
        raise Invalid("This record has no title.")
    pmid, version = elements.pmid_of(document)
    ids = elements.own_identifiers(data) | elements.own_identifiers(document)
    writers = _lists(document, "authors") or _lists(whole, "authors")
    words = indexing.keywords(document)
    return Record(
        pmid=pmid,
        pmid_version=version,
        title=title.text or NO_TITLE,
        title_html=title.html or NO_TITLE,
        pmcid=elements.own_pmcid(ids),
        doi=identifiers.doi(ids.get("doi", "")),
        identifiers=ids,
        vernacular_title=text(document, "VernacularTitle"),
        published=elements.published(first(whole, "PubDate")),
        authors=authors.authors(writers),
        authors_complete=authors.complete(writers),
        keywords=[k.text for k in words],
        grants=indexing.grants(document),
        history=_history(document, data),
        book=_book(whole, document),
        copyright=text(children(abstract), "CopyrightInformation"),
        publication_status=text(data, "PublicationStatus"),
        date_revised=dates.whole(*elements.ymd(first(document, "DateRevised")), "DateRevised"),
        passages=passages(title=title, abstract=abstract, keywords=words),
        references=referring.references(document),
        **elements.described(document),
    )


def _lists(found: Children, kind: str) -> list[etree._Element]:
    """The lists of authors or editors of a chapter or its book; one that does not say is of authors."""
    return [each for each in found.get("AuthorList", ()) if each.get("Type", "authors") == kind]


def _history(document: Children, data: Children) -> list[Event]:
    own = (("contribution", first(document, "ContributionDate")), ("revised", first(document, "DateRevised")))
    return [*elements.history(data), *(event for status, date in own if (event := elements.dated(status, date))["date"])]


def _book(whole: Children, document: Children) -> Book:
    part = whole or document
    isbns = (plain(i) for i in part.get("Isbn", ()))
    return Book(
        title=text(part, "BookTitle"),
        collection=text(part, "CollectionTitle"),
        publisher=elements.inner_text(part, "Publisher", "PublisherName"),
        place=elements.inner_text(part, "Publisher", "PublisherLocation"),
        edition=text(part, "Edition"),
        volume=text(part, "Volume"),
        medium=text(part, "Medium"),
        isbns=[i for i in isbns if i],
        editors=authors.authors([*_lists(whole, "editors"), *_lists(document, "editors")]),
        chapters=_chapters(document),
    )


def _chapters(document: Children) -> list[str]:
    sections = (section for each in document.get("Sections", ()) for section in each.iter("Section"))
    found = (_labelled(texts(section)) for section in sections)
    return [chapter for chapter in found if chapter]


def _labelled(said: dict[str, str]) -> str:
    return f"{said.get('LocationLabel', '')} {said.get('SectionTitle', '')}".strip()
