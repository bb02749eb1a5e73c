"""Articles to be cited, as far as the person may see them."""

from collections.abc import Iterable
from typing import Any

from curation.articles import queries, searching
from curation.articles.filters import Filters
from curation.choices import SectionKind
from curation.errors import Invalid
from curation.export.citations import Citation
from curation.models import Article, Section

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
    abstracts: dict[int, list[str]] = {}
    parts = Section.objects.current().of_kind(SectionKind.ABSTRACT).filter(article__in=[a.pk for a in articles])
    for article_id, label, text in parts.order_by("article", "position").values_list("article", "label", "text"):
        abstracts.setdefault(article_id, []).append(f"{label}: {text}" if label else text)
    return [_citation(a, " ".join(abstracts.get(a.pk, ()))) for a in articles]


def _citation(a: Article, abstract: str) -> Citation:
    return Citation(
        id=a.pk,
        title=a.title,
        authors=a.authors,
        authors_complete=a.authors_complete,
        pmid=a.pmid,
        pmcid=a.pmcid,
        doi=a.doi,
        journal=a.journal,
        journal_abbrev=a.journal_abbrev,
        issn=a.issn,
        volume=a.volume,
        issue=a.issue,
        pages=a.pages,
        date=a.published_literal,
        year=a.published_year,
        month=a.published_month,
        day=a.published_day,
        languages=a.languages,
        kinds=[kind["name"] for kind in a.publication_types],
        keywords=a.keywords,
        headings=[_heading(heading) for heading in a.mesh],
        abstract=abstract,
        conflict=a.conflict_of_interest,
        book=a.book.get("title", ""),
        publisher=a.book.get("publisher", ""),
    )


def _heading(heading: dict[str, Any]) -> str:
    """*Myositis/diagnosis/*drug therapy, a star before what the article is about."""
    return "/".join(f"{'*' * part['major']}{part['name']}" for part in (heading, *heading["qualifiers"]))
