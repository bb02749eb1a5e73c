"""Citations to take along: of one article, and of what a search of the article list finds."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from curation.articles import filters
from curation.errors import NotFound
from curation.export import citing
from curation.export.citations import FORMATS, Citation
from curation.web.requests import Request


@require_safe
def article(request: Request, pk: int, suffix: str) -> HttpResponse:
    return _file(citing.of_article(request.user, pk), suffix, f"article-{pk}")


@require_safe
def selection(request: Request, suffix: str) -> HttpResponse:
    """The address's filters are those of the article list."""
    return _file(citing.of_selection(request.user, filters.read(request.GET)), suffix, "articles")


def _file(citations: Sequence[Citation], suffix: str, name: str) -> HttpResponse:
    if suffix not in FORMATS:
        raise NotFound(f"Citations are written as {', '.join(FORMATS)}; there is no “{suffix}”.")
    chosen = FORMATS[suffix]
    answer = HttpResponse(chosen.write(citations), content_type=f"{chosen.media_type}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{chosen.suffix}"'
    return answer
