"""Pages of the articles room: the list with its search, and one article with what was curated from it."""

from collections import defaultdict
from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from curation.articles import filters, queries, wording
from curation.articles.highlighting import Span
from curation.choices import ScreeningState, Status
from curation.export import citing
from curation.models import Evidence
from curation.people import queries as people
from curation.review import queries as review
from curation.web.requests import Request


@require_safe
def articles(request: Request) -> HttpResponse:
    """``?words=`` and the other filters narrow the list; htmx asks for the hits alone."""
    wanted = filters.read(request.GET)
    context = {
        "filters": wanted,
        "hits": queries.search(request.user, wanted),
        "projects": people.projects(request.user),
        "states": ScreeningState.choices,
        "most_cited": citing.MOST_CITED,
    }
    alone = request.htmx and not request.htmx.history_restore_request
    return render(request, "articles/_hits.html" if alone else "articles/articles.html", context)


@require_safe
def article(request: Request, pk: int) -> HttpResponse:
    """``?finding=`` names a published finding whose quotes are marked in the text."""
    page = queries.page(request.user, pk)
    patients = review.published_of_article(request.user, page.article)
    lines = [line for patient in patients for line in patient.lines]
    chosen = [line for line in lines if str(line.answer.pk) == request.GET.get("finding")]
    bylines, affiliations = wording.bylines(page.article.authors)
    context = {
        "page": page,
        "article": page.article,
        "bylines": bylines,
        "affiliations": affiliations,
        "patients": patients,
        "findings": sum(line.answer.status != Status.NOT_REPORTED for line in lines),
        "chosen": chosen[0].answer.pk if chosen else None,
        "marks": _marks(quote.evidence for line in chosen for quote in line.quotes),
    }
    return render(request, "articles/article.html", context)


def _marks(evidence: Iterable[Evidence]) -> dict[int, list[Span]]:
    """By section: the places to mark in its text."""
    marks: dict[int, list[Span]] = defaultdict(list)
    for each in evidence:
        if each.start is not None and each.end is not None:
            marks[each.section_id].append((each.start, each.end))
    return marks
