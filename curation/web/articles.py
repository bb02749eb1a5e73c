"""Pages of the articles room: the list with its search, and one article with what was curated from it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from curation.articles import filters, queries, wording
from curation.choices import ScreeningState
from curation.people import queries as people


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """``?words=`` and the other filters narrow the list; htmx asks for the hits alone."""
    wanted = filters.read(request.GET)
    context = {
        "filters": wanted,
        "hits": queries.search(request.user, wanted),
        "projects": people.projects(request.user),
        "states": ScreeningState.choices,
    }
    alone = request.htmx and not request.htmx.history_restore_request
    return render(request, "articles/_hits.html" if alone else "articles/articles.html", context)


@require_safe
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """``?finding=`` names a published finding whose quotes are marked in the text."""
    page = queries.page(request.user, pk)
    bylines, affiliations = wording.bylines(page.article.authors)
    context = {"page": page, "article": page.article, "bylines": bylines, "affiliations": affiliations}
    return render(request, "articles/article.html", context)
