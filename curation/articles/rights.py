"""Under which licence the words stand that a page shows, and whose they are."""

from collections.abc import Iterable

from curation.choices import SectionKind
from curation.models import Article, Figure, Section

OF_FIGURES = (SectionKind.CAPTION, SectionKind.TABLE)


def of_sections(sections: Iterable[Section]) -> list[Article | Figure]:
    """The articles whose licence is known, and the figures whose captions are among the sections: at most two queries."""
    sections = list(sections)
    articles = Article.objects.filter(pk__in={section.article_id for section in sections}).exclude(licence="")
    keys = {section.key for section in sections if section.kind in OF_FIGURES}
    of_text: list[Article | Figure] = list(articles.only("pk", "pmid", "pmcid", "doi", "title", "licence", "licence_url", "attribution"))
    if not keys:
        return of_text
    shown = {(section.article_id, section.key) for section in sections}
    figures = Figure.objects.filter(article__in={article_id for article_id, _ in shown}, key__in=keys).select_related("article")
    return [*of_text, *(figure for figure in figures.defer("article__search") if (figure.article_id, figure.key) in shown)]
