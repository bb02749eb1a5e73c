"""The page on which moderators say how their project screens and reads; administrators may look on."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.choices import MergePolicy
from curation.errors import Refusal
from curation.models import Project
from curation.models.projects import ReadingOrder
from curation.people import queries as people
from curation.permissions import is_moderator, require_overseer
from curation.screening import actions as screening
from curation.web.forms import version_of, whole_number
from curation.web.refusals import in_place
from curation.web.requests import SignedIn


@login_required
@require_safe
def settings(request: SignedIn, slug: str) -> HttpResponse:
    project = people.project(request.user, slug)
    require_overseer(request.user, project)
    shown = {
        "criteria": project.criteria,
        "exclusion_reasons": "\n".join(project.exclusion_reasons),
        "words_of_interest": "\n".join(project.words_of_interest),
        "screeners_required": str(project.screeners_required),
        "reading_order": project.reading_order,
        "screener_may_read": project.screener_may_read,
        "most_open": project.most_open,
        "abandoned_after": project.abandoned_after,
        "reading_seed": project.reading_seed,
    }
    return _page(request, project, shown)


@login_required
@require_POST
def change(request: SignedIn, slug: str) -> HttpResponse:
    project, typed = people.project(request.user, slug), request.POST
    in_place(request, lambda refusal: _page(request, project, typed.dict(), refusal))
    screening.set_up(
        project_id=project.pk,
        version=version_of(request),
        criteria=typed.get("criteria", ""),
        exclusion_reasons=typed.get("exclusion_reasons", "").splitlines(),
        words_of_interest=typed.get("words_of_interest", "").splitlines(),
        screeners_required=2 if typed.get("screeners_required") == "2" else 1,
        reading_order=typed.get("reading_order", ReadingOrder.ENTERED),
        screener_may_read="screener_may_read" in typed,
        most_open=whole_number(request, "most_open"),
        abandoned_after=whole_number(request, "abandoned_after"),
        reading_seed=whole_number(request, "reading_seed") or 1,
        by=request.user,
    )
    messages.success(request, _("The project's settings are kept."))
    return redirect("web:project-settings", slug)


def _page(request: SignedIn, project: Project, shown: Mapping[str, Any], refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "project": project,
        "shown": shown,
        "orders": ReadingOrder.choices,
        "merge_policies": MergePolicy.choices,
        "may_change": is_moderator(request.user, project),
        "refusal": refusal,
    }
    return render(request, "projects/settings.html", context, status=refusal.status if refusal else 200)
