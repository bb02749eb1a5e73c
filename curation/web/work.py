"""A person's own work, the next article, where they were corrected; and for moderators who reads what."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.annotation.pool import queries as pool
from curation.articles import queries as articles
from curation.assignment import actions as assignment
from curation.assignment import queries
from curation.errors import Fault, Invalid, Refusal
from curation.models import Project
from curation.people import queries as people
from curation.permissions import is_moderator
from curation.review import corrections
from curation.web.forms import version_of, whole_number
from curation.web.refusals import in_place
from curation.web.requests import SignedIn

#: Most articles to begin that the work list shows; the projects' pages list all.
MOST_STARTABLE = 20
PAGE_SIZE = 50


@login_required
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """What came back, what I am reading, what I was given, what I could take next, and what I handed in."""
    startable = list(pool.startable(request.user)[: MOST_STARTABLE + 1])
    context = {
        "work": queries.my_work(request.user),
        "startable": startable[:MOST_STARTABLE],
        "more_startable": len(startable) > MOST_STARTABLE,
        "corrected": corrections.corrected(request.user).count(),
    }
    return render(request, "readings/mine.html", context)


@login_required
@require_POST
def take_next(request: SignedIn) -> HttpResponse:
    """Of the project that ``project`` names, or of any of the person's."""
    slug = request.POST.get("project", "")
    project = people.project(request.user, slug) if slug else None
    reading = assignment.take_next(project=project, by=request.user)
    return redirect("web:reading", reading.pk)


@login_required
@require_safe
def corrected(request: SignedIn) -> HttpResponse:
    """Of the ``project``, ``feature`` and ``article`` that the address names; the features of all of these are counted."""
    project, feature, article = (request.GET.get(name, "").replace("\0", "") for name in ("project", "feature", "article"))
    number = int(article) if article.isdecimal() and len(article) < 19 else None
    named = {"project": project, "feature": feature, "article": number and str(number)}
    asked = {name: said for name, said in named.items() if said}
    within = corrections.corrected(request.user, project=project, article=number)
    rows = corrections.corrected(request.user, project=project, feature=feature, article=number) if feature else within
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "corrections": corrections.told(page),
        "features": corrections.by_feature(within),
        "projects": corrections.projects(request.user),
        "asked": asked,
        "query": f"{urlencode(asked)}&" if asked else "",
    }
    return render(request, "readings/corrected.html", context)


@login_required
@require_safe
def assignments(request: SignedIn, slug: str) -> HttpResponse:
    return _page(request, people.project(request.user, slug))


def _page(request: SignedIn, project: Project, refusal: Refusal | None = None) -> HttpResponse:
    page = Paginator(queries.assignments(request.user, project), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "project": project,
        "page": page,
        "unread": queries.unread(request.user, project)[:MOST_STARTABLE],
        "readers": queries.readers(project),
        "may_assign": is_moderator(request.user, project),
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "readings/assignments.html", context, status=refusal.status if refusal else 200)


@login_required
@require_POST
def assign(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    project = people.project(request.user, slug)
    in_place(request, lambda refusal: _page(request, project, refusal))
    reading = assignment.assign(
        project=project,
        article=articles.article(request.user, pk),
        reader=people.member(project, whole_number(request, "reader")),
        due_on=_day(request),
        by=request.user,
    )
    words = _("%(reader)s reads %(article)s.") % {"reader": reading.curator, "article": reading.article}
    messages.success(request, words)
    return redirect("web:assignments", slug)


@login_required
@require_POST
def set_due(request: SignedIn, pk: int) -> HttpResponse:
    project = queries.assignment(request.user, pk).project
    in_place(request, lambda refusal: _page(request, project, refusal))
    assignment.set_due(reading_id=pk, version=version_of(request), due_on=_day(request), by=request.user)
    messages.success(request, _("The day is kept."))
    return redirect("web:assignments", project.slug)


@login_required
@require_POST
def unassign(request: SignedIn, pk: int) -> HttpResponse:
    project = queries.assignment(request.user, pk).project
    in_place(request, lambda refusal: _page(request, project, refusal))
    assignment.unassign(reading_id=pk, version=version_of(request), by=request.user)
    messages.success(request, _("The article waits for a reader again."))
    return redirect("web:assignments", project.slug)


def _day(request: SignedIn) -> date | None:
    text = request.POST.get("due_on", "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("Please give a day.", faults=[Fault("due_on", f"“{text[:20]}” is not a day such as 2027-03-31")]) from error
