"""Pages of the screening room: one article after another, and what was decided."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.choices import ScreeningState
from curation.models import Screening
from curation.people import queries as people
from curation.permissions import is_moderator
from curation.screening import actions as screening
from curation.screening import queries
from curation.web.forms import version_of, whole_number
from curation.web.requests import SignedIn

PAGE_SIZE = 50


@login_required
@require_safe
def queue(request: SignedIn, slug: str) -> HttpResponse:
    """The next article to decide on; ``?after=`` names the one that was just decided or set aside."""
    project = people.project(request.user, slug)
    after = request.GET.get("after", "")
    context = {
        "project": project,
        "counts": queries.tally(project),
        "may_decide": is_moderator(request.user, project),
        "screening": queries.next_in_queue(request.user, project, int(after) if after.isdecimal() and len(after) < 10 else 0),
        "last": queries.last_decision(request.user, project),
    }
    return render(request, "screening/queue.html", context)


@login_required
@require_safe
def decisions(request: SignedIn, slug: str) -> HttpResponse:
    project = people.project(request.user, slug)
    state = request.GET.get("state", ScreeningState.INCLUDED)
    rows = Paginator(queries.decided(request.user, project, state), PAGE_SIZE)
    context = {
        "project": project,
        "counts": queries.tally(project),
        "state": state,
        "may_decide": is_moderator(request.user, project),
        "rows": rows.get_page(request.GET.get("page")),
    }
    return render(request, "screening/decisions.html", context)


@login_required
@require_POST
def include(request: SignedIn, pk: int) -> HttpResponse:
    patients = whole_number(request, "patients_described")
    decided = screening.include(screening_id=pk, version=version_of(request), patients_described=patients, by=request.user)
    return _on(request, decided, _("%(article)s is included."))


@login_required
@require_POST
def exclude(request: SignedIn, pk: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    decided = screening.exclude(screening_id=pk, version=version_of(request), reason=reason, by=request.user)
    return _on(request, decided, _("%(article)s is excluded."))


@login_required
@require_POST
def reopen(request: SignedIn, pk: int) -> HttpResponse:
    decided = screening.reopen(screening_id=pk, version=version_of(request), by=request.user)
    return _on(request, decided, _("%(article)s is in the queue again."))


def _on(request: HttpRequest, decided: Screening, sentence: str) -> HttpResponse:
    """On to the next article; an article taken back comes first."""
    messages.success(request, sentence % {"article": decided.article})
    after = decided.pk - (decided.state == ScreeningState.TO_SCREEN)
    return redirect(f"{reverse('web:screening', args=[decided.project.slug])}?after={after}")
