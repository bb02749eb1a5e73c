"""Articles to be cited, as far as the person may see them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields

from curation.articles import queries, searching
from curation.articles.filters import Filters
from curation.articles.records import Passage, PublishedDate, Record
from curation.choices import SectionKind
from curation.errors import Invalid
from curation.export.citations import Citation
from curation.models import Article, Section

#: Columns that a record names by the same names; ``pmid`` may be missing here, dates and books are put together otherwise.
COLUMNS = [f.name for f in fields(Record) if f.name not in ("pmid", "published", "book", "passages", "references", "notices")]
WRITTEN = (SectionKind.ABSTRACT, SectionKind.OTHER_ABSTRACT)
PASSAGE = ("key", "kind", "position", "text", "html", "label", "category", "language")
#: A reference manager takes this many at once without complaint; who needs more narrows the search into parts.
MOST_CITED = 1_000


def of_article(user: object, pk: int) -> list[Citation]:
    """Raises NotFound."""
    return citations([queries.article(user, pk)])


def of_selection(user: object, filters: Filters) -> list[Citation]:
    """All that a search of the article list finds, the newest first. Raises Invalid where that is too much at once."""
    found = searching.selected(user, filters, most=MOST_CITED)
    if len(found) > MOST_CITED:
        raise Invalid(f"This selection holds more than {MOST_CITED:,} articles. Narrow it, by years for instance.")
    return citations(found)


def citations(articles: Iterable[Article]) -> list[Citation]:
    """In two queries with the one that brought the articles, however many they are."""
    articles = list(articles)
    texts: dict[int, list[Passage]] = defaultdict(list)
    wanted = Section.objects.current().of_kind(*WRITTEN).filter(article__in=[a.pk for a in articles])
    for article_id, *passage in wanted.order_by("article", "position").values_list("article", *PASSAGE):
        texts[article_id].append(Passage(*passage))
    return [Citation(a.pk, _record(a, texts[a.pk])) for a in articles]


def _record(a: Article, passages: Iterable[Passage]) -> Record:
    """The article as an import would bring it, as far as citations tell of it."""
    date = PublishedDate(a.published_literal, a.published_year, a.published_month, a.published_day, a.published_precision)
    told = {name: getattr(a, name) for name in COLUMNS}
    return Record(**told, pmid=a.pmid or 0, published=date, book=a.book or None, passages=tuple(passages))
