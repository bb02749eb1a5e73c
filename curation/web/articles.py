"""Pages of the articles room: the list with its search, and one article with what was curated from it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation import tasks
from curation.annotation.pool import queries as pool
from curation.articles import actions, filters, queries, related, searching, wording
from curation.articles.highlighting import Span
from curation.choices import Status
from curation.errors import Refusal
from curation.export import citing
from curation.models.annotation import Proof
from curation.people import queries as people
from curation.review import queries as review
from curation.web.refusals import in_place
from curation.web.requests import Request, SignedIn


@require_safe
def articles(request: Request) -> HttpResponse:
    """``?words=`` and the other filters narrow the list; htmx asks for the hits alone."""
    in_place(request, partial(_unreadable, request))
    wanted = filters.read(request.GET)
    context = {**_form(request, wanted), "hits": searching.search(request.user, wanted), "most_cited": citing.MOST_CITED}
    alone = request.htmx and not request.htmx.history_restore_request
    return render(request, "articles/_hits.html" if alone else "articles/articles.html", context)


def _form(request: Request, asked: filters.Filters | Mapping[str, object]) -> dict[str, object]:
    return {"filters": asked, "projects": people.projects(request.user), "states": filters.STATES}


def _unreadable(request: Request, refusal: Refusal) -> HttpResponse:
    """The form with what was typed, and what is wrong with it."""
    if request.htmx:
        return render(request, "refusals/_refusal.html", {"refusal": refusal}, status=refusal.status)
    asked = {**request.GET.dict(), "has_more": True}
    return render(request, "articles/articles.html", {**_form(request, asked), "refusal": refusal}, status=refusal.status)


@require_safe
def article(request: Request, pk: int) -> HttpResponse:
    """``?finding=`` names a published finding whose quotes are marked in the text."""
    page = queries.page(request.user, pk)
    patients = review.published_of_article(request.user, page.article)
    lines = [line for patient in patients for line in patient.lines]
    chosen = [line for line in lines if str(line.answer.pk) == request.GET.get("finding")]
    proofs = [quote.evidence for line in chosen for quote in line.quotes]
    bylines, affiliations = wording.bylines(page.article.authors)
    context = {
        "page": page,
        "article": page.article,
        "bylines": bylines,
        "affiliations": affiliations,
        "patients": patients,
        "related": related.related(request.user, page.article),
        "startable": set(pool.startable_of(request.user, page.article)) if page.wants_reader else set(),
        "findings": sum(line.answer.status != Status.NOT_REPORTED for line in lines),
        "chosen": chosen[0].answer.pk if chosen else None,
        "may_fetch": queries.may_fetch(request.user, page),
        "marks": _marks(proofs),
        "regions": _regions(proofs),
    }
    return render(request, "articles/article.html", context)


@login_required
@require_POST
def fetch_full_text(request: SignedIn, pk: int) -> HttpResponse:
    batch = actions.open_full_text(article_ids=[pk], by=request.user)
    tasks.start_batch(batch)
    messages.success(request, _("The full text is being fetched; it appears here within a minute or two."))
    return redirect("web:article", pk)


@login_required
@require_safe
def resembling(request: SignedIn, pk: int) -> HttpResponse:
    """Reports that may be of the same patient: a page, or for htmx the part that other pages show."""
    article = queries.article(request.user, pk)
    context = {"article": article, "resembling": related.resembling(request.user, article)}
    return render(request, "articles/_resembling.html" if request.htmx else "articles/resembling.html", context)


@login_required
@require_POST
def fetch_relations(request: SignedIn, pk: int) -> HttpResponse:
    """Have PubMed asked what the article is related to."""
    actions.fetch_relations(article_id=pk, by=request.user)
    tasks.start_links()
    return redirect(f"{reverse('web:article', args=[pk])}#related")


def _marks(evidence: Iterable[Proof]) -> dict[int, list[Span]]:
    """By section: the places to mark in its text."""
    marks: dict[int, list[Span]] = defaultdict(list)
    for each in evidence:
        if each.start is not None and each.end is not None:
            marks[each.section_id].append((each.start, each.end))
    return marks


def _regions(evidence: Iterable[Proof]) -> dict[int, list[Proof]]:
    """By figure: the rectangles to draw on it."""
    drawn: dict[int, list[Proof]] = defaultdict(list)
    for each in evidence:
        if each.figure and each.region and each.figure.sha256 == each.picture_sha256:
            drawn[each.figure.pk].append(each)
    return drawn
