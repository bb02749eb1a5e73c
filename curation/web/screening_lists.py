"""Screening beside the queue: lists, several articles at once, what two screeners differ on, one article's story."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from curation.choices import ScreeningState, Verdict
from curation.errors import Refusal
from curation.models import Project
from curation.people import queries as people
from curation.permissions import is_moderator
from curation.screening import actions as screening
from curation.screening import flow, guards, queries
from curation.screening.actions import Decision
from curation.standing import queries as standing
from curation.stories import queries as stories
from curation.web.forms import version_of, whole_number
from curation.web.refusals import in_place
from curation.web.requests import SignedIn
from curation.web.stories import before

PAGE_SIZE = 50
ASIDE = "aside"


@login_required
@require_safe
def decisions(request: SignedIn, slug: str) -> HttpResponse:
    """``?state=`` names a state or ``aside``; ``?box=`` a box of the flow figure, whose articles are listed instead."""
    return _list(request, people.project(request.user, slug))


def _list(request: SignedIn, project: Project, refusal: Refusal | None = None) -> HttpResponse:
    asked = request.POST if refusal else request.GET
    state, box, detail = asked.get("state", ScreeningState.INCLUDED), asked.get("box", ""), asked.get("detail", "")
    if box:
        rows = flow.articles_in(request.user, project, box, detail)
    elif state == ASIDE:
        rows = queries.aside(request.user, project)
    else:
        rows = queries.decided(request.user, project, state)
    page = Paginator(rows, PAGE_SIZE).get_page(asked.get("page"))
    page.object_list = standing.named(request.user, project, page.object_list)
    context = {
        "project": project,
        "counts": queries.tally(project),
        "state": "" if box else state,
        "box": flow.title_of(box, detail) if box else "",
        "query": urlencode({"box": box, "detail": detail} if box else {"state": state}),
        "may_decide": guards.may_screen(request.user, project) and not (guards.by_two(project) and state != "to_screen"),
        "may_reopen": is_moderator(request.user, project),
        "is_moderator": is_moderator(request.user, project),
        "rows": page,
        "refusal": refusal,
        "chosen": asked.getlist("row") if refusal else [],
        "in_the_way": {fault.link.rpartition("-")[2]: fault.reason for fault in refusal.faults} if refusal else {},
    }
    status = refusal.status if refusal else 200
    return render(request, "screening/decisions.html", context, status=status)


@login_required
@require_POST
def decide_many(request: SignedIn, slug: str) -> HttpResponse:
    """``row``: id and version of each article; ``verdict`` “included”, or “excluded:” and the reason. All or none."""
    project = people.project(request.user, slug)
    in_place(request, lambda refusal: _list(request, project, refusal))
    verdict, _colon, reason = request.POST.get("verdict", "").partition(":")
    decision = Decision(verdict, reason, whole_number(request, "patients_described") if verdict == Verdict.INCLUDED else None)
    done = screening.decide_many(project=project, rows=_rows(request), decision=decision, by=request.user)
    words = ngettext("%d article is decided.", "%d articles are decided.", len(done)) % len(done)
    messages.success(request, words)
    return redirect(f"{reverse('web:screening-decisions', args=[slug])}?{urlencode({'state': request.POST.get('state', '')})}")


def _rows(request: SignedIn) -> list[tuple[int, int | None]]:
    pairs = (text.partition(":") for text in request.POST.getlist("row"))
    sound = ((pk, version) for pk, _colon, version in pairs if pk.isdecimal() and len(pk) < 10)
    return [(int(pk), int(version) if version.isdecimal() and len(version) < 10 else None) for pk, version in sound]


@login_required
@require_safe
def story(request: SignedIn, pk: int) -> HttpResponse:
    shown = queries.story_of(request.user, pk)
    told = stories.story(request.user, "screening", shown.screening, before=before(request))
    (stands,) = standing.of_articles(request.user, shown.screening.project, [shown.screening.article_id]).values()
    return render(request, "screening/story.html", {"shown": shown, "story": told, "stands": stands})


@login_required
@require_POST
def reopen(request: SignedIn, pk: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    opened = screening.reopen(screening_id=pk, version=version_of(request), reason=reason, by=request.user)
    messages.success(request, _("%(article)s is in the queue again.") % {"article": opened.article})
    return redirect(f"{reverse('web:screening', args=[opened.project.slug])}?at={pk}")


@login_required
@require_safe
def conflicts(request: SignedIn, slug: str) -> HttpResponse:
    project = people.project(request.user, slug)
    page = Paginator(queries.conflicts(request.user, project), 5).get_page(request.GET.get("page"))
    shown = queries.conflict_cards(request.user, list(page), project)
    context = {"project": project, "page": page, "conflicts": shown, "counts": queries.tally(project), "is_moderator": True}
    return render(request, "screening/conflicts.html", context)


@login_required
@require_POST
def settle(request: SignedIn, pk: int) -> HttpResponse:
    verdict, _colon, reason = request.POST.get("verdict", "").partition(":")
    settled = screening.settle(
        screening_id=pk,
        version=version_of(request),
        decision=Decision(verdict, reason, whole_number(request, "patients_described")),
        reason=request.POST.get("remark", ""),
        by=request.user,
    )
    messages.success(request, _("%(article)s is settled.") % {"article": settled.article})
    return redirect("web:screening-conflicts", settled.project.slug)
