"""Pages of standing searches: a project's list, one with its runs, and what moderators do with it."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation import tasks
from curation.errors import Fault, Invalid, Refusal
from curation.models import Project
from curation.people import queries as people
from curation.permissions import is_moderator
from curation.searches import actions, queries, rules
from curation.web.forms import version_of, whole_number
from curation.web.refusals import in_place
from curation.web.requests import SignedIn


@login_required
@require_safe
def searches(request: SignedIn, slug: str) -> HttpResponse:
    return _page(request, people.project(request.user, slug))


def _page(request: SignedIn, project: Project, refusal: Refusal | None = None) -> HttpResponse:
    """``typed`` is what a refused form said, or the query that another page's link hands on."""
    context = {
        "project": project,
        "rows": queries.searches(request.user, project),
        "may_write": is_moderator(request.user, project),
        "intervals": rules.INTERVALS,
        "today": timezone.localdate(),
        "typed": request.POST or request.GET,
        "refusal": refusal,
    }
    return render(request, "searches/searches.html", context, status=refusal.status if refusal else 200)


@login_required
@require_POST
def create(request: SignedIn, slug: str) -> HttpResponse:
    project = people.project(request.user, slug)
    in_place(request, lambda refusal: _page(request, project, refusal))
    search = actions.create(
        project=project,
        title=request.POST.get("title", ""),
        query=request.POST.get("query", ""),
        every_days=whole_number(request, "every_days") or 7,
        since=_day(request, "since"),
        by=request.user,
    )
    tasks.start_searches()
    return redirect("web:search", search.pk)


@login_required
@require_safe
def search(request: SignedIn, pk: int) -> HttpResponse:
    shown = queries.search(request.user, pk)
    context = {"shown": shown, "may_write": is_moderator(request.user, shown.search.project)}
    return render(request, "searches/search.html", context)


@login_required
@require_POST
def run(request: SignedIn, pk: int) -> HttpResponse:
    batch = actions.run(search_id=pk, by=request.user)
    tasks.start_batch(batch)
    return redirect("web:import", batch.pk)


@login_required
@require_POST
def pause(request: SignedIn, pk: int) -> HttpResponse:
    actions.pause(search_id=pk, version=version_of(request), by=request.user)
    return redirect("web:search", pk)


@login_required
@require_POST
def resume(request: SignedIn, pk: int) -> HttpResponse:
    actions.resume(search_id=pk, version=version_of(request), by=request.user)
    tasks.start_searches()
    return redirect("web:search", pk)


@login_required
@require_POST
def delete(request: SignedIn, pk: int) -> HttpResponse:
    project = actions.delete(search_id=pk, version=version_of(request), by=request.user)
    messages.success(request, _("The search is deleted. What it brought stays."))
    return redirect("web:searches", project.slug)


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("Please enter a day.", faults=[Fault(name, f"“{text[:40]}” is no day such as 2026-11-22")]) from None
